"""Signing a sheet: by passphrase and code, or by one touch of a security key; the last signature sends.

The first signature binds to the sheet's hash; the second sends every order in the same transaction.
Before each, all guards run again on fresh data: what changed voids what was signed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.cases import services as cases
from lachan.exchange import services as exchange
from lachan.exchange.approvals import Act
from lachan.exchange.assertions import sheet_context
from lachan.exchange.errors import Malformed
from lachan.exchange.signer_errors import SignatureBad
from lachan.holds import bodies, drafting, forecast, sending, sheets
from lachan.holds.errors import (
    KeyAnswerWrong,
    NeverBlock,
    OrderUnknown,
    SheetChanged,
    SignerRole,
    SignerSamePerson,
    TickRequired,
)
from lachan.holds.events import Signed
from lachan.holds.models import HoldRecord, SheetOpening, SheetRecord, SignatureRecord
from lachan.holds.outside import never_blocked
from lachan.holds.people import officer_of, signer_of, unit_slug
from lachan.holds.proposing import check_renewal, renew
from lachan.holds.rules import orders
from lachan.holds.rules.sheets import OPEN_FOR, Opening, check_opened, sheet_hash
from lachan.holds.rules.values import Signer
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, InstantUnreadable, from_wire, to_wire
from lachan.members import services as members
from lachan.members.roles import Role

_SELF = "a sheet and its own orders"
_PARTS = ("authenticatorData", "clientDataJSON", "signature")


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """What a security key answered, and the context that its challenge was made of. parts: base64url."""

    context: Mapping[str, Any]
    parts: Mapping[str, str]

    @classmethod
    def parse(cls, context: object, answer: object) -> Self:
        """Raises: KeyAnswerWrong."""
        if not isinstance(context, dict) or not isinstance(answer, dict):
            raise KeyAnswerWrong
        said = [context.get("kid"), context.get("at"), *(answer.get(name) for name in _PARTS)]
        if not all(isinstance(one, str) for one in said):
            raise KeyAnswerWrong
        return cls(context, {name: answer[name] for name in _PARTS})


def question(actor: Actor, sheet_id: UUID, *, kid: str, shown: str, clock: Clock) -> dict[str, Any]:
    """The context that a security key of the actor's is to sign for a sheet (exchange.md §2).

    shown: the hash of the sheet on the screen. The guards run when the answer comes.
    Raises: OrderUnknown, StateForbids, SheetStale, SheetChanged, SignerSamePerson, SignerRole, SignerForm, NoSecurityKey.
    """
    now = clock.now()
    sheet = SheetRecord.objects.visible_to(actor).filter(pk=sheet_id).first()
    if sheet is None:
        raise OrderUnknown
    sheets.expect_open(sheet, "sign", now)
    if shown != sheet.body_hash:
        raise SheetChanged
    exchange.ensure_form(_drafts(sheet), "webauthn")
    key = members.usable_security_key(actor, kid, clock=clock)
    role = role_of(sheet, signer_of(actor))
    first = not drafting.valid_signatures(sheet)
    return _context(sheet, actor, role, first=first, kid=key.kid, at=to_wire(now))


@verb(
    "hold.sign",
    roles=sheets.SIGNERS,
    purposes=sheets.GOLDEN,
    title=Text(vi="Ký yêu cầu", en="Sign orders"),
)
def sign_sheet(
    *, actor: Actor, sheet_id: UUID, clock: Clock, passphrase: str = "", totp: str = "",
    answer: KeyAnswer | None = None, sheet_hash: str = "", ticks: Collection[str] = frozenset(),
    soft_reason: str = "",
) -> tuple[SheetRecord, Sequence[Event]]:  # fmt: skip
    """Sign every order of a sheet with one unlock of the key; the last signature sends them all.

    By passphrase and code, or by what a security key answered.
    Raises: StateForbids, SheetStale, SheetUnopened, SheetChanged, StopRule, TickRequired, NeverBlock,
    SignerSamePerson, SignerFromOtherAgency, SignerRole, SignerForm, PassphraseWrong, KeyAnswerWrong, NoSecurityKey.
    """
    sheet, now = sheets.visible(actor, sheet_id), clock.now()
    sheets.expect_open(sheet, "sign", now)
    signer, officer = signer_of(actor), officer_of(actor)
    shown = sheet_hash or sheet.body_hash
    if shown != sheet.body_hash:
        raise SheetChanged
    check_opened(_openings(sheet), person=signer.person, shown=shown, now=now)
    if sheet.kind == "hold":
        _guard_holds(sheet, ticks, now=now)
    elif sheet.kind == "renew":
        check_renewal(sheet, signer, now=now)
    role = role_of(sheet, signer)
    facts: list[Event] = []
    first = not drafting.valid_signatures(sheet)
    if answer is None:
        _by_passphrase(sheet, role, actor, passphrase, totp, first=first, clock=clock)
    else:
        _by_key(sheet, role, actor, answer, first=first, clock=clock)
    SignatureRecord.objects.create(
        sheet=sheet, person=signer.person, officer=officer.pk,
        name=officer.name, unit=actor.address, role=role,
        body_hash=sheet.body_hash, ticked=sorted(ticks), at=now,
    )  # fmt: skip
    for hold in drafting.holds_of(sheet):
        value, more = orders.sign(
            hold.value(), signer, shown=shown, now=now, required=drafting.roles_of(sheet)
        )
        hold.take(value)
        facts += more
    missing = drafting.missing(sheet)
    cases.touch(
        sheet.case, "signature", f"{len(sheet.required) - len(missing)}/{len(sheet.required)}", at=now,
        actor=actor, evidence=sheet.body_hash, reason=soft_reason,
    )  # fmt: skip
    if missing:
        sheet.state = "SIGNED_1"
        sheet.save()
    else:
        facts += _send(sheet, signer, now=now)
    facts += cases.set_waiting_sheet(
        sheet.case, sheet.pk if missing else None, len(missing), at=now
    )
    facts.append(Signed(str(sheet.pk), signer.person, not missing, now))
    return sheet, facts


def _by_passphrase(
    sheet: SheetRecord, role: Role, actor: Actor, passphrase: str, totp: str, *, first: bool, clock: Clock
) -> None:  # fmt: skip
    exchange.ensure_form(_drafts(sheet), "jws")
    officer = officer_of(actor)
    with members.unlock_officer_key(
        officer.pk, passphrase, totp, sheet_hash=sheet.body_hash, clock=clock
    ) as key:
        for one in _drafts(sheet):
            sending.sign(
                one, key, officer=officer.pk, role=role, unit=unit_slug(actor.address), first=first,
                sheet_hash=sheet.body_hash, at=clock.now(),
            )  # fmt: skip


def _by_key(
    sheet: SheetRecord, role: Role, actor: Actor, answer: KeyAnswer, *, first: bool, clock: Clock
) -> None:
    """The context is made anew: only `kid` and `at` are taken from the browser, and both are signed."""
    now = clock.now()
    kid, at = str(answer.context["kid"]), str(answer.context["at"])
    key = members.usable_security_key(actor, kid, clock=clock)
    context = _context(sheet, actor, role, first=first, kid=key.kid, at=at)
    if context != answer.context or not _is_recent(at, now):
        raise KeyAnswerWrong
    try:
        exchange.approve_by_key(_drafts(sheet), context, answer.parts, now=now)
    except (SignatureBad, Malformed) as cause:
        raise KeyAnswerWrong from cause


def _is_recent(at: str, now: datetime) -> bool:
    try:
        return now - OPEN_FOR <= from_wire(at) <= now
    except InstantUnreadable:
        return False


def _context(
    sheet: SheetRecord, actor: Actor, role: Role, *, first: bool, kid: str, at: str
) -> dict[str, Any]:
    return sheet_context(
        [one["h"] for one in sheet.drafts],
        kid=kid,
        officer=str(officer_of(actor).pk),
        role=role.value,
        unit=unit_slug(actor.address),
        act=(Act.DRAFTED if first else Act.APPROVED).value,
        at=at,
    )


def _drafts(sheet: SheetRecord) -> list[UUID]:
    return [UUID(one["draft"]) for one in sheet.drafts]


def _openings(sheet: SheetRecord) -> list[Opening]:
    rows = SheetOpening.objects.unscoped(reason=_SELF).filter(sheet=sheet)
    return [Opening(one.person, one.body_hash, one.at) for one in rows]


def role_of(sheet: SheetRecord, signer: Signer) -> Role:
    """The role in which the signer fills what is missing. Raises: SignerSamePerson, SignerRole, renewer's errors."""
    if any(one.person == signer.person for one in drafting.valid_signatures(sheet)):
        raise SignerSamePerson
    missing = drafting.missing(sheet)
    for need in missing:
        for role in need.split("|"):
            if Role(role) in signer.roles:
                return Role(role)
    raise SignerRole(expected=", ".join(missing), got=", ".join(sorted(signer.roles)))


