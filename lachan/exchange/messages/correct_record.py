"""This record of yours looks wrong: please look (data cleansing, CĐ 29/CĐ-TTg 2025, mục 4 điểm a, 5 điểm a)."""

from typing import Annotated

from lachan.exchange.fields import Choice, Reference, Words, about
from lachan.exchange.kinds import (
    AllOf,
    Answer,
    Auto,
    Due,
    Elapsed,
    MessageKind,
    Priority,
    Question,
    WorkingDays,
)
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Result(Choice):
    CORRECTED = "CORRECTED", "Đã sửa", "Corrected"
    CONFIRMED = "CONFIRMED", "Đúng như đang có", "Confirmed as it stands"
    UNDER_REVIEW = "UNDER_REVIEW", "Đang xem xét", "Under review"


class Ask(Question, frozen=True, kw_only=True):
    record: Annotated[Reference, about("Bản ghi", "Record", "S")]
    code: Annotated[
        Reference,
        about(
            "Mã sai lệch",
            "Code of the difference",
            "S",
            help_vi="Ví dụ DOB_SWAP",
            help_en="For example DOB_SWAP",
        ),
    ]
    note: Annotated[Words | None, about("Giải thích", "Explanation", "S")] = None


class Reply(Answer, frozen=True, kw_only=True):
    result: Annotated[Result, about("Kết quả", "Result", "S")]
    note: Annotated[Words | None, about("Giải thích", "Explanation", "S")] = None


KIND = MessageKind(
    name="correct_record",
    title=Text(vi="Đề nghị sửa dữ liệu", en="Correction of a record"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.STEWARD, Role.DESK, Role.DESK_HEAD}),
    answerers=frozenset(
        {MemberKind.BANK, MemberKind.EWALLET, MemberKind.TELECOM, MemberKind.REGISTER}
    ),
    mandates=(AllOf("VN.CD29.4A5A"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=WorkingDays(15)),
    auto=Auto.DESK,
    priority=Priority.P3,
)
