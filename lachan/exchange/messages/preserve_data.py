"""Do not let these data be deleted: nothing is disclosed, at most 90 days (Hanoi Convention; Cybersecurity Law 2025)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import HexHash, Line, WireTime, Words, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    objects: Annotated[
        list[Line],
        Meta(min_length=1, max_length=100),
        about("Dữ liệu cần bảo quản", "Data to preserve", "S"),
    ]
    until: Annotated[WireTime, about("Đến lúc", "Until", "S")]
    reason: Annotated[Words | None, about("Lý do", "Reason", "X")] = None


class Preserved(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    what: Annotated[Line, about("Dữ liệu", "Data", "S")]
    sha256: Annotated[HexHash | None, about("Dấu SHA-256", "SHA-256", "S")] = None


class Reply(Answer, frozen=True, kw_only=True):
    preserved: Annotated[
        list[Preserved], Meta(max_length=100), about("Đã bảo quản", "Preserved", "S")
    ]
    until: Annotated[WireTime, about("Đến lúc", "Until", "S")]


KIND = MessageKind(
    name="preserve_data",
    title=Text(vi="Bảo quản dữ liệu", en="Preservation of data"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.LIAISON}),
    answerers=frozenset(
        {
            MemberKind.BANK,
            MemberKind.EWALLET,
            MemberKind.PAYMENT,
            MemberKind.TELECOM,
            MemberKind.ISP,
            MemberKind.REGISTRAR,
            MemberKind.PLATFORM,
            MemberKind.HOSTING,
            MemberKind.STORE,
            MemberKind.FOREIGN,
            MemberKind.POLICE,
        }
    ),
    mandates=(AllOf("VN.HANOI.24x7"), AllOf("VN.LANM25"), AllOf("VN.BLTTHS.88")),
    due=Due(golden_hour=Elapsed(hours=4), otherwise=Elapsed(hours=4)),
    auto=Auto.CONDITIONAL,
    priority=Priority.P1,
    order=True,
    lease="until",
    subjects="objects",
    effects=("preserved",),
    standard="TS 103 120 LPTask",
)
