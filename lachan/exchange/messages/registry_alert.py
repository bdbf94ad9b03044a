"""The relation ended, or a suspicious transaction was reported: the group watches the subject for 180 days (registry.md §4)."""

from typing import Annotated

from msgspec import Meta

from lachan.exchange.fields import Choice, Line, WireTime, YesNo, about
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


class Ground(Choice):
    ENDED = "ENDED", "Đã chấm dứt quan hệ", "Relation ended"
    REPORTED = "REPORTED", "Đã báo cáo giao dịch đáng ngờ", "Suspicious transaction reported"


class Ask(Question, frozen=True, kw_only=True):
    subject: Annotated[Line, about("Đối tượng (khóa chuẩn)", "Subject (canonical key)", "S")]
    ground: Annotated[Ground, about("Căn cứ", "Ground", "S")]
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
    until: Annotated[WireTime, about("Theo dõi đến", "Watched until", "S")]


class Reply(Answer, frozen=True, kw_only=True):
    noted: Annotated[YesNo, about("Đã ghi nhận", "Noted", "S")]


KIND = MessageKind(
    name="registry_alert",
    title=Text(vi="Cảnh báo về khách hàng", en="Alert about a customer"),
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
