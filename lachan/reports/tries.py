"""Tries at a door that opens by a code: counted by address and by code, wrong ones all answered alike."""

from datetime import datetime, timedelta

from lachan.kernel.codes import CodeUnreadable, read_code
from lachan.kernel.ids import keyed_hash
from lachan.members.vault import secret
from lachan.reports.models import AttemptRecord

PER_ADDRESS = (10, timedelta(hours=1))
PER_CODE = (5, timedelta(minutes=15))
_LIMIT = "rate limit"


def hashed(kind: str, value: str) -> str:
    """How a code, a PIN or an address is kept: a keyed digest."""
    return keyed_hash(secret("index"), kind, value)


def plain_code(code: str) -> str:
    """The code as it is stored; what cannot be one is kept short, to be counted like any other."""
    try:
        return read_code(code)
    except CodeUnreadable:
        return code.strip().upper()[:40]


def wait(address: str, plain: str, now: datetime) -> int:
    """Minutes until another try is heard; 0 when it is now."""
    for key, (most, span) in zip(_keys(address, plain), (PER_ADDRESS, PER_CODE), strict=True):
        tries = AttemptRecord.objects.unscoped(reason=_LIMIT).filter(key=key, at__gt=now - span)
        if tries.count() >= most:
            return int(span.total_seconds() // 60)
    return 0


def note_wrong(address: str, plain: str, now: datetime) -> None:
    """Remember a wrong try."""
    AttemptRecord.objects.unscoped(reason=_LIMIT).bulk_create(
        [AttemptRecord(key=key, at=now) for key in _keys(address, plain)]
    )


def _keys(address: str, plain: str) -> tuple[str, str]:
    return hashed("attempt-address", address), hashed("attempt-code", plain)
