"""The forms of a request's page: one for each move that the conversation takes now and the officer may make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lachan.access import permissions
from lachan.access.actors import Actor
from lachan.exchange.asker_moves import Conclusion
from lachan.exchange.forms.declared import FieldForm, fields
from lachan.exchange.kinds import MessageType
from lachan.exchange.moves import Clarification, Dispute
from lachan.exchange.queries import ConversationView


@dataclass(frozen=True, slots=True)
class Input:
    """One field with what was typed."""

    form: FieldForm
    value: str


@dataclass(frozen=True, slots=True)
class MoveForm:
    """`act` is its place in the address; `danger` asks for a deliberate press."""

    act: str
    address: str
    title: Promise
    button: Promise
    inputs: tuple[Input, ...]
    danger: bool = False


_MOVES: tuple[
    tuple[str, MessageType | None, str, type[msgspec.Struct] | None, Promise, Promise], ...
] = (
    ("clarify", MessageType.CLARIFICATION, "conversation_clarify", Clarification,
     _("Trả lời câu hỏi của bên nhận"), _("Gửi nội dung làm rõ")),
    ("dispute", MessageType.DISPUTE, "conversation_dispute", Dispute,
     _("Đề nghị xem lại trả lời"), _("Gửi đề nghị xem lại")),
    ("review", None, "conversation_review", Conclusion,
     _("Xem xét phản đối về pháp lý"), _("Ghi kết luận")),
    ("cancel", MessageType.CANCEL, "conversation_cancel", None,
     _("Hủy yêu cầu"), _("Hủy yêu cầu này")),
)  # fmt: skip


def forms_of(one: ConversationView, actor: Actor, typed: Mapping[str, str]) -> tuple[MoveForm, ...]:
    """What may be done on the page now."""
    found = []
    for act, type_, address, struct, title, button in _MOVES:
        open_now = one.review_by is not None if type_ is None else type_ in one.may
        if not open_now or not permissions.allowed(actor, f"request.{act}"):
            continue
        inputs = () if struct is None else tuple(fields(struct))
        shown = tuple(Input(form, typed.get(form.name, "")) for form in inputs)
        found.append(MoveForm(act, address, title, button, shown, danger=act == "cancel"))
    return tuple(found)
