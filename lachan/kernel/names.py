"""Vietnamese names and words: how they are compared, searched and put in order.

Three forms of a text: `norm` is the same writing made one (NFC, lower case, single blanks), `fold`
is without tones and marks (a search by somebody in a hurry), `sort_key` orders as a dictionary does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from lachan.kernel.errors import LachanError, Text

# The alphabet of the Vietnamese dictionary, with f j w z at their Latin places.
_ALPHABET = [
    "a",
    "ă",
    "â",
    "b",
    "c",
    "d",
    "đ",
    "e",
    "ê",
    "f",
    "g",
    "h",
    "i",
    "j",
    "k",
    "l",
    "m",
    "n",
    "o",
    "ô",
    "ơ",
    "p",
    "q",
    "r",
    "s",
    "t",
    "u",
    "ư",
    "v",
    "w",
    "x",
    "y",
    "z",
]
_LETTER = {letter: chr(0x61 + place) for place, letter in enumerate(_ALPHABET)}
_TONES = {
    "\u0300": 1,
    "\u0309": 2,
    "\u0303": 3,
    "\u0301": 4,
    "\u0323": 5,
}  # huyền hỏi ngã sắc nặng
_MAX_NAME = 120


class NameUnreadable(LachanError):
    """Text that cannot be a person's name."""

    code = "kernel.name"
    text = Text(
        vi="Họ tên phải có chữ cái, không có chữ số, dài không quá 120 ký tự. Ví dụ: Nguyễn Thị Hường.",
        en="A name has letters, no digits, and at most 120 characters. Like this: Nguyễn Thị Hường.",
    )


def norm(text: str) -> str:
    """NFC, lower case, one blank between words, none around."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def fold(text: str) -> str:
    """`norm` without tones and marks; đ becomes d."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", norm(text))
        if not unicodedata.combining(letter)
    )
    return " ".join(bare.replace("đ", "d").split())  # a word of marks alone has gone


def sort_key(text: str) -> str:
    """A string whose plain byte order is the dictionary's: first all letters, then, if equal, the tones.

    Stored beside each sortable name, so that every database agrees.
    """
    letters: list[str] = []
    tones: list[str] = []
    for letter in norm(text):
        bare, tone = _without_tone(letter)
        letters.append(_LETTER.get(bare, bare))
        tones.append(str(tone))
    # A blank orders before every letter, as between words; the divider before the blank.
    return "".join(letters) + "\x01" + "".join(tones)


def _without_tone(letter: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", letter)
    tone = max((_TONES.get(mark, 0) for mark in marks), default=0)
    bare = "".join(mark for mark in marks if mark not in _TONES)
    return unicodedata.normalize("NFC", bare), tone


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's full name as it is written, family name first."""

    full: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a name: NFC, single blanks, letters with . ' - only.

        Raises: NameUnreadable.
        """
        full = " ".join(unicodedata.normalize("NFC", text).split())
        if len(full) > _MAX_NAME or not re.fullmatch(r"[^\W\d_](?:[^\W\d_]|[ .'’\-])*", full):
            raise NameUnreadable
        return cls(full)

    def __str__(self) -> str:
        return self.full

    @property
    def sort_key(self) -> str:
        """By given name, then family name, then what is between: as Vietnamese lists are ordered."""
        words = self.full.split()
        return "\x02".join(
            (sort_key(words[-1]), sort_key(words[0]), sort_key(" ".join(words[1:-1])))
        )
