"""One institution tells another, unasked, about a customer with at least two flags of different families (registry.md §4)."""

from typing import Annotated

from msgspec import Meta

from lachan.exchange.fields import Line, Words, YesNo, about
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
from lachan.exchange.messages.registry_request import Flag
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    subject: Annotated[Line, about("Đối tượng (khóa chuẩn)", "Subject (canonical key)", "S")]
    flags: Annotated[
        list[Flag],
        Meta(min_length=2, max_length=20),
        about(
            "Dấu hiệu",
            "Flags",
            "S",
            help_vi="Ít nhất hai nhóm khác nhau",
            help_en="Of at least two families",
        ),
    ]
    statement: Annotated[Words, about("Nội dung", "Statement", "S")]


class Reply(Answer, frozen=True, kw_only=True):
    noted: Annotated[YesNo, about("Đã ghi nhận", "Noted", "S")]
    statement: Annotated[Words | None, about("Trả lời", "Statement", "S")] = None


KIND = MessageKind(
    name="registry_provide",
    title=Text(vi="Cung cấp dấu hiệu về khách hàng", en="Flags about a customer"),
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
