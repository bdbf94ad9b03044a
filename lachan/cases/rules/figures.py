"""From a trace's tables to a case's legs. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lachan.cases.rules.money import CASH_EXITS, Found
from lachan.tracing.federated import FederatedResult, MethodSums

PIPES = frozenset({"transit", "exit", "merchant"})


@dataclass(frozen=True, slots=True)
class Traced:
    """One account that tainted money reached: its figures, its range, its institution's words."""

    found: Found
    bank: str
    taint: int
    taint_min: int
    taint_max: int
    kappa_percent: int
    holdable: int | None
    bands: Mapping[str, bool]
    kind: str
    state: str
    per_method: Mapping[str, int]
    credit: Mapping[
        str, Any
    ]  # the largest tainted credit by which money came: ref, payer, amount, time
    first_at: int | None


def traced(result: FederatedResult, method: str, *, homes: frozenset[str]) -> list[Traced]:
    """The accounts of a trace under one method, by layer and name.

    homes: the victims' own accounts; they are no legs unless money came back to them.
    """
    sums = result.methods[method]
    followed: dict[str, int] = defaultdict(int)
    cash: dict[str, int] = defaultdict(int)
    off: dict[str, int] = defaultdict(int)
    came: dict[str, int] = defaultdict(int)
    credit: dict[str, dict[str, Any]] = {}
    first: dict[str, int] = {}
    for row in sums.movements:
        if row.src is not None:
            table = (
                followed if row.exit_kind is None else cash if row.exit_kind in CASH_EXITS else off
            )
            table[row.src] += row.tainted
        if row.exit_kind is None:
            came[row.dst] += row.tainted
            first[row.dst] = min(first.get(row.dst, row.time), row.time)
            known = credit.get(row.dst)
            if known is None or row.tainted > known["tainted"]:
                credit[row.dst] = {
                    "ref": row.id, "payer": row.src or "", "amount": row.amount, "time": row.time,
                    "tainted": row.tainted,
                }  # fmt: skip
    names = {*sums.residual, *sums.pending, *sums.frontier, *credit, *followed, *cash, *off}
    rows = [
        _one(
            result,
            sums,
            name,
            gone=(followed[name], cash[name], off[name]),
            came=came[name],
            credit=credit.get(name, {}),
            first_at=first.get(name),
        )
        for name in sorted(names)
        if ":" in name and (name not in homes or sums.residual.get(name))
    ]
    return sorted(rows, key=lambda one: (one.found.layer, one.found.account))


def _one(
    result: FederatedResult, sums: MethodSums, name: str, *, gone: tuple[int, int, int],
    came: int,
    credit: Mapping[str, Any], first_at: int | None,
) -> Traced:  # fmt: skip
    followed, cash, off = gone
    facts = result.accounts.get(name)
    least, most = result.range_of(name)
    residual = _sum(sums.residual, name)
    waiting = _sum(sums.pending, name) + _sum(sums.frontier, name)
    # What the trace did not follow (dust, hops) has no account of its own: it came here and is unresolved.
    waiting += max(0, came - residual - followed - cash - off - waiting)
    answered = facts is not None and facts["state"] != "REFUSED"
    link = (facts or {}).get("link") or {}
    bands = (facts or {}).get("bands") or {}
    return Traced(
        found=Found(
            account=name, layer=max(1, sums.layers.get(name, 1)), residual=residual, followed=followed,
            cash=cash, off_rail=off, waiting=waiting,
            answered=answered,
        ),
        bank=name.partition(":")[0],
        taint=residual,
        taint_min=min(least, residual),
        taint_max=max(most, residual),
        kappa_percent=_kappa(link, (facts or {}).get("state", "")),
        holdable=None if facts is None else int(facts["holdable"]),
        bands=bands,
        kind=str((facts or {}).get("kind") or "account"),
        state=str((facts or {}).get("state", "")),
        per_method={n: _sum(one.residual, name) for n, one in result.methods.items()},
        credit=credit,
        first_at=first_at,
    )  # fmt: skip


def _kappa(link: object, state: str) -> int:
    """How sure the credit was found, in per cent; the bank says it in tenths (tracing §4.3)."""
    if isinstance(link, Mapping):
        tenths = [value for value in link.values() if isinstance(value, int)]
        if tenths:
            return 10 * min(tenths)
    return 60 if state == "AMBIGUOUS" else 100


def _sum(table: Mapping[str, Mapping[str, int]], name: str) -> int:
    return sum(table.get(name, {}).values())
