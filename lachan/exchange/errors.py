"""Why a message is not accepted: one class per code of exchange.md §10.

ExchangeError
├── Malformed, SchemaMismatch, TooLarge                       400   the bytes
├── SignatureBad, SignerUnknown, SignerRole, SignerForm …     403   who signed
├── MandateRefused (in mandates.py)                           403   by what right
├── StateConflict, ReplayConflict, Duplicate                  409   the conversation
├── Expired, DirectoryStale, DirectoryRollback, ReplyHash     410, 412
├── DueMismatch, PartCommit, DecryptFailed                    422
└── SequenceGap, ClockOff                                     425

A signed refusal carries `body()` and the message's H. What exactly was wrong with a signature or a
clock goes to the log alone (`detail`): an attacker learns no more than the code.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lachan.kernel.errors import LachanError, Text


class ExchangeError(LachanError):
    """The root of the exchange's refusals; `detail` is for the log, never for the wire."""

    detail: ClassVar[str] = ""

    @classmethod
    def because(cls, detail: str, **values: Any) -> ExchangeError:
        """The error with a detail that only the log sees."""
        error = cls(**values)
        error.logged = detail  # type: ignore[attr-defined] # kept off the declared fields: never printed
        return error


def logged_detail(error: LachanError) -> str:
    """What the log may say beyond the code."""
    return str(getattr(error, "logged", "") or error.message("en"))


class Malformed(ExchangeError):
    code = "exchange.malformed"
    status = 400
    rule = "protocol §2"
    text = Text(vi="Thông điệp không đọc được: {why}.", en="The message cannot be read: {why}.")
    why: str


class SchemaMismatch(ExchangeError):
    code = "exchange.schema"
    status = 400
    rule = "protocol §2"
    text = Text(
        vi="Nội dung không đúng mẫu đã khai báo: {why}.",
        en="The content does not fit the declared form: {why}.",
    )
    why: str


class TooLarge(ExchangeError):
    code = "exchange.too_large"
    status = 400
    rule = "protocol §2"
    text = Text(
        vi="{what} dài {size} byte; tối đa {right} byte.",
        en="{what} is {size} bytes long; at most {right} bytes.",
    )
    what: str
    size: int
    right: int


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


class ConversationUnknown(ExchangeError):
    code = "exchange.conversation_unknown"
    status = 404
    text = Text(vi="Không có cuộc trao đổi này.", en="There is no such conversation.")


class BlobMissing(ExchangeError):
    code = "exchange.blob_missing"
    status = 404
    text = Text(vi="Chưa nhận được tệp {sha256}.", en="The file {sha256} has not arrived.")
    sha256: str


class ReplayConflict(ExchangeError):
    code = "exchange.replay_conflict"
    status = 409
    rule = "protocol §3"
    text = Text(
        vi="Mã thông điệp đã được dùng cho một nội dung khác.",
        en="The message id has already been used for another content.",
    )


class StateConflict(ExchangeError):
    code = "exchange.state"
    status = 409
    rule = "protocol §4"
    text = Text(
        vi="Trạng thái “{state}” không cho phép việc này; cho phép: {allowed}.",
        en="The state “{state}” does not allow this; allowed: {allowed}.",
    )
    state: str
    allowed: str


class Duplicate(ExchangeError):
    code = "exchange.duplicate"
    status = 409
    text = Text(
        vi="Đã có một yêu cầu giống hệt đang chờ: {h}.",
        en="An identical ask is already open: {h}.",
    )
    h: str


class Expired(ExchangeError):
    code = "exchange.expired"
    status = 410
    rule = "protocol §2"
    text = Text(
        vi="Thông điệp đã hết hạn lúc {expires_at}.", en="The message expired at {expires_at}."
    )
    expires_at: str


class DirectoryStale(ExchangeError):
    code = "exchange.directory_stale"
    status = 412
    rule = "protocol §1"
    text = Text(
        vi="Danh bạ phát hành lúc {issued_at} đã quá 24 giờ; chỉ trả lời, giải tỏa, hủy được đi qua.",
        en="The directory of {issued_at} is older than 24 hours; only answers, releases and cancellations pass.",
    )
    issued_at: str


class DirectoryRollback(ExchangeError):
    code = "exchange.directory_rollback"
    status = 412
    rule = "protocol §1"
    text = Text(
        vi="Danh bạ phiên bản {got} không nối tiếp phiên bản {seen} đã thấy.",
        en="Directory version {got} does not follow version {seen} already seen.",
    )
    got: int
    seen: int


class ReplyHash(ExchangeError):
    code = "exchange.reply_hash"
    status = 412
    rule = "protocol §2"
    text = Text(
        vi="Thông điệp trả lời không chỉ đúng thông điệp được trả lời.",
        en="The reply does not name the message that it replies to.",
    )


class DueMismatch(ExchangeError):
    code = "exchange.due_mismatch"
    status = 422
    rule = "protocol §2"
    text = Text(
        vi="Quy tắc thời hạn “{got}” không phải của loại và mức ưu tiên này; đúng là “{right}”.",
        en="The deadline rule “{got}” is not that of this kind and priority; it is “{right}”.",
    )
    got: str
    right: str


class PartCommit(ExchangeError):
    code = "exchange.part_commit"
    status = 422
    rule = "protocol §2"
    text = Text(
        vi="Phần “{name}” không khớp cam kết trong bản kê.",
        en="The part “{name}” does not match its commitment in the manifest.",
    )
    name: str


class DecryptFailed(ExchangeError):
    code = "exchange.decrypt"
    status = 422
    rule = "protocol §2"
    text = Text(
        vi="Không giải mã được phần “{name}” bằng khóa này.",
        en="The part “{name}” cannot be opened with this key.",
    )
    name: str


class SequenceGap(ExchangeError):
    code = "exchange.sequence_gap"
    status = 425
    rule = "protocol §3"
    text = Text(
        vi="Còn thiếu thông điệp số {missing} của bên gửi.",
        en="Message {missing} of the sender is still missing.",
    )
    missing: int


class ClockOff(ExchangeError):
    code = "exchange.clock"
    status = 425
    rule = "protocol §3"
    text = Text(
        vi="Giờ của thông điệp không hợp lệ so với giờ trung tâm.",
        en="The message's time does not agree with the centre's clock.",
    )


class RateExceeded(ExchangeError):
    code = "exchange.rate"
    status = 429
    text = Text(
        vi="Quá số thông điệp cho phép; thử lại sau {retry_after_seconds} giây.",
        en="Too many messages; try again in {retry_after_seconds} seconds.",
    )
    retry_after_seconds: int


class CapacityFull(ExchangeError):
    code = "exchange.capacity"
    status = 429
    text = Text(
        vi="Hàng đợi của bên nhận đã đầy; thử lại sau {retry_after_seconds} giây.",
        en="The receiver's queue is full; try again in {retry_after_seconds} seconds.",
    )
    retry_after_seconds: int


class EvidenceStopped(ExchangeError):
    code = "exchange.evidence_stopped"
    status = 503
    text = Text(
        vi="Dấu thời gian đã ngừng hơn 4 giờ: không nhận yêu cầu mới; trả lời và giải tỏa vẫn đi qua.",
        en="Time-stamping has stopped for over 4 hours: no new asks; answers and releases still pass.",
    )


class Maintenance(ExchangeError):
    code = "exchange.maintenance"
    status = 503
    text = Text(vi="Trung tâm đang bảo trì.", en="The centre is under maintenance.")
