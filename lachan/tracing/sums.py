"""Whether a bank's answer can be true, given what the bank was told: it can neither make nor lose a victim's đồng.

A bank that is wrong about its sums, by a fault or on purpose, must not change the case's. Who says more than can be is not
believed at all: what it was told of stays in the frontier, and what it passed on is taken back. What somebody leaves out
stands in the frontier beside what was said (specs: tracing §4.2, invariant 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lachan.tracing.legs import Sums, add
from lachan.tracing.parts import taint_of

if TYPE_CHECKING:
    from lachan.tracing.session import TraceSession

_TABLES = ("residual", "pending")
_TABLES_BY_NAME = ("exits", "truncated")


def contradicts(session: TraceSession, bank: str, answer: Mapping[str, Any]) -> bool:
    """More of a victim's money than the bank was told of, less than nothing, or nobody's.

    While a correction is on its way to it, or its answer is an old one that came late, it may rest on the most it was ever told.
    """
    labels = {seed.label for seed in session.seeds}
    newest = session.answers.get(bank) is answer and not _waits(session, bank)
    most = told(session, bank, ever=not newest or _refuses(session, bank))
    for method in session.methods:
        if not _possible(answer, method, labels):
            return True
        given = most.get(method, {})
        if any(n > given.get(label, 0) for label, n in accounted(bank, answer, method).items()):
            return True
    return False


def missing(session: TraceSession, bank: str) -> Sums:
    """Method to victim to đồng that the stored answer leaves out of what it should place.

    A desk that answers by hand, or a bank that hides: what is not said stands in the frontier. While the bank still has to
    answer something, only what it has placed before is looked for: the rest is in the air anyway.
    """
    answer = session.answers.get(bank)
    if answer is None:
        return {}
    if _refuses(session, bank):
        return {}  # what it refuses is the frontier's already, over what it had placed
    waits = _waits(session, bank)
    due = _placed_before(session, bank) if waits else told(session, bank, ever=False)
    found: Sums = {}
    for method, row in due.items():
        placed = accounted(bank, answer, method)
        left = {label: amount - placed.get(label, 0) for label, amount in row.items()}
        short = {label: amount for label, amount in left.items() if amount > 0}
        if short:
            found[method] = short
    return found


def _waits(session: TraceSession, bank: str) -> bool:
    return any(one["bank"] == bank for one in session.outstanding.values())


def _refuses(session: TraceSession, bank: str) -> bool:
    return any(
        session.credits[key].bank == bank for key in session.refused if key in session.credits
    )


def chief_account(session: TraceSession, bank: str) -> str:
    """The account of a bank through which most tainted money came, where what is missing is shown."""
    mine = [credit for credit in session.credits.values() if credit.bank == bank]
    seeds = [one.payer_account for one in session.seeds if one.payer_bank == bank]
    if not mine:
        return next(iter(sorted(seeds)), "")
    return max(mine, key=lambda one: (one.tainted, one.account)).account


def told(session: TraceSession, bank: str, *, ever: bool) -> Sums:
    """Method to victim to đồng that the bank has to place: as last told, or the most it was `ever` told."""
    sums: Sums = {method: {} for method in session.methods}
    silent = _refused_accounts(session.answers.get(bank))
    for key, credit in session.credits.items():
        if credit.bank != bank or (not ever and credit.account in silent):
            continue
        if ever:
            for method, row in credit.most.items():
                add(sums[method], row)
        elif key not in session.refused:
            for method, one in credit.by_method.items():
                add(sums[method], taint_of(one.parts))
    _add_seeds(session, bank, sums, ever=ever)
    return sums


def _placed_before(session: TraceSession, bank: str) -> Sums:
    """What its stored answer takes into account: credits as it placed them last, and the seeds that it has found."""
    sums: Sums = {method: {} for method in session.methods}
    silent = _refused_accounts(session.answers.get(bank))
    for key, credit in session.credits.items():
        if credit.bank == bank and credit.account not in silent and key not in session.refused:
            for method, row in credit.placed.items():
                add(sums[method], row)
    _add_seeds(session, bank, sums, ever=False)
    return sums


def _add_seeds(session: TraceSession, bank: str, sums: Sums, *, ever: bool) -> None:
    """Those of its own customers that the bank has found, or all of them."""
    for seed in session.seeds:
        mine = seed.payer_bank == bank and bool(seed.payer_account)
        if mine and (ever or session.confirmed(seed)):
            for row in sums.values():
                add(row, {seed.label: seed.amount})


def accounted(bank: str, answer: Mapping[str, Any], method: str) -> dict[str, int]:
    """Victim to đồng that the answer places at the bank or passes on to others."""
    sums: dict[str, int] = {}
    for item in answer["items"]:
        if item["state"] == "REFUSED":
            continue
        for name in _TABLES:
            add(sums, item[name].get(method, {}))
        for name in _TABLES_BY_NAME:
            for row in item[name].get(method, {}).values():
                add(sums, row)
        for out in item["out"]:
            if out["to_bank"] not in (None, bank) and out["to_account"]:
                add(sums, taint_of(tuple(part) for part in out["parts"].get(method, ())))
    return sums


def _possible(answer: Mapping[str, Any], method: str, labels: set[str]) -> bool:
    rows = [row for item in answer["items"] for row in _rows(item, method)]
    parts = [
        (out, out["parts"][method])
        for item in answer["items"]
        for out in item["out"]
        if method in out["parts"]
    ]
    return (
        all(label in labels and amount >= 0 for row in rows for label, amount in row.items())
        and all(
            amount >= 0 and (label is None or label in labels)
            for _, given in parts
            for label, amount in given
        )
        and all(sum(amount for _, amount in given) <= out["amount"] for out, given in parts)
    )


def _rows(item: Mapping[str, Any], method: str) -> Iterable[Mapping[str, int]]:
    for name in _TABLES:
        yield item[name].get(method, {})
    for name in _TABLES_BY_NAME:
        yield from item[name].get(method, {}).values()


def _refused_accounts(answer: Mapping[str, Any] | None) -> set[str]:
    items = [] if answer is None else answer["items"]
    return {item["account"] for item in items if item["state"] == "REFUSED"}
