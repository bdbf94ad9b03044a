"""Facts about cases that other contexts hear."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lachan.kernel.events import Event


@dataclass(frozen=True)
class Sums:
    """The five figures and what was given back, in đồng; reported is the sum of the next four."""

    reported: int = 0
    held: int = 0
    moved_on: int = 0
    withdrawn: int = 0
    unresolved: int = 0
    returned: int = 0


@dataclass(frozen=True)
class CaseOpened(Event):
    """A case exists, or took in more reports."""

    case_code: str
    report_ids: tuple[UUID, ...]
    unit_id: str
    at: datetime


@dataclass(frozen=True)
class FirstAskSent(Event):
    """The first institution was asked."""

    case_code: str
    at: datetime


@dataclass(frozen=True)
class SumsChanged(Event):
    """The case's figures, split over its reports."""

    case_code: str
    per_report: tuple[tuple[UUID, Sums], ...]
    at: datetime


@dataclass(frozen=True)
class WideningWanted(Event):
    """A person looked; the next hops may be paused if the plan allows it."""

    case_code: str
    at: datetime


@dataclass(frozen=True)
class SilenceRaised(Event):
    """An officer told a silent institution's superiors."""

    case_code: str
    receiver: str
    level: int
    at: datetime
