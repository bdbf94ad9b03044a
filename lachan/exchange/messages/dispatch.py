"""An official document with its tasks, to an addressee outside the issuer's own house (công điện, công văn).

The answer only receives it; the tasks' own dates stand in the document.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import HexHash, Line, Reference, WireDay, Words, YesNo, about
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


class Task(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    clause: Annotated[Reference, about("Mục", "Clause", "B")]
    text: Annotated[Words, about("Nhiệm vụ", "Task", "B")]
    due: Annotated[WireDay | None, about("Hạn", "Due", "B")] = None


class Ask(Question, frozen=True, kw_only=True):
    number: Annotated[Reference, about("Số, ký hiệu", "Number and symbol", "B")]
    issued: Annotated[WireDay, about("Ngày ban hành", "Issued on", "B")]
    issuer: Annotated[Line, about("Cơ quan ban hành", "Issuer", "B")]
    subject: Annotated[Words, about("Trích yếu", "Subject", "B")]
    document: Annotated[HexHash, about("Dấu của văn bản", "Hash of the document", "B")]
    tasks: Annotated[list[Task], Meta(max_length=100), about("Nhiệm vụ", "Tasks", "B")] = (
        msgspec.field(default_factory=list)
    )


class Reply(Answer, frozen=True, kw_only=True):
    accepted: Annotated[YesNo, about("Đã tiếp nhận", "Received", "B")]
    incoming_no: Annotated[Reference | None, about("Số đến", "Incoming number", "B")] = None
    note: Annotated[Words | None, about("Ghi chú", "Note", "B")] = None


KIND = MessageKind(
    name="dispatch",
    title=Text(vi="Gửi văn bản chỉ đạo", en="Dispatch of a directive"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.AGENCY_HEAD}),
    answerers=frozenset(
        {
            MemberKind.POLICE,
            MemberKind.MINISTRY,
            MemberKind.PROVINCE,
            MemberKind.SUPERVISOR,
            MemberKind.BORDER,
            MemberKind.CUSTOMS,
            MemberKind.TAX,
            MemberKind.PROCURACY,
            MemberKind.COURT,
            MemberKind.CYBER,
            MemberKind.MEDIA,
            MemberKind.BANK,
            MemberKind.EWALLET,
            MemberKind.TELECOM,
        }
    ),
    mandates=(AllOf("VN.DISPATCH"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=WorkingDays(1)),
    auto=Auto.DESK,
    effects=("directive_received",),
    standard="edXML QCVN 102:2016",
)
