"""Take this domain name off the air for a while (Decree 147/2024, domain rules): named domain, leased."""

from typing import Annotated

from lachan.exchange.fields import Choice, DomainText, WireTime, Words, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Mode(Choice):
    CLIENT_HOLD = "clientHold", "Ngừng phân giải (clientHold)", "clientHold"
    SERVER_HOLD = "serverHold", "Ngừng phân giải (serverHold)", "serverHold"
    PAGE = "page", "Chuyển đến trang cảnh báo", "Warning page"


class Ask(Question, frozen=True, kw_only=True):
    domain: Annotated[DomainText, about("Tên miền", "Domain", "B")]
    mode: Annotated[Mode, about("Cách thực hiện", "Mode", "B")]
    until: Annotated[WireTime, about("Đến lúc", "Until", "B")]
    reason: Annotated[Words, about("Lý do", "Reason", "X")]


class Outcome(Choice):
    SUSPENDED = "SUSPENDED", "Đã tạm ngừng", "Suspended"
    NOT_FOUND = "NOT_FOUND", "Không quản lý tên miền này", "Not our domain"


class Reply(Answer, frozen=True, kw_only=True):
    outcome: Annotated[Outcome, about("Kết quả", "Outcome", "B")]
    at: Annotated[WireTime, about("Lúc", "At", "B")]


KIND = MessageKind(
    name="suspend_domain",
    title=Text(vi="Tạm ngừng tên miền", en="Suspension of a domain"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.REGISTRAR}),
    mandates=(AllOf("VN.DOMAIN"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=Elapsed(hours=24)),
    auto=Auto.DESK,
    redirects=True,
    priority=Priority.P1,
    order=True,
    lease="until",
    effects=("suspended",),
    standard="XARF; EPP status",
)
