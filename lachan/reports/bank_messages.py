"""A bank's debit notice, or the words of its success screen, as people paste them. Pure.

No two banks write alike, but they use few words for each field. The tables below are those words, in the order in
which they are trusted; a new layout is a new row. What is not plainly there stays empty. What is there but cannot be
taken as it stands (two different sums, a day that no calendar has, a number with hidden digits) is named as a doubt.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime

from lachan.kernel.names import fold
from lachan.kernel.time import to_ict
from lachan.reports.banks import BANKS
from lachan.reports.errors import MessageIncoming, MessageUnreadable
from lachan.reports.hints import Doubt, Hint

MAX_TEXT = 4_000
NEAR = 90  # letters after an account in which its bank's name may stand
CENTURY = 2000

_SUM = r"([0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{4,13}(?![0-9]))"
_UNIT = r"(?:vnd|vn|dong|d|₫)(?![a-z0-9])"
_MAYBE = rf"\s*(?:{_UNIT})?"
_NUMBER = r"([0-9][0-9x*]{4,17}[0-9]|[x*]{2,10}[0-9]{3,8})"
_NAMED = r"(?:[a-z][a-z .]{2,50}?[\s,:(-]+)?"  # a person's name between the word and the number

# Sums that are no payment: balances, limits, fees. A sum with a sign is a change, whatever stands before it.
_ASIDE = tuple(
    rf"\b(?:{words})\b\W{{0,4}}(?<![-+])(?:{_UNIT}\s*)?{_SUM}{_MAYBE}"
    for words in (
        r"so du(?: vi)?(?: kha dung| kd| cuoi| hien tai)?(?: la)?|sd(?:c|kd)?(?: cuoi| kd)?",
        r"(?:available |avail )?(?:balance|bal)",
        r"(?<!mien )phi(?: [a-z]+){0,3}|fee|vat|han muc(?: [a-z]+){0,2}|limit",
    )
)
_INCOMING = re.compile(rf"\+\s?(?:{_UNIT}\s*)?{_SUM}")
# The sum that went out, by what says so.
_OUTGOING = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9a-z])\(?[-−–]\)?\s?(?:{_UNIT}\s*)?{_SUM}{_MAYBE}",
        rf"\b(?:so tien(?: gd| giao dich| chuyen)?|da chuyen|chuyen tien|chuyen khoan|chuyen|bi tru|tru|ghi no|ps(?: giam| no)?|gd|debited|debit|paid|transferred|amount)\b[^0-9+\n]{{0,24}}?{_SUM}\s*{_UNIT}",
        rf"\b(?:so tien(?: gd| giao dich| chuyen)?|da chuyen|bi tru|tru|ghi no|ps(?: giam| no)?|debited|debit|transferred|amount)\b[^0-9+\n]{{0,12}}?(?:{_UNIT}\s*){_SUM}",
        rf"(?<![0-9.,+-]){_SUM}\s*{_UNIT}",
        rf"(?<![a-z0-9+]){_UNIT}\s*{_SUM}",
    )
)
# The account that money went to.
_PAYEE_ACCOUNT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:toi|den|cho|sang|to)\s+(?:tk|stk|so tk|so tai khoan|tai khoan|account|acc|a/c)\b[^0-9x*\n]{{0,6}}{_NUMBER}",
        rf"\b(?:stk|so tk|tk|tai khoan|so tai khoan)\s+(?:nhan|thu huong|nguoi nhan|den|dich)\b[^0-9x*]{{0,6}}{_NUMBER}",
        rf"\bct tu {_NUMBER}\b[^0-9]{{0,60}}?\btoi?\s*{_NUMBER}",
        rf"\b(?:toi so|den so|den|toi|nguoi nhan|nguoi thu huong|beneficiary)\s*:?\s*{_NAMED}{_NUMBER}(?![0-9:/.,])",
    )
)
# The account that it left.
_OWN_ACCOUNT = re.compile(
    rf"\b(?:stk|so tk|so tai khoan|tai khoan|tk|account|acc|a/c)(?:\s+(?:chuyen|nguon|trich no|gui|thanh toan))?\b\W{{0,3}}{_NUMBER}"
    rf"|\btk{_NUMBER}"
)
_REFERENCES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:ref|ma gd|ma giao dich|so gd|so giao dich|ma tham chieu|so tham chieu|so but toan|trace|trans(?:action)? ?(?:id|no))\b\W{1,3}([a-z0-9][a-z0-9._-]{5,40}[a-z0-9])",
        r"\b(ft[0-9]{11,16})\b",
    )
)
_MADE_BY = re.compile(r"\bref (mbvcb|ibvcb)\b")  # a reference that only its own bank writes
_CLOCK = re.compile(r"(?<![0-9:])([01]?[0-9]|2[0-3])[:hg]([0-5][0-9])(?::[0-5][0-9]|p)?(?![0-9])")
_DATE = re.compile(
    r"(?<![0-9/.-])([0-9]{1,2})[/-]([0-9]{1,2})(?:[/-]((?:20)?[0-9]{2}))?(?![0-9/-])"
)
_PAYEE = re.compile(
    r"(?i:(?:tên )?người nhận|(?:ten )?nguoi nhan|người thụ hưởng|nguoi thu huong|beneficiary|tới|toi|đến|den)\s*:\s*([A-ZÀ-Ỹ][A-ZÀ-Ỹ ]{4,60})"
)


def of_message(text: str, *, now: datetime) -> Hint:
    """The one payment that a message tells of. Raises: MessageUnreadable; MessageIncoming for money that came in."""
    given = text[:MAX_TEXT]
    plain = fold(given)
    spoken = _without(plain, _ASIDE)
    doubts: list[Doubt] = []
    payee_at = _payee_account(spoken)
    amount = _amount(spoken, payee_at[0] if payee_at else "", doubts)
    if not (amount or doubts or payee_at):
        if _INCOMING.search(spoken):
            raise MessageIncoming(field="message")
        raise MessageUnreadable(field="message")
    to_account = payee_at[0] if payee_at else ""
    own = _own_account(spoken, to_account)
    for name, number in (("from_account", own), ("to_account", to_account)):
        if number and not number.isdigit():
            doubts.append(Doubt(name, number.upper()))
    clock = _CLOCK.search(spoken)
    day = _day(spoken, to_ict(now).date(), doubts)
    return Hint(
        from_bank=_sender(plain, own),
        from_account=own.upper(),
        to_bank=_bank_in(spoken[payee_at[1] : payee_at[1] + NEAR]) if payee_at else "",
        to_account=to_account.upper(),
        amount=amount,
        hour=f"{int(clock[1]):02d}:{clock[2]}" if clock else "",
        day=str(day.day) if day else "",
        month=str(day.month) if day else "",
        year=str(day.year) if day else "",
        ref=_first(_REFERENCES, spoken).upper(),
        payee=_payee(given),
        doubts=tuple(doubts),
    )


def _without(text: str, patterns: Iterable[str]) -> str:
    for pattern in patterns:
        text = re.sub(pattern, " ", text)
    return text


def _amount(text: str, account: str, doubts: list[Doubt]) -> str:
    """Digits of the one sum that went out; two different ones are a doubt, not an answer."""
    for pattern in _OUTGOING:
        found = set(pattern.findall(text)) - {account}
        sums = sorted({re.sub(r"[.,]", "", one).lstrip("0") for one in found} - {""})
        if len(sums) == 1:
            return sums[0]
        if sums:
            doubts.append(Doubt("amount", " / ".join(sums)))
            return ""
    return ""


def _payee_account(text: str) -> tuple[str, int] | None:
    """The number, and where it ends."""
    for pattern in _PAYEE_ACCOUNT:
        found = pattern.search(text)
        if found is not None:
            last = found.lastindex or 1
            return found[last], found.end(last)
    return None


def _own_account(text: str, other: str) -> str:
    numbers = (one or joined for one, joined in _OWN_ACCOUNT.findall(text))
    return next((one for one in numbers if one != other), "")


def _sender(text: str, own: str) -> str:
    """The bank that wrote the message: named at its head, or right after the account that it tells of."""
    head = _bank_in(text[:40].partition(" tk")[0]) or _bank_in(_first((_MADE_BY,), text))
    if head or not own:
        return head
    at = text.find(own) + len(own)
    near = re.match(r"\s*\(?(?:tai|cua|o)?\s+(?:ngan hang |nh )?([a-z]+)", text[at : at + 40])
    return _bank_in(near[1]) if near else ""


def _bank_in(text: str) -> str:
    """The code of the one bank named here; "" for none, or for two."""
    found = {code for names, code in BANKS if re.search(rf"\b(?:{names})\b", text)}
    return found.pop() if len(found) == 1 else ""


def _day(text: str, today: date, doubts: list[Doubt]) -> date | None:
    """The first day that the message names; without a year the last such day. None for none."""
    found = _DATE.search(text)
    if found is None:
        return None
    day, month, year = int(found[1]), int(found[2]), found[3]
    try:
        if year:
            return date(int(year) % CENTURY + CENTURY, month, day)
        this = date(today.year, month, day)
        return this if this <= today else date(today.year - 1, month, day)
    except ValueError:
        doubts.append(Doubt("day", found[0]))
        return None


def _payee(given: str) -> str:
    found = _PAYEE.search(given)
    return "" if found is None else " ".join(found[1].split())


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> str:
    for pattern in patterns:
        found = pattern.search(text)
        if found is not None:
            return found[1]
    return ""