def _guard_holds(sheet: SheetRecord, ticks: Collection[str], *, now: datetime) -> None:
    """Everything again with fresh data, inside the transaction that sends."""
    holds = drafting.holds_of(sheet)
    for hold in holds:
        if never_blocked(hold.account):
            raise NeverBlock(field="account", account=f"···{hold.account[-4:]}")
    standing, plan = drafting.fresh(sheet, holds, now=now)
    fresh = bodies.hold_body(
        standing, plan, expires_at=from_wire(sheet.body["expires_at"]), codes=sheet.body["mandates"]
    )
    if sheet_hash(fresh) != sheet.body_hash:
        raise SheetChanged
    bodies.ensure_not_stopped(plan.forecast)
    if plan.forecast.colour is forecast.Colour.AMBER:
        doubtful = [hold for hold in holds if hold.w >= forecast.TICKED]
        left = [one for one in doubtful if str(one.pk) not in set(map(str, ticks))]
        if left:
            raise TickRequired(
                field="tick", accounts=", ".join(f"···{one.account[-4:]}" for one in left)
            )


def _send(sheet: SheetRecord, signer: Signer, *, now: datetime) -> list[Event]:
    """Every order of the sheet, or with the transaction none."""
    facts: list[Event] = []
    for hold in drafting.holds_of(sheet):
        value, more = orders.send(hold.value(), now=now, required=drafting.roles_of(sheet))
        hold.take(value)
        facts += more
    if sheet.kind == "renew":
        facts += renew(sheet, signer, now=now)
    for one in sheet.drafts:
        exchange.dispatch(UUID(one["draft"]), now=now)
        view = exchange.DraftView(UUID(one["draft"]), one["h"], UUID(one["conversation"]), (), b"")
        account = next(
            (
                x["account"]
                for x in sheet.body.get("orders", [])
                if one["kind"] == "hold" and _is(one, x)
            ),
            one["subject"],
        )
        cases.remember_ask(sheet.case, view, one["kind"], one["receiver"], subject=account, now=now)
    sheet.state, sheet.sent_at = "SENT", now
    sheet.save()
    return facts


def _is(draft: Mapping[str, str], order: Mapping[str, Any]) -> bool:
    hold = HoldRecord.objects.unscoped(reason=_SELF).filter(pk=draft["subject"]).first()
    return hold is not None and hold.account == order["account"]
