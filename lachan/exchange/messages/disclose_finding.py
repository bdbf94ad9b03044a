"""A finding of tax, customs or business registration, told to the police of one's own motion (CĐ 29/CĐ-TTg 2025, mục 6)."""

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


class Ask(Question, frozen=True, kw_only=True):
    finding: Annotated[Words, about("Phát hiện", "Finding", "X")]
    subjects: Annotated[
        list[Line],
        Meta(min_length=1, max_length=100),
        about("Tổ chức, cá nhân", "Organisations, persons", "X"),
    ]
    evidence: Annotated[
        list[HexHash], Meta(max_length=50), about("Dấu của tài liệu", "Hashes of evidence", "X")
    ] = msgspec.field(default_factory=list)


class Reply(Answer, frozen=True, kw_only=True):
    noted: Annotated[YesNo, about("Đã ghi nhận", "Noted", "B")]
    reference: Annotated[Reference | None, about("Số tin báo", "Reference", "B")] = None


KIND = MessageKind(
    name="disclose_finding",
    title=Text(vi="Cung cấp thông tin phát hiện vi phạm", en="Disclosure of a finding"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.DESK, Role.DESK_HEAD}),
    answerers=frozenset({MemberKind.POLICE}),
    mandates=(AllOf("VN.CD29.6"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=WorkingDays(1)),
    auto=Auto.DESK,
    subjects="subjects",
    effects=("report",),
)
