"""Papers and pictures that a bank keeps of an account: two persons there look before they leave."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import AccountText, Choice, Count, HexHash, Line, WireTime, Words, about
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


class Document(Choice):
    OPENING = "OPENING", "Hồ sơ mở tài khoản", "Opening file"
    KYC = "KYC", "Ảnh và giấy tờ nhận biết khách hàng", "Know-your-customer pictures and papers"
    CCTV = "CCTV", "Hình ảnh camera", "CCTV pictures"
    CALL = "CALL", "Ghi âm cuộc gọi với ngân hàng", "Recorded call to the bank"


class Ask(Question, frozen=True, kw_only=True):
    account: Annotated[AccountText, about("Tài khoản", "Account", "S")]
    documents: Annotated[
        list[Document], Meta(min_length=1, max_length=10), about("Tài liệu", "Documents", "S")
    ]
    place: Annotated[Line | None, about("Địa điểm của camera", "Place of the camera", "S")] = None
    since: Annotated[WireTime | None, about("Từ", "From", "S")] = None
    until: Annotated[WireTime | None, about("Đến", "To", "S")] = None
    reason: Annotated[Words | None, about("Lý do", "Reason", "X")] = None


class File(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    document: Annotated[Document, about("Loại", "Kind", "S")]
    name: Annotated[Line, about("Tên tệp", "File name", "S")]
    sha256: Annotated[HexHash, about("Dấu SHA-256", "SHA-256", "S")]
    size: Annotated[Count, about("Số byte", "Bytes", "S")]


class Reply(Answer, frozen=True, kw_only=True):
    files: Annotated[list[File], Meta(max_length=100), about("Các tệp", "Files", "S")]
    note: Annotated[Words | None, about("Ghi chú", "Note", "S")] = None


KIND = MessageKind(
    name="provide_documents",
    title=Text(vi="Cung cấp tài liệu, hình ảnh", en="Documents and pictures"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.BLTTHS.88", "VN.LCTCTD.13"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=WorkingDays(3)),
    auto=Auto.TWO_DESK,
    standard="auth.002 supplementary data",
)
