"""The report that a directive asks for: figures, text, and the signed file by its hash."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import HexHash, Line, Reference, Words, YesNo, about
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


class Figure(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    code: Annotated[Reference, about("Chỉ tiêu", "Figure", "B")]
    value: Annotated[int, about("Giá trị", "Value", "B")]
    note: Annotated[Line | None, about("Ghi chú", "Note", "B")] = None


class Ask(Question, frozen=True, kw_only=True):
    directive: Annotated[Reference, about("Văn bản giao việc", "The directive", "B")]
    period: Annotated[Line, about("Kỳ báo cáo", "Period", "B")]
    text: Annotated[Words, about("Nội dung", "Text", "B")]
    figures: Annotated[list[Figure], Meta(max_length=200), about("Số liệu", "Figures", "B")] = (
        msgspec.field(default_factory=list)
    )
    file: Annotated[
        HexHash | None, about("Dấu của văn bản ký số", "Hash of the signed file", "B")
    ] = None


class Reply(Answer, frozen=True, kw_only=True):
    accepted: Annotated[YesNo, about("Đã tiếp nhận", "Accepted", "B")]
    note: Annotated[Words | None, about("Ghi chú", "Note", "B")] = None


KIND = MessageKind(
    name="directive_report",
    title=Text(vi="Báo cáo thực hiện văn bản chỉ đạo", en="Report on a directive"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.AGENCY_HEAD}),
    answerers=frozenset(
        {MemberKind.POLICE, MemberKind.MINISTRY, MemberKind.PROVINCE, MemberKind.SUPERVISOR}
    ),
    mandates=(AllOf("VN.DISPATCH"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=WorkingDays(1)),
    auto=Auto.DESK,
    effects=("directive_reported",),
    standard="edXML QCVN 102:2016",
)
