"""head.001: who sends what to whom, in front of every document (Business Application Header).

Written as head.001.001.02; .01 is read too, which Finnish Customs uses. Members are named by their address in the directory
(`vn/bank/vcb`), in `Fr/OrgId/Nm`: an address may have 120 characters, and an identifier there at most 35.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from lachan.adapters.iso20022.markup import Branch, build, must
from lachan.adapters.iso20022.moments import iso_moment, wire_moment
from lachan.adapters.iso20022.shapes import (
    DATE_TIME,
    ISO,
    check,
    check_root,
    codes,
    form,
    may,
    need,
    sequence,
    text,
)

DEFINITIONS = ("head.001.001.01", "head.001.001.02")
WRITTEN = "head.001.001.02"

ADDRESS = form(r"[a-z0-9/-]{4,120}", "vn/bank/vcb")
_PARTY = sequence(need("OrgId", sequence(need("Nm", ADDRESS))))
SHAPE = sequence(
    may("CharSet", codes("UTF-8")),
    need("Fr", _PARTY),
    need("To", _PARTY),
    need("BizMsgIdr", text(35)),
    need("MsgDefIdr", text(35)),
    need("CreDt", DATE_TIME),
    may("Sgntr", sequence()),  # what a verified signature leaves behind
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`sender`, `receiver`: addresses. `message`: at most 35 characters, unique. `created`: a wire time."""

    sender: str
    receiver: str
    message: str
    definition: str
    created: str


def header_element(header: Header) -> etree._Element:
    """`AppHdr`, without a signature. Raises: ValueRefused."""
    branch: Branch = ("AppHdr", [
        ("CharSet", "UTF-8"),
        ("Fr", [("OrgId", [("Nm", header.sender)])]),
        ("To", [("OrgId", [("Nm", header.receiver)])]),
        ("BizMsgIdr", header.message),
        ("MsgDefIdr", header.definition),
        ("CreDt", iso_moment(header.created)),
    ])  # fmt: skip
    node = build(ISO + WRITTEN, branch)
    check(node, SHAPE, "AppHdr")
    return node


def read_header(node: etree._Element) -> Header:
    """Of an `AppHdr` without its signature. Raises: Iso20022Error naming the place."""
    check_root(node, "AppHdr", tuple(ISO + one for one in DEFINITIONS))
    check(node, SHAPE, "AppHdr")
    return Header(
        sender=must(node, "Fr/OrgId/Nm"),
        receiver=must(node, "To/OrgId/Nm"),
        message=must(node, "BizMsgIdr"),
        definition=must(node, "MsgDefIdr"),
        created=wire_moment(must(node, "CreDt"), "AppHdr/CreDt"),
    )
