"""Tell the people of an area: a text with the document that orders it (Bắc Giang 2023: SMS through base stations)."""

from typing import Annotated

from msgspec import Meta

from lachan.exchange.fields import Choice, Count, Line, Reference, WireTime, Words, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Channel(Choice):
    SMS = "SMS", "Tin nhắn", "SMS"
    CELL = "CELL", "Phát qua trạm BTS", "Cell broadcast"
    APP = "APP", "Ứng dụng", "App"
    BROADCAST = "BROADCAST", "Phát thanh, truyền hình", "Radio and television"
    WEB = "WEB", "Trang thông tin", "Web"


class Ask(Question, frozen=True, kw_only=True):
    text_vi: Annotated[Words, about("Nội dung tiếng Việt", "Text in Vietnamese", "P")]
    channel: Annotated[Channel, about("Kênh", "Channel", "P")]
    until: Annotated[WireTime, about("Hết hạn", "Until", "P")]
    areas: Annotated[
        list[Reference],
        Meta(min_length=1, max_length=40),
        about("Địa bàn (mã tỉnh)", "Areas (province codes)", "P"),
    ]
    text_en: Annotated[Words | None, about("Nội dung tiếng Anh", "Text in English", "P")] = None


class Reply(Answer, frozen=True, kw_only=True):
    sent: Annotated[Count, about("Đã gửi", "Sent", "B")]
    delivered: Annotated[Count | None, about("Đã tới", "Delivered", "B")] = None
    note: Annotated[Line | None, about("Ghi chú", "Note", "B")] = None


KIND = MessageKind(
    name="broadcast_warning",
    title=Text(vi="Phát cảnh báo", en="Broadcast of a warning"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.AGENCY_HEAD, Role.PRESS_OFFICE}),
    answerers=frozenset({MemberKind.TELECOM, MemberKind.MEDIA}),
    mandates=(AllOf("VN.DISPATCH"),),
    due=Due(golden_hour=Elapsed(hours=4), otherwise=Elapsed(hours=4)),
    auto=Auto.DESK,
    priority=Priority.P1,
    standard="CAP 1.2; SMPP 3.4",
)
