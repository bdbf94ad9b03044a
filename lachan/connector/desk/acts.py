"""What a person at the desk may do with an ask: let the records answer, answer by hand, or say no.

Where two persons are needed, the first one's word is kept and the second, another one, makes it count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lachan.connector import acting
from lachan.connector.answering import Told, handlers
from lachan.connector.decide import Way
from lachan.connector.desk.people import Person
from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.exchange.conversation_states import BY_DESK, RefusalReason
from lachan.exchange.forms.answering import read_answer
from lachan.exchange.kinds import kind
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.time import from_wire, to_wire

MAX_EXPLANATION = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Agreement:
    """The first person's word: `act` is accept or answer, `body` the answer by hand."""

    person: str
    act: str
    body: Mapping[str, str]
    at: datetime


class DeskRefused(LachanError):
    """The desk's act does not count."""

    code = "connector.desk"
    text = Text(vi="{why_vi}", en="{why_en}")
    why_vi: str
    why_en: str


def accept(row: Received, member: Member, person: Person) -> None:
    """Let the records answer, and the core act. Raises: DeskRefused, CoreUnavailable."""
    if row.kind not in handlers():
        raise DeskRefused(why_vi="Chưa có trả lời tự động.", why_en="No automatic answer exists.")
    if _agreed(row, member, person, "accept", {}):
        acting.act(row, member, by=person.login)


def by_hand(row: Received, member: Member, person: Person, form: Mapping[str, str]) -> None:
    """Answer in one's own words; not for what binds money. Raises: FormWrong, DeskRefused."""
    declared = kind(row.kind)
    if row.kind in acting.EFFECTIVE:
        raise DeskRefused(
            why_vi="Việc này chỉ hệ thống lõi thực hiện được.",
            why_en="Only the core system can do this.",
        )
    answer, rows = read_answer(declared, form, as_of=to_wire(member.clock.now()))
    if _agreed(row, member, person, "answer", dict(form)):
        acting.answer_by_desk(row, member, answer, rows, by=person.login)


def refuse(
    row: Received, member: Member, person: Person, reason: str, explanation: str = ""
) -> None:
    """Say no, with a reason of the protocol; the explanation stays in the member's own records.

    Raises: DeskRefused for no reason, or a legal objection that nobody explains.
    """
    if reason not in {one.value for one in BY_DESK}:
        raise DeskRefused(why_vi="Chọn một lý do.", why_en="Choose a reason.", field="reason")
    said = explanation.strip()[:MAX_EXPLANATION]
    if reason == RefusalReason.LEGAL_OBJECTION and not said:
        raise DeskRefused(
            why_vi="Phản đối về pháp lý cần lời giải thích.",
            why_en="A legal objection needs an explanation.",
            field="explanation",
        )
    with member.store.transaction():
        _keep(row, member, person, "refuse", {"reason": reason, "explanation": said})
        acting.decline(row, member, reason, by=person.login)


def proposal(row: Received, member: Member) -> Told | None:
    """What the member's records would answer; None when they refuse, or fail, or when asking would act."""
    if row.kind in acting.EFFECTIVE:
        return None  # looking at the page must never touch an account
    try:
        told = acting.propose(row, member)
    except (LachanError, KeyError, ValueError):
        return None
    return told if isinstance(told, Told) else None


def agreement(row: Received, member: Member) -> Agreement | None:
    """What the first of two persons has agreed to; None when nobody has."""
    found = member.store.db.execute(
        "SELECT person, act, body, at FROM desk_act WHERE h = ? AND act <> 'refuse' ORDER BY at DESC",
        (row.h,),
    ).fetchone()
    if found is None:
        return None
    return Agreement(str(found[0]), str(found[1]), dict(json.loads(found[2])), from_wire(found[3]))


def explanation(row: Received, member: Member) -> str:
    """What the desk wrote beside its refusal; "" when nothing."""
    found = member.store.db.execute(
        "SELECT body FROM desk_act WHERE h = ? AND act = 'refuse'", (row.h,)
    ).fetchone()
    return "" if found is None else str(json.loads(found[0])["explanation"])


def needs_two(row: Received, member: Member) -> bool:
    """Two persons of the member must agree."""
    return acting.decided(row, member).way is Way.TWO_DESK


def _agreed(
    row: Received, member: Member, person: Person, act: str, form: Mapping[str, str]
) -> bool:
    """Enough persons have agreed to the same thing; another answer starts the agreement anew.

    Raises: DeskRefused when one tries to be two.
    """
    if not needs_two(row, member):
        return True
    body = {name: value for name, value in form.items() if name != "csrf" and value}
    first = agreement(row, member)
    same = first is not None and (first.act, first.body) == (act, body)
    if first is not None and same and first.person == person.login:
        raise DeskRefused(
            why_vi="Người thứ hai phải khác người thứ nhất.",
            why_en="The second person must be another one.",
        )
    with member.store.transaction() as db:
        if not same:
            db.execute("DELETE FROM desk_act WHERE h = ?", (row.h,))
        _keep(row, member, person, act, body)
        member.store.note("approval", member.clock.now(), person.login, h=row.h, kind=row.kind)
    return same


def _keep(row: Received, member: Member, person: Person, act: str, body: Mapping[str, str]) -> None:
    """In the open transaction."""
    shown = json.dumps(dict(body), ensure_ascii=False)
    values = (row.h, person.login, act, shown, to_wire(member.clock.now()))
    member.store.db.execute("INSERT OR REPLACE INTO desk_act VALUES (?, ?, ?, ?, ?)", values)
