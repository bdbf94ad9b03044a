"""What is known of this broker, vehicle, route or decision? Between border guard, police and customs (CĐ 29/CĐ-TTg 2025, mục 3 điểm b)."""

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


class About(Choice):
    BROKER = "BROKER", "Người tổ chức, môi giới", "Broker"
    VEHICLE = "VEHICLE", "Phương tiện", "Vehicle"
    ROUTE = "ROUTE", "Đường, lối mở", "Route"
    DECISION = "DECISION", "Quyết định đã ban hành", "Decision in force"


class Ask(Question, frozen=True, kw_only=True):
    matter: Annotated[Reference, about("Vụ việc hoặc chuyến tuần tra", "Case or patrol", "X")]
    topic: Annotated[About, about("Hỏi về", "About", "S")]
    question: Annotated[Words, about("Câu hỏi", "Question", "S")]


class Fact(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    text: Annotated[Words, about("Nội dung", "Fact", "S")]
    source: Annotated[Line, about("Nguồn", "Source", "S")]


class Reply(Answer, frozen=True, kw_only=True):
    found: Annotated[YesNo, about("Có thông tin", "Found", "S")]
    facts: Annotated[list[Fact], Meta(max_length=50), about("Thông tin", "Facts", "S")] = (
        msgspec.field(default_factory=list)
    )
    note: Annotated[Words | None, about("Ghi chú", "Note", "S")] = None


KIND = MessageKind(
    name="border_enquiry",
    title=Text(vi="Trao đổi thông tin biên giới", en="Border enquiry"),
    ask=Ask,
    answer=Reply,
    askers=frozenset(
        {Role.BORDER_CHECK, Role.INVESTIGATOR, Role.UNIT_HEAD, Role.DESK, Role.DESK_HEAD}
    ),
    answerers=frozenset({MemberKind.BORDER, MemberKind.POLICE, MemberKind.CUSTOMS}),
    mandates=(AllOf("VN.CD29.3B"),),
    due=Due(golden_hour=Elapsed(hours=4), otherwise=WorkingDays(1)),
    auto=Auto.DESK,
)
