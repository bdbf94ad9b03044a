"""A report that is not sent yet, kept for a day: opened again by its code and PIN, on any device.

What was typed lies encrypted under the deployment's key; after 24 hours the row is gone (cases-and-holds §1).
"""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lachan.access.actors import Actor
from lachan.access.steps import step
from lachan.access.verbs import verb
from lachan.kernel.codes import make_code
from lachan.kernel.events import Event
from lachan.kernel.ids import uuid7
from lachan.kernel.time import ICT, Clock
from lachan.members.keystore import unwrap_under_data_key, wrap_under_data_key
from lachan.reports.errors import DraftNotFound, RateLimited
from lachan.reports.models import AttemptRecord, DraftRecord
from lachan.reports.tries import hashed, note_wrong, plain_code, wait

LIFE = timedelta(hours=24)
TRIES_KEPT = timedelta(days=1)
MAX_FIELDS, MAX_VALUE = 40, 2_000
_OWN = "opened by its code and PIN"
_RANDOM = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """Shown once: without both the draft cannot be opened."""

    code: str
    pin: str
    until: datetime


@verb("report.draft_keep", public=True)
def keep_draft(
    *, actor: Actor, fields: Mapping[str, str], clock: Clock
) -> tuple[KeptDraft, Sequence[Event]]:
    """Keep what was typed so far for 24 hours."""
    now = clock.now()
    code = make_code("NH", now.astimezone(ICT).year, _RANDOM)
    pin = f"{_RANDOM.randrange(10**6):06d}"
    typed = {name[:40]: value[:MAX_VALUE] for name, value in list(fields.items())[:MAX_FIELDS]}
    key = uuid7()
    DraftRecord(
        id=key,
        code_hash=hashed("draft-code", code),
        pin_hash=hashed("draft-pin", f"{code}:{pin}"),
        body=wrap_under_data_key(json.dumps(typed).encode(), f"draft:{key}"),
        expires_at=now + LIFE,
    ).save(force_insert=True)
    return KeptDraft(code, pin, now + LIFE), ()


@verb("report.draft_open", public=True)
def _try_draft(
    *, actor: Actor, code: str, pin: str, address: str, clock: Clock
) -> tuple[dict[str, str] | int | None, Sequence[Event]]:
    """What was typed, or minutes to wait, or None. A wrong try is remembered, hence not raised here."""
    now, plain = clock.now(), plain_code(code)
    minutes = wait(address, plain, now)
    if minutes:
        return minutes, ()
    found = (
        DraftRecord.objects.unscoped(reason=_OWN)
        .filter(
            code_hash=hashed("draft-code", plain),
            pin_hash=hashed("draft-pin", f"{plain}:{pin.strip()}"),
            expires_at__gt=now,
        )
        .first()
    )
    if found is None:
        note_wrong(address, plain, now)
        return None, ()
    body: dict[str, str] = json.loads(unwrap_under_data_key(found.body, f"draft:{found.id}"))
    return body, ()


def open_draft(*, actor: Actor, code: str, pin: str, address: str, clock: Clock) -> dict[str, str]:
    """The fields of a draft. Raises: DraftNotFound for every cause alike, RateLimited."""
    found = _try_draft(actor=actor, code=code, pin=pin, address=address, clock=clock)
    if isinstance(found, int):
        raise RateLimited(minutes=found)
    if found is None:
        raise DraftNotFound(field="code")
    return found


@step
def sweep(*, clock: Clock) -> tuple[int, Iterable[Event]]:
    """Erase drafts whose day is over and tries that no limit counts any more; answers how many."""
    now = clock.now()
    drafts, _ = DraftRecord.objects.unscoped(reason=_OWN).filter(expires_at__lte=now).delete()
    old = AttemptRecord.objects.unscoped(reason="rate limit").filter(at__lte=now - TRIES_KEPT)
    tries, _ = old.delete()
    return drafts + tries, ()
