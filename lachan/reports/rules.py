"""What a report says and what follows from it by itself. Pure.

Any text or a call-back number makes a report (BLTTHS Art. 144-145): a value that cannot be read is kept word for word
beside an empty normal value and a warning. Containment starts by itself only under the rule of `containment`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from lachan.kernel.accounts import AccountRef
from lachan.kernel.errors import LachanError
from lachan.kernel.phones import PhoneNumber
from lachan.kernel.time import ICT
from lachan.reports.typed import contact_parser, read_amount, read_hour

MAX_NARRATIVE = 20_000
MIN_CONTAINED = 500_000  # đồng; below it no pause is asked (cases-and-holds.md §1)
FRESH = timedelta(hours=72)
SAME_TX_WINDOW = timedelta(minutes=10)
COMMERCIAL = frozenset(
    {"FAKE_SHOP", "TOUR"}
)  # a dispute over goods with a single victim: a person decides


class Channel(StrEnum):
    """Where the report came in."""

    WEB = "WEB"
    PHONE = "PHONE"
    BANK_DESK = "BANK_DESK"
    POLICE = "POLICE"
    API = "API"


DESK_CHANNELS = frozenset({Channel.PHONE, Channel.BANK_DESK, Channel.POLICE})


class Rail(StrEnum):
    """By what the money left."""

    BANK = "BANK"
    WALLET = "WALLET"
    CARD = "CARD"
    CASH = "CASH"
    CRYPTO = "CRYPTO"
    GIFT_CARD = "GIFT_CARD"


class Withheld(StrEnum):
    """Why containment did not start by itself; each has a sentence in the pages."""

    NO_TRANSFER = "NO_TRANSFER"
    PHONE_NOT_CONFIRMED = "PHONE_NOT_CONFIRMED"
    TOO_OLD = "TOO_OLD"
    TOO_SMALL = "TOO_SMALL"
    COMMERCIAL_DISPUTE = "COMMERCIAL_DISPUTE"
    NEVER_BLOCK = "NEVER_BLOCK"


@dataclass(frozen=True, slots=True)
class Warned:
    """A field that could not be read: kept as typed, marked, never refused."""

    field: str
    given: str
    code: str
    text_vi: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment as the victim tells it. Empty strings and None where it could not be read."""

    rail: Rail
    from_account: str  # "970436:0123456789" or ""
    to_account: str
    amount: int | None  # đồng
    at: datetime | None
    precision: str  # SECOND, MINUTE, HOUR, DAY
    ref: str
    status: str  # PENDING, SETTLED, UNKNOWN
    payee: str
    raw: dict[str, str]

    def traceable(self) -> bool:
        """Both ends, the sum and the hour are known: enough to ask the institutions."""
        return bool(
            self.rail in (Rail.BANK, Rail.WALLET)
            and self.from_account
            and self.to_account
            and self.amount
            and self.at
        )


