"""The timeline of a case: a closed list of kinds, only ever added to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from lachan.access.actors import Actor
from lachan.cases.models import CaseRecord, TimelineRecord


class Kind(StrEnum):
    """What can happen to a case."""

    REPORT = "report"
    STATE = "state"
    ROLE = "role"
    INDICATOR = "indicator"
    LINK = "link"
    LEG = "leg"
    TRACE = "trace"
    PLAN = "plan"
    ASK = "ask"
    ANSWER = "answer"
    REFUSAL = "refusal"
    SILENCE = "silence"
    PAUSE = "pause"
    SHEET = "sheet"
    SIGNATURE = "signature"
    HOLD = "hold"
    NOTICE = "notice"
    REVIEW = "review"
    CORRECTION = "correction"
    CLARIFY = "clarify"
    OBJECTION = "objection"


def note(
    case: CaseRecord,
    kind: Kind,
    new: str,
    *,
    at: datetime,
    actor: Actor | None = None,
    field: str = "",
    previous: str = "",
    reason: str = "",
    evidence: str = "",
    corrects: int | None = None,
) -> TimelineRecord:
    """Add a line. `new` is a short code or a sum, never a name or an account number."""
    case.timeline_seq += 1
    case.save(update_fields=["timeline_seq"])
    return TimelineRecord.objects.create(
        case=case,
        seq=case.timeline_seq,
        at=at,
        recorded_at=at,
        kind=kind,
        actor="system" if actor is None else actor.name or actor.log_name,
        unit="" if actor is None else actor.address,
        purpose="" if actor is None or actor.purpose is None else actor.purpose,
        field=field,
        previous=previous[:200],
        new=new[:200],
        reason=reason[:500],
        evidence=evidence,
        corrects=corrects,
    )
