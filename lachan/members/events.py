"""What has happened among members."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lachan.kernel.events import Event


@dataclass(frozen=True, slots=True)
class MemberRegistered(Event):
    """A member applied and was entered."""

    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberStateChanged(Event):
    """APPLIED, TESTING, ACTIVE, SUSPENDED or LEFT."""

    member: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OfficerEnrolled(Event):
    """An officer's row was entered, or a newer one."""

    officer: UUID
    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeyAdded(Event):
    """A key was entered."""

    kid: str
    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeyRevoked(Event):
    """Messages logged at or after `revoked_from` become suspect."""

    kid: str
    member: str
    revoked_from: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class ShiftOpened(Event):
    """Automatic asks may leave under this shift's key."""

    shift: UUID
    unit: UUID
    member: str
    ends_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class ShiftClosed(Event):
    """No automatic ask leaves any more under it."""

    shift: UUID
    unit: UUID
    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DirectoryPublished(Event):
    """A new version is out; who meets its number fetches it."""

    version: int
    at: datetime
