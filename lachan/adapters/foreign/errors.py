"""What can be wrong with a document in another organisation's format, before its meaning is looked at.

ForeignError
├── ForeignTooLarge     413   more bytes than the format may have
├── ForeignUnreadable   400   not JSON, not XML, or written so that two readers may read two things
└── ForeignMismatch     422   readable, but a field is missing, of another type or outside its bounds
"""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text

MAX_SHOWN = 80  # characters of a foreign value that an error repeats


class ForeignError(LachanError):
    """The root of what a foreign document can have wrong; `format` names the standard."""

    format: str


class ForeignTooLarge(ForeignError):
    code = "foreign.too_large"
    status = 413
    text = Text(
        vi="Văn bản {format} lớn hơn {right} byte. Gửi văn bản không quá {right} byte.",
        en="The {format} document is larger than {right} bytes. Send at most {right} bytes.",
    )
    right: int


class ForeignUnreadable(ForeignError):
    code = "foreign.unreadable"
    status = 400
    text = Text(
        vi="Văn bản {format} không đọc được: {why}. Cần {right}.",
        en="The {format} document cannot be read: {why}. It must be {right}.",
    )
    why: str
    right: str


class ForeignMismatch(ForeignError):
    code = "foreign.mismatch"
    text = Text(
        vi="Văn bản {format}, trường {where}: nhận được “{given}”, cần {right}.",
        en="{format} document, field {where}: got “{given}”, must be {right}.",
    )
    where: str
    given: str
    right: str


def mismatch(form: str, where: str, given: object, right: str) -> ForeignMismatch:
    """The error of one field; only the beginning of a foreign value is repeated."""
    shown = "".join(sign if sign.isprintable() else "·" for sign in str(given)[:MAX_SHOWN])
    return ForeignMismatch(field=where, format=form, where=where, given=shown, right=right)
