"""Why a message is not accepted: one class per code of exchange.md §10.

ExchangeError
├── Malformed, SchemaMismatch, TooLarge                       400   the bytes
├── SignatureBad, SignerUnknown … (in signer_errors.py)       403   who signed
├── MandateRefused (in mandate_errors.py)                     403   by what right
├── StateConflict, ReplayConflict, Duplicate                  409   the conversation
├── Expired, DirectoryStale, DirectoryRollback, ReplyHash     410, 412
├── DueMismatch, PartCommit, DecryptFailed                    422
├── SequenceGap, ClockOff                                     425
└── RateExceeded, Maintenance … (in capacity_errors.py)       429, 503

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
