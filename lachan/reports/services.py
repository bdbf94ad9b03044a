"""The verbs of a report: file it, confirm its telephone, add to it, follow it.

Source: cases-and-holds.md §1; Bắc Giang 2.-2/2 (tiếp nhận tin báo, tố giác).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.kernel.codes import CodeUnreadable, make_code, read_code
from lachan.kernel.events import Event
from lachan.kernel.ids import keyed_hash
from lachan.kernel.time import ICT, Clock
from lachan.members import services as members
from lachan.members.roles import Role
from lachan.members.vault import secret
from lachan.reports import rules
from lachan.reports.errors import (
    AddingClosed,
    EmptyReport,
    NotFollowed,
    PhoneCodeWrong,
    RateLimited,
)
from lachan.reports.events import (
    ContainmentWanted,
    ContainmentWithheld,
    ReportAdded,
    ReportFiled,
    WantedTransfer,
)
from lachan.reports.models import (
    AttemptRecord,
    ContactRecord,
    PhoneCodeRecord,
    ReportRecord,
    TransferRecord,
)
from lachan.reports.outside import never_blocked, phone_code
from lachan.reports.rules import Channel, Seen, TransferForm

OFFICERS = frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.DUTY_OFFICER, Role.CITIZEN_OFFICE})
CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
CODE_AGAIN = timedelta(seconds=60)
ADDING = timedelta(days=7)
FOLLOW_PER_ADDRESS = (10, timedelta(hours=1))
FOLLOW_PER_CODE = (5, timedelta(minutes=15))
_RANDOM = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class ReportForm:
    """A report as typed; nothing is required but one word or a number. `key` makes a double submit one act."""

    key: str
    channel: Channel
    transfers: tuple[TransferForm, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    phone: str = ""
    victim_name: str = ""
    citizen_id: str = ""
    province: str = ""
    scam_type: str = "UNKNOWN"
    narrative: str = ""
    secrets_shared: tuple[str, ...] = ()
    receipt_book: str = ""


@dataclass(frozen=True, slots=True)
class FiledReport:
    """What the person gets at once. `code` is "" when the same form had been filed before: it is shown once."""

    id: UUID
    code: str
    pin: str
    received_at: datetime
    unit: str
    withheld: str
    warnings: tuple[rules.Warned, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class FollowView:
    """What a victim may see: state, unit, next date, the own sums. Amounts in đồng."""

    state: str
    unit: str
    received_at: datetime
    verify_ends_at: datetime
    contained_at: datetime | None
    first_ask_at: datetime | None
    withheld: str
    reported: int
    held: int
    moved_on: int
    withdrawn: int
    unresolved: int
    returned: int


@verb("report.file", roles=OFFICERS, public=True)
def file_report(
    *, actor: Actor, form: ReportForm, clock: Clock
) -> tuple[FiledReport, Sequence[Event]]:
    """Take a report, route it, and start containment where the rule allows. Raises: EmptyReport."""
    now = clock.now()
    key = _hash("idempotency", form.key)
    before = (
        ReportRecord.objects.unscoped(reason="the same form sent twice")
        .filter(idempotency_key=key)
        .first()
    )
    if before is not None:
        return _filed(before, code="", pin=""), ()
    reading = rules.read(form.transfers, form.contacts, form.phone, now=now)
    if not (form.narrative.strip() or reading.transfers or reading.contacts or form.phone.strip()):
        raise EmptyReport(field="narrative")
    code = make_code("TB", now.astimezone(ICT).year, _RANDOM)
    pin = "" if reading.phone else f"{_RANDOM.randrange(10**6):06d}"
    desk = members.desk_for(area=form.province or None, officer=actor)
    report = ReportRecord(
        code_hash=_hash("report-code", code),
        pin_hash=_hash("report-pin", pin or reading.phone[-4:]),
        idempotency_key=key,
        channel=form.channel,
        member=desk.member,
        unit=desk.unit,
        taken_by=actor.officer_id,
        route_rule=desk.rule,
        victim_name=form.victim_name.strip()[:200],
        phone=reading.phone,
        phone_given=form.phone.strip()[:60],
        citizen_id=form.citizen_id.strip()[:20],
        scam_type=form.scam_type,
        narrative=form.narrative[: rules.MAX_NARRATIVE],
        secrets_shared=list(form.secrets_shared),
        warnings=[{"field": w.field, "given": w.given, "code": w.code} for w in reading.warnings],
        receipt_book=form.receipt_book.strip()[:40],
        received_at=now,
        verify_ends_at=rules.verification_ends(now),
    )
    report.save(force_insert=True)
    _add_rows(report, reading)
    wanted = _wanted(report)
    report.reported = report.unresolved = sum(row.amount for row in wanted)
    facts: list[Event] = [
        ReportFiled(
            report_id=report.id, channel=report.channel, member=report.member, unit=desk.unit,
            scam_type=report.scam_type, transfers=wanted,
            contacts=tuple((row.kind, row.value) for row in reading.contacts if row.value),
            received_at=now, loss=report.reported,
        ),
        _contain(report, reading.transfers, phone_confirmed=False, now=now),
    ]  # fmt: skip
    report.save()
    return _filed(report, code=code, pin=pin, warnings=reading.warnings), facts


@verb("report.phone_code", public=True)
def request_phone_code(
    *, actor: Actor, report_id: UUID, clock: Clock
) -> tuple[datetime, Sequence[Event]]:
    """Send a new code to the report's telephone; answers when it ends. Raises: RateLimited within 60 s."""
    now = clock.now()
    report = ReportRecord.objects.unscoped(reason="the reporter's own session").get(pk=report_id)
    last = (
        PhoneCodeRecord.objects.unscoped(reason="own codes")
        .filter(report=report)
        .order_by("-sent_at")
        .first()
    )
    if last is not None and now - last.sent_at < CODE_AGAIN:
        raise RateLimited(minutes=1)
    code = f"{_RANDOM.randrange(10**6):06d}"
    PhoneCodeRecord(
        report=report,
        code_hash=_hash("phone-code", f"{report.id}:{code}"),
        sent_at=now,
        expires_at=now + CODE_LIFE,
    ).save(force_insert=True)
    phone_code().send(report.phone, code)
    return now + CODE_LIFE, ()


