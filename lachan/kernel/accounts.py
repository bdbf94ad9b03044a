"""An account somewhere: the institution's code and the number that it gave."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from lachan.kernel.errors import LachanError, Text

_SHAPE = re.compile(r"(\d{6}):([0-9A-Z]{4,24})", re.ASCII)


class AccountUnreadable(LachanError):
    """Text that is not an account reference."""

    code = "kernel.account"
    text = Text(
        vi="“{given}” không phải tài khoản. Viết mã 6 chữ số của ngân hàng hoặc ví, dấu hai chấm, số tài khoản: 970436:0123456789.",
        en="“{given}” is not an account. Write the 6-digit code of the bank or wallet, a colon, the number: 970436:0123456789.",
    )
    given: str


@dataclass(frozen=True, slots=True, order=True)
class AccountRef:
    """`bank` is a NAPAS BIN or a 6-digit provider code; `number` 4-24 digits or capitals, leading zeros kept."""

    bank: str
    number: str

    def __post_init__(self) -> None:
        if _SHAPE.fullmatch(str(self)) is None:
            raise AccountUnreadable(given=str(self)[:60])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "970436:0123456789"; blanks, dots and hyphens inside the number are dropped.

        Raises: AccountUnreadable.
        """
        bank, _, number = text.strip().partition(":")
        return cls(bank.strip(), re.sub(r"[ \u00a0.\-]", "", number).upper())

    def __str__(self) -> str:
        return f"{self.bank}:{self.number}"

    def masked(self) -> str:
        """`···6789`: enough for its holder to know it, for nobody else to use it."""
        return f"···{self.number[-4:]}"
