"""XARF 4 reports that others sent, as hostile input, and our own read back. Pure.

Fields that we do not use are left unread. Evidence is decoded within the standard's bounds and never
opened; its hash, when there is one, must fit.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from msgspec import Meta

from lachan.adapters.foreign.errors import mismatch
from lachan.adapters.foreign.json_text import read_object, shaped
from lachan.adapters.xarf.errors import XarfEvidence, XarfNotOneAsk, XarfVersion
from lachan.adapters.xarf.shape import (
    FORM,
    FRAUD_TYPES,
    MAX_BYTES,
    MAX_DESCRIPTION,
    MAX_EVIDENCE,
    MAX_ITEM,
    Contact,
    Evidence,
    Extra,
    Hashed,
    LongText,
    Report,
)
from lachan.adapters.xarf.writer import STATEMENT
from lachan.exchange.kinds import from_json
from lachan.exchange.messages.take_down import Ask
from lachan.kernel.time import to_wire

_VERSION = re.compile(r"4\.[0-9]+\.[0-9]+\Z", re.ASCII)
_WEAK = frozenset({"md5", "sha1"})
_Tag = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_+-]*:[a-z0-9][a-z0-9_+-]*$", max_length=200)]
_Word = Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,64}$")]


class _Item(msgspec.Struct):
    content_type: Annotated[str, Meta(min_length=1, max_length=200)]
    payload: str
    description: Annotated[str, Meta(max_length=500)] = ""
    hash: Annotated[str, Meta(pattern=r"^(md5|sha1|sha256|sha512):[a-fA-F0-9]+$")] = ""
    size: Annotated[int, Meta(ge=0, le=MAX_ITEM)] | None = None


class _Wire(msgspec.Struct):
    """The standard's field names."""

    report_id: Annotated[str, Meta(max_length=64)]
    timestamp: Annotated[str, Meta(max_length=64)]
    reporter: Contact
    sender: Contact
    source_identifier: Annotated[str, Meta(min_length=1, max_length=2048)]
    category: _Word
    type: _Word
    url: LongText = ""
    fraud_type: LongText = ""
    description: Annotated[str, Meta(max_length=MAX_DESCRIPTION)] = ""
    evidence: Annotated[list[_Item], Meta(max_length=MAX_EVIDENCE)] = msgspec.field(
        default_factory=list
    )
    tags: Annotated[list[_Tag], Meta(max_length=20)] = msgspec.field(default_factory=list)
    lachan: Extra | None = None


def read(data: bytes) -> Report:
    """Raises: ForeignTooLarge, ForeignUnreadable, ForeignMismatch, XarfVersion, XarfEvidence."""
    value = read_object(data, form=FORM, limit=MAX_BYTES)
    version = value.get("xarf_version", value.get("Version", ""))
    if not isinstance(version, str) or not _VERSION.match(version):
        raise XarfVersion(field="xarf_version", given=str(version)[:20])
    wire = shaped(_Wire, value, form=FORM)
    return Report(
        report_id=_uuid(wire.report_id),
        at=_instant(wire.timestamp),
        reporter=wire.reporter,
        sender=wire.sender,
        source=wire.source_identifier,
        category=wire.category,
        type=wire.type,
        url=_url(wire),
        fraud_type=_fraud_type(wire),
        description=wire.description,
        evidence=tuple(_evidence(n, item) for n, item in enumerate(wire.evidence, 1)),
        tags=tuple(wire.tags),
        extra=wire.lachan,
    )


def ask_of(reports: Sequence[Report]) -> Ask:
    """The take-down ask of which these are all the parts, in any order; the inverse of `write`.

    Raises: XarfNotOneAsk: a part is missing or from another ask, or a report is not ours; SchemaMismatch.
    """
    extras = [one.extra for one in reports if one.extra is not None]
    if not extras or len(extras) != len(reports):
        raise XarfNotOneAsk(why="a report without the fields of an ask")
    first = extras[0]
    alike = {msgspec.structs.replace(one, part=1, url="") for one in extras}
    if len(alike) != 1 or sorted(one.part for one in extras) != list(range(1, first.parts + 1)):
        raise XarfNotOneAsk(why=f"{len(extras)} of {first.parts} parts, of {len(alike)} asks")
    texts = {
        item.content for one in reports for item in one.evidence if item.description == STATEMENT
    }
    if len(texts) != 1:
        raise XarfNotOneAsk(why=f"{len(texts)} statements")
    try:
        text = texts.pop().decode()
    except UnicodeDecodeError as cause:
        raise XarfNotOneAsk(why="a statement that is not UTF-8") from cause
    body = {
        "target": first.target,
        "urls": [one.url for one in sorted(extras, key=lambda one: one.part)],
        "fraud_type": first.fraud_type,
        "evidence": text,
        "until": first.until,
    }
    if first.evidence_hash is not None:
        body["evidence_hash"] = first.evidence_hash
    return from_json(Ask, body)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as cause:
        raise mismatch(FORM, "report_id", text, "UUID") from cause


def _instant(text: str) -> str:
    """RFC 3339 with any offset, as a wire time."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return to_wire(at.astimezone(UTC))
    except (ValueError, OverflowError) as cause:
        raise mismatch(FORM, "timestamp", text, "2026-11-22T03:04:05Z") from cause
    raise mismatch(FORM, "timestamp", text, "2026-11-22T03:04:05Z")


def _url(wire: _Wire) -> str:
    """http, https or nothing: nobody here follows another scheme. Mandatory in the category `content`."""
    if not wire.url and wire.category != "content":
        return ""
    try:
        parts = urlsplit(wire.url)
        fits = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits or any(sign.isspace() or not sign.isprintable() for sign in wire.url):
        raise mismatch(FORM, "url", wire.url, "http://…, https://…")
    return wire.url


def _fraud_type(wire: _Wire) -> str:
    if (wire.category, wire.type) != ("content", "fraud"):
        return ""
    if wire.fraud_type not in FRAUD_TYPES:
        raise mismatch(FORM, "fraud_type", wire.fraud_type, ", ".join(sorted(FRAUD_TYPES)))
    return wire.fraud_type


def _evidence(number: int, item: _Item) -> Evidence:
    try:
        content = base64.b64decode(item.payload, validate=True)
    except (binascii.Error, ValueError) as cause:
        raise XarfEvidence(field="evidence", number=number, why="payload is not base64") from cause
    if len(content) > MAX_ITEM:
        raise XarfEvidence(field="evidence", number=number, why=f"more than {MAX_ITEM} bytes")
    if item.size is not None and item.size != len(content):
        raise XarfEvidence(
            field="evidence", number=number, why=f"size {item.size} ≠ {len(content)}"
        )
    hashed = Hashed.ABSENT
    if item.hash:
        algorithm, _, given = item.hash.partition(":")
        if hashlib.new(algorithm, content, usedforsecurity=False).hexdigest() != given.lower():
            raise XarfEvidence(field="evidence", number=number, why=f"{algorithm} differs")
        hashed = Hashed.WEAK if algorithm in _WEAK else Hashed.STRONG
    return Evidence(
        media_type=item.content_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        hashed=hashed,
        description=item.description,
    )
