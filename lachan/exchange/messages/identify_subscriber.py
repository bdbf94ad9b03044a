"""Who holds this number? Asked of a telecom (CĐ 29/CĐ-TTg 2025, mục 5 điểm c: số hóa cung cấp thông tin thuê bao)."""

from typing import Annotated

import msgspec

from lachan.exchange.fields import Choice, Line, Msisdn, WireDay, WireTime, YesNo, about
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


class Status(Choice):
    ACTIVE = "ACTIVE", "Đang hoạt động", "Active"
    ONE_WAY = "ONE_WAY", "Khóa một chiều", "Barred one way"
    TWO_WAY = "TWO_WAY", "Khóa hai chiều", "Barred both ways"
    ENDED = "ENDED", "Đã thu hồi", "Ended"


class Matched(Choice):
    """The four fields of the subscriber authentication circular."""

    PERSONAL_NUMBER = "PERSONAL_NUMBER", "Số định danh", "Personal number"
    NAME = "NAME", "Họ tên", "Full name"
    BORN = "BORN", "Ngày sinh", "Date of birth"
    FACE = "FACE", "Khuôn mặt", "Face"


class Ask(Question, frozen=True, kw_only=True):
    number: Annotated[Msisdn | None, about("Số điện thoại", "Telephone number", "S")] = None
    imei: Annotated[Line | None, about("IMEI", "IMEI", "S")] = None
    imsi: Annotated[Line | None, about("IMSI", "IMSI", "S")] = None
    citizen_id: Annotated[Line | None, about("Số định danh cá nhân", "Citizen id", "S")] = None
    at: Annotated[
        WireTime | None,
        about("Vào lúc", "At", "S", help_vi="Để trống: hiện nay", help_en="Empty: now"),
    ] = None


class Ported(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    operator: Annotated[Line, about("Nhà mạng", "Operator", "S")]
    since: Annotated[WireDay, about("Từ ngày", "Since", "S")]


class Reply(Answer, frozen=True, kw_only=True):
    found: Annotated[YesNo, about("Có tìm thấy", "Found", "S")]
    number: Annotated[Msisdn | None, about("Số điện thoại", "Telephone number", "S")] = None
    name: Annotated[Line | None, about("Họ tên", "Name", "S")] = None
    id_no: Annotated[Line | None, about("Số định danh", "Personal number", "S")] = None
    born: Annotated[WireDay | None, about("Ngày sinh", "Date of birth", "S")] = None
    activated: Annotated[WireTime | None, about("Kích hoạt lúc", "Activated at", "S")] = None
    status: Annotated[Status | None, about("Trạng thái", "Status", "S")] = None
    fields_matched: Annotated[list[Matched], about("Trường đã xác thực", "Fields matched", "S")] = (
        msgspec.field(default_factory=list)
    )
    ported: Annotated[list[Ported], about("Lịch sử chuyển mạng", "Portability history", "S")] = (
        msgspec.field(default_factory=list)
    )


KIND = MessageKind(
    name="identify_subscriber",
    title=Text(vi="Cung cấp thông tin thuê bao", en="Subscriber information"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.TELECOM}),
    mandates=(AllOf("VN.BLTTHS.88", "VN.ND163"),),
    due=Due(golden_hour=Elapsed(minutes=15), otherwise=WorkingDays(1)),
    auto=Auto.CONDITIONAL,
    redirects=True,
    auto_only_p0=True,
    anchored=True,
    standard="TS 103 120 SubscriberByMSISDN",
)
