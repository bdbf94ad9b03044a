"""Who sold and registered this SIM? (CĐ 29/CĐ-TTg 2025, mục 5 điểm b: SIM registered with wrong data)."""

from typing import Annotated

from lachan.exchange.fields import Choice, HexHash, Line, Msisdn, WireTime, YesNo, about
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


class Method(Choice):
    SHOP = "SHOP", "Tại điểm cung cấp dịch vụ", "At a shop"
    APP = "APP", "Qua ứng dụng", "Through the app"
    VNEID = "VNEID", "Qua VNeID", "Through VNeID"
    AGENT = "AGENT", "Đại lý lưu động", "Mobile agent"


class Ask(Question, frozen=True, kw_only=True):
    number: Annotated[Msisdn, about("Số điện thoại", "Telephone number", "S")]
    photo: Annotated[YesNo, about("Kèm ảnh chụp khi đăng ký", "With the photograph taken", "S")] = (
        False
    )


class Reply(Answer, frozen=True, kw_only=True):
    found: Annotated[YesNo, about("Có tìm thấy", "Found", "S")]
    point_of_sale: Annotated[Line | None, about("Điểm đăng ký", "Point of sale", "S")] = None
    staff: Annotated[Line | None, about("Nhân viên đăng ký", "Registering clerk", "S")] = None
    at: Annotated[WireTime | None, about("Lúc", "At", "S")] = None
    place: Annotated[Line | None, about("Địa chỉ", "Place", "S")] = None
    method: Annotated[Method | None, about("Cách đăng ký", "Method", "S")] = None
    photo_hash: Annotated[HexHash | None, about("Dấu của ảnh", "Hash of the photograph", "S")] = (
        None
    )


KIND = MessageKind(
    name="provide_sim_agent",
    title=Text(vi="Cung cấp thông tin điểm đăng ký SIM", en="Point of sale of a SIM"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.TELECOM}),
    mandates=(AllOf("VN.BLTTHS.88", "VN.ND163"),),
    due=Due(golden_hour=Elapsed(hours=4), otherwise=WorkingDays(1)),
    auto=Auto.DESK,
    standard="TS 103 120 SIMAgentOfMSISDN",
)
