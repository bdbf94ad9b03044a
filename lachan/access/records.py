"""The access log: who saw or did what, for which purpose (law.md §3).

The detail lives here for five years; its hash lives in the evidence log for ever.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from lachan.access.actors import Actor
from lachan.access.models import AccessRecord
from lachan.evidence import services as evidence
from lachan.kernel.canonical import canonical
from lachan.kernel.time import to_wire


def record_act(actor: Actor, permission: str, *, at: datetime, case: str = "") -> None:
    """An act was done: called by `@verb` in its transaction."""
    _record(actor, permission, action="act", outcome="done", at=at, case=case)


def record_denial(actor: Actor, permission: str, code: str, *, at: datetime) -> None:
    """An act was refused to this actor."""
    _record(actor, permission, action="act", outcome=code, at=at)


def record_view(
    actor: Actor,
    permission: str,
    *,
    at: datetime,
    action: str = "view",
    case: str = "",
    subject_key: str = "",
    fields_class: str = "S",
    count: int = 1,
) -> None:
    """Somebody saw data of class S or X: one entry, in the transaction of the view.

    action: view, list, search, export or print. subject_key: the keyed hash of who was looked at,
    or of the terms of a search, misses too; never the value.
    """
    _record(
        actor,
        permission,
        action=action,
        outcome="done",
        at=at,
        case=case,
        subject_key=subject_key,
        fields_class=fields_class,
        count=count,
    )


def _record(
    actor: Actor,
    permission: str,
    *,
    action: str,
    outcome: str,
    at: datetime,
    case: str = "",
    subject_key: str = "",
    fields_class: str = "",
    count: int = 1,
) -> None:
    purpose = "" if actor.purpose is None else actor.purpose.value
    row = AccessRecord(
        at=at,
        actor=actor.log_name,
        unit=actor.address,
        purpose=purpose,
        permission=permission,
        action=action,
        outcome=outcome,
        case=case,
        subject_key=subject_key,
        fields_class=fields_class,
        count=count,
    )
    row.save(force_insert=True)
    detail = {
        "action": action,
        "actor": row.actor,
        "at": to_wire(at),
        "case": case,
        "class": fields_class,
        "count": count,
        "id": str(row.id),
        "outcome": outcome,
        "permission": permission,
        "purpose": purpose,
        "subject": subject_key,
        "unit": row.unit,
    }
    evidence.append(
        "access",
        row.actor,
        at,
        code=permission if outcome == "done" else f"denied:{permission}",
        extra_hash=hashlib.sha256(canonical(detail)).hexdigest(),
    )
