"""What a hosted member's desk may not do."""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text


class DeskError(LachanError):
    """Root of this module's errors."""


class NotWaiting(DeskError):
    """Somebody was quicker, or the asker took it back."""

    code = "exchange.not_waiting"
    status = 409
    text = Text(
        vi="Yêu cầu này không còn chờ trả lời. Mở trang của yêu cầu để xem đã có gì.",
        en="This request no longer waits for an answer. Open its page to see what was said.",
    )


class SamePerson(DeskError):
    """Two persons means two human beings."""

    code = "exchange.same_person"
    status = 409
    text = Text(
        vi="Bạn đã đồng ý câu trả lời này; người thứ hai phải là một người khác của đơn vị.",
        en="You have agreed to this answer; the second person must be somebody else of this member.",
    )


class AskUnsound(DeskError):
    """What failed the receiver's check is never answered."""

    code = "exchange.ask_unsound"
    text = Text(
        vi="Yêu cầu không qua bước kiểm tra của bên nhận nên không được trả lời. Hãy từ chối với lý do phù hợp.",
        en="The request failed the receiver's check and may not be answered. Refuse it with a fitting reason.",
    )


class NotByHand(DeskError):
    """No form can hold this answer."""

    code = "exchange.not_by_hand"
    text = Text(
        vi="Câu trả lời loại này không nhập tay được; đơn vị cần phần mềm kết nối, hoặc từ chối.",
        en="This kind cannot be answered by hand; the member needs its connector, or must refuse.",
    )


class ReasonMissing(DeskError):
    """A refusal has one reason of the protocol."""

    code = "exchange.reason_missing"
    text = Text(vi="Chọn một lý do trong danh sách.", en="Choose a reason from the list.")


class ObjectionUnexplained(DeskError):
    """A legal objection opens a review, which needs words."""

    code = "exchange.objection_unexplained"
    text = Text(
        vi="Phản đối về pháp lý cần lời giải thích: nêu điều luật và điểm không phù hợp.",
        en="A legal objection needs an explanation: name the article and what does not fit it.",
    )


class NotAskable(DeskError):
    """Outside a case only what one officer may sign under an adopted row."""

    code = "exchange.not_askable"
    status = 409
    text = Text(
        vi="Không lập được yêu cầu loại “{kind}” ngoài vụ việc: cần căn cứ đã được chấp nhận dùng và vai trò được ký một mình.",
        en="“{kind}” cannot be asked outside a case: it needs an adopted provision and a role that signs it alone.",
    )
    kind: str


class ReceiverUnfit(DeskError):
    """The receiver must be a live member that the rows name."""

    code = "exchange.receiver_unfit"
    text = Text(
        vi="Chọn nơi nhận trong danh sách: thành viên đang hoạt động mà căn cứ cho phép hỏi.",
        en="Choose a receiver from the list: an active member that the provision lets you ask.",
    )
