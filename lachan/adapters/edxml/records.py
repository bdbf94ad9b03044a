"""An edXML document and a status message as values. Pure.

Source: QCVN 102:2016/BTTTT, Decision 28/2018/QĐ-TTg; which element is which, and how sure we are: elements.py.
Texts are "" and numbers None where the document has none; days are wire days, times wire times.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import Choice, WireDay, WireTime

Number = Annotated[int, Meta(ge=0, le=999_999)]
OptionalDay = Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]


class Priority(IntEnum):
    """`OtherInfo/Priority`: thường, khẩn, thượng khẩn, hỏa tốc, hỏa tốc hẹn giờ."""

    NORMAL = 0
    URGENT = 1
    VERY_URGENT = 2
    EXPRESS = 3
    EXPRESS_BY = 4


class BusinessType(IntEnum):
    """`Bussiness/BussinessDocType`: what the sending does to an earlier document."""

    NEW = 0
    REVOKE = 1
    UPDATE = 2
    REPLACE = 3


class StatusCode(Choice):
    """`StatusCode` of a status message; in steps from 01 to 06, and about revocation."""

    INBOX = "01", "Đã đến", "Arrived"
    REJECTED = "02", "Từ chối nhận", "Rejected"
    ACCEPTED = "03", "Đã tiếp nhận", "Accepted"
    ASSIGNED = "04", "Phân công xử lý", "Assigned"
    PROCESSING = "05", "Đang xử lý", "In progress"
    FINISHED = "06", "Hoàn thành", "Finished"
    REVOKED = "13", "Lấy lại", "Taken back"
    CHANGE_ACCEPTED = "15", "Đồng ý cập nhật, lấy lại", "Change accepted"
    CHANGE_REJECTED = "16", "Từ chối cập nhật, lấy lại", "Change rejected"


class Stated(StrEnum):
    """What the document's own digest of an attachment is worth; one that differs is refused."""

    STRONG = "strong"  # SHA-256 or longer
    WEAK = "weak"  # SHA-1 alone: anybody can make another file with it
    ABSENT = "absent"


class Organ(msgspec.Struct, frozen=True, kw_only=True):
    organ_id: Annotated[str, Meta(min_length=1)]  # `000.00.00.G22`
    in_charge: str = ""
    name: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


class Code(msgspec.Struct, frozen=True, kw_only=True):
    number: Annotated[str, Meta(min_length=1)]
    notation: Annotated[str, Meta(min_length=1)]


class Promulgation(msgspec.Struct, frozen=True, kw_only=True):
    day: WireDay
    place: str = ""


class DocumentType(msgspec.Struct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1)]
    type: Number | None = None


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    competence: str = ""
    position: str = ""
    full_name: str = ""


class OtherInfo(msgspec.Struct, frozen=True, kw_only=True):
    priority: Priority | None = None
    sphere: str = ""
    typer: str = ""
    amount: Number | None = None
    pages: Number | None = None
    appendixes: tuple[str, ...] = ()


class ResponseFor(msgspec.Struct, frozen=True, kw_only=True):
    """The document that is answered."""

    organ_id: Annotated[str, Meta(min_length=1)]
    code: str = ""
    day: OptionalDay = ""
    document_id: str = ""


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    department: str = ""
    name: str = ""
    mobile: str = ""
    email: str = ""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    sender: Organ
    receivers: Annotated[tuple[Organ, ...], Meta(min_length=1)]
    code: Code
    promulgation: Promulgation
    type: DocumentType
    subject: Annotated[str, Meta(min_length=1)]
    content: str = ""
    signer: Signer | None = None
    due: OptionalDay = ""
    to_places: tuple[str, ...] = ()
    other: OtherInfo | None = None
    response_for: tuple[ResponseFor, ...] = ()
    steering: Annotated[int, Meta(ge=0, le=9)] | None = None
    document_id: str = ""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """Who had it, when."""

    organ_id: Annotated[str, Meta(min_length=1)]
    at: WireTime


class Business(msgspec.Struct, frozen=True, kw_only=True):
    type: BusinessType = BusinessType.NEW
    reason: str = ""
    document_id: str = ""
    paper: Number | None = None
    staff: tuple[Staff, ...] = ()


class Traces(msgspec.Struct, frozen=True, kw_only=True):
    steps: tuple[Trace, ...] = ()
    business: Business | None = None


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file, or only its digest. `sha256` is computed where there is content, else as stated."""

    content_id: str
    name: str
    media_type: str
    description: str = ""
    content: bytes | None = None
    sha256: str = ""
    stated: Stated = Stated.ABSENT


class Document(msgspec.Struct, frozen=True, kw_only=True):
    header: Header
    traces: Traces = Traces()
    attachments: tuple[Attachment, ...] = ()
    signed: bool = False  # carries a signature, which nobody has verified here
    unread: tuple[str, ...] = ()  # elements outside the subset, by path


class StatusMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a document that was sent."""

    response_for: ResponseFor
    sender: Organ
    code: StatusCode
    at: WireTime
    description: str = ""
    staff: Staff | None = None
