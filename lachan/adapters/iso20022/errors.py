"""What can be wrong with an ISO 20022 document, each with its place. What stood there is not repeated: it may be a person's.

Iso20022Error
├── XmlRefused          no XML that is taken here
├── MessageUnexpected   another message than the one asked for
├── ElementMissing      an element that the profile requires
├── ElementRefused      an element or attribute that the profile does not have
├── ValueRefused        a text of the wrong form or length
├── Contradiction       two places that cannot both be true
├── SignatureRefused    not signed as it must be, or by another
└── KeyRefused          a key or certificate of a kind that is not used here
"""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text


class Iso20022Error(LachanError):
    """The root of what this edge refuses."""


class XmlRefused(Iso20022Error):
    """Not well-formed, too large, too deep, or with a document type."""

    code = "iso20022.xml"
    text = Text(
        vi="Tài liệu XML bị từ chối: {problem}. Cần XML đúng cú pháp, mã UTF-8, không quá {most} byte, "
        "không có DOCTYPE, chú thích hay chỉ thị xử lý.",
        en="The XML document is refused: {problem}. Give well-formed XML in UTF-8, at most {most} bytes, "
        "without a DOCTYPE, comments or processing instructions.",
    )
    problem: str
    most: int


class MessageUnexpected(Iso20022Error):
    """The namespace or root element of another message."""

    code = "iso20022.message"
    text = Text(
        vi="Phần tử {place} thuộc “{got}”, không phải thông điệp cần nhận. Cần: {right}.",
        en="{place} belongs to “{got}”, which is not the message wanted. Wanted: {right}.",
    )
    place: str
    got: str
    right: str


class ElementMissing(Iso20022Error):
    """A mandatory element is not there, or not at its place in the order."""

    code = "iso20022.missing"
    text = Text(
        vi="Thiếu phần tử {place}. Phần tử này bắt buộc và phải đứng đúng thứ tự.",
        en="{place} is missing. The element is mandatory and stands in its order.",
    )
    place: str


class ElementRefused(Iso20022Error):
    """An element, attribute or text that has no place there: nothing is dropped in silence."""

    code = "iso20022.element"
    text = Text(
        vi="{place} không được nhận ở đây. Ở chỗ này chỉ nhận: {right}.",
        en="{place} is not taken here. What may stand here: {right}.",
    )
    place: str
    right: str


class ValueRefused(Iso20022Error):
    """A text of the wrong form or length."""

    code = "iso20022.value"
    text = Text(
        vi="Nội dung của {place} không hợp lệ. Cần: {right}.",
        en="The content of {place} is not valid. Wanted: {right}.",
    )
    place: str
    right: str


class Contradiction(Iso20022Error):
    """Two places of one document, or a document and its manifest, that cannot both be true."""

    code = "iso20022.contradiction"
    text = Text(
        vi="{place} mâu thuẫn với {other}. Hai chỗ phải khớp nhau.",
        en="{place} contradicts {other}. The two must agree.",
    )
    place: str
    other: str


class SignatureRefused(Iso20022Error):
    """Not signed as it must be, or by somebody else."""

    code = "iso20022.signature"
    status = 403
    text = Text(
        vi="Chữ ký XML bị từ chối: {problem}. Cần đúng một chữ ký XMLDSig trong AppHdr/Sgntr, phủ toàn bộ "
        "ApplicationRequest, bằng chứng thư đã đăng ký của bên gửi.",
        en="The XML signature is refused: {problem}. Wanted: exactly one XMLDSig signature in AppHdr/Sgntr over the whole "
        "ApplicationRequest, by the sender's registered certificate.",
    )
    problem: str


class KeyRefused(Iso20022Error):
    """A key or certificate that this edge neither signs nor verifies with."""

    code = "iso20022.key"
    text = Text(
        vi="Khóa {given} không dùng được. Dùng khóa ECDSA P-256, hoặc RSA từ 2048 bit, cùng chứng thư của nó.",
        en="The key {given} is not used here. Use ECDSA P-256, or RSA of at least 2048 bits, with its certificate.",
    )
    given: str
