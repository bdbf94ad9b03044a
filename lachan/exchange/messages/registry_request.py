"""One institution asks another about a link between their customers: at least one objective flag, for the two sides alone (registry.md §4)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import Choice, Line, Reference, Words, YesNo, about
from lachan.exchange.kinds import (
    AllOf,
    Answer,
    Auto,
    Due,
    Elapsed,
    MessageKind,
    Question,
    WorkingDays,
)
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Flag(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """One objective red flag of the catalogue, with its figure; two of one family count once."""

    code: Annotated[Reference, about("Mã dấu hiệu", "Code of the flag", "S")]
    family: Annotated[Reference, about("Nhóm dấu hiệu", "Family", "S")]
    figure: Annotated[Line, about("Số liệu", "Figure", "S")]


class Relation(Choice):
    PAYER = "PAYER", "Bên trả tiền", "Payer"
    PAYEE = "PAYEE", "Bên nhận tiền", "Payee"
    HOLDER = "HOLDER", "Chủ tài khoản", "Holder"


class Ask(Question, frozen=True, kw_only=True):
    subject: Annotated[Line, about("Đối tượng (khóa chuẩn)", "Subject (canonical key)", "S")]
    relation: Annotated[Relation, about("Quan hệ", "Relation", "S")]
    flags: Annotated[list[Flag], Meta(min_length=1, max_length=20), about("Dấu hiệu", "Flags", "S")]
    question: Annotated[Words, about("Câu hỏi", "Question", "S")]


class Reply(Answer, frozen=True, kw_only=True):
    known: Annotated[YesNo, about("Là khách hàng", "A customer", "S")]
    statement: Annotated[Words | None, about("Trả lời", "Statement", "S")] = None
    flags: Annotated[
        list[Flag], Meta(max_length=20), about("Dấu hiệu của bên trả lời", "Answerer's flags", "S")
    ] = msgspec.field(default_factory=list)


KIND = MessageKind(
    name="registry_request",
    title=Text(vi="Hỏi về khách hàng có dấu hiệu", en="Request about a flagged customer"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.DESK, Role.DESK_HEAD}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.TT17.22"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=WorkingDays(1)),
    auto=Auto.DESK,
    effects=("registry_statement",),
    standard="COSMIC mode",
)
