"""What a registry withholds, and says so: RFC 9537, and the placeholders of before. Pure.

A field that is redacted is never taken as an answer: a partial name is not a name, and a replaced
e-mail address is the registry's forwarder, not the holder's.
"""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import Meta

_FIELDS = {
    "registrant name": "holder",
    "registrant organization": "holder",
    "registrant email": "email",
    "registrant phone": "phone",
    "registrant street": "address",
    "registrant city": "address",
    "registrant state/province": "address",
    "registrant postal code": "address",
    "registrant country": "address",
}  # registered `type` values, without regard to case, to the fields of identify_domain_holder
_WHOLE = frozenset({"registrant", "registrant contact", "registrant name and organization"})
_PLACEHOLDER = re.compile(
    r"redacted|not disclosed|data protected|withheld for privacy|gdpr (masked|redacted)"
    r"|statutory masking|^\W*$",
    re.IGNORECASE,
)
_PATH = re.compile(r"registrant", re.IGNORECASE)
_CARD_FIELDS = (("'fn'", "holder"), ("'org'", "holder"), ("'email'", "email"), ("'tel'", "phone"), ("'adr'", "address"))  # fmt: skip
ALL = ("holder", "email", "phone", "address")

_Short = Annotated[str, Meta(max_length=1000)]


class _Name(msgspec.Struct):
    type: _Short = ""
    description: _Short = ""


class Redaction(msgspec.Struct):
    """One row of `redacted`; paths are read for what they name, never evaluated."""

    name: _Name
    prePath: _Short = ""
    postPath: _Short = ""
    replacementPath: _Short = ""
    method: _Short = "removal"


def withheld(rows: list[Redaction]) -> frozenset[str]:
    """The fields of ours that these rows withhold, in part or whole."""
    found: set[str] = set()
    for row in rows:
        name = (row.name.type or row.name.description).strip().lower()
        path = f"{row.prePath} {row.postPath}"
        if name in _FIELDS:
            found.add(_FIELDS[name])
        elif name in _WHOLE:
            found.update(ALL)
        elif _PATH.search(path):
            by_card = {field for mark, field in _CARD_FIELDS if mark in path}
            found.update(by_card or ALL)
    return frozenset(found)


def is_placeholder(text: str) -> bool:
    """A word of a registry's own instead of a value: "REDACTED FOR PRIVACY"."""
    return bool(_PLACEHOLDER.search(text))
