"""Let the money go, all or part: the good word that overtakes everything and never waits."""

from typing import Annotated

from lachan.exchange.fields import Choice, Dong, HexHash, WireTime, Words, about
from lachan.exchange.kinds import Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Reason(Choice):
    APPEAL = "APPEAL", "Đề nghị xem xét lại được chấp nhận", "Appeal granted"
    EXPIRY = "EXPIRY", "Hết thời hạn", "Expiry"
    TAINT_FELL = "TAINT_FELL", "Số tiền truy vết giảm", "Taint fell"
    LOW_VALUE = "LOW_VALUE", "Giá trị nhỏ", "Low value"
    HARDSHIP = "HARDSHIP", "Khó khăn sinh hoạt", "Hardship"
    CANCEL = "CANCEL", "Hủy vụ việc", "Cancelled"
    STOP = "STOP", "Quy tắc dừng", "Stop rule"
    ERROR = "ERROR", "Sai sót", "Error"


class Ask(Question, frozen=True, kw_only=True):
    order: Annotated[HexHash, about("Lệnh (H)", "The order (H)", "S")]
    reason: Annotated[Reason, about("Căn cứ giải tỏa", "Ground of release", "S")]
    amount: Annotated[
        Dong | None,
        about(
            "Số tiền giải tỏa",
            "Amount released",
            "S",
            help_vi="Để trống: toàn bộ",
            help_en="Empty: all",
        ),
    ] = None
    note: Annotated[Words | None, about("Ghi chú", "Note", "X")] = None


class Reply(Answer, frozen=True, kw_only=True):
    released: Annotated[Dong, about("Số tiền đã giải tỏa", "Amount released", "S")]
    left: Annotated[Dong, about("Còn giữ", "Still held", "S")]
    at: Annotated[WireTime, about("Lúc", "At", "S")]


KIND = MessageKind(
    name="release",
    title=Text(vi="Giải tỏa", en="Release"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(),
    due=Due(golden_hour=Elapsed(seconds=60), otherwise=Elapsed(seconds=60)),
    auto=Auto.ALONE,
    priority=Priority.P0,
    eases=True,
    follows=frozenset({"pause", "hold"}),
    by_service=True,  # an answer overdue or a lapse must not wait for somebody to be at the keyboard
    follow_roles=frozenset(
        {
            Role.INVESTIGATOR,
            Role.UNIT_HEAD,
            Role.AGENCY_HEAD,
            Role.DUTY_OFFICER,
            Role.PROCURATOR,
            Role.JUDGE,
        }
    ),
    effects=("released",),
    standard="own lc.frz beside head.001",
)
