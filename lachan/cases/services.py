"""The verbs of a case, and what other contexts ask of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.cases import asking, board, filing, requests, tracing
from lachan.cases.errors import (
    AccountNotInCase,
    CaseTaken,
    CaseUnknown,
    MethodUnknown,
    ReasonMissing,
)
from lachan.cases.events import SilenceRaised, WideningWanted
from lachan.cases.models import AskRecord, CaseRecord, CaseRole, LegRecord
from lachan.cases.rules.procedure import Procedure, move
from lachan.cases.standing import Account, Standing, Unanswered, standing_of
from lachan.cases.timeline import Kind, note
from lachan.exchange import services as exchange
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, short_ict
from lachan.members.roles import Role

__all__ = [
    "METHODS",
    "Account",
    "Standing",
    "Unanswered",
    "advance",
    "ask",
    "ask_again",
    "escalate",
    "expand",
    "leave_out",
    "leave_out_account",
    "record",
    "release_case",
    "remember_ask",
    "replan",
    "review_shift_work",
    "set_case_flag",
    "set_colour",
    "set_waiting_sheet",
    "standing",
    "taints",
    "take",
    "touch",
    "visible",
    "who_can_see",
]  # fmt: skip

METHODS = ("fifo", "lifo", "haircut", "libr", "tainted_first")
WORKERS = frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER})
GOLDEN = frozenset({Purpose.GLD, Purpose.INV})
REASON_LENGTH = 5
LOOK_WITHIN = timedelta(minutes=15)


@verb("case.take", roles=WORKERS, purposes=GOLDEN, title=Text(vi="Nhận vụ việc", en="Take a case"))
def take(*, actor: Actor, code: str, clock: Clock) -> tuple[str, Sequence[Event]]:
    """Become its LEAD. Taking counts as the look at what the shift key sent. Raises: CaseTaken."""
    case, now = visible(actor, code), clock.now()
    if case.taken_by is not None and case.taken_by != actor.officer_id:
        raise CaseTaken(by=case.taken_name, at=short_ict(case.taken_at or now))
    case.taken_by, case.taken_name, case.taken_at = actor.officer_id, actor.name, now
    case.shift_seen_at = now
    if case.procedure == Procedure.NEW:
        case.procedure = move(Procedure.NEW, Procedure.VERIFYING)
        note(
            case, Kind.STATE, case.procedure, at=now, actor=actor, field="procedure", previous="NEW"
        )
    case.save()
    if actor.officer_id is not None:
        CaseRole.objects.unscoped(reason="the officer himself").get_or_create(
            case=case, officer=actor.officer_id, role="LEAD", defaults={"given_at": now}
        )
    note(case, Kind.ROLE, "LEAD", at=now, actor=actor)
    return case.code, board.keep(case, now)


@verb(
    "case.release",
    roles=WORKERS,
    purposes=GOLDEN,
    title=Text(vi="Trả vụ việc", en="Give a case back"),
)
def release_case(*, actor: Actor, code: str, clock: Clock) -> tuple[str, Sequence[Event]]:
    """Give it back to the board."""
    case, now = visible(actor, code), clock.now()
    case.taken_by, case.taken_name, case.taken_at = None, "", None
    case.save()
    note(case, Kind.ROLE, "", at=now, actor=actor, previous="LEAD")
    return case.code, board.keep(case, now)


@verb(
    "case.look",
    roles=WORKERS,
    purposes=GOLDEN,
    title=Text(vi="Xem việc máy đã gửi", en="Look at what was sent"),
)
def review_shift_work(*, actor: Actor, code: str, clock: Clock) -> tuple[str, Sequence[Event]]:
    """A person has seen what the shift key sent; widening may go on."""
    case, now = visible(actor, code), clock.now()
    case.shift_seen_at = now
    case.save()
    board.set_flag(case, "needs_person", on=False)
    note(case, Kind.ROLE, "looked", at=now, actor=actor)
    return case.code, [*board.keep(case, now), WideningWanted(case.code, now)]


@verb(
    "case.expand",
    roles=WORKERS,
    purposes=GOLDEN,
    title=Text(vi="Hỏi thêm một bước", en="Expand one hop"),
)
def expand(*, actor: Actor, code: str, clock: Clock) -> tuple[int, Sequence[Event]]:
    """Ask everything unanswered once more; a settled trace is refreshed as of now. Answers how many asks."""
    case, now = visible(actor, code), clock.now()
    session = tracing.session_of(case)
    case.shift_seen_at = now
    case.save()
    if session is None or session.settled:
        tracing.start(case, now=now)
        sent = 1
    else:
        sent = tracing.again(case, now=now)
    note(case, Kind.TRACE, "expanded", at=now, actor=actor)
    return sent, [
        *asking.first_ask(case, now),
        *board.keep(case, now),
        WideningWanted(case.code, now),
    ]


@verb(
    "case.replan",
    roles=WORKERS,
    purposes=GOLDEN,
    title=Text(vi="Lập lại kế hoạch", en="Plan again"),
)
def replan(
    *, actor: Actor, code: str, clock: Clock, method: str = ""
) -> tuple[str, Sequence[Event]]:
    """Choose the method (a recorded choice) and add the case up again. Raises: MethodUnknown."""
    case, now = visible(actor, code), clock.now()
    if method and method not in METHODS:
        raise MethodUnknown(field="method", given=method[:20], allowed=", ".join(METHODS))
    if method and method != case.method:
        note(case, Kind.PLAN, method, at=now, actor=actor, field="method", previous=case.method)
        case.method = method
        case.save()
    result = tracing.result_of(case)
    if result is not None:
        tracing.keep_legs(case, result)
    return case.method, board.keep(case, now)


@verb(
    "case.leave_out",
    roles=WORKERS,
    purposes=GOLDEN,
    title=Text(vi="Bỏ tài khoản khỏi kế hoạch", en="Leave an account out"),
)
def leave_out_account(
    *, actor: Actor, code: str, account: str, reason: str, clock: Clock, out: bool = True
) -> tuple[str, Sequence[Event]]:
    """Take an account out of the plan, or back in; both say why. Raises: ReasonMissing, AccountNotInCase."""
    case, now = visible(actor, code), clock.now()
    leave_out(case, {account: reason}, actor=actor, now=now, out=out)
    return account, board.keep(case, now)


@verb("case.escalate", roles=WORKERS, purposes=GOLDEN, title=Text(vi="Báo cấp trên", en="Escalate"))
def escalate(
    *, actor: Actor, code: str, conversation: UUID, clock: Clock
) -> tuple[str, Sequence[Event]]:
    """A silent institution's superiors are told now, whatever level the clock has reached."""
    case, now = visible(actor, code), clock.now()
    row = (
        AskRecord.objects.visible_to(actor)
        .select_for_update()
        .filter(case=case, conversation=conversation, state="WAITING")
        .first()
    )
    if row is None:
        raise CaseUnknown(case=code)
    row.level, row.late = max(row.level, 2), True
    row.save()
    note(case, Kind.SILENCE, f"L{row.level}", at=now, actor=actor, field=row.receiver)
    return row.receiver, [
        SilenceRaised(case.code, row.receiver, row.level, now),
        *board.keep(case, now),
    ]


