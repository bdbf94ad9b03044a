"""Refuse this site at the resolver or gateway (Cybersecurity Law 2025; CĐ 29/CĐ-TTg 2025, mục 3 điểm a): leased, at most 30 days."""

from typing import Annotated

from msgspec import Meta

from lachan.exchange.fields import Choice, Count, DomainText, WireTime, Words, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Mode(Choice):
    NXDOMAIN = "NXDOMAIN", "Không phân giải", "Not resolved"
    PAGE = "page", "Chuyển đến trang cảnh báo", "Warning page"


class Ask(Question, frozen=True, kw_only=True):
    domains: Annotated[
        list[DomainText], Meta(min_length=1, max_length=100), about("Tên miền", "Domains", "B")
    ]
    mode: Annotated[Mode, about("Cách thực hiện", "Mode", "B")]
    until: Annotated[WireTime, about("Đến lúc", "Until", "B")]
    reason: Annotated[Words, about("Lý do", "Reason", "X")]


class Reply(Answer, frozen=True, kw_only=True):
    blocked: Annotated[Count, about("Số tên miền đã chặn", "Domains blocked", "B")]
    at: Annotated[WireTime, about("Lúc", "At", "B")]


KIND = MessageKind(
    name="block_site",
    title=Text(vi="Chặn trang", en="Blocking of a site"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.ANALYST}),
    answerers=frozenset({MemberKind.ISP, MemberKind.TELECOM}),
    mandates=(AllOf("VN.LANM25"),),
    due=Due(golden_hour=Elapsed(hours=1), otherwise=Elapsed(hours=1)),
    auto=Auto.ALONE,
    priority=Priority.P1,
    order=True,
    lease="until",
    subjects="domains",
    effects=("blocked",),
    standard="RPZ",
)
