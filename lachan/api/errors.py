"""What the API itself refuses, before a context is asked.

ApiError
├── SignInNeeded   401   neither a session nor a desk's token
├── InputUnreadable 422  a field that is missing or is not what its schema says
└── CallRefused    4xx   the call as such: no CSRF value, no JSON
"""

from typing import ClassVar

from lachan.kernel.errors import LachanError, Text


class ApiError(LachanError):
    """Root of this package's errors."""


class SignInNeeded(ApiError):
    """Nobody known is calling."""

    code = "api.sign_in_needed"
    status = 401
    text = Text(
        vi="Cần đăng nhập, hoặc gửi mã của bàn trực trong tiêu đề Authorization: Bearer ….",
        en="Sign in first, or send a desk's token in the header Authorization: Bearer ….",
    )


class InputUnreadable(ApiError):
    """A parameter or a field of the body."""

    code = "api.input"
    text = Text(
        vi="Trường {where} không đọc được: {why}.",
        en="The field {where} cannot be read: {why}.",
    )
    where: str
    why: str


class CallRefused(ApiError):
    """The framework's own refusal, in our shape; the answer carries the status that it names."""

    code = "api.call_refused"
    status: ClassVar[int] = 400
    text = Text(vi="Lời gọi bị từ chối: {why}.", en="The call was refused: {why}.")
    why: str
