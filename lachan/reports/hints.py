"""What a VietQR payload says of a payment; `bank_messages` reads what people paste. Pure.

A hint fills the form for the person to look at; it counts as typed only when the person has seen and kept it
(cases-and-holds §1). What is not plainly there stays empty: nothing is guessed.
Source: EMVCo Merchant-Presented QR 1.1 (fields, check sum); NAPAS' template 38 with A000000727 for VietQR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lachan.reports.errors import QrDamaged, QrNotPayment

NAPAS = "A000000727"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field about which something was said that cannot be taken as it stands; `given` is what was said."""

    field: str
    given: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Fields of one payment, "" where nothing was said. `hour` HH:MM; day, month, year as numbers."""

    from_bank: str = ""  # bank code (BIN)
    to_bank: str = ""
    from_account: str = ""
    to_account: str = ""
    amount: str = ""  # digits, đồng
    hour: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    ref: str = ""
    payee: str = ""
    doubts: tuple[Doubt, ...] = ()

    def filled(self) -> dict[str, str]:
        """What was found, by the names of the form's fields."""
        found = {name: str(getattr(self, name)) for name in self.__slots__ if name != "doubts"}
        return {name: value for name, value in found.items() if value}


def of_payload(text: str) -> Hint:
    """The payee of a VietQR code. Raises: QrNotPayment, QrDamaged."""
    plain = text.strip()
    if not re.match(r"00020[0-9]", plain):
        raise QrNotPayment(field="picture")
    if plain[-8:-4] != "6304" or crc(plain[:-4].encode()) != plain[-4:].upper():
        raise QrDamaged(field="picture")
    fields = _fields(plain)
    account = _fields(fields.get("38", ""))
    if account.get("00") != NAPAS:
        raise QrNotPayment(field="picture")
    payee = _fields(account.get("01", ""))
    amount = fields.get("54", "").partition(".")[0]
    return Hint(
        to_bank=payee.get("00", ""),
        to_account=payee.get("01", ""),
        amount=amount if amount.isdigit() and int(amount) else "",
        payee=fields.get("59", "").strip(),
    )


def crc(data: bytes) -> str:
    """CRC-16/CCITT-FALSE of the payload with its `6304`, four capital hex digits."""
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
            value &= 0xFFFF
    return f"{value:04X}"


def _fields(text: str) -> dict[str, str]:
    """Two digits of name, two of length, the value; an EMVCo sequence. Raises: QrDamaged."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        name, size = text[at : at + 2], text[at + 2 : at + 4]
        if not (name.isdigit() and size.isdigit()) or at + 4 + int(size) > len(text):
            raise QrDamaged(field="picture")
        found[name] = text[at + 4 : at + 4 + int(size)]
        at += 4 + int(size)
    return found
