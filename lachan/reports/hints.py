"""What a VietQR payload or a pasted bank message says of a payment. Pure.

A hint fills the form for the person to look at; it counts as typed only when the person has seen and kept it
(cases-and-holds §1). What is not plainly there stays empty: nothing is guessed.
Source: EMVCo Merchant-Presented QR 1.1 (fields, check sum); NAPAS' template 38 with A000000727 for VietQR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lachan.kernel.names import fold
from lachan.kernel.time import to_ict
from lachan.reports.errors import MessageUnreadable, QrDamaged, QrNotPayment

MAX_TEXT = 4_000
NAPAS = "A000000727"


@dataclass(frozen=True, slots=True)
class Hint:
    """Fields of one payment, "" where nothing was said. `hour` HH:MM; day, month, year as numbers."""

    to_bank: str = ""  # bank code (BIN)
    from_account: str = ""
    to_account: str = ""
    amount: str = ""  # digits, đồng
    hour: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    ref: str = ""
    payee: str = ""

    def filled(self) -> dict[str, str]:
        """What was found, by the names of the form's fields."""
        found = {name: str(getattr(self, name)) for name in self.__slots__}
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


def of_message(text: str, *, now: datetime) -> Hint:
    """A debit notice or a receipt as people paste it, in any bank's layout. Raises: MessageUnreadable."""
    given = text[:MAX_TEXT]
    plain = fold(given)
    debit = _debit(plain)
    to_account = _first(_TO, plain)
    if not (debit or to_account):
        raise MessageUnreadable(field="message")
    own = next((one for one in _OWN.findall(plain) if one != to_account), "")
    clock = _CLOCK.search(plain)
    date = _DATE.search(plain)
    today = to_ict(now)
    return Hint(
        from_account=own,
        to_account=to_account,
        amount=debit,
        hour=f"{int(clock[1]):02d}:{clock[2]}" if clock else "",
        day=str(int(date[1])) if date else "",
        month=str(int(date[2])) if date else "",
        year=_year(date[3], today.year) if date else "",
        ref=_first(_REF, plain).upper(),
        payee=_first(_PAYEE, given).strip(" .:;-"),
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


# Sums: `-50,000,000VND`, `- 50.000.000 đ`, `GD:-50000000`. A balance (SD, SDC, so du) is never one.
_SUM = r"([0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{4,13})"
_UNIT = r"(?:vnd|vn|dong|d)\b"
_BALANCE = re.compile(
    rf"\b(?:so du(?: cuoi| hien tai)?|sdc?|sd kd|so du kd)\b\W*[-+]?\s*{_SUM}\s*(?:{_UNIT})?"
)
_SIGNED = re.compile(rf"(?<![0-9a-z])-\s?{_SUM}\s*(?:{_UNIT})?")
_SPOKEN = re.compile(
    rf"\b(?:so tien(?: gd| giao dich| chuyen)?|da chuyen|chuyen tien|chuyen|tru|ghi no|ps|gd)\b\D{{0,12}}?{_SUM}\s*{_UNIT}"
)
_PLAIN = re.compile(rf"(?<![0-9.,+-]){_SUM}\s*{_UNIT}")
_NUMBER = r"([0-9][0-9x*]{5,18})"
_TO = re.compile(
    r"\b(?:(?:toi|den|cho)\s+(?:tk|stk|so tk|so tai khoan|tai khoan)|(?:stk|so tk|tk|tai khoan|so tai khoan)\s+(?:nhan|thu huong|nguoi nhan|den)"
    rf"|(?:toi|den) so)\W*{_NUMBER}"
)
_OWN = re.compile(
    rf"\b(?:stk|so tk|so tai khoan|tai khoan|tk)(?:\s+(?:chuyen|nguon|trich no|gui))?\W{{0,3}}{_NUMBER}"
)
_CLOCK = re.compile(r"(?<![0-9:])([01]?[0-9]|2[0-3])[:h]([0-5][0-9])(?::[0-5][0-9]|p)?(?![0-9])")
_DATE = re.compile(
    r"(?<![0-9/.-])(0?[1-9]|[12][0-9]|3[01])[/-](0?[1-9]|1[0-2])(?:[/-]((?:20)?[0-9]{2}))?(?![0-9])"
)
_REF = re.compile(
    r"\b(?:ref|ma gd|ma giao dich|so gd|so giao dich|ma tham chieu|trace|trans(?:action)? ?id)\W{1,3}([a-z0-9][a-z0-9._-]{5,40}[a-z0-9])"
)
_PAYEE = re.compile(
    r"(?i:(?:tên )?người nhận|(?:ten )?nguoi nhan|người thụ hưởng|nguoi thu huong)\s*:\s*([A-ZÀ-Ỹ][A-ZÀ-Ỹ ]{4,60})"
)


def _debit(plain: str) -> str:
    """Digits of the one sum that went out; two different ones are no answer."""
    text = _BALANCE.sub(" ", plain)
    for pattern in (_SIGNED, _SPOKEN, _PLAIN):
        sums = {re.sub(r"[.,]", "", one) for one in pattern.findall(text)}
        if len(sums) == 1:
            return sums.pop().lstrip("0")
        if sums:
            return ""
    return ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return "" if found is None else found[1]


def _year(given: str | None, this: int) -> str:
    if not given:
        return str(this)
    return given if len(given) == 4 else f"20{given}"  # noqa: PLR2004 - digits of a year
