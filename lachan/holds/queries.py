"""Reads of sheets, holds and reviews, each through `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.pages import language
from lachan.cases.models import CaseRecord
from lachan.cases.names import one_read, shown_name
from lachan.cases.standing import Standing, standing_of
from lachan.cases.views import (
    TimelineLine,
    Waiting,
    WhoCanSee,
    timeline_lines,
    waiting_in,
    who,
)
from lachan.evidence import queries as evidence
from lachan.exchange import services as exchange
from lachan.exchange.forms.showing import shown_fields
from lachan.exchange.kinds import from_json, kind
from lachan.holds import following, notices, views
from lachan.holds.bodies import hold_body
from lachan.holds.errors import OrderUnknown
from lachan.holds.forecast import CALIBRATED, TICKED, Colour
from lachan.holds.models import (
    HoldRecord,
    PauseRecord,
    ReviewRecord,
    SheetOpening,
    SheetRecord,
    SignatureRecord,
)
from lachan.holds.outside import never_blocked
from lachan.holds.people import NOBODY, signer_of
from lachan.holds.planning import plan_of
from lachan.holds.rules import reviews as rules
from lachan.holds.rules.sheets import sheet_hash
from lachan.holds.views import (
    HoldLine,
    Mandate,
    Order,
    ReviewLine,
    ReviewView,
    SheetLine,
    SignedBy,
)
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.time import clock_from_env, from_wire
from lachan.members import services as members
from lachan.members.roles import Role

OPEN = ("PROPOSED", "SIGNED_1")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An account that is in no order, with the reason."""

    account: str
    ref: str
    institution_name: str
    taint: int
    w: int
    left_out: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hands:
    """By what the reader could sign: forms that the rows admit, and his security keys that are enrolled (kid, name)."""

    passphrase: bool = False
    security_key: bool = False
    keys: tuple[tuple[str, str], ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet in full: what a signer sees, and beside it what may change while he reads."""

    id: UUID
    case_code: str
    kind: str
    sheet_hash: str
    state: str
    method: str
    stage: str
    made_at: datetime
    due_at: datetime
    orders: tuple[Order, ...]
    left_out: tuple[LeftOut, ...]
    mandates: tuple[Mandate, ...]
    unanswered: tuple[Waiting, ...]
    colour: str
    amount: int
    innocent: int
    share_bp: int
    calibrated: bool
    signatures: tuple[SignedBy, ...]
    required: tuple[str, ...]
    changes: tuple[str, ...]
    opened_at: datetime | None
    may_sign: bool
    hands: Hands
    why_not: str | Text
    stop: str | Text
    log_index: int | None
    who: WhoCanSee
    by: str
    reason: str


def to_sign(actor: Actor) -> tuple[SheetLine, ...]:
    """Sheets that wait for a signature which the actor could give, soonest deadline first."""
    now = clock_from_env().now()
    rows = SheetRecord.objects.visible_to(actor).filter(state__in=OPEN, due_at__gt=now)
    found = []
    sheets = list(rows.order_by("due_at", "id")[:100])
    signed = _valid_of(sheets)
    for sheet in sheets:
        valid = signed[sheet.pk]
        missing = _missing(sheet, valid)
        if any(actor.has(*_any(need)) for need in missing):
            found.append(views.sheet_line(sheet, len(valid)))
    return tuple(found)


def sheets_of_case(actor: Actor, code: str) -> tuple[SheetLine, ...]:
    """All sheets of a case, newest first."""
    rows = SheetRecord.objects.visible_to(actor).filter(case=code).order_by("-made_at", "-id")
    sheets = list(rows)
    signed = _valid_of(sheets)
    return tuple(views.sheet_line(one, len(signed[one.pk])) for one in sheets)


@one_read()
def sheet(actor: Actor, sheet_id: UUID) -> SheetView | None:
    """One sheet, or None when it is not the actor's to see."""
    record = SheetRecord.objects.visible_to(actor).filter(pk=sheet_id).first()
    if record is None:
        return None
    now = clock_from_env().now()
    body = record.body
    case = CaseRecord.objects.visible_to(actor).filter(code=record.case).first()
    if case is None:
        return None
    valid = _valid(record)
    missing = _missing(record, valid)
    standing = standing_of(case)
    own = list(HoldRecord.objects.unscoped(reason="of a sheet already read").filter(sheet=record))
    stop, why_not = _may(actor, record, standing, own, valid=valid, missing=missing, now=now)
    opened = (
        SheetOpening.objects.visible_to(actor)
        .filter(sheet=record, officer=actor.officer_id or NOBODY, body_hash=record.body_hash)
        .order_by("-at")
        .first()
    )
    amount, innocent = record.amount, int(body.get("innocent", 0))
    return SheetView(
        id=record.pk,
        case_code=record.case,
        kind=record.kind,
        sheet_hash=record.body_hash,
        state=record.state.lower(),
        method=str(body.get("method", "")),
        stage=str(body.get("stage", "")),
        made_at=record.made_at,
        due_at=record.due_at,
        orders=_orders(record, standing, own, now),
        left_out=_left_out(body),
        mandates=tuple(
            views.mandate(code, str(body.get("stage", ""))) for code in body.get("mandates", [])
        ),
        unanswered=waiting_in(standing),
        colour=record.colour,
        amount=amount,
        innocent=innocent,
        share_bp=-(-innocent * 10_000 // amount) if amount else 0,
        calibrated=CALIBRATED,
        signatures=tuple(SignedBy(x.name, x.role, x.unit, x.at) for x in valid),
        required=tuple(missing),
        changes=tuple(record.changes),
        opened_at=None if opened is None else opened.at,
        may_sign=not why_not and not stop,
        hands=_hands(actor, record) if not why_not and not stop else Hands(),
        why_not=why_not,
        stop=stop,
        log_index=_log_index(record),
        who=who(case),
        by=record.proposer_name,
        reason=str(body.get("reason", record.reason)),
    )


def hold(actor: Actor, hold_id: UUID) -> HoldLine:
    """One pause or hold. Raises: OrderUnknown."""
    now = clock_from_env().now()
    for model in (HoldRecord, PauseRecord):
        record = model.objects.visible_to(actor).filter(pk=hold_id).first()
        if record is not None:
            return views.hold_line(record, now)
    raise OrderUnknown


@one_read()
def reviews(actor: Actor) -> tuple[ReviewLine, ...]:
    """Requests for review of the actor's agency: open ones by deadline, then the last decided."""
    rows = ReviewRecord.objects.visible_to(actor)
    waiting = list(rows.filter(state__in=rules.OPEN).order_by("decide_by", "id")[:200])
    done = list(rows.exclude(state__in=rules.OPEN).order_by("-decided_at", "-id")[:20])
    return tuple(_line(actor, one) for one in (*waiting, *done))


@one_read()
def review(actor: Actor, review_id: UUID) -> ReviewView | None:
    """One request beside its order, or None when it is not the actor's to see."""
    record = ReviewRecord.objects.visible_to(actor).filter(pk=review_id).first()
    if record is None:
        return None
    line = _line(actor, record)
    order = _instrument(actor, record)
    case = CaseRecord.objects.visible_to(actor).filter(code=record.case).first()
    return ReviewView(
        **{name: getattr(line, name) for name in ReviewLine.__dataclass_fields__},
        text=record.text,
        contact=record.contact,
        order_words="" if order is None else _words(order),
        mandates=()
        if order is None
        else tuple(views.mandate(code, order.stage) for code in order.codes),
        taint=order.taint if isinstance(order, HoldRecord) else record.amount,
        history=() if case is None else _history(case, record),
        default_at=record.default_at,
        decision=record.outcome.lower(),
        reason=record.reason,
    )


def _orders(
    record: SheetRecord, standing: Standing, own: Sequence[HoldRecord], now: datetime
) -> tuple[Order, ...]:
    body = record.body
    if record.kind == "renew":
        return (_renewal(record, now),)
    if record.kind == "ask":
        return tuple(_request(record, one) for one in body["items"])
    holds = {one.account: one for one in own if one.body_hash == record.body_hash}
    legs = {one.account: one for one in standing.accounts}
    made = []
    for one in body["orders"]:
        account, hold = one["account"], holds.get(one["account"])
        leg = legs.get(account)
        until = from_wire(body["expires_at"])
        common = {
            "agency": record.agency, "institution": one["institution"], "account": account,
            "amount": one["amount"], "until": until, "codes": body["mandates"], "case": record.case,
        }  # fmt: skip
        made.append(
            Order(
                id=None if hold is None else hold.pk,
                account=views.masked(account),
                ref=account,
                institution_name=shown_name(one["institution"]),
                holder_kind="merchant" if one["merchant"] else "person",
                amount=one["amount"],
                taint=one["taint"],
                taint_min=one["taint_min"],
                taint_max=one["taint_max"],
                balance=None if leg is None else leg.holdable,
                w=one["w"],
                innocent=one["innocent"],
                confidence=one["kappa_percent"],
                living_money=None,
                never_block="hard" if never_blocked(account) else "",
                never_block_at=now,
                expires_at=until,
                lease_seconds=int((until - record.made_at).total_seconds()),
                notice=notices.holder_text(
                    instrument="hold",
                    agency=record.agency,
                    codes=body["mandates"],
                    amount=one["amount"],
                    since=now,
                    until=until,
                    code="KN-…",
                    fast=False,
                ),
                words=notices.order_words(**common),
                state="" if hold is None else str(hold.state_at(now)).lower(),
                reasons=tuple(one["reasons"]),
                tick=record.colour == Colour.AMBER and one["w"] >= TICKED,
            )
        )
    return tuple(made)


def _log_index(record: SheetRecord) -> int | None:
    """Where the log has the first of its sent orders."""
    if record.sent_at is None:
        return None
    rows = evidence.lines([one["h"] for one in record.drafts])
    return next(
        (one.index for one in rows if one.index is not None and one.event != "approval"), None
    )


def _renewal(record: SheetRecord, now: datetime) -> Order:
    body = record.body
    until = from_wire(body["until"])
    words = notices.order_words(
        agency=record.agency, institution=body["institution"], account=body["account"],
        amount=body["amount"], until=until, codes=body["mandates"], case=record.case, kind="renew",
    )  # fmt: skip
    return Order(
        id=UUID(body["hold"]), account=views.masked(body["account"]), ref=body["account"],
        institution_name=shown_name(body["institution"]), holder_kind="", amount=body["amount"],
        taint=body["taint"], taint_min=body["taint"], taint_max=body["taint"], balance=None, w=0, innocent=0,
        confidence=100, living_money=None, never_block="", never_block_at=now, expires_at=until,
        lease_seconds=int((until - record.made_at).total_seconds()), notice="", words=words,
        state=record.state.lower(),
    )  # fmt: skip


def _request(record: SheetRecord, item: dict[str, Any]) -> Order:
    declared, subject = kind(record.body["request"]), item["subject"]
    question = from_json(declared.ask, item["question"])
    return Order(
        id=None, account=subject, ref=subject, institution_name=shown_name(item["receiver"]), holder_kind="",
        amount=0, taint=0, taint_min=0, taint_max=0, balance=None, w=0, innocent=0, confidence=100,
        living_money=None, never_block="", never_block_at=None, expires_at=None, lease_seconds=0, notice="",
        words=Text(vi=f"{declared.title.vi}: {subject}", en=f"{declared.title.en}: {subject}"),
        state=record.state.lower(), question=tuple(shown_fields(question, language())),
    )  # fmt: skip


def _left_out(body: dict[str, Any]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(
            views.masked(one["account"]), one["account"], "", 0, 0, one["why"],
            (one["reason"],) if one["reason"] else (),
        )
        for one in body.get("left_out", [])
    )  # fmt: skip


def _may(
    actor: Actor,
    record: SheetRecord,
    standing: Standing,
    own: Sequence[HoldRecord],
    *,
    valid: list[SignatureRecord],
    missing: list[str],
    now: datetime,
) -> tuple[str | Text, str | Text]:
    """(what stops everybody, what stops this actor)."""
    if record.state not in OPEN or now >= record.due_at:
        return "", Text(
            vi="Phiếu này không còn chờ ký.", en="This sheet no longer waits for signatures."
        )
    stop, changed = _stopped(record, standing, own, now) if record.kind == "hold" else ("", "")
    return stop, changed or _why_not(actor, valid, missing)


def _hands(actor: Actor, record: SheetRecord) -> Hands:
    forms = exchange.admitted_forms([UUID(one["draft"]) for one in record.drafts])
    keys = members.usable_security_keys(actor, clock=clock_from_env())
    return Hands(
        passphrase="jws" in forms,
        security_key="webauthn" in forms,
        keys=tuple((one.kid, one.label) for one in keys) if "webauthn" in forms else (),
        origin=members.relying_party().origin,
    )


def _stopped(
    record: SheetRecord, standing: Standing, own: Sequence[HoldRecord], now: datetime
) -> tuple[str | Text, str | Text]:
    """The stop rule's sentence, and whether the sheet still says what is so."""
    plan = plan_of(
        standing,
        now=now,
        chosen=[one["account"] for one in record.body["orders"]],
        losses=standing.losses,
        ignore=[one.pk for one in own],
    )
    fresh = hold_body(
        standing,
        plan,
        expires_at=from_wire(record.body["expires_at"]),
        codes=record.body["mandates"],
    )
    changed: str | Text = ""
    if sheet_hash(fresh) != record.body_hash:
        changed = Text(
            vi="Kế hoạch, số tiền hoặc dự báo đã thay đổi. Tải lại phiếu.",
            en="The plan, a sum or the forecast has changed. Reload the sheet.",
        )
    return views.stop_text(plan.forecast.stop), changed


def _why_not(actor: Actor, valid: list[SignatureRecord], missing: list[str]) -> str | Text:
    try:
        signer = signer_of(actor)
    except LachanError as error:
        return Text(vi=error.message("vi"), en=error.message("en"))
    if any(one.person == signer.person for one in valid):
        return Text(vi="Bạn đã ký phiếu này.", en="You have signed this sheet.")
    if not any(actor.has(*_any(need)) for need in missing):
        roles = ", ".join(missing)
        return Text(vi=f"Còn thiếu chữ ký của: {roles}.", en=f"Still missing: {roles}.")
    return ""


def _valid(record: SheetRecord) -> list[SignatureRecord]:
    return _valid_of([record])[record.pk]


def _valid_of(records: Sequence[SheetRecord]) -> dict[UUID, list[SignatureRecord]]:
    """The signatures that still count, by sheet: those over what it says now."""
    hashes = {one.pk: one.body_hash for one in records}
    found: dict[UUID, list[SignatureRecord]] = {pk: [] for pk in hashes}
    rows = SignatureRecord.objects.unscoped(reason="signatures of sheets already read")
    for one in rows.filter(sheet__in=list(hashes)).order_by("at", "id"):
        if one.body_hash == hashes[one.sheet_id]:
            found[one.sheet_id].append(one)
    return found


def _missing(record: SheetRecord, valid: list[SignatureRecord]) -> list[str]:
    left = list(record.required)
    for one in valid:
        fit = next((need for need in left if one.role in need.split("|")), None)
        if fit is not None:
            left.remove(fit)
    return left


def _any(need: str) -> list[Role]:
    return [Role(one) for one in need.split("|")]


def _line(actor: Actor, record: ReviewRecord) -> ReviewLine:
    value = record.value()
    order = _instrument(actor, record)
    why: str | Text = ""
    try:
        rules.check_decider(value, signer_of(actor))
    except LachanError as error:
        why = Text(vi=error.message("vi"), en=error.message("en"))
    if value.state not in rules.OPEN:
        why = Text(vi="Đã quyết định.", en="It is decided.")
    return ReviewLine(
        id=record.pk,
        code=record.code,
        case_code=record.case,
        institution_name="" if order is None else shown_name(order.institution),
        account=views.masked(record.account),
        amount=record.amount,
        filed_at=record.filed_at,
        due_at=value.due_at,
        identified=value.identified_at is not None,
        state=record.state.lower(),
        lane="fast" if record.fast else "normal",
        may_decide=not why,
        why_not=why,
    )


def _instrument(actor: Actor, record: ReviewRecord) -> HoldRecord | PauseRecord | None:
    model = HoldRecord if record.instrument_kind == "hold" else PauseRecord
    return model.objects.visible_to(actor).filter(pk=record.instrument).first()


def _words(order: HoldRecord | PauseRecord) -> Text:
    return notices.order_words(
        agency=order.agency, institution=order.institution, account=views.masked(order.account),
        amount=order.amount, until=following.end_of(order), codes=order.codes, case=order.case,
    )  # fmt: skip


def _history(case: CaseRecord, record: ReviewRecord) -> tuple[TimelineLine, ...]:
    since = record.filed_at
    return tuple(
        one for one in timeline_lines(case) if one.at >= since and one.kind in {"review", "hold"}
    )
