"""The catalogue of this deployment's profile, as the centre uses it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings

from lachan.exchange.kinds import Priority, kind
from lachan.exchange.mandate_errors import MandateUnknown
from lachan.exchange.mandate_rows import MandateRow
from lachan.exchange.mandates import Catalogue
from lachan.exchange.manifest import MandateRef, SignerNeed
from lachan.kernel.time import to_wire
from lachan.members.roles import MemberKind
from lachan.profiles.load import Profile, load_profile

_ORDER_LIFE = timedelta(days=7)  # an ask expires within seven days, and what it rests on with it


@dataclass(frozen=True, slots=True)
class MandateUse:
    """A catalogue row as a caller names it; version and end are the catalogue's. `cap_vnd` in đồng."""

    code: str
    stage: str
    subjects: int = 1
    cap_vnd: int | None = None
    lease_until: datetime | None = None
    document_part: str | None = None


@cache
def profile() -> Profile:
    """The deployment's country profile, read once. Raises: CatalogueWrong at start-up."""
    return load_profile(settings.LACHAN_PROFILE)


def catalogue() -> Catalogue:
    """The rows in use."""
    return profile().catalogue


def row(code: str) -> MandateRow:
    """The newest version of a row. Raises: MandateUnknown."""
    found = catalogue().row(code)
    if found is None:
        raise MandateUnknown(mandate=code)
    return found


def reference(use: MandateUse, *, case_ref: str, now: datetime) -> MandateRef:
    """What the manifest says of a row. Raises: MandateUnknown."""
    found = row(use.code)
    until = to_wire(now + _ORDER_LIFE)
    return MandateRef(
        code=found.code,
        version=found.version,
        stage=use.stage,
        case_ref=case_ref,
        valid_until=until if found.valid_to is None else min(until, found.valid_to),
        subjects=use.subjects,
        document_part=use.document_part,
        cap_vnd=use.cap_vnd,
        lease_until=None if use.lease_until is None else to_wire(use.lease_until),
    )


def required(
    kind_name: str, codes: Sequence[str], *, priority: Priority, sender_kind: MemberKind
) -> tuple[SignerNeed, ...]:
    """The approvals that a message of this kind under these rows needs."""
    return catalogue().required(
        kind(kind_name), [row(code) for code in codes], priority=priority, sender_kind=sender_kind
    )


def usable(
    kind_name: str,
    *,
    stage: str,
    priority: Priority,
    purpose: str,
    sender_kind: MemberKind,
    now: datetime,
) -> tuple[MandateRow, ...] | None:
    """The rows under which this may be asked now: verified or adopted; None says that none is."""
    return catalogue().usable_alternative(
        kind(kind_name),
        sender_kind=sender_kind,
        stage=stage,
        priority=priority,
        at=now,
        purpose=purpose,
    )


def calendar_hash() -> str:
    """SHA-256 of the working calendar's canonical bytes, as the directory carries it."""
    return hashlib.sha256(profile().calendar_bytes).hexdigest()


def usable_all(
    kind_name: str,
    *,
    stage: str,
    priority: Priority,
    purpose: str,
    sender_kind: MemberKind,
    now: datetime,
) -> list[tuple[MandateRow, ...]]:
    """Every alternative of rows under which this may be asked now, in the kind's order."""
    return catalogue().usable_alternatives(
        kind(kind_name),
        sender_kind=sender_kind,
        stage=stage,
        priority=priority,
        at=now,
        purpose=purpose,
    )
