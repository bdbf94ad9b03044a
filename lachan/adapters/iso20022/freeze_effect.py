"""lc.frz, the answer: how much a bank holds, since when, and what it left for living."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from lachan.adapters.iso20022.coverage import coverage_branch, read_coverage
from lachan.adapters.iso20022.errors import ElementMissing, ValueRefused
from lachan.adapters.iso20022.markup import Branch, at, build, every, maybe, must, parse, serialise
from lachan.adapters.iso20022.national import FREEZE
from lachan.exchange.messages import hold


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEffect:
    """`order`: the `BizMsgIdr` of the order that it answers."""

    order: str
    reply: hold.Reply


def write(effect: OrderEffect) -> bytes:
    """The document in UTF-8. Raises: ValueRefused with the place."""
    reply = effect.reply
    branch: Branch = ("Document", [("Effect", [
        ("Order", effect.order),
        ("Effect", reply.effect.value),
        ("Held", str(reply.held)),
        ("Carved", str(reply.carved)),
        ("At", reply.at),
        ("AsOf", reply.as_of),
        coverage_branch(reply.coverage),
        *(("Band", [("Name", name), ("Value", _flag(on=value))]) for name, value in reply.bands.items()),
        ("TopUp", _flag(on=reply.top_up)),
        None if reply.core_ref is None else ("CoreReference", reply.core_ref),
    ])])  # fmt: skip
    root = build(FREEZE.space, branch)
    FREEZE.check(root, "Document")
    return serialise(root)


def _flag(*, on: bool) -> str:
    return "true" if on else "false"


def read(data: bytes) -> OrderEffect:
    """Raises: Iso20022Error naming the place."""
    root = parse(data)
    FREEZE.check(root, "Document")
    body = at(root, "Effect")
    if body is None:
        raise ElementMissing(place="Document/Effect")
    bands = every(body, "Band")
    found = hold.Reply(
        as_of=must(body, "AsOf"),
        coverage=read_coverage(body, "Document/Effect"),
        effect=hold.Effect[must(body, "Effect")],
        held=int(must(body, "Held")),
        carved=int(must(body, "Carved")),
        at=must(body, "At"),
        bands={must(one, "Name"): must(one, "Value") == "true" for one in bands},
        top_up=must(body, "TopUp") == "true",
        core_ref=maybe(body, "CoreReference"),
    )
    if len(found.bands) != len(bands):
        raise ValueRefused(place="Document/Effect/Band/Name", right="1×")
    try:
        reply = msgspec.convert(msgspec.to_builtins(found), hold.Reply, strict=True)
    except msgspec.ValidationError as cause:
        raise ValueRefused(place="Document/Effect", right=f"{FREEZE.name}.xsd") from cause
    return OrderEffect(order=must(body, "Order"), reply=reply)
