"""What a person at the desk may do with an ask: let the records answer, answer by hand or in part, ask back, or say no.

Where two persons are needed, the first one's word is kept and the second, another one, makes it count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lachan.connector import acting, moving, talk
from lachan.connector.answering import Refused, Told, handlers
from lachan.connector.decide import Way
from lachan.connector.desk.people import Person
from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.exchange.conversation_states import BY_DESK, RefusalReason
from lachan.exchange.forms.answering import read_answer
from lachan.exchange.forms.cells import FieldMissing
from lachan.exchange.forms.declared import declared_fields
from lachan.exchange.forms.reading import FormWrong, fields_of, read_form
from lachan.exchange.kinds import Answer, Coverage, MessageType, Row, kind
from lachan.exchange.moves import Clarify, RefusalWords
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.time import from_wire, to_wire
from lachan.members.directory_rows import MemberRow

MAX_EXPLANATION = 2_000  # characters
MAX_LAW = 200
_MISSING = frozenset({"missing", "expected_at"})  # what a partial answer must say of the rest


@dataclass(frozen=True, slots=True)
class Agreement:
    """The first person's word: `act` is accept, answer or partial, `body` the answer by hand."""

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
    _ensure_words(row)
    answer, rows = read_answer(declared, form, as_of=to_wire(member.clock.now()))
    if _agreed(row, member, person, "answer", dict(form)):
        acting.answer_by_desk(row, member, answer, rows, by=person.login)


def partly(row: Received, member: Member, person: Person, form: Mapping[str, str]) -> None:
    """Send a part of the answer and say what is missing until when. Raises: FormWrong, DeskRefused."""
    declared = kind(row.kind)
    _ensure_may(row, member, MessageType.PARTIAL)
    _ensure_words(row)
    answer: Answer | None = None
    rows: list[Row] = []
    wrong: dict[str, LachanError] = {}
    try:
        answer, rows = read_answer(declared, form, as_of=to_wire(member.clock.now()))
    except FormWrong as error:
        wrong = dict(fields_of(error))
    for one in declared_fields(Coverage, ("coverage",)):
        if one.path[-1] in _MISSING and not form.get(one.form.name, "").strip():
            wrong[one.form.name] = FieldMissing(label=one.form.label.vi, field=one.form.name)
    if wrong or answer is None:
        raise FormWrong.of(wrong)
    if _agreed(row, member, person, "partial", dict(form)):
        with member.store.transaction() as db:
            db.execute("DELETE FROM desk_act WHERE h = ?", (row.h,))  # the rest is agreed to anew
            moving.tell_partly(row, member, answer, rows, by=person.login)


def ask_back(row: Received, member: Member, person: Person, form: Mapping[str, str]) -> None:
    """Ask the asker what is unclear, once. Raises: FormWrong, DeskRefused."""
    _ensure_may(row, member, MessageType.CLARIFY)
    moving.ask_back(row, member, read_form(Clarify, form), by=person.login)


def _ensure_may(row: Received, member: Member, type_: MessageType) -> None:
    """Raises: DeskRefused for what the conversation does not take now."""
    if type_ in talk.may_send(row, member):
        return
    if type_ is MessageType.CLARIFY:
        raise DeskRefused(
            why_vi="Chỉ hỏi lại được một lần, và không hỏi lại yêu cầu khẩn cấp. Hãy trả lời hoặc từ chối.",
            why_en="A request can be asked back about once, and an emergency never. Answer it or refuse.",
        )
    raise DeskRefused(
        why_vi="Cuộc trao đổi không còn nhận trả lời từng phần.",
        why_en="The conversation no longer takes a partial answer.",
    )


def _ensure_words(row: Received) -> None:
    """Raises: DeskRefused for what binds money: only the core system does that."""
    if row.kind in acting.EFFECTIVE:
        raise DeskRefused(
            why_vi="Việc này chỉ hệ thống lõi thực hiện được.",
            why_en="Only the core system can do this.",
        )


def refuse(row: Received, member: Member, person: Person, form: Mapping[str, str]) -> None:
    """Say no, with a reason of the protocol; the explanation travels to the asker with the name of who gives it.

    form: reason, explanation, law, try. Raises: DeskRefused naming the field.
    """
    reason, said = form.get("reason", ""), form.get("explanation", "").strip()[:MAX_EXPLANATION]
    if reason not in {one.value for one in BY_DESK}:
        raise DeskRefused(why_vi="Chọn một lý do.", why_en="Choose a reason.", field="reason")
    if reason == RefusalReason.LEGAL_OBJECTION and not said:
        raise DeskRefused(
            why_vi="Phản đối về pháp lý cần lời giải thích.",
            why_en="A legal objection needs an explanation.",
            field="explanation",
        )
    words = None
    if said:
        law = form.get("law", "").strip()[:MAX_LAW]
        words = RefusalWords(text=said, officer=person.name, law=law or None)
    refused = Refused(RefusalReason(reason), words=words, elsewhere=_elsewhere(row, member, form))
    with member.store.transaction():
        _keep(row, member, person, "refuse", {"reason": reason, "explanation": said})
        acting.refuse(row, member, refused, by=person.login)


def others(row: Received, member: Member) -> list[MemberRow]:
    """Who may be named as the holder instead: members that answer this kind, where a public register says it anyway."""
    declared, directory = kind(row.kind), member.trust.directory
    if not declared.redirects or directory is None:
        return []
    found = [one for one in directory.members() if one.kind in declared.answerers]
    return [one for one in found if one.address != member.address]


def _elsewhere(row: Received, member: Member, form: Mapping[str, str]) -> str | None:
    given = form.get("try", "").strip()
    if not given or form.get("reason") != RefusalReason.NOT_HOLDER:
        return None
    if given not in {one.address for one in others(row, member)}:
        raise DeskRefused(
            why_vi="Chọn một thành viên trong danh sách.",
            why_en="Choose a member of the list.",
            field="try",
        )
    return given


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
