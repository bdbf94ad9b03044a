"""What an investigator may ask about by hand now: kinds that a form can hold and an adopted row admits at this stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lachan.access.purposes import Purpose
from lachan.exchange import catalogue
from lachan.exchange.forms.declared import typed
from lachan.exchange.kinds import MessageKind, Priority, all_kinds
from lachan.exchange.mandate_rows import MandateRow
from lachan.members.roles import MemberKind, Role

_PURPOSES = (Purpose.GLD, Purpose.INV, Purpose.TKD, Purpose.BDR)


@dataclass(frozen=True, slots=True)
class Askable:
    """A kind with what it would be asked under."""

    kind: MessageKind
    purpose: Purpose
    priority: Priority
    rows: tuple[MandateRow, ...]


def by_hand() -> list[MessageKind]:
    """Kinds that an officer fills in by hand: investigators ask them, and no money is bound (holds have their own sheets)."""
    return [
        one
        for one in all_kinds().values()
        if Role.INVESTIGATOR in one.askers
        and not one.follows
        and one.money is None
        and typed(one.ask)
    ]


def askable(*, asker: str, stage: str, now: datetime) -> dict[str, Askable]:
    """By name, those that a member may ask at this stage under adopted rows which need no document attached."""
    found = {one.name: _under(one, asker, stage, now) for one in by_hand()}
    return {name: one for name, one in found.items() if one is not None}


def _under(declared: MessageKind, asker: str, stage: str, now: datetime) -> Askable | None:
    urgent = (Priority.P0, declared.priority) if declared.auto_only_p0 else (declared.priority,)
    for priority in urgent:
        for purpose in _PURPOSES:
            for rows in catalogue.usable_all(
                declared.name,
                stage=stage,
                priority=priority,
                purpose=purpose.value,
                sender_kind=MemberKind(asker.split("/")[1]),
                now=now,
            ):
                if not any(row.document_required for row in rows) and named(rows, asker):
                    return Askable(declared, purpose, priority, rows)
    return None


def named(rows: tuple[MandateRow, ...], asker: str) -> bool:
    """Rows that name agencies name this one."""
    agency = "/".join(asker.split("/")[:3])
    return all(not row.agency_only or agency in row.agency_only for row in rows)
