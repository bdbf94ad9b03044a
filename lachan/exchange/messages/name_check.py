"""Is this the name of the account's holder? A code, never the name (CĐ 29/CĐ-TTg 2025, mục 4 điểm b)."""

from typing import Annotated

from lachan.exchange.fields import AccountText, Choice, Line, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Result(Choice):
    MATCH = "MATCH", "Khớp", "Match"
    CLOSE_MATCH = "CLOSE_MATCH", "Gần khớp", "Close match"
    NO_MATCH = "NO_MATCH", "Không khớp", "No match"
    NOT_AVAILABLE = "NOT_AVAILABLE", "Không trả lời được", "Not available"


class Close(Choice):
    """Why a name is close, in codes that give nothing of it away."""

    TONE = "TONE", "Khác dấu", "Tone marks differ"
    ORDER = "ORDER", "Khác thứ tự", "Another order"
    SHORT = "SHORT", "Viết tắt hoặc thiếu chữ", "Shortened"
    SPELLING = "SPELLING", "Khác chính tả", "Another spelling"


class Ask(Question, frozen=True, kw_only=True):
    account: Annotated[AccountText, about("Tài khoản", "Account", "S")]
    name: Annotated[Line, about("Tên người nhận", "Payee's name", "S")]


class Reply(Answer, frozen=True, kw_only=True):
    result: Annotated[Result, about("Kết quả", "Result", "S")]
    close: Annotated[Close | None, about("Khác ở", "Differs in", "S")] = None


KIND = MessageKind(
    name="name_check",
    title=Text(vi="Kiểm tra tên người nhận", en="Name check"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.DESK, Role.DESK_HEAD}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.CD29.4A5A"),),
    due=Due(
        golden_hour=Elapsed(seconds=5), otherwise=Elapsed(seconds=5), automatic=Elapsed(seconds=1)
    ),
    auto=Auto.ALONE,
    priority=Priority.P1,
    standard="acmt.023/024",
)