@verb("report.confirm_phone", public=True)
def _try_phone_code(
    *, actor: Actor, report_id: UUID, code: str, clock: Clock
) -> tuple[int | None, Sequence[Event]]:
    """Compare a code; None when it fits, else the tries left. A wrong try is remembered, hence not raised here."""
    now = clock.now()
    report = ReportRecord.objects.unscoped(reason="the reporter's own session").get(pk=report_id)
    sent = (
        PhoneCodeRecord.objects.unscoped(reason="own codes")
        .filter(report=report)
        .order_by("-sent_at")
        .first()
    )
    if sent is None or now >= sent.expires_at or sent.tries >= CODE_TRIES:
        return 0, ()
    if sent.confirmed_at is not None:
        return None, ()
    sent.tries += 1
    fits = secrets.compare_digest(
        sent.code_hash, _hash("phone-code", f"{report.id}:{code.strip()}")
    )
    if fits:
        sent.confirmed_at = now
    sent.save()
    if not fits:
        return CODE_TRIES - sent.tries, ()
    report.identity = "L1"
    fact = _contain(report, _as_read(report), phone_confirmed=True, now=now)
    report.save()
    return None, (fact,)


def confirm_phone(*, actor: Actor, report_id: UUID, code: str, clock: Clock) -> None:
    """The code from the telephone; the right one starts containment. Raises: PhoneCodeWrong."""
    left = _try_phone_code(actor=actor, report_id=report_id, code=code, clock=clock)
    if left is not None:
        raise PhoneCodeWrong(field="code", left=left)


