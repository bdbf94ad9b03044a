"""Facts about reports that other contexts hear."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lachan.kernel.events import Event


@dataclass(frozen=True)
class WantedTransfer(Event):
    """One payment of a report, read and counted once. Accounts as "970436:0123456789", amount in đồng."""

    id: UUID
    rail: str
    from_bank: str
    from_account: str
    to_bank: str
    to_account: str
    amount: int
    at: datetime
    precision: str
    ref: str | None


@dataclass(frozen=True)
class ReportFiled(Event):
    """A report was received and routed."""

    report_id: UUID
    channel: str
    member: str
    unit: UUID
    scam_type: str
    transfers: tuple[WantedTransfer, ...]
    contacts: tuple[tuple[str, str], ...]
    received_at: datetime
    loss: int


@dataclass(frozen=True)
class ReportAdded(Event):
    """Something was added to a report that was already sent."""

    report_id: UUID
    transfers: tuple[WantedTransfer, ...]
    contacts: tuple[tuple[str, str], ...]
    at: datetime
    scam_type: str = ""
    whole: ReportFiled | None = None  # the report as it stands now, when no case has it yet


@dataclass(frozen=True)
class ContainmentWanted(Event):
    """The rule of containment holds: ask the institutions now, without waiting for a person."""

    report_id: UUID
    member: str
    transfers: tuple[WantedTransfer, ...]
    at: datetime


@dataclass(frozen=True)
class ContainmentWithheld(Event):
    """The rule does not hold; the reason is a code of `rules.Withheld`."""

    report_id: UUID
    reason: str
    at: datetime
