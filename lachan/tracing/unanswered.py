"""What no bank's answer accounts for: it stands in the frontier, and each row says where, how much and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lachan.tracing.asked import Asked
from lachan.tracing.legs import add
from lachan.tracing.parts import taint_of
from lachan.tracing.sums import chief_account, missing

if TYPE_CHECKING:
    from lachan.tracing.session import TraceSession
    from lachan.tracing.settlement import MethodSums


def node(bank: str, account: str) -> str:
    """One name for an account across banks: `970436:0123456789`."""
    return account if ":" in account else f"{bank}:{account}"


def in_the_air(
    session: TraceSession, credit: Asked, methods: Mapping[str, MethodSums]
) -> list[dict[str, Any]]:
    """A credit that its bank's stored answer does not take into account: the frontier's."""
    key = next(name for name, one in session.credits.items() if one is credit)
    refused_item = any(
        item["account"] == credit.account and item["state"] == "REFUSED"
        for item in session.answers.get(credit.bank, {"items": []})["items"]
    )
    refused = key in session.refused or refused_item
    if credit.frozen:
        return _frozen(session, key, methods)
    if credit.settled and not refused:
        return []
    where = node(credit.bank, credit.account)
    most = 0
    for method, composition in credit.by_method.items():
        placed = {} if refused_item else credit.placed.get(method, {})
        taint = {
            label: amount - placed.get(label, 0)
            for label, amount in taint_of(composition.parts).items()
            if amount > placed.get(label, 0)
        }
        most = max(most, sum(taint.values()))
        if taint:
            sums = methods[method]
            add(sums.frontier.setdefault(where, {}), taint)
            layer = sums.layers.get(where, composition.layer)
            sums.layers[where] = min(layer, composition.layer)
    if not most:
        return []
    reason = session.refused.get(key) or session.silent.get(credit.bank)
    return [
        {
            "bank": credit.bank,
            "account": credit.account,
            "ref": credit.credit["ref"] or "",
            "amount": most,
            "reason": reason or ("refused" if refused else "waiting"),
        }
    ]


def too_much(credit: Asked, methods: Mapping[str, MethodSums]) -> list[dict[str, Any]]:
    """What reports and answers together say of one transfer beyond its amount: nobody can be asked about it."""
    where = node(credit.bank, credit.account)
    for method, row in credit.excess.items():
        add(methods[method].frontier.setdefault(where, {}), row)
        methods[method].layers.setdefault(where, credit.by_method[method].layer)
    most = max((sum(row.values()) for row in credit.excess.values()), default=0)
    if not most:
        return []
    ref = credit.credit["ref"] or ""
    return [
        {"bank": credit.bank, "account": credit.account, "ref": ref, "amount": most, "reason": "order_conflict"}
    ]  # fmt: skip


def left_out(
    session: TraceSession, bank: str, methods: Mapping[str, MethodSums]
) -> list[dict[str, Any]]:
    """What a bank's answer does not speak of, although it was told of it."""
    gone = missing(session, bank)
    account = chief_account(session, bank)
    for method, sums in gone.items():
        add(methods[method].frontier.setdefault(node(bank, account), {}), sums)
    most = max((sum(sums.values()) for sums in gone.values()), default=0)
    row = {"bank": bank, "account": account, "ref": "", "amount": most, "reason": "left_out"}
    return [row] if most else []


def _frozen(
    session: TraceSession, key: str, methods: Mapping[str, MethodSums]
) -> list[dict[str, Any]]:
    """Its bank was told that it is clean: whatever the others say of it now is the frontier's."""
    want = session.wanted(key)
    if want is None or not want.tainted:
        return []
    where = node(want.bank, want.account)
    for method, composition in want.by_method.items():
        add(methods[method].frontier.setdefault(where, {}), taint_of(composition.parts))
        layer = methods[method].layers.get(where, composition.layer)
        methods[method].layers[where] = min(layer, composition.layer)
    ref = want.credit["ref"] or ""
    return [
        {
            "bank": want.bank, "account": want.account, "ref": ref, "amount": want.tainted,
            "reason": "order_conflict",
        }
    ]  # fmt: skip
