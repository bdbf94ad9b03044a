"""Lock or remove this page, account or app within 24 hours (Decree 147/2024 Art. 35(7))."""

from typing import Annotated

from msgspec import Meta

from lachan.exchange.fields import Choice, HexHash, Line, Reference, UrlText, WireTime, Words, about
from lachan.exchange.kinds import (
    AllOf,
    Answer,
    Auto,
    Due,
    Elapsed,
    MessageKind,
    Priority,
    Question,
)
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Target(Choice):
    URL = "URL", "Trang, bài viết", "Page or post"
    ACCOUNT = "ACCOUNT", "Tài khoản mạng xã hội", "Account on a platform"
    APP = "APP", "Ứng dụng", "App"


class Outcome(Choice):
    REMOVED = "REMOVED", "Đã gỡ", "Removed"
    LOCKED = "LOCKED", "Đã khóa", "Locked"
    NOT_FOUND = "NOT_FOUND", "Không có", "Not found"
    DECLINED = "DECLINED", "Không thực hiện", "Declined"


class Ask(Question, frozen=True, kw_only=True):
    target: Annotated[Target, about("Loại đối tượng", "Kind of target", "B")]
    urls: Annotated[
        list[UrlText], Meta(min_length=1, max_length=100), about("Địa chỉ", "Addresses", "B")
    ]
    fraud_type: Annotated[Reference, about("Thủ đoạn lừa đảo", "Type of fraud", "B")]
    evidence: Annotated[Words, about("Mô tả vi phạm", "What is wrong", "B")]
    until: Annotated[WireTime, about("Khóa đến lúc", "Locked until", "B")]
    evidence_hash: Annotated[
        HexHash | None, about("Dấu của bằng chứng", "Hash of evidence", "B")
    ] = None


class Reply(Answer, frozen=True, kw_only=True):
    outcome: Annotated[Outcome, about("Kết quả", "Outcome", "B")]
    at: Annotated[WireTime, about("Lúc", "At", "B")]
    note: Annotated[Line | None, about("Ghi chú", "Note", "B")] = None


KIND = MessageKind(
    name="take_down",
    title=Text(vi="Yêu cầu gỡ bỏ, khóa", en="Take-down"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.DESK, Role.DESK_HEAD}),
    answerers=frozenset({MemberKind.PLATFORM, MemberKind.HOSTING, MemberKind.STORE}),
    mandates=(AllOf("VN.ND147.35"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=Elapsed(hours=24)),
    auto=Auto.DESK,
    priority=Priority.P1,
    order=True,
    lease="until",
    subjects="urls",
    effects=("taken_down",),
    standard="XARF 4.2 content/fraud",
)
