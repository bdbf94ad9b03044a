"""How each member does just now: queue, last poll, clock, keys, what is late. Metadata alone (exchange.md §9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleQuerySet
from lachan.exchange.deadlines import Level
from lachan.exchange.models import (
    ConversationRecord,
    DeliveryRecord,
    HeardRecord,
    OutgoingRecord,
)
from lachan.exchange.scope import Scope, scope_of
from lachan.kernel.time import from_wire
from lachan.members import services as members
from lachan.members.directory import Directory
from lachan.members.directory_rows import MemberRow
from lachan.members.roles import KeyUse, MemberKind, MemberState

_COUNTS = "figures of members: `scope_of` says which of them the reader sees"
_OF_A_MEMBER = (KeyUse.SIGN, KeyUse.ENCRYPT, KeyUse.TLS)
MOST = 100  # late conversations that one page lists


@dataclass(frozen=True, slots=True)
class Watched:
    """One member. oldest_at: when the longest unreceipted message was logged; keys_end_at: the first use to be without a key."""

    member: MemberRow
    own: bool
    queue: int
    oldest_at: datetime | None
    polled_at: datetime | None
    clock_offset_seconds: int | None
    directory_version: int | None
    keys_end_at: datetime | None
    open: int
    warned: int  # past three quarters of the time, not yet due
    overdue: int
    regulator_told: int


@dataclass(frozen=True, slots=True)
class LateTalk:
    """An open conversation that is late, without what it is about."""

    kind: str
    member: MemberRow
    priority: str
    asked_at: datetime | None
    due_at: datetime | None
    level: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Members by address, late conversations by level and age, and the newest directory."""

    members: tuple[Watched, ...]
    late: tuple[LateTalk, ...]
    directory_version: int


def watch(actor: Actor, *, now: datetime) -> Watch:
    """What this officer may see: the centre everybody, a regulator its members, a member itself."""
    scope, directory = scope_of(actor), members.current_directory()
    addresses = [row.address for row in scope.rows.values() if row.state is not MemberState.LEFT]
    queues = {
        row["receiver_member"]: (row["n"], row["oldest"])
        for row in DeliveryRecord.objects.unscoped(reason=_COUNTS)
        .filter(receipted_at=None, receiver_member__in=addresses)
        .values("receiver_member")
        .annotate(n=Count("id"), oldest=Min("message__logged_at"))
    }
    talks = {
        row["answerer_member"]: row
        for row in _open(addresses)
        .values("answerer_member")
        .annotate(
            n=Count("id"),
            warned=Count("id", filter=Q(level=Level.L0)),
            overdue=Count("id", filter=Q(level__gte=Level.L1)),
            told=Count("id", filter=Q(level__gte=Level.L3)),
        )
    }
    heard = {
        row.member: row
        for row in HeardRecord.objects.unscoped(reason=_COUNTS).filter(member__in=addresses)
    }
    ends = keys_end(directory, now)
    found = []
    for address in addresses:
        queue, oldest = queues.get(address, (0, None))
        talk, last = talks.get(address), heard.get(address)
        found.append(
            Watched(
                member=scope.rows[address],
                own=address == scope.own,
                queue=queue,
                oldest_at=oldest,
                polled_at=None if last is None else last.polled_at,
                clock_offset_seconds=None if last is None else last.clock_offset_seconds,
                directory_version=None if last is None else last.directory_version,
                keys_end_at=ends.get(address),
                open=0 if talk is None else talk["n"],
                warned=0 if talk is None else talk["warned"],
                overdue=0 if talk is None else talk["overdue"],
                regulator_told=0 if talk is None else talk["told"],
            )
        )
    return Watch(tuple(found), _late(scope, addresses), directory.version)


def keys_end(directory: Directory, now: datetime) -> dict[str, datetime]:
    """For each member the first instant from which one of its uses (sign, encrypt, TLS) has no key any more."""
    last: dict[tuple[str, KeyUse], datetime] = {}
    for key in directory.all_keys():
        if key.officer is None and key.use in _OF_A_MEMBER and directory.key_valid(key.kid, now):
            at = from_wire(key.valid_to)
            last[key.member, key.use] = max(at, last.get((key.member, key.use), at))
    ends: dict[str, datetime] = {}
    for (address, _use), at in last.items():
        ends[address] = min(at, ends.get(address, at))
    return ends


def oldest_at_the_centre() -> datetime | None:
    """Since when the oldest message waits that the centre itself must take or send for a hosted member; None: none waits.

    What has failed and is tried again later counts too: it waits.
    """
    taken = DeliveryRecord.objects.unscoped(reason=_COUNTS).filter(hosted=True, receipted_at=None)
    sent = OutgoingRecord.objects.unscoped(reason=_COUNTS).filter(state="READY")
    oldest = (
        taken.aggregate(at=Min("message__logged_at"))["at"],
        sent.aggregate(at=Min("ready_at"))["at"],
    )
    return min((at for at in oldest if at is not None), default=None)


def _open(addresses: Iterable[str]) -> VisibleQuerySet[ConversationRecord]:
    return ConversationRecord.objects.unscoped(reason=_COUNTS).filter(
        ended_at=None, test=False, asked_at__isnull=False, answerer_member__in=list(addresses)
    )


def _late(scope: Scope, addresses: Iterable[str]) -> tuple[LateTalk, ...]:
    """A member's own from three quarters of the time, the members of a regulator once it is told, all overdue for the centre."""
    own = scope.rows.get(scope.own)
    others = Level.L1 if own is not None and own.kind is MemberKind.CENTRE else Level.L3
    rows = _open(addresses).filter(
        Q(answerer_member=scope.own, level__gte=Level.L0) | Q(level__gte=others)
    )
    columns = ("kind", "answerer_member", "priority", "asked_at", "due_at", "level")
    return tuple(
        LateTalk(kind, scope.rows[member], priority, asked_at, due_at, level)
        for kind, member, priority, asked_at, due_at, level in rows.order_by(
            "-level", "due_at", "id"
        ).values_list(*columns)[:MOST]
    )
