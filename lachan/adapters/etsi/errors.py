"""What can be wrong with an HI1 message beyond its XML (see adapters/foreign/errors.py for that)."""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text


class EtsiError(LachanError):
    """The root of what an HI1 message can have wrong."""


class EtsiNotOurs(EtsiError):
    """A message of the standard that is no task of a conversation of ours."""

    code = "etsi.not_ours"
    rule = "ETSI TS 103 120"
    text = Text(
        vi="Thông điệp HI1 này không phải yêu cầu của hệ thống: {given}. Cần {right}.",
        en="This HI1 message is no request of this system: {given}. It must be {right}.",
    )
    given: str
    right: str


class EtsiTwoTruths(EtsiError):
    """The standard's fields and ours say two things; neither is believed."""

    code = "etsi.two_truths"
    rule = "ETSI TS 103 120"
    text = Text(
        vi="Trường {where} là “{given}”, trong khi nội dung yêu cầu là “{right}”. Hai chỗ phải nói một điều.",
        en="{where} is “{given}” while the question itself says “{right}”. Both must say one thing.",
    )
    where: str
    given: str
    right: str
