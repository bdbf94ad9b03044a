"""Do this name, id and birthday belong to this number? Codes only (CĐ 29/CĐ-TTg 2025, mục 5 điểm a: đối khớp)."""

from typing import Annotated

import msgspec

from lachan.exchange.fields import Choice, Line, Msisdn, WireDay, about
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


class Result(Choice):
    MATCH = "MATCH", "Khớp", "Match"
    PARTIAL = "PARTIAL", "Khớp một phần", "Partial match"
    NO_MATCH = "NO_MATCH", "Không khớp", "No match"
    NOT_FOUND = "NOT_FOUND", "Không có", "Not found"


class Differs(Choice):
    NAME = "NAME", "Họ tên", "Name"
    PERSONAL_NUMBER = "PERSONAL_NUMBER", "Số định danh", "Personal number"
    BORN = "BORN", "Ngày sinh", "Date of birth"


class Ask(Question, frozen=True, kw_only=True):
    name: Annotated[Line, about("Họ tên (dạng chuẩn)", "Name (normal form)", "S")]
    id_no: Annotated[Line, about("Số định danh", "Personal number", "S")]
    born: Annotated[WireDay, about("Ngày sinh", "Date of birth", "S")]
    number: Annotated[Msisdn, about("Số điện thoại", "Telephone number", "S")]


class Reply(Answer, frozen=True, kw_only=True):
    result: Annotated[Result, about("Kết quả", "Result", "S")]
    differs: Annotated[list[Differs], about("Trường không khớp", "Fields that differ", "S")] = (
        msgspec.field(default_factory=list)
    )


KIND = MessageKind(
    name="verify_holder_phone",
    title=Text(vi="Đối khớp chủ tài khoản với chủ thuê bao", en="Match of holder and subscriber"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.DESK, Role.DESK_HEAD, Role.STEWARD}),
    answerers=frozenset({MemberKind.TELECOM, MemberKind.REGISTER}),
    mandates=(AllOf("VN.CD29.4A5A"),),
    due=Due(golden_hour=Elapsed(seconds=2), otherwise=WorkingDays(1)),
    auto=Auto.ALONE,
    standard="acmt.023/024 shape",
)