@verb("report.add", roles=OFFICERS, public=True)
def add_to_report(
    *, actor: Actor, report_id: UUID, form: ReportForm, clock: Clock
) -> tuple[None, Sequence[Event]]:
    """Add payments, contacts or words to a report that was sent. Raises: AddingClosed after 7 days (public)."""
    now = clock.now()
    report = ReportRecord.objects.unscoped(reason="opened by its code").get(pk=report_id)
    if not actor.is_officer and now - report.received_at > ADDING:
        raise AddingClosed
    reading = rules.read(form.transfers, form.contacts, "", now=now)
    before = {row.id for row in _wanted(report)}
    _add_rows(report, reading)
    new = tuple(row for row in _wanted(report) if row.id not in before)
    if form.narrative.strip():
        report.narrative = f"{report.narrative}\n\n{form.narrative.strip()}"[: rules.MAX_NARRATIVE]
    report.reported += sum(row.amount for row in new)
    report.unresolved += sum(row.amount for row in new)
    contacts = tuple((row.kind, row.value) for row in reading.contacts if row.value)
    facts: list[Event] = [ReportAdded(report.id, new, contacts, now)]
    if new:
        facts.append(
            _contain(report, _as_read(report), phone_confirmed=report.identity != "L0", now=now)
        )
    report.save()
    return None, facts


