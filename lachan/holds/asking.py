"""A request of any kind that a form can hold, laid before its signers as an order is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.cases import services as cases
from lachan.exchange.askable import Askable, askable
from lachan.exchange.forms.reading import read_form
from lachan.exchange.forms.showing import shown_fields
from lachan.exchange.kinds import Question, to_json
from lachan.holds import drafting, sending
from lachan.holds.errors import NoMandate, ReceiverWrong
from lachan.holds.events import Proposed
from lachan.holds.models import SheetRecord
from lachan.holds.proposing import GOLDEN, SIGNERS
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, from_wire
from lachan.members import services as members

_TELLING = frozenset({"account", "phone", "domain", "url", "address"})


def receivers(found: Askable, *, but: str) -> list[tuple[str, str, str]]:
    """Live members that answer a kind, as (address, name, name in English), by name; never the asker itself."""
    rows = members.members_of_kind(*found.kind.answerers)
    return [(one.address, one.name_vi, one.name_en) for one in rows if one.address != but]


@verb(
    "hold.ask",
    roles=SIGNERS,
    purposes=frozenset({*GOLDEN, Purpose.TKD}),
    title=Text(vi="Lập yêu cầu", en="Make a request"),
)
def propose_question(
    *,
    actor: Actor,
    case_code: str,
    kind: str,
    receiver: str,
    typed: Mapping[str, str],
    clock: Clock,
) -> tuple[SheetRecord, Sequence[Event]]:
    """Read the form, draft the message and lay it before the signers that its rows require.

    receiver: a member's address. Raises: NoMandate, ReceiverWrong, FormWrong.
    """
    cases.visible(actor, case_code)
    now, standing = clock.now(), cases.standing(case_code)
    found = askable(asker=actor.agency, stage=standing.stage, now=now).get(kind)
    if found is None:
        raise NoMandate(kind=kind)
    question = read_form(found.kind.ask, typed)
    member = next(
        (one for one in members.members_of_kind(*found.kind.answerers) if one.address == receiver),
        None,
    )
    if member is None or member.address == actor.agency:
        raise ReceiverWrong(field="receiver")
    address = members.desk_address(member, kind)
    body = {
        "kind": "ask", "case": case_code, "agency": actor.agency, "request": kind, "stage": standing.stage,
        "mandates": [row.code for row in found.rows],
        "items": [{"receiver": address, "subject": subject_of(question), "question": to_json(question)}],
    }  # fmt: skip
    sheet = drafting.simple_sheet(actor, case_code, "ask", body, amount=0, now=now)
    draft = sending.draft_order(
        asker=actor.agency, kind=kind, question=question, receiver=address, stage=standing.stage, case=case_code,
        sheet_hash=sheet.body_hash, now=now, until=_lease(found, question), priority=found.priority,
        purpose=found.purpose, codes=tuple(row.code for row in found.rows), subjects=_subjects(found, question),
    )  # fmt: skip
    drafting.attach(sheet, [(draft, kind, address, subject_of(question))])
    facts = cases.touch(case_code, "sheet", kind, at=now, actor=actor)
    facts += cases.set_waiting_sheet(case_code, sheet.pk, len(sheet.required), at=now)
    return sheet, [Proposed(str(sheet.pk), case_code, actor.agency, now), *facts]


def subject_of(question: Question) -> str:
    """Whom or what a question is about, in one line: its first account, number, name or address, else its first field."""
    rows = [one for one in shown_fields(question, "vi") if one.texts]
    telling = next((one for one in rows if one.kind in _TELLING), rows[0] if rows else None)
    return "" if telling is None else telling.texts[0][:120]


def _lease(found: Askable, question: Question) -> datetime | None:
    name = found.kind.lease
    return None if name is None else from_wire(getattr(question, name))


def _subjects(found: Askable, question: Question) -> int:
    name = found.kind.subjects
    return 1 if name is None else len(getattr(question, name))
