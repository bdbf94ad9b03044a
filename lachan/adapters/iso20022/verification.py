"""What acmt.023 and acmt.024 share: who asks whom, when. Parties by their address in the directory, as in the header."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from lachan.adapters.iso20022.header import ADDRESS
from lachan.adapters.iso20022.markup import Branch, must
from lachan.adapters.iso20022.moments import iso_moment, wire_moment
from lachan.adapters.iso20022.shapes import DATE_TIME, need, sequence, text

MOST_CHECKS = 500
_PARTY = sequence(need("Pty", sequence(need("Nm", ADDRESS))))
ASSIGNMENT = need(
    "Assgnmt",
    sequence(
        need("MsgId", text(35)),
        need("CreDtTm", DATE_TIME),
        need("Assgnr", _PARTY),
        need("Assgne", _PARTY),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """`message`: at most 35 characters, unique. `created`: a wire time. `sender`, `receiver`: addresses."""

    message: str
    created: str
    sender: str
    receiver: str


def errand_branch(errand: Errand) -> Branch:
    """Raises: InstantUnreadable."""
    return ("Assgnmt", [
        ("MsgId", errand.message),
        ("CreDtTm", iso_moment(errand.created)),
        ("Assgnr", [("Pty", [("Nm", errand.sender)])]),
        ("Assgne", [("Pty", [("Nm", errand.receiver)])]),
    ])  # fmt: skip


def read_errand(body: etree._Element, place: str) -> Errand:
    """Of a checked message body. Raises: ValueRefused."""
    return Errand(
        message=must(body, "Assgnmt/MsgId"),
        created=wire_moment(must(body, "Assgnmt/CreDtTm"), f"{place}/Assgnmt/CreDtTm"),
        sender=must(body, "Assgnmt/Assgnr/Pty/Nm"),
        receiver=must(body, "Assgnmt/Assgne/Pty/Nm"),
    )
