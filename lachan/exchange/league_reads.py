"""The league table of a month, as one officer may see it: one read of the conversations' rows, no message is opened."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from lachan.access.actors import Actor
from lachan.exchange import catalogue, league
from lachan.exchange.kinds import Priority, kind
from lachan.exchange.league import Spread, Standing, Talk
from lachan.exchange.models import ConversationRecord
from lachan.exchange.scope import scope_of
from lachan.kernel.time import ICT
from lachan.members.directory_rows import MemberRow

_COUNTS = "counts of all members: `scope_of` says which of them the reader sees by name"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of Vietnam's calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, at: datetime) -> "Month":
        local = at.astimezone(ICT)
        return cls(local.year, local.month)

    @classmethod
    def parse(cls, text: str, *, now: datetime) -> "Month":
        """`2026-11`; what is no month of the last ten years is the present one."""
        year, _, number = text.partition("-")
        present = cls.of(now)
        if not (text.isascii() and year.isdigit() and number.isdigit() and len(text) == 7):  # noqa: PLR2004 - YYYY-MM
            return present
        found = cls(int(year), int(number))
        if not 1 <= found.number <= 12 or not present.year - 10 <= found.year <= present.year:  # noqa: PLR2004 - months
            return present
        return found

    @property
    def code(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def begins(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=ICT)

    def before(self) -> "Month":
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    def after(self) -> "Month":
        return Month(self.year, self.number + 1) if self.number < 12 else Month(self.year + 1, 1)  # noqa: PLR2004 - December


@dataclass(frozen=True, slots=True)
class Line:
    """A standing with the member's names. place: among `of` members of its kind; None where it would tell on few."""

    standing: Standing
    member: MemberRow
    own: bool
    place: int | None
    of: int


@dataclass(frozen=True, slots=True)
class League:
    """`lines` best first: those by law, then service targets."""

    month: Month
    kind: str
    lines: tuple[Line, ...]
    spreads: tuple[Spread, ...]


def league_of(actor: Actor, *, month: Month, kind_name: str, now: datetime) -> League:
    """Kind "": every kind. Tests never count."""
    standings = league.standings(_talks(month, kind_name), now)
    scope = scope_of(actor)
    ranked: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for one in standings:
        if one.bound is not None:
            ranked[one.kind, one.by_law].append(one.member)
    lines = []
    for one in standings:
        if one.member not in scope:
            continue
        others = ranked[one.kind, one.by_law]
        tells = one.member in others and (
            len(others) >= league.FEWEST or all(other in scope for other in others)
        )
        lines.append(
            Line(
                standing=one,
                member=scope.rows[one.member],
                own=one.member == scope.own,
                place=others.index(one.member) + 1 if tells else None,
                of=len(others),
            )
        )
    lines.sort(key=lambda one: not one.standing.by_law)
    return League(month, kind_name, tuple(lines), tuple(league.spreads(standings)))


def _talks(month: Month, kind_name: str) -> Iterator[Talk]:
    rows = ConversationRecord.objects.unscoped(reason=_COUNTS).filter(
        asked_at__gte=month.begins, asked_at__lt=month.after().begins, test=False
    )
    if kind_name:
        rows = rows.filter(kind=kind_name)
    columns = rows.values_list(
        "kind", "answerer_member", "priority", "ending", "end_reason", "late", "worked_seconds", "due_at", "ended_at"
    )  # fmt: skip
    for (
        name,
        member,
        priority,
        ending,
        reason,
        late,
        worked,
        due_at,
        ended_at,
    ) in columns.iterator():
        if due_at is not None:
            law = _by_law(name, priority, member.split("/")[1])
            yield Talk(name, member, law, ending, reason, late, worked, due_at, ended_at is None)


@cache
def _by_law(name: str, priority: str, member_kind: str) -> bool:
    periods = catalogue.profile().deadlines
    return league.by_law(kind(name), Priority(priority), member_kind, periods)