@verb(
    "case.advance",
    roles={Role.UNIT_HEAD, Role.AGENCY_HEAD},
    purposes=GOLDEN,
    title=Text(vi="Chuyển giai đoạn", en="Move the procedure"),
)
def advance(
    *, actor: Actor, code: str, to: str, reason: str, clock: Clock
) -> tuple[str, Sequence[Event]]:
    """Move the procedure axis; closing waits for live instruments. Raises: CaseStateForbids, CaseStillBound."""
    case, now = visible(actor, code), clock.now()
    from lachan.cases.models import InstrumentRecord  # noqa: PLC0415 - only here

    live = [
        one
        for one in InstrumentRecord.objects.visible_to(actor).filter(case=case)
        if one.state in {"SENT", "ACKED", "SILENT", "EFFECTIVE", "REQUESTED"}
        and (one.ends_at is None or one.ends_at > now)
    ]
    before = case.procedure
    case.procedure = move(Procedure(before), Procedure(to), live_holds=len(live))
    case.save()
    note(
        case, Kind.STATE, to, at=now, actor=actor, field="procedure", previous=before, reason=reason
    )
    return case.procedure, board.keep(case, now)


ask = requests.ask
ask_again = tracing.again


# -- what other contexts ask -----------------------------------------------------------------------


