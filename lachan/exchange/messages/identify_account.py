"""Who is behind this account? Asked of a platform (Cybersecurity Law 2025; Decree 147/2024)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import (
    IpText,
    Line,
    Msisdn,
    Port,
    UrlText,
    WireTime,
    Words,
    YesNo,
    about,
)
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    url: Annotated[
        UrlText | None, about("Địa chỉ trang cá nhân", "Address of the profile", "S")
    ] = None
    handle: Annotated[Line | None, about("Tên tài khoản", "Handle", "S")] = None
    since: Annotated[WireTime | None, about("Lượt đăng nhập từ", "Log-ins from", "S")] = None
    until: Annotated[WireTime | None, about("Đến", "To", "S")] = None
    reason: Annotated[Words | None, about("Lý do", "Reason", "X")] = None


class LogIn(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    at: Annotated[WireTime, about("Lúc", "At", "S")]
    ip: Annotated[IpText, about("Địa chỉ IP", "IP address", "S")]
    port: Annotated[Port | None, about("Cổng", "Port", "S")] = None


class Reply(Answer, frozen=True, kw_only=True):
    found: Annotated[YesNo, about("Có tìm thấy", "Found", "S")]
    account_id: Annotated[Line | None, about("Mã tài khoản", "Account id", "S")] = None
    name: Annotated[Line | None, about("Tên đã khai", "Name given", "S")] = None
    phone: Annotated[Msisdn | None, about("Điện thoại", "Telephone", "S")] = None
    email: Annotated[Line | None, about("Thư điện tử", "E-mail", "S")] = None
    registered: Annotated[WireTime | None, about("Đăng ký lúc", "Registered at", "S")] = None
    logins: Annotated[
        list[LogIn], Meta(max_length=500), about("Các lượt đăng nhập", "Log-ins", "S")
    ] = msgspec.field(default_factory=list)


KIND = MessageKind(
    name="identify_account",
    title=Text(vi="Cung cấp thông tin tài khoản mạng xã hội", en="Holder of a platform account"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.PLATFORM, MemberKind.HOSTING, MemberKind.STORE}),
    mandates=(AllOf("VN.LANM25"), AllOf("VN.ND147.35")),
    due=Due(golden_hour=Elapsed(hours=3), otherwise=Elapsed(hours=24)),
    auto=Auto.DESK,
    priority=Priority.P1,
    standard="TS 103 120; EPOC-like",
)
