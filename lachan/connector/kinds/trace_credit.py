"""One round of a federated trace: the bank's own engine over the bank's own lines (tracing.md §4.1).

What was asked is kept per trace, so a restart forgets nothing and equal knowledge gives equal answers.
"""

from __future__ import annotations

from typing import Any

from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.store import Store
from lachan.connector.view import TraceView, bands
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.kinds import from_json, to_json
from lachan.exchange.messages.trace_credit import Ask, Reply
from lachan.kernel.time import to_wire
from lachan.tracing.bank import BankTrace
from lachan.tracing.errors import PositionChanged


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """Replay and disclose. REFUSED only when the ledger has been cut back since the trace began."""
    member, row = on.member, on.row
    before = member.store.trace(ask.trace)
    trace = BankTrace() if before is None else BankTrace.restore(before)
    view = TraceView(member.book, member.standing, case_ref=row.case_ref, now=on.now)
    body = _bare(to_json(ask), member.code)
    try:
        found = trace.answer(body, view)
    except PositionChanged:
        return Refused(RefusalReason.TECHNICAL, "position_changed")
    for item in found["items"]:
        if item["residual"]:
            item["bands"] = _bands(item, on)
    if member.simulator.wrong_sums:
        _distort(found)
    reply = from_json(Reply, {"as_of": to_wire(on.now), **found})

    def keep(store: Store) -> None:
        store.put_trace(ask.trace, row.case_ref, trace.state())
        for item in found["items"]:
            if item["state"] != "NOT_FOUND":
                store.anchor(row.case_ref, member.full(item["account"]))

    return Told(reply, keep=keep)


def _bands(item: dict[str, Any], on: Asked) -> dict[str, bool]:
    """Bands over all taint that came in, not only what rests: what has left again was taint too."""
    came: dict[str, int] = {
        method: sum(labels.values()) for method, labels in item["residual"].items()
    }
    for out in item["out"]:
        for method, parts in out["parts"].items():
            gone = sum(amount for label, amount in parts if label is not None)
            came[method] = came.get(method, 0) + gone
    book, account = on.member.book, item["account"]
    most = max(came.values(), default=0)
    return bands(book.entries(account), book.account(account), most, now=on.now)


def _bare(body: dict[str, Any], code: str) -> dict[str, Any]:
    """Accounts by their number alone, as the ledger knows them."""
    for item in body["items"]:
        item["account"] = item["account"].removeprefix(f"{code}:")
    home = body.get("home") or {}
    body["home"] = {
        label: [account.removeprefix(f"{code}:") for account in accounts]
        for label, accounts in home.items()
    }
    return body


def _distort(found: dict[str, Any]) -> None:
    """The simulated member that lies: one account's residual is doubled."""
    for item in found["items"][:1]:
        for labels in item["residual"].values():
            for label in labels:
                labels[label] *= 2
