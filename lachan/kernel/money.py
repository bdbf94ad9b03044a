"""Money in whole đồng, read once at the edge and printed in one way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from lachan.kernel.errors import LachanError, Text
from lachan.kernel.words import english_words, read_words, vnd_words

__all__ = ["AmountUnreadable", "Vnd", "read_words", "vnd_words"]

_UNITS = {
    "nghìn": 10**3, "ngàn": 10**3, "k": 10**3, "triệu": 10**6, "tr": 10**6, "tỷ": 10**9, "tỉ": 10**9,
    "thousand": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9,
}  # fmt: skip
_MAX_DIGITS = 16  # ten million billion đồng: more than the country's money
_SHAPE = re.compile(r"(\d[\d.,]*) ?([^\W\d]*)")


class AmountUnreadable(LachanError):
    """Text that is not an amount in whole đồng."""

    code = "kernel.amount"
    text = Text(
        vi="“{given}” không phải số tiền bằng đồng. Viết 1200000000, 1.200.000.000, 1,2 tỷ hoặc 500 triệu.",
        en="“{given}” is not an amount in đồng. Write 1200000000, 1.200.000.000, 1,2 tỷ or 500 triệu.",
    )
    given: str


@dataclass(frozen=True, slots=True, order=True)
class Vnd:
    """Money in whole đồng. Never a float: a sum that loses one đồng is not evidence."""

    dong: int

    def __post_init__(self) -> None:
        if type(self.dong) is not int:
            raise TypeError(f"đồng are whole numbers, not {type(self.dong).__name__}")

    @classmethod
    def parse(cls, text: str, lang: str = "vi") -> Self:
        """Read "1200000000", "1.200.000.000", "1,2 tỷ", "500tr"; in "en" commas group and the point divides.

        Raises: AmountUnreadable, with the text and the forms that are understood.
        """
        plain = re.sub(r"[\s\u00a0\u202f]+", " ", text.strip().lower())
        plain = re.sub(r" ?(₫|đồng|vnđ|vnd|đ)$", "", plain)
        match = _SHAPE.fullmatch(plain)
        if match is None or not plain.isprintable() or len(plain) > 40:  # noqa: PLR2004 - no amount is longer
            raise AmountUnreadable(given=text[:80])
        number, unit = match[1], match[2]
        group, mark = (",", ".") if lang == "en" else (".", ",")
        whole, _, fraction = number.partition(mark)
        digits = _ungroup(whole, group)
        if (
            digits is None
            or (unit and unit not in _UNITS)
            or not _fits(number, mark, fraction, unit)
        ):
            raise AmountUnreadable(given=text[:80])
        factor = _UNITS.get(unit, 1)
        value = int(digits) * factor + (
            int(fraction) * factor // 10 ** len(fraction) if fraction else 0
        )
        if len(str(value)) > _MAX_DIGITS:
            raise AmountUnreadable(given=text[:80])
        return cls(value)

    def grouped(self, lang: str = "vi") -> str:
        """`1.200.000.000` (in English `1,200,000,000`)."""
        text = f"{self.dong:,}"
        return text if lang == "en" else text.replace(",", ".")

    def __str__(self) -> str:
        return f"{self.grouped()}\u00a0₫"

    def words(self, lang: str = "vi") -> str:
        """`một tỷ hai trăm triệu đồng`; a minus is said `âm`, `minus`."""
        size = abs(self.dong)
        if lang == "en":
            return ("minus " if self.dong < 0 else "") + f"{english_words(size)} đồng"
        return ("âm " if self.dong < 0 else "") + f"{vnd_words(size)} đồng"

    def __add__(self, other: Self) -> Self:
        return type(self)(self.dong + other.dong)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.dong - other.dong)


def _ungroup(whole: str, group: str) -> str | None:
    parts = whole.split(group)
    if len(parts) == 1:
        digits = whole
    elif 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:]):  # noqa: PLR2004 - groups of three
        digits = "".join(parts)
    else:
        return None
    return digits if digits.isascii() and digits.isdigit() else None


def _fits(number: str, mark: str, fraction: str, unit: str) -> bool:
    """A fraction needs a unit that makes it whole: 1,2 tỷ is an amount, 1,2 đồng is not."""
    if mark not in number:
        return True
    if not (unit and fraction.isascii() and fraction.isdigit()):
        return False
    return bool(int(fraction) * _UNITS[unit] % 10 ** len(fraction) == 0)
