"""Why an ask stands outside its mandate: each reason of refusal with what would be right. Pure (protocol §4, §5)."""

from __future__ import annotations

from typing import ClassVar

from lachan.exchange.errors import ExchangeError
from lachan.kernel.errors import Text


class MandateRefused(ExchangeError):
    """A row does not carry the message. `reason` is the refusal's name on the wire."""

    status = 403
    reason: ClassVar[str]
    mandate: str


class MandateUnknown(MandateRefused):
    code = "exchange.mandate_unknown"
    reason = "MANDATE_UNKNOWN"
    text = Text(
        vi="Căn cứ {mandate} không có trong danh mục.",
        en="Mandate {mandate} is not in the catalogue.",
    )


class MandateExpired(MandateRefused):
    code = "exchange.mandate_expired"
    reason = "MANDATE_EXPIRED"
    text = Text(vi="Căn cứ {mandate} không còn hiệu lực.", en="Mandate {mandate} is not in force.")


class NotAdopted(MandateRefused):
    code = "exchange.mandate_not_adopted"
    reason = "NOT_ADOPTED"
    text = Text(
        vi="Căn cứ {mandate} chưa được xác minh, cũng chưa được cán bộ pháp chế chấp thuận.",
        en="Mandate {mandate} is neither verified nor adopted by a legal officer.",
    )


class OutOfScope(MandateRefused):
    code = "exchange.mandate_scope"
    reason = "OUT_OF_SCOPE"
    text = Text(
        vi="Căn cứ {mandate} không dùng cho việc này ({what}); dùng cho: {right}.",
        en="Mandate {mandate} does not cover this ({what}); it covers: {right}.",
    )
    what: str
    right: str


class StageNotPermitted(MandateRefused):
    code = "exchange.mandate_stage"
    reason = "STAGE_NOT_PERMITTED"
    text = Text(
        vi="Căn cứ {mandate} không dùng ở giai đoạn “{stage}”; được dùng: {right}.",
        en="Mandate {mandate} does not serve the stage “{stage}”; it serves: {right}.",
    )
    stage: str
    right: str


class MandateAsker(MandateRefused):
    code = "exchange.mandate_asker"
    reason = "ASKER_NOT_ALLOWED"
    text = Text(
        vi="Theo {mandate}, “{asker}” không được yêu cầu; được yêu cầu: {right}.",
        en="Under {mandate} “{asker}” may not ask; these may: {right}.",
    )
    asker: str
    right: str


class SignersInsufficient(MandateRefused):
    code = "exchange.mandate_signers"
    reason = "SIGNERS_INSUFFICIENT"
    text = Text(
        vi="Người ký không đúng yêu cầu của {mandate}; cần: {right}.",
        en="The signers are not those that {mandate} asks for; needed: {right}.",
    )
    right: str


class DocumentMissing(MandateRefused):
    code = "exchange.mandate_document"
    reason = "OUT_OF_SCOPE"
    text = Text(
        vi="Căn cứ {mandate} đòi hỏi văn bản kèm theo.",
        en="Mandate {mandate} requires its document.",
    )


class AmountOverCap(MandateRefused):
    code = "exchange.mandate_cap"
    reason = "AMOUNT_OVER_CAP"
    text = Text(
        vi="Số tiền vượt mức của {mandate}; tối đa {right} đồng.",
        en="The amount exceeds the cap of {mandate}; at most {right} đồng.",
    )
    right: int


class LeaseTooLong(MandateRefused):
    code = "exchange.mandate_lease"
    reason = "LEASE_TOO_LONG"
    text = Text(
        vi="Thời hạn vượt mức của {mandate}; muộn nhất {right}.",
        en="The term exceeds that of {mandate}; at the latest {right}.",
    )
    right: str


class TooBroad(MandateRefused):
    code = "exchange.mandate_subjects"
    reason = "TOO_BROAD"
    text = Text(
        vi="Phạm vi quá rộng theo {mandate}; tối đa {right} đối tượng.",
        en="Too broad under {mandate}; at most {right} subjects.",
    )
    right: int


class ProtectedSubject(MandateRefused):
    code = "exchange.never_block"
    reason = "PROTECTED_SUBJECT"
    text = Text(
        vi="Đối tượng thuộc danh sách không được chặn ({mandate}).",
        en="The subject stands on a never-block list ({mandate}).",
    )