def visible(actor: Actor, code: str) -> CaseRecord:
    """The case, locked, when the actor may see it. Raises: CaseUnknown."""
    case = CaseRecord.objects.visible_to(actor).select_for_update().filter(code=code).first()
    if case is None:
        raise CaseUnknown(case=code)
    return case


def record(code: str) -> CaseRecord:
    """The case for a step that no person takes, locked. Raises: CaseUnknown."""
    case = filing.by_code(code)
    if case is None:
        raise CaseUnknown(case=code)
    return case


def standing(code: str) -> Standing:
    """A case as a plan needs it. Raises: CaseUnknown."""
    return standing_of(record(code))


def taints(accounts: Collection[str]) -> dict[tuple[str, str], int]:
    """(case code, account) to what the case's method traces there now."""
    rows = LegRecord.objects.unscoped(reason="another context asks").filter(
        account__in=list(accounts)
    )
    return {
        (code, account): taint
        for code, account, taint in rows.values_list("case__code", "account", "taint")
    }


def leave_out(
    case: CaseRecord, reasons: dict[str, str], *, actor: Actor, now: datetime, out: bool = True
) -> None:
    """Record a person's reasons. Raises: ReasonMissing, AccountNotInCase."""
    for account, reason in reasons.items():
        if len(reason.strip()) < REASON_LENGTH:
            raise ReasonMissing(field=f"why-{account}", length=REASON_LENGTH)
        leg = LegRecord.objects.visible_to(actor).filter(case=case, account=account).first()
        if leg is None:
            raise AccountNotInCase(field="account", account=f"···{account[-4:]}")
        wanted = reason.strip()[:300] if out else ""
        if leg.left_out != wanted:
            note(
                case, Kind.PLAN, "left_out" if out else "taken_back", at=now, actor=actor,
                field=f"···{account[-4:]}", reason=reason,
            )  # fmt: skip
            leg.left_out = wanted
            leg.save()


def touch(code: str, kind: Kind | str, new: str, *, at: datetime, actor: Actor | None = None, field: str = "", reason: str = "", evidence: str = "") -> list[Event]:  # fmt: skip
    """Another context adds a line to the timeline; the case is added up and its row kept."""
    case = record(code)
    note(case, Kind(kind), new, at=at, actor=actor, field=field, reason=reason, evidence=evidence)
    return board.keep(case, at)


def remember_ask(
    code: str, sent: exchange.DraftView, kind: str, receiver: str, *, subject: str, now: datetime
) -> None:
    """An ask of the case that people signed has left; the board waits for its answer."""
    asking.remember(
        record(code), sent, kind, receiver, now=now, subject=subject, automatic=False, detail={}
    )


def set_waiting_sheet(code: str, sheet: UUID | None, missing: int, *, at: datetime) -> list[Event]:
    """Which sheet waits on the case's row; its next act follows from that."""
    case = record(code)
    board.set_sheet(case, sheet, missing)
    return board.keep(case, at)


def set_colour(code: str, *, red: bool, amber: bool) -> None:
    """The plan's colour as the holds see it."""
    case = record(code)
    board.set_flag(case, "red_plan", on=red)
    board.set_flag(case, "amber_plan", on=amber)


def set_case_flag(code: str, flag: str, *, on: bool) -> None:
    """`review`, `last_lease` or `needs_person`."""
    board.set_flag(record(code), flag, on=on)


def who_can_see(case: CaseRecord) -> tuple[tuple[str, ...], int]:
    """Units and number of officers to whom the case is visible."""
    from lachan.members.models.officers import Officer  # noqa: PLC0415 - a count for the page

    rows = Officer.objects.unscoped(reason="who can see this").filter(
        member__address=case.member, state="ACTIVE", valid_to=None
    )
    own = list(rows.select_related("unit"))
    guests = set(
        CaseRole.objects.unscoped(reason="who can see this")
        .filter(case=case)
        .values_list("officer", flat=True)
    ) - {one.pk for one in own}
    units = {one.unit.pk: one.unit.shown for one in own}
    return tuple(sorted(units.values())), len(own) + len(guests)