@verb("report.follow", public=True)
def _try_follow(
    *, actor: Actor, code: str, last4: str, address: str, clock: Clock
) -> tuple[FollowView | int | None, Sequence[Event]]:
    """The view, or minutes to wait, or None. Tries are remembered whatever comes out."""
    now = clock.now()
    try:
        plain = read_code(code)
    except CodeUnreadable:
        plain = code.strip().upper()[:40]
    for key, (most, span) in (
        (_hash("attempt-address", address), FOLLOW_PER_ADDRESS),
        (_hash("attempt-code", plain), FOLLOW_PER_CODE),
    ):
        tries = (
            AttemptRecord.objects.unscoped(reason="rate limit")
            .filter(key=key, at__gt=now - span)
            .count()
        )
        if tries >= most:
            return int(span.total_seconds() // 60), ()
    report = (
        ReportRecord.objects.unscoped(reason="followed by its code")
        .filter(code_hash=_hash("report-code", plain), pin_hash=_hash("report-pin", last4.strip()))
        .first()
    )
    if report is None:
        AttemptRecord.objects.unscoped(reason="rate limit").bulk_create(
            [
                AttemptRecord(key=_hash("attempt-address", address), at=now),
                AttemptRecord(key=_hash("attempt-code", plain), at=now),
            ]
        )
        return None, ()
    return follow_view(report), ()


def follow(*, actor: Actor, code: str, last4: str, address: str, clock: Clock) -> FollowView:
    """A report by its code and the last four digits of its telephone (or the PIN). Raises: NotFollowed, RateLimited."""
    found = _try_follow(actor=actor, code=code, last4=last4, address=address, clock=clock)
    if isinstance(found, int):
        raise RateLimited(minutes=found)
    if found is None:
        raise NotFollowed(field="code")
    return found


def follow_view(report: ReportRecord) -> FollowView:
    """The victim's own figures and dates."""
    return FollowView(
        state=report.state, unit=members.unit_title(report.unit), received_at=report.received_at,
        verify_ends_at=report.verify_ends_at, contained_at=report.contained_at, first_ask_at=report.first_ask_at,
        withheld=report.withheld, reported=report.reported, held=report.held, moved_on=report.moved_on,
        withdrawn=report.withdrawn, unresolved=report.unresolved, returned=report.returned,
    )  # fmt: skip


def _hash(kind: str, value: str) -> str:
    return keyed_hash(secret("index"), kind, value)


def _filed(
    report: ReportRecord, *, code: str, pin: str, warnings: tuple[rules.Warned, ...] = ()
) -> FiledReport:
    return FiledReport(
        report.id,
        code,
        pin,
        report.received_at,
        members.unit_title(report.unit),
        report.withheld,
        warnings,
    )


def _add_rows(report: ReportRecord, reading: rules.Reading) -> None:
    for row in reading.transfers:
        TransferRecord(
            report=report, rail=row.rail, from_account=row.from_account, to_account=row.to_account,
            amount=row.amount, at=row.at, precision=row.precision, ref=row.ref, status=row.status,
            payee=row.payee, raw=row.raw, voice_of_id=_first_voice(report, row),
        ).save(force_insert=True)  # fmt: skip
    for contact in reading.contacts:
        ContactRecord(report=report, kind=contact.kind, value=contact.value, raw=contact.raw).save(
            force_insert=True
        )


def _first_voice(report: ReportRecord, row: rules.Transfer) -> UUID | None:
    if not row.traceable():
        return None
    rows = TransferRecord.objects.unscoped(reason="the same payment told twice").filter(
        to_account=row.to_account, voice_of=None
    ) | TransferRecord.objects.unscoped(reason="the same payment told twice").filter(
        from_account=row.from_account, voice_of=None
    )
    seen = (
        Seen(old.id, old.report_id, old.from_account, old.to_account, old.amount, old.at, old.ref)
        for old in rows
        if old.amount is not None and old.at is not None
    )
    return rules.same_transfer(row, seen, report=report.id)


def _rows(report: ReportRecord) -> list[TransferRecord]:
    return list(
        TransferRecord.objects.unscoped(reason="own rows").filter(report=report).order_by("id")
    )


def _as_read(report: ReportRecord) -> tuple[rules.Transfer, ...]:
    return tuple(
        rules.Transfer(
            rules.Rail(row.rail), row.from_account, row.to_account, row.amount, row.at, row.precision,
            row.ref, row.status, row.payee, row.raw,
        )
        for row in _rows(report)
    )  # fmt: skip


def _wanted(report: ReportRecord) -> tuple[WantedTransfer, ...]:
    """The report's payments that can be asked about; one that another report told first is not asked again."""
    found: list[WantedTransfer] = []
    for row in _rows(report):
        if not (row.from_account and row.to_account and row.amount and row.at):
            continue
        if row.rail not in (rules.Rail.BANK, rules.Rail.WALLET) or row.voice_of_id is not None:
            continue
        found.append(
            WantedTransfer(
                row.id,
                row.rail,
                row.from_account.partition(":")[0],
                row.from_account,
                row.to_account.partition(":")[0],
                row.to_account,
                row.amount,
                row.at,
                row.precision,
                row.ref or None,
            )
        )
    return tuple(found)


def _contain(
    report: ReportRecord,
    transfers: tuple[rules.Transfer, ...],
    *,
    phone_confirmed: bool,
    now: datetime,
) -> Event:
    """Decide and remember; the fact says which payments, or why none."""
    payees = {row.to_account for row in transfers if row.to_account}
    victims = (
        TransferRecord.objects.unscoped(reason="how many victims paid this payee")
        .filter(to_account__in=payees)
        .values("report")
        .distinct()
        .count()
    )
    indexes, reason = rules.containment(
        Channel(report.channel), transfers, phone_confirmed=phone_confirmed, scam_type=report.scam_type,
        victims_of_payee=victims, never_block=never_blocked, now=now,
    )  # fmt: skip
    if reason is not None:
        report.withheld = reason
        return ContainmentWithheld(report.id, reason, now)
    report.withheld = ""
    report.contained_at = now
    chosen = {
        (transfers[index].from_account, transfers[index].to_account, transfers[index].amount)
        for index in indexes
    }
    wanted = tuple(
        row for row in _wanted(report) if (row.from_account, row.to_account, row.amount) in chosen
    )
    return ContainmentWanted(report.id, report.member, wanted, now)
