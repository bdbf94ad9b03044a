"""Amounts as Vietnamese and English statements write them, into whole đồng.

"1.234" alone says nothing: in one file it groups thousands, in another it is a fraction. So the
grouping sign is decided once for the whole column, and a cell that contradicts it is a bad row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from lachan.tracing.errors import AmountInvalid

MAX_EXACT_FLOAT = 2**53  # spreadsheets keep numbers as doubles: beyond this, digits are lost
GROUP = 3
FRACTION = 2  # ",00"
MAX_DIGITS = 40  # leading zeros included
MAX_DONG = 2**62  # tracing.md §12
SPACES = dict.fromkeys(map(ord, " \u00a0\u2007\u2009\u202f'’"), None)
CURRENCY = re.compile(r"(?:vn[dđ]|đồng|dong|₫|đ|d)\.?$|^(?:vn[dđ]|₫)", re.IGNORECASE)
SHAPE = re.compile(r"[0-9][0-9.,]*\Z", re.ASCII)
NOTHING = frozenset({"", "-", "–", "—", "--"})


class Grouping(Enum):
    """Which sign groups thousands in a column; the other one is the decimal sign."""

    DOT = "."
    COMMA = ","

    @property
    def decimal(self) -> str:
        """The sign before a fraction."""
        return "," if self is Grouping.DOT else "."


def _bare(text: str) -> tuple[int, str]:
    """The sign, and the digits with their separators only."""
    rest = CURRENCY.sub("", text.strip().translate(SPACES))
    sign = 1
    if rest.startswith("(") and rest.endswith(")"):
        sign, rest = -1, CURRENCY.sub("", rest[1:-1])
    if rest[:1] in {"-", "−", "+"}:
        sign, rest = (-sign if rest[0] != "+" else sign), rest[1:]
    elif rest[-1:] in {"-", "−", "+"}:
        sign, rest = (-sign if rest[-1] != "+" else sign), rest[:-1]
    return sign, CURRENCY.sub("", rest)


def _evidence(digits: str) -> Grouping | None:
    """What one cell proves about its column; None when it could be read both ways."""
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        return Grouping.DOT if digits.rindex(",") > digits.rindex(".") else Grouping.COMMA
    for mine, count, other in (
        (Grouping.DOT, dots, Grouping.COMMA),
        (Grouping.COMMA, commas, Grouping.DOT),
    ):
        if count > 1:
            return mine
        if count == 1 and len(digits) - digits.index(mine.value) - 1 != GROUP:
            return other
    return None


def grouping_of(cells: Iterable[object]) -> Grouping | None:
    """The grouping sign of a column, by the majority of the cells that prove one."""
    votes = {Grouping.DOT: 0, Grouping.COMMA: 0}
    for cell in cells:
        if isinstance(cell, str) and cell.strip():
            digits = _bare(cell)[1]
            proof = _evidence(digits) if SHAPE.match(digits) else None
            if proof is not None:
                votes[proof] += 1
    if votes[Grouping.DOT] == votes[Grouping.COMMA]:
        return None
    return max(votes, key=lambda one: votes[one])


def _refuse(cell: object, field: str) -> AmountInvalid:
    return AmountInvalid(field=field, value=str(cell))


def _number(cell: int | float, field: str) -> int:  # noqa: PYI041 - both come, and differ
    whole = cell if isinstance(cell, int) else None
    if whole is None and abs(cell) <= MAX_EXACT_FLOAT and cell == int(cell):
        whole = int(cell)
    if whole is None:
        raise _refuse(cell, field)
    return whole


def read_amount(cell: object, grouping: Grouping | None, *, field: str = "amount") -> int | None:
    """A signed amount in đồng; None when the cell holds none.

    grouping: of the whole column (`grouping_of`); None takes a single sign before three digits for
    a thousands sign, because a fraction of a đồng is only ever written ",00" or ".00".
    Raises: AmountInvalid, naming the field and what stood there.
    """
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        raise _refuse(cell, field)
    if isinstance(cell, int | float):
        value = _number(cell, field)
    else:
        text = str(cell)
        if text.strip() in NOTHING:
            return None
        sign, digits = _bare(text)
        if not SHAPE.match(digits):
            raise _refuse(cell, field)
        value = sign * _whole(digits, grouping or _evidence(digits), cell, field)
    if abs(value) >= MAX_DONG:
        raise _refuse(cell, field)
    return value


def _whole(digits: str, grouping: Grouping | None, cell: object, field: str) -> int:
    if grouping is None:
        grouping = Grouping.DOT if "." in digits else Grouping.COMMA
    whole, point, fraction = digits.partition(grouping.decimal)
    if point and fraction.strip("0"):
        raise _refuse(cell, field)
    if point and (not fraction or len(fraction) > FRACTION):
        raise _refuse(cell, field)
    groups = whole.split(grouping.value)
    first, *rest = groups
    if rest and (not 1 <= len(first) <= GROUP or any(len(one) != GROUP for one in rest)):
        raise _refuse(cell, field)
    return whole_dong("".join(groups), field)


def whole_dong(digits: str, field: str) -> int:
    """Digits alone into đồng. Python itself refuses texts of thousands of digits with another error.

    Raises: AmountInvalid at 2^62 and above.
    """
    if len(digits) > MAX_DIGITS or int(digits) >= MAX_DONG:
        raise AmountInvalid(field=field, value=digits[:40])
    return int(digits)
