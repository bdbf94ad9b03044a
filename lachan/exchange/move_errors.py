"""Why an asker's move does not leave; each says what would be right."""

from __future__ import annotations

from lachan.exchange.errors import ExchangeError
from lachan.kernel.errors import Text


class MoveRefused(ExchangeError):
    """The family; it has no code of its own."""


class NoClarificationWanted(MoveRefused):
    code = "exchange.not_clarifying"
    status = 409
    rule = "protocol §4"
    text = Text(
        vi="Bên nhận không chờ làm rõ yêu cầu này. Điều muốn hỏi thêm phải là một yêu cầu mới.",
        en="The receiver is not waiting for a clarification of this request. Ask whatever else is wanted in a new one.",
    )


class NotCancellable(MoveRefused):
    code = "exchange.not_cancellable"
    status = 409
    rule = "protocol §4"
    text = Text(
        vi="Chỉ hủy được yêu cầu cung cấp thông tin còn chờ trả lời. Lệnh đã có hiệu lực kết thúc bằng lệnh gỡ.",
        en="Only a request for information that still waits can be cancelled. What has taken effect ends by its own release.",
    )


class NotDisputable(MoveRefused):
    code = "exchange.not_disputable"
    status = 409
    rule = "protocol §4"
    text = Text(
        vi="Chỉ đề nghị xem lại một trả lời đầy đủ, một lần, trong 10 ngày làm việc sau khi nhận.",
        en="A full answer can be disputed once, within 10 working days of its receipt.",
    )


class NothingToReview(MoveRefused):
    code = "exchange.no_objection"
    status = 409
    rule = "protocol §4"
    text = Text(
        vi="Không có phản đối về pháp lý nào chờ xem xét ở yêu cầu này.",
        en="No legal objection to this request waits for a review.",
    )
