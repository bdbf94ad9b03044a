"""A take-down ask as XARF 4.2 reports of category `content`, type `fraud` (exchange.md §6). Pure.

One address is one report, so an ask of n addresses is n reports. `description` ends at 1,000 signs,
so the whole text travels as an evidence item; what XARF has no field for stands under `lachan`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from lachan.adapters.xarf.addresses import ascii_url, fitting_domain, host
from lachan.adapters.xarf.shape import MAX_DESCRIPTION, VERSION, Contact, Extra
from lachan.exchange.messages.take_down import Ask

TEXT = "text/plain; charset=utf-8"
STATEMENT = "lachan: statement"  # description of the evidence item that is the ask's own text


@cache
def fraud_types() -> Mapping[str, str]:
    """Our scam type → XARF `fraud_type`."""
    table = tomllib.loads(Path(__file__).with_name("fraud_types.toml").read_text("utf-8"))
    found: dict[str, str] = table["fraud_types"]
    return found


def write(ask: Ask, *, h: str, at: str, reporter: Contact, sender: Contact) -> tuple[bytes, ...]:
    """One report for each address, in the ask's order.

    h: hash of the ask's manifest (64 hex), at: when the ask was made (wire time). The same ask gives
    the same bytes and report ids, so that a report sent twice is known as one.
    Raises: ForeignMismatch for an address without a host that could be looked up.
    """
    statement = ask.evidence.encode()
    reports = []
    for number, url in enumerate(ask.urls, 1):
        extra = Extra(
            ask=h,
            part=number,
            parts=len(ask.urls),
            target=ask.target.value,
            fraud_type=ask.fraud_type,
            until=ask.until,
            url=url,
            evidence_hash=ask.evidence_hash,
        )
        name = host(url)
        body: dict[str, Any] = {
            "xarf_version": VERSION,
            "report_id": _report_id(h, number),
            "timestamp": at,
            "reporter": msgspec.to_builtins(reporter),
            "sender": msgspec.to_builtins(sender),
            "source_identifier": name,
            "category": "content",
            "type": "fraud",
            "evidence_source": "user_report",
            "description": _beginning(ask.evidence),
            "evidence": [
                {
                    "content_type": TEXT,
                    "description": STATEMENT,
                    "payload": base64.b64encode(statement).decode(),
                    "hash": f"sha256:{hashlib.sha256(statement).hexdigest()}",
                    "size": len(statement),
                }
            ],
            "url": ascii_url(url),
            "fraud_type": fraud_types().get(ask.fraud_type, "other"),
            "lachan": msgspec.to_builtins(extra),
        }
        domain = fitting_domain(name)
        if domain:
            body["domain"] = domain
        reports.append(json.dumps(body, ensure_ascii=False, sort_keys=True).encode())
    return tuple(reports)


def _report_id(h: str, number: int) -> str:
    """In the form of a UUIDv4, which the standard asks for, but made of the ask: see `write`."""
    digest = hashlib.sha256(f"lachan/xarf/{h}/{number}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def _beginning(text: str) -> str:
    if len(text) <= MAX_DESCRIPTION:
        return text
    return text[: MAX_DESCRIPTION - 1].rstrip() + "…"
