"""Telephone numbers in E.164, read with Vietnam as the country of a number without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import phonenumbers

from lachan.kernel.errors import LachanError, Text


class PhoneUnreadable(LachanError):
    """Text that is not a telephone number in use anywhere."""

    code = "kernel.phone"
    text = Text(
        vi="“{given}” không phải số điện thoại. Viết 0912 345 678 hoặc +84 912 345 678.",
        en="“{given}” is not a telephone number. Write 0912 345 678 or +84 912 345 678.",
    )
    given: str


@dataclass(frozen=True, slots=True, order=True)
class PhoneNumber:
    """`e164` with its plus: +84912345678."""

    e164: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "0912 345 678", "+84 912345678", "0084-912-345-678" or a foreign number with its plus.

        Raises: PhoneUnreadable.
        """
        plain = text.strip()
        if plain.startswith("00"):
            plain = "+" + plain[2:]
        try:
            number = phonenumbers.parse(plain, "VN")
        except phonenumbers.NumberParseException as cause:
            raise PhoneUnreadable(given=text[:40]) from cause
        if number.extension or not phonenumbers.is_valid_number(number):
            raise PhoneUnreadable(given=text[:40])
        return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def __str__(self) -> str:
        return self.e164

    def national(self) -> str:
        """As it is dialled at home: `0912 345 678`."""
        return phonenumbers.format_number(
            phonenumbers.parse(self.e164), phonenumbers.PhoneNumberFormat.NATIONAL
        )

    def masked(self) -> str:
        """`···5678`."""
        return f"···{self.e164[-4:]}"