@dataclass(frozen=True, slots=True)
class Contact:
    """How the fraudster was met: PHONE, URL, DOMAIN, HANDLE."""

    kind: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A form after reading: values, and what was doubtful."""

    transfers: tuple[Transfer, ...]
    contacts: tuple[Contact, ...]
    phone: str  # E.164 or ""
    warnings: tuple[Warned, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class TransferForm:
    """What somebody typed about one payment."""

    rail: str = "BANK"
    from_bank: str = ""
    from_account: str = ""
    to_bank: str = ""
    to_account: str = ""
    amount: str = ""
    at: str = ""
    ref: str = ""
    status: str = "UNKNOWN"
    payee: str = ""


def read(
    transfers: Iterable[TransferForm],
    contacts: Iterable[tuple[str, str]],
    phone: str,
    *,
    now: datetime,
) -> Reading:
    """Parse what can be parsed; a doubtful field is kept and marked `reports.field_doubtful`."""
    warnings: list[Warned] = []

    def value(name: str, given: str, parse: Callable[[str], Any]) -> Any:
        if not given.strip():
            return None
        try:
            return parse(given)
        except LachanError as doubt:
            warnings.append(
                Warned(
                    name, given, "reports.field_doubtful", doubt.message("vi"), doubt.message("en")
                )
            )
        return None

    rows = tuple(_transfer(index, form, value, now) for index, form in enumerate(transfers))
    known = tuple(
        Contact(kind, str(value(f"contacts.{index}", given, contact_parser(kind)) or ""), given)
        for index, (kind, given) in enumerate(contacts)
        if given.strip()
    )
    number = value("phone", phone, lambda given: PhoneNumber.parse(given).e164)
    return Reading(rows, known, number or "", tuple(warnings))


def _transfer(
    index: int,
    form: TransferForm,
    value: Callable[[str, str, Callable[[str], Any]], Any],
    now: datetime,
) -> Transfer:
    def account(side: str, bank: str, number: str) -> str:
        found = value(
            f"transfers.{index}.{side}_account",
            f"{bank}:{number}" if number.strip() else "",
            lambda given: str(AccountRef.parse(given)),
        )
        return found or ""

    amount = value(f"transfers.{index}.amount", form.amount, lambda given: read_amount(given).dong)
    at, precision = None, "MINUTE"
    found = value(f"transfers.{index}.at", form.at, lambda given: read_hour(given, now=now))
    if found is not None:
        at, precision = found
    return Transfer(
        rail=Rail(form.rail) if form.rail in Rail.__members__ else Rail.BANK,
        from_account=account("from", form.from_bank, form.from_account),
        to_account=account("to", form.to_bank, form.to_account),
        amount=amount,
        at=at,
        precision=precision,
        ref=form.ref.strip()[:64],
        status=form.status if form.status in {"PENDING", "SETTLED", "UNKNOWN"} else "UNKNOWN",
        payee=form.payee.strip()[:200],
        raw={
            "amount": form.amount,
            "at": form.at,
            "from": f"{form.from_bank}:{form.from_account}",
            "to": f"{form.to_bank}:{form.to_account}",
        },
    )


def containment(
    channel: Channel,
    transfers: Iterable[Transfer],
    *,
    phone_confirmed: bool,
    scam_type: str,
    victims_of_payee: int,
    never_block: Callable[[str], bool],
    now: datetime,
) -> tuple[tuple[int, ...], Withheld | None]:
    """Which transfers (by index) start containment without a person, or why none does.

    Source: cases-and-holds.md §1, "Containment starts by itself".
    """
    rows = [(index, row) for index, row in enumerate(transfers) if row.traceable()]
    if not rows:
        return (), Withheld.NO_TRANSFER
    if channel not in DESK_CHANNELS and not phone_confirmed:
        return (), Withheld.PHONE_NOT_CONFIRMED
    if scam_type in COMMERCIAL and victims_of_payee <= 1:
        return (), Withheld.COMMERCIAL_DISPUTE
    reasons: list[Withheld] = []
    wanted: list[int] = []
    for index, row in rows:
        if row.at is None or now - row.at > FRESH:
            reasons.append(Withheld.TOO_OLD)
        elif (row.amount or 0) < MIN_CONTAINED:
            reasons.append(Withheld.TOO_SMALL)
        elif never_block(row.to_account):
            reasons.append(Withheld.NEVER_BLOCK)
        else:
            wanted.append(index)
    return tuple(wanted), None if wanted else reasons[0]


@dataclass(frozen=True, slots=True)
class Seen:
    """A transfer already on record, for the comparison of voices."""

    id: UUID
    report: UUID
    from_account: str
    to_account: str
    amount: int
    at: datetime
    ref: str


def same_transfer(new: Transfer, seen: Iterable[Seen], *, report: UUID) -> UUID | None:
    """The record that tells of the same payment: another voice, counted once.

    Equal (sending bank, reference); or equal ends and sum within ten minutes and no differing reference.
    Never two rows of one report. Source: cases-and-holds.md §1, SAME_TX.
    """
    if not new.traceable() or new.at is None:
        return None
    for old in seen:
        if old.report == report:
            continue
        same_bank = old.from_account.partition(":")[0] == new.from_account.partition(":")[0]
        if new.ref and old.ref:
            if same_bank and new.ref == old.ref:
                return old.id
            continue
        ends = (old.from_account, old.to_account, old.amount)
        if (
            ends == (new.from_account, new.to_account, new.amount)
            and abs(old.at - new.at) <= SAME_TX_WINDOW
        ):
            return old.id
    return None


def verification_ends(received_at: datetime) -> datetime:
    """End of the 20 days for a decision: the day of receipt is day 1, 24:00 ICT, no roll-over (Art. 147, strict)."""
    first = received_at.astimezone(ICT).replace(hour=0, minute=0, second=0, microsecond=0)
    return first + timedelta(days=20)


def receipt_notice_due(received_at: datetime) -> datetime:
    """Written notice of receipt: 72 hours, the strict reading of three working days."""
    return received_at + timedelta(hours=72)
