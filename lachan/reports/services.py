"""The verbs of a report: file it, confirm its telephone, add to it, follow it.

Source: cases-and-holds.md §1; Bắc Giang 2.-2/2 (tiếp nhận tin báo, tố giác).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.kernel.codes import make_code
from lachan.kernel.events import Event
from lachan.kernel.time import ICT, Clock
from lachan.members import services as members
from lachan.reports import rules
from lachan.reports.adding import Added, add_to_report
from lachan.reports.drafts import KeptDraft, keep_draft, open_draft, sweep
from lachan.reports.errors import (
    EmptyReport,
    PhoneCodeWrong,
    RateLimited,
)
from lachan.reports.events import ReportFiled
from lachan.reports.following import FollowView, follow, follow_view, own_view
from lachan.reports.forms import ReportForm
from lachan.reports.models import PhoneCodeRecord, ReportRecord
from lachan.reports.outside import phone_code
from lachan.reports.payments import as_read, contain, keep_rows, wanted_of
from lachan.reports.pictures import allow_picture
from lachan.reports.receipts import OFFICERS, logged, send_sms
from lachan.reports.rules import Channel
from lachan.reports.tries import hashed

CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
CODE_AGAIN = timedelta(seconds=60)
_RANDOM = secrets.SystemRandom()
__all__ = [  # of the modules beside this one: callers know one name
    "Added",
    "FollowView",
    "KeptDraft",
    "ReportForm",
    "add_to_report",
    "allow_picture",
    "follow",
    "follow_view",
    "keep_draft",
    "open_draft",
    "own_view",
    "send_sms",
    "sweep",
]


@dataclass(frozen=True, slots=True)
class FiledReport:
    """What the person gets at once. `code` is "" for a form filed before, unless a citizen's browser sent it twice."""

    id: UUID
    code: str
    pin: str
    received_at: datetime
    unit: str
    withheld: str
    warnings: tuple[rules.Warned, ...] = field(default=())


@verb("report.file", roles=OFFICERS, public=True)
def file_report(
    *, actor: Actor, form: ReportForm, clock: Clock
) -> tuple[FiledReport, Sequence[Event]]:
    """Take a report, route it, and start containment where the rule allows. Raises: EmptyReport."""
    now = clock.now()
    key = hashed("idempotency", form.key)
    before = (
        ReportRecord.objects.unscoped(reason="the same form sent twice")
        .filter(idempotency_key=key)
        .first()
    )
    if before is not None:
        return _filed_before(before, form), ()
    reading = rules.read(form.transfers, form.contacts, form.phone, now=now)
    if not (form.narrative.strip() or reading.transfers or reading.contacts or form.phone.strip()):
        raise EmptyReport(field="narrative")
    drawn = _drawn(form)
    code = make_code("TB", now.astimezone(ICT).year, drawn)
    pin = "" if reading.phone else f"{drawn.randrange(10**6):06d}"
    desk = members.desk_for(area=form.province or None, officer=actor)
    report = ReportRecord(
        code_hash=hashed("report-code", code),
        pin_hash=hashed("report-pin", pin or reading.phone[-4:]),
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
        scam_type=form.scam_type[:30],
        narrative=form.narrative[: rules.MAX_NARRATIVE],
        secrets_shared=list(form.secrets_shared),
        warnings=[{"field": w.field, "given": w.given, "code": w.code} for w in reading.warnings],
        receipt_book=form.receipt_book.strip()[:40],
        received_at=now,
        verify_ends_at=rules.verification_ends(now),
    )
    report.entry = logged(actor, "report.filed", report.id, form.said(), at=now)
    report.save(force_insert=True)
    keep_rows(report, reading)
    wanted = wanted_of(report)
    report.reported = report.unresolved = sum(row.amount for row in wanted)
    facts: list[Event] = [
        ReportFiled(
            report_id=report.id, channel=report.channel, member=report.member, unit=desk.unit,
            scam_type=report.scam_type, transfers=wanted,
            contacts=tuple((row.kind, row.value) for row in reading.contacts if row.value),
            received_at=now, loss=report.reported,
        ),
        contain(report, reading.transfers, phone_confirmed=False, now=now),
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
        code_hash=hashed("phone-code", f"{report.id}:{code}"),
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
        sent.code_hash, hashed("phone-code", f"{report.id}:{code.strip()}")
    )
    if fits:
        sent.confirmed_at = now
    sent.save()
    if not fits:
        return CODE_TRIES - sent.tries, ()
    report.identity = "L1"
    fact = contain(report, as_read(report), phone_confirmed=True, now=now)
    report.save()
    return None, (fact,)


def confirm_phone(*, actor: Actor, report_id: UUID, code: str, clock: Clock) -> None:
    """The code from the telephone; the right one starts containment. Raises: PhoneCodeWrong."""
    left = _try_phone_code(actor=actor, report_id=report_id, code=code, clock=clock)
    if left is not None:
        raise PhoneCodeWrong(field="code", left=left)


def _drawn(form: ReportForm) -> Random:
    """Where the code and the PIN come from: chance, or for a citizen's form a secret function of its random key.

    So a form that a browser sends twice is answered twice with the same code, whichever answer is shown.
    """
    if form.channel is not Channel.WEB:
        return _RANDOM
    return Random(hashed("report-draw", form.key))  # noqa: S311 - seeded with 256 bits under the deployment's key


def _filed_before(report: ReportRecord, form: ReportForm) -> FiledReport:
    drawn = _drawn(form)
    code = make_code("TB", report.received_at.astimezone(ICT).year, drawn)
    if report.code_hash != hashed("report-code", code):
        return _filed(report, code="", pin="")
    return _filed(report, code=code, pin="" if report.phone else f"{drawn.randrange(10**6):06d}")


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
