"""Amounts in words, Vietnamese and English, and Vietnamese words back to the amount.

The second reading is the check that the first never lies: an order carries figures and words.
"""

from __future__ import annotations

import unicodedata

from lachan.kernel.errors import LachanError, Text

LIMIT = 10**18  # above the money of the world

_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_UNITS_AFTER_TEN = {5: "lăm"}
_UNITS_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
_SPELLINGS = {"ngàn": "nghìn", "tỉ": "tỷ", "lẻ": "linh"}
_VALUES = {word: value for value, word in enumerate(_DIGITS)} | {
    "mốt": 1,
    "tư": 4,
    "lăm": 5,
}
_SCALES = {"nghìn": 10**3, "triệu": 10**6}
_EN_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN_SCALES = ("", " thousand", " million", " billion", " trillion", " quadrillion")


class WordsUnreadable(LachanError):
    """Text that no amount is spelt as."""

    code = "kernel.words"
    text = Text(
        vi="“{given}” không phải số tiền viết bằng chữ. Ví dụ đúng: “một tỷ hai trăm triệu đồng”.",
        en="“{given}” is not an amount in Vietnamese words. Like this: “một tỷ hai trăm triệu đồng”.",
    )
    given: str


def vnd_words(n: int) -> str:
    """0 ≤ n < 10¹⁸ in Vietnamese words, lower case, without `đồng`.

    Raises: ValueError outside the range.
    """
    _refuse_outside(n)
    billions, rest = divmod(n, 10**9)
    words = [*_block(billions, spoken=False), "tỷ"] if billions else []
    return " ".join(words + _block(rest, spoken=bool(billions))) or "không"


def _block(n: int, *, spoken: bool) -> list[str]:
    """The words of n < 10⁹; after something spoken a group says its zero hundreds."""
    words: list[str] = []
    for scale, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group = n // scale % 1000
        if group:
            words += _three(group, full=spoken or bool(words)) + [name] * bool(name)
    return words


def _three(value: int, *, full: bool) -> list[str]:
    hundreds, tens, units = value // 100, value // 10 % 10, value % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
        return words + [_UNITS_AFTER_TENS.get(units, _DIGITS[units])] * bool(units)
    if tens == 1:
        # mười lăm, but mười một and mười bốn
        return [*words, "mười"] + [_UNITS_AFTER_TEN.get(units, _DIGITS[units])] * bool(units)
    if units:
        words += ["linh"] * bool(words) + [_DIGITS[units]]
    return words


def read_words(text: str) -> int:
    """The amount that Vietnamese words say; capitals, `đồng` and `đồng chẵn` at the end are allowed.

    Exactly the spelling of `vnd_words` is understood, and `ngàn`, `tỉ`, `lẻ` for its nghìn, tỷ, linh.
    Raises: WordsUnreadable.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).lower().split())
    plain = plain.removesuffix(" chẵn").removesuffix(" đồng")
    words = [_SPELLINGS.get(word, word) for word in plain.split()]
    value = _value(words)
    # One spelling for one amount: what would be spelt otherwise was not an amount.
    if value is None or vnd_words(value) != " ".join(words):
        raise WordsUnreadable(given=text[:200])
    return value


def _value(words: list[str]) -> int | None:
    billions = block = group = digit = 0
    for word in words:
        if word in _VALUES:
            digit = _VALUES[word]
        elif word in {"mươi", "trăm"}:
            group, digit = group + digit * (10 if word == "mươi" else 100), 0
        elif word == "mười":
            group += 10
        elif word in _SCALES:
            block, group, digit = block + (group + digit) * _SCALES[word], 0, 0
        elif word == "tỷ":
            billions, block, group, digit = block + group + digit, 0, 0, 0
        elif word != "linh":
            return None
    value = billions * 10**9 + block + group + digit
    return value if value < LIMIT else None


def english_words(n: int) -> str:
    """0 ≤ n < 10¹⁸ in English words, without the currency.

    Raises: ValueError outside the range.
    """
    _refuse_outside(n)
    spoken = []
    for place in range(len(_EN_SCALES) - 1, -1, -1):
        group = n // 1000**place % 1000
        if group:
            spoken.append(_english_three(group) + _EN_SCALES[place])
    return " ".join(spoken) or "zero"


def _english_three(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    words = [_EN_SMALL[hundreds], "hundred"] if hundreds else []
    if rest >= 20:  # noqa: PLR2004 - from here tens and units are two words
        words.append(_EN_TENS[rest // 10] + f"-{_EN_SMALL[rest % 10]}" * bool(rest % 10))
    elif rest:
        words.append(_EN_SMALL[rest])
    return " ".join(words)


def _refuse_outside(n: int) -> None:
    if not 0 <= n < LIMIT:
        raise ValueError(f"{n} is outside 0 … 10^18-1")
