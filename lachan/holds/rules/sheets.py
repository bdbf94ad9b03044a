"""What a signer sees, byte for byte. Pure.

The hash of the sheet stands in every order's manifest: both signers bound themselves to the same
words, sums and forecast. A change of any of them gives another hash, and the first signature is void.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lachan.holds.errors import SheetUnopened
from lachan.kernel.canonical import canonical

OPEN_FOR = timedelta(
    minutes=15
)  # the page reloads after 60 s (§5); signing rebuilds the sheet anyway


@dataclass(frozen=True, slots=True)
class Opening:
    """The server's own note that a person had this very sheet on the screen."""

    person: str
    sheet_hash: str
    at: datetime


def sheet_hash(body: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, 64 hex digits."""
    return hashlib.sha256(canonical(dict(body))).hexdigest()


def check_opened(openings: Sequence[Opening], *, person: str, shown: str, now: datetime) -> None:
    """The signer himself opened exactly this sheet a moment ago. Raises: SheetUnopened."""
    for one in openings:
        if one.person == person and one.sheet_hash == shown and one.at <= now <= one.at + OPEN_FOR:
            return
    raise SheetUnopened(seconds=int(OPEN_FOR.total_seconds()))
