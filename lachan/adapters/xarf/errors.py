"""What can be wrong with a XARF report beyond its JSON (see adapters/foreign/errors.py for that)."""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text


class XarfError(LachanError):
    """The root of what XARF can have wrong."""


class XarfVersion(XarfError):
    """Version 3 and older have other fields under the same names."""

    code = "xarf.version"
    rule = "XARF 4.2"
    text = Text(
        vi="Phiên bản XARF “{given}” không đọc được. Cần phiên bản 4.x.y.",
        en="XARF version “{given}” is not read. It must be 4.x.y.",
    )
    given: str


class XarfEvidence(XarfError):
    """An evidence item is not what its own description says."""

    code = "xarf.evidence"
    rule = "XARF 4.2 evidence_item"
    text = Text(
        vi="Bằng chứng thứ {number} trong báo cáo XARF: {why}. Gửi lại báo cáo với nội dung base64 khớp mã băm và cỡ.",
        en="Evidence item {number} of the XARF report: {why}. Send the report again with a base64 payload that fits "
        "its hash and size.",
    )
    number: int
    why: str


class XarfNotOneAsk(XarfError):
    """Reports that are not, together, one take-down ask of ours."""

    code = "xarf.not_one_ask"
    text = Text(
        vi="Các báo cáo XARF này không hợp thành một yêu cầu gỡ bỏ: {why}. Cần đủ các phần của cùng một yêu cầu.",
        en="These XARF reports are not one take-down ask: {why}. All parts of the same ask are needed.",
    )
    why: str
