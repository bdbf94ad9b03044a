"""What can be wrong with an edXML document beyond its XML (see adapters/foreign/errors.py for that)."""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text


class EdxmlError(LachanError):
    """The root of what edXML can have wrong."""


class EdxmlAttachment(EdxmlError):
    """An attachment is not what the document says of it."""

    code = "edxml.attachment"
    rule = "QCVN 102:2016/BTTTT"
    text = Text(
        vi="Tệp đính kèm “{name}”: {why}. Gửi lại văn bản với tệp đúng mã băm đã khai.",
        en="Attachment “{name}”: {why}. Send the document again with a file that fits the digest that is stated.",
    )
    name: str
    why: str


class EdxmlOldNamespace(EdxmlError):
    """The schema of before 2016: other containers, SOAP around them."""

    code = "edxml.namespace"
    rule = "QCVN 102:2016/BTTTT"
    text = Text(
        vi="Không đọc được edXML với không gian tên “{given}”. Cần {right} (QCVN 102:2016/BTTTT).",
        en="edXML of the namespace “{given}” is not read. It must be {right} (QCVN 102:2016/BTTTT).",
    )
    given: str
    right: str
