"""What access refuses.

AccessError
├── NotAllowed, PurposeNotServed      403   the act; remembered in a transaction of its own
├── NotVisible                        404   the thing: not there, or not for this actor; alike on purpose
├── SignInRefused, LockedOut          403   the person
└── ActorRequired                     500   a query without an actor: a defect of ours
"""

from datetime import datetime

from lachan.kernel.errors import LachanError, Text


class AccessError(LachanError):
    """Root of this package's errors."""


class Remembered(LachanError):
    """A refusal that must outlive the rollback which it causes.

    `@verb` calls `remember` after the rollback, in a transaction of its own.
    """

    def remember(self, at: datetime) -> None:
        """Write what has to be kept."""
        raise NotImplementedError


class NotAllowed(AccessError):
    """The actor's roles do not carry this act."""

    code = "access.not_allowed"
    status = 403
    text = Text(
        vi="Vai trò hiện tại không được làm việc này ({permission}). Cần một trong các vai trò: {right}.",
        en="The present role may not do this ({permission}). One of these roles is needed: {right}.",
    )
    permission: str
    right: str


class PurposeNotServed(AccessError):
    """The act does not serve the purpose for which the actor is here."""

    code = "access.purpose"
    status = 403
    rule = "law.md §3"
    text = Text(
        vi="Việc này ({permission}) không phục vụ mục đích “{purpose}”. Chọn một trong các mục đích: {right}.",
        en="This act ({permission}) does not serve the purpose “{purpose}”. Choose one of: {right}.",
    )
    permission: str
    purpose: str
    right: str


class NotVisible(AccessError):
    """Nothing of that name for this actor."""

    code = "access.not_found"
    status = 404
    text = Text(
        vi="Không tìm thấy {what}, hoặc đơn vị của bạn không được xem.",
        en="{what} was not found, or your unit may not see it.",
    )
    what: str


class SignInRefused(AccessError):
    """Name, password or code is wrong; which one is not said."""

    code = "access.sign_in"
    status = 403
    text = Text(
        vi="Tên, mật khẩu hoặc mã không đúng, hoặc mã đã dùng rồi. Mỗi mã chỉ dùng một lần: chờ mã tiếp theo.",
        en="The name, password or code is wrong, or the code was used. Each code works once: wait for the next.",
    )


class LockedOut(AccessError):
    """Too many wrong tries."""

    code = "access.locked"
    status = 403
    rule = "5 tries, 15 minutes"
    text = Text(
        vi="Đã nhập sai 5 lần. Thử lại sau {minutes} phút.",
        en="Wrong five times. Try again in {minutes} minutes.",
    )
    minutes: int


class PostNotHeld(AccessError):
    """The officer holds no role in that unit now, or may not act for that purpose."""

    code = "access.post"
    status = 403
    text = Text(
        vi="Bạn không giữ vai trò nào ở đơn vị này hoặc không được hành động theo mục đích này. Chọn trong danh sách.",
        en="You hold no role in this unit, or may not act for this purpose. Choose from the list.",
    )


class ActorRequired(AccessError):
    """A query ran without `visible_to` and without a reason to go around it."""

    code = "access.actor_required"
    status = 500
    text = Text(
        vi="Truy vấn {model} không nêu người thực hiện.",
        en="A query on {model} names no actor: use visible_to(actor), or unscoped(reason=…) in a service.",
    )
    model: str


class CursorUnreadable(AccessError):
    """The place in a list from which to go on is none that the list has given."""

    code = "access.cursor"
    status = 422
    text = Text(
        vi="Không đọc được vị trí xem tiếp. Mở lại danh sách từ đầu.",
        en="The place to go on from cannot be read. Open the list from its beginning.",
    )
