"""What can be wrong with a statement file or with one of its rows (tracing.md §12).

A file that cannot be read at all raises; a bad row is kept beside the good ones, with its error.
"""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text
from lachan.tracing.errors import TimeInvalid


class StatementError(LachanError):
    """The root of what a statement can have wrong."""


class FormatUnknown(StatementError):
    """No parser recognises the first 4 KiB of the file."""

    code = "tracing.format"
    text = Text(
        vi="Không nhận ra định dạng của tệp {file}. Đọc được: {right}.",
        en="The format of {file} is not recognised. Readable: {right}.",
    )
    file: str
    right: str


class XmlRefused(StatementError):
    """Malformed XML, or a document type with entities (never expanded)."""

    code = "tracing.xml"
    text = Text(
        vi="Tệp XML {file} bị từ chối: {problem}. Cần XML đúng cú pháp, không có DOCTYPE.",
        en="The XML of {file} is refused: {problem}. Give well-formed XML without a DOCTYPE.",
    )
    file: str
    problem: str


class HeaderUnreadable(StatementError):
    """No row has a time column and an amount column."""

    code = "tracing.header"
    text = Text(
        vi="Tệp {file} không có dòng tiêu đề với cột thời gian và cột số tiền; đã thấy: {seen}. "
        "Khai tên cột trong tệp --map.",
        en="{file} has no header row with a time and an amount column; seen: {seen}. "
        "Name the columns in a --map file.",
    )
    file: str
    seen: str


ROW_TIME = Text(
    vi="Thời gian “{value}” không đọc được. Nhập dd/mm/yyyy HH:MM:SS.",
    en="The time “{value}” is unreadable. Give dd/mm/yyyy HH:MM:SS.",
)


def unreadable_time(cell: object, *, field: str) -> TimeInvalid:
    """The engine's error, with the remedy for a statement's row: a ledger's times are whole seconds."""
    wrong = TimeInvalid(field=field, value=str(cell))
    wrong.text = ROW_TIME  # type: ignore[misc]  # one code, one class; only this sentence differs
    return wrong


class CurrencyNotDong(StatementError):
    """A row in another currency."""

    code = "tracing.currency"
    text = Text(
        vi="Loại tiền {got} không phải VND. Chỉ nhận số tiền bằng đồng.",
        en="The currency {got} is not VND. Only amounts in đồng are taken.",
    )
    got: str
