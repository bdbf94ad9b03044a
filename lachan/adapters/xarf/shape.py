"""A XARF 4 report as we keep it: the fields that we use, checked. Pure.

Source: XARF 4.2, `xarf-core.json` and `types/content-fraud.json` as shipped in the package `xarf` 1.0.0.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

FORM = "XARF"
VERSION = "4.2.0"
MAX_BYTES = 8 * 2**20  # one evidence item of the largest size, in base64, and the rest
MAX_EVIDENCE = 50  # items; the core schema's maxItems
MAX_ITEM = 5 * 2**20  # bytes decoded; the core schema's maximum of `size`
MAX_DESCRIPTION = 1000  # the core schema's maxLength, in code points

FRAUD_TYPES = frozenset(
    {
        "advance_fee",
        "charity",
        "cryptocurrency",
        "employment",
        "government_impersonation",
        "investment",
        "lottery",
        "other",
        "romance",
        "shopping",
        "tech_support",
    }
)  # content-fraud.json

Organisation = Annotated[str, Meta(min_length=1, max_length=200)]
Email = Annotated[str, Meta(pattern=r"^[^\s@]+@[^\s@]+$", max_length=254)]
Hostname = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", max_length=253)
]
LongText = Annotated[str, Meta(max_length=2048)]


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Who complains (`reporter`) or who transmits (`sender`)."""

    org: Organisation
    contact: Email
    domain: Hostname


class Hashed(StrEnum):
    """What the sender's own hash of an evidence item is worth; a hash that differs is refused."""

    STRONG = "strong"  # SHA-256 or SHA-512, and it fits
    WEAK = "weak"  # MD5 or SHA-1, and it fits: anybody can make another item with it
    ABSENT = "absent"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One item, decoded. `sha256` is always computed by us."""

    media_type: str
    content: bytes
    sha256: str
    hashed: Hashed
    description: str = ""


class Extra(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What XARF has no field for, under the key `lachan` (the core schema allows further properties)."""

    ask: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]  # hash of the manifest of the ask
    part: Annotated[int, Meta(ge=1, le=100)]  # one address is one report: the n-th of `parts`
    parts: Annotated[int, Meta(ge=1, le=100)]
    target: str
    fraud_type: str
    until: str
    url: str  # as the ask spells it; the report's own `url` is ASCII
    evidence_hash: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report that came in, whatever its category; `url` and `fraud_type` are "" where it has none."""

    report_id: str
    at: str  # wire time
    reporter: Contact
    sender: Contact
    source: str
    category: str
    type: str
    url: str = ""
    fraud_type: str = ""
    description: str = ""
    evidence: tuple[Evidence, ...] = ()
    tags: tuple[str, ...] = ()
    extra: Extra | None = None
