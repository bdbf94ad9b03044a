"""Why whoever signed or asked is not admitted: one class per code of exchange.md §10."""

from __future__ import annotations

from lachan.exchange.errors import ExchangeError
from lachan.kernel.errors import Text


class CallSignature(ExchangeError):
    code = "exchange.call_signature"
    status = 401
    rule = "RFC 9421"
    text = Text(
        vi="Lời gọi thiếu chữ ký của khóa thành viên hoặc chữ ký không đúng.",
        en="The call lacks the member key's signature, or it is wrong.",
    )


class SignatureBad(ExchangeError):
    code = "exchange.signature"
    status = 403
    rule = "protocol §2"
    text = Text(
        vi="Chữ ký không đúng với nội dung.", en="A signature does not match what it signs."
    )


class SignerUnknown(ExchangeError):
    code = "exchange.signer_unknown"
    status = 403
    rule = "protocol §1"
    text = Text(
        vi="Khóa ký không có trong danh bạ với chữ ký đăng ký của chính cơ quan đó.",
        en="The signing key is not in the directory under its own agency's enrolment signature.",
    )


class SignerRole(ExchangeError):
    code = "exchange.signer_role"
    status = 403
    rule = "protocol §4"
    text = Text(
        vi="Người ký không giữ vai trò “{role}” tại đơn vị đã nêu vào lúc ký.",
        en="The signer does not hold the role “{role}” in the stated unit at that time.",
    )
    role: str


class SignerForm(ExchangeError):
    code = "exchange.signer_form"
    status = 403
    rule = "protocol §2"
    text = Text(
        vi="Hình thức ký “{form}” không được chấp nhận; được chấp nhận: {right}.",
        en="The form of signature “{form}” is not admitted; admitted: {right}.",
    )
    form: str
    right: str


class KeyRevoked(ExchangeError):
    code = "exchange.key_revoked"
    status = 403
    rule = "protocol §1"
    text = Text(
        vi="Khóa ký đã hết hạn hoặc bị thu hồi vào lúc ghi nhận.",
        en="The signing key was out of its period or revoked at the log time.",
    )


class ApprovalsWrong(ExchangeError):
    code = "exchange.approvals"
    status = 403
    rule = "protocol §4"
    text = Text(
        vi="Các chữ ký phê duyệt không đúng yêu cầu: {why}. Cần: {right}.",
        en="The approvals are not what is required: {why}. Needed: {right}.",
    )
    why: str
    right: str


class MemberSuspended(ExchangeError):
    code = "exchange.member_suspended"
    status = 403
    rule = "protocol §1"
    text = Text(
        vi="Thành viên {address} đang ở trạng thái {state}: chỉ được trả lời, giải tỏa và nhận.",
        en="The member {address} is {state}: it may only answer, release and receive.",
    )
    address: str
    state: str


class AskerNotAllowed(ExchangeError):
    code = "exchange.asker_not_allowed"
    status = 403
    rule = "protocol §5"
    text = Text(
        vi="Bên hỏi không được hỏi loại này: {why}.", en="The asker may not ask this: {why}."
    )
    why: str
