"""lc.frz: an order to hold or freeze money, under the same head.001. ISO 20022 has no such order (exchange.md §6).

A hold is a lease with an end, below the taint; a freeze is an order of the criminal procedure with a day of review. The
amount, not the account, is held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from lxml import etree

from lachan.adapters.iso20022.errors import Contradiction, ElementMissing, ValueRefused
from lachan.adapters.iso20022.inquiry import Inquiry, inquiry_element, read_inquiry
from lachan.adapters.iso20022.markup import Branch, at, build, maybe, must, parse, serialise
from lachan.adapters.iso20022.national import FREEZE, INQUIRY
from lachan.adapters.iso20022.parties import read_day
from lachan.exchange.messages import hold
from lachan.kernel.accounts import AccountRef

DEFINITION = FREEZE.name


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeAsk:
    """Of `freeze` (exchange.md §5), wire values: đồng, an ISO day of review, the order's number and the legal event."""

    account: str
    amount: int
    order_number: str
    legal_event: str
    review_on: str
    converts: str | None = None


Ask: TypeAlias = hold.Ask | FreezeAsk


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is ordered, and who orders it under which mandates."""

    inquiry: Inquiry
    ask: Ask


def write(order: Order) -> bytes:
    """The document in UTF-8. Raises: AccountUnreadable, Contradiction, ValueRefused with the place."""
    _check_kind(order)
    ask = order.ask
    account = AccountRef.parse(ask.account)
    root = build(FREEZE.space, ("Document", [("Order", [
        ("Account", [("Bank", account.bank), ("Number", account.number)]),
        ("Amount", str(ask.amount)),
        _terms(ask),
        None if ask.converts is None else ("Converts", ask.converts),
    ])]))  # fmt: skip
    root[0].insert(0, inquiry_element(order.inquiry))
    FREEZE.check(root, "Document")
    return serialise(root)


def _terms(ask: Ask) -> Branch:
    if isinstance(ask, FreezeAsk):
        return ("Freeze", [
            ("OrderNumber", ask.order_number), ("LegalEvent", ask.legal_event), ("ReviewOn", ask.review_on),
        ])  # fmt: skip
    return ("Hold", [
        ("LeaseUntil", ask.lease_until),
        ("Case", ask.case),
        ("TaintProof", ask.taint_proof),
        ("AppealLink", ask.appeal_link),
        ("TopUp", "true" if ask.top_up else "false"),
    ])  # fmt: skip


def read(data: bytes) -> Order:
    """Raises: Iso20022Error naming the place."""
    root = parse(data)
    FREEZE.check(root, "Document")
    body = at(root, "Order")
    if body is None:
        raise ElementMissing(place="Document/Order")
    INQUIRY.check(body[0], "Document/Order/Inquiry")
    inquiry = read_inquiry(body[0], "Document/Order/Inquiry")
    account = str(AccountRef(must(body, "Account/Bank"), must(body, "Account/Number")))
    order = Order(inquiry=inquiry, ask=_read_ask(body, account))
    _check_kind(order)
    return order


def _read_ask(body: etree._Element, account: str) -> Ask:
    amount, converts = int(must(body, "Amount")), maybe(body, "Converts")
    if at(body, "Freeze") is not None:
        return FreezeAsk(
            account=account,
            amount=amount,
            order_number=must(body, "Freeze/OrderNumber"),
            legal_event=must(body, "Freeze/LegalEvent"),
            review_on=read_day(
                must(body, "Freeze/ReviewOn"), "Document/Order/Freeze/ReviewOn"
            ).isoformat(),
            converts=converts,
        )
    found = hold.Ask(
        account=account,
        amount=amount,
        lease_until=must(body, "Hold/LeaseUntil"),
        case=must(body, "Hold/Case"),
        taint_proof=must(body, "Hold/TaintProof"),
        appeal_link=must(body, "Hold/AppealLink"),
        converts=converts,
        top_up=must(body, "Hold/TopUp") == "true",
    )
    try:
        return msgspec.convert(msgspec.to_builtins(found), hold.Ask, strict=True)
    except msgspec.ValidationError as cause:
        raise ValueRefused(place="Document/Order/Hold", right=f"{DEFINITION}.xsd") from cause


def _check_kind(order: Order) -> None:
    kind = "freeze" if isinstance(order.ask, FreezeAsk) else "hold"
    if order.inquiry.kind != kind:
        raise Contradiction(place="Order/Inquiry/Kind", other=kind.capitalize())
