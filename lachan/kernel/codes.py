"""Codes that people read out over a telephone: a report's, an appeal's, a case's.

`TB-26-XXXX-XXXX-XXXX`: eleven random symbols (55 bits) and one check symbol. The alphabet has no
I, O, 0 or 1. The check is Σ αⁱ·sᵢ = 0 over GF(32) with x⁵+x²+1: as α has order 31, every single
error and every swap of two of the twelve symbols is caught, which a plain sum cannot do.
"""

from __future__ import annotations

import re
from typing import Protocol

from lachan.kernel.errors import LachanError, Text

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PREFIXES = ("TB", "KN", "NH")  # a report (tin báo), an appeal, a draft (bản nháp)
_SYMBOLS = 12
_POLYNOMIAL = 0b100101
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}


class CodeUnreadable(LachanError):
    """A code that was mistyped or never given."""

    code = "kernel.code"
    text = Text(
        vi="Mã không đúng. Mã có dạng TB-26-XXXX-XXXX-XXXX, không có chữ I, O và số 0, 1. Xem lại từng ký tự.",
        en="The code is not right. It looks like TB-26-XXXX-XXXX-XXXX, without I, O, 0 and 1. Check each character.",
    )


class Random(Protocol):
    """Where the symbols come from: `secrets.SystemRandom()`, or a seeded one in tests."""

    def randrange(self, stop: int, /) -> int: ...


def make_code(prefix: str, year: int, rng: Random) -> str:
    """A new code of the prefix ("TB" report, "KN" appeal, "NH" draft) and the year."""
    if prefix not in PREFIXES:
        raise ValueError(f"no such prefix: {prefix}")
    values = [rng.randrange(32) for _ in range(_SYMBOLS - 1)]
    # With α^0 = 1 at the check symbol, it is simply the sum of the others.
    values = [_sum(values), *values]
    symbols = "".join(ALPHABET[value] for value in reversed(values))
    return f"{prefix}-{year % 100:02d}-{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}"


def read_code(text: str) -> str:
    """The code as it is stored, from however it was typed: small letters, blanks, missing hyphens.

    Raises: CodeUnreadable.
    """
    plain = re.sub(r"[\s\-–—.]", "", text).upper()
    match = re.fullmatch(rf"({'|'.join(PREFIXES)})([0-9]{{2}})([{ALPHABET}]{{{_SYMBOLS}}})", plain)
    if match is None:
        raise CodeUnreadable
    prefix, year, symbols = match.groups()
    check, *values = [_VALUE[symbol] for symbol in reversed(symbols)]
    if _sum(values) != check:
        raise CodeUnreadable
    return f"{prefix}-{year}-{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}"


def case_code(year: int, n: int) -> str:
    """`VA-26-004182`: a case's running number in its year; no secret, so no check symbol."""
    return f"VA-{year % 100:02d}-{n:06d}"


def _sum(values: list[int]) -> int:
    """Σ α^(i+1)·values[i] over GF(32), Horner from the last."""
    total = 0
    for value in reversed(values):
        total = _times_alpha(total ^ value)
    return total


def _times_alpha(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value & 0b100000 else value
