"""Asks of the hosted agency, signed as its officers would sign them, with anything in them changed on the way."""

import dataclasses
import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from lachan.access.purposes import Purpose
from lachan.access.steps import step
from lachan.evidence.models import Entry
from lachan.exchange import catalogue, router
from lachan.exchange import envelope as wire
from lachan.exchange.approvals import Act
from lachan.exchange.catalogue import MandateUse
from lachan.exchange.envelope import Draft, Envelope
from lachan.exchange.kinds import Priority, kind
from lachan.exchange.manifest import MandateRef
from lachan.exchange.models import (
    ConversationRecord,
    DeliveryRecord,
    MessageRecord,
    RefusedRecord,
)
from lachan.exchange.parts import body_part
from lachan.exchange.services import usable_rows
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.time import from_wire, to_wire
from lachan.members import services as members
from lachan.members.roles import KeyUse, MemberKind, Role
from tests.integration.members.conftest import A05, BANK, Deployment

WHY = "the test looks at everything"
ASKER, DESK = f"{A05}/duty", f"{BANK}/fraud-desk"
CASE = "VA-26-000001"
MARKER = "DAUVETKHONGDUOCLO77"  # planted in parts: no table may show it


def question(country: Deployment, kind_name: str = "confirm_transfer", **changes: Any) -> Any:
    """The question of a kind, about an invented transfer."""
    now = country.clock.now()
    if kind_name == "pause":
        given = {"account": "970436:1001001001", "credit_time": to_wire(now), "credit_amount": 60_000_000,
                 "amount": 60_000_000, "until": to_wire(now + timedelta(hours=12)), "reason": "lừa đảo"}  # fmt: skip
    else:
        given = {"ref": "FT1", "time": to_wire(now - timedelta(minutes=5)), "amount": 60_000_000,
                 "from_account": "970436:1001001001", "to_account": "970418:2002002002"}  # fmt: skip
    return kind(kind_name).ask(**given | changes)


def forge(
    country: Deployment,
    *,
    kind_name: str = "confirm_transfer",
    stage: str = "report",
    body: Any = None,
    receiver: str = DESK,
    cap_vnd: int | None = None,
    lease: timedelta | None = None,
    mandate: Callable[[MandateRef], MandateRef] = lambda one: one,
    approvals: int = 1,
    edit: Callable[[dict[str, Any]], None] | None = None,
    expires_in: timedelta | None = None,
    late: timedelta = timedelta(),
    **fields: Any,
) -> Envelope:
    """A signed and sealed ask; `edit` changes the manifest before anybody signs, so that every signature is true.

    late: how long after the signatures it is sealed. approvals: how often the shift's officer signs.
    """
    now = country.clock.now()
    directory = members.current_directory()
    rows = usable_rows(kind_name, asker=ASKER, stage="report", priority=Priority.P0, purpose=Purpose.GLD, now=now)  # fmt: skip
    assert rows is not None
    keys = [directory.encrypt_key(one, now) for one in (receiver, ASKER)]
    uses = [
        MandateUse(
            row.code, stage, cap_vnd=cap_vnd, lease_until=None if lease is None else now + lease
        )
        for row in rows
    ]
    made = wire.draft(
        type="ask", kind_name=kind_name, sender=ASKER, receiver=receiver, created_at=now, purpose="GLD",
        directory_version=directory.version, encrypt_to=[key.jwk for key in keys if key],
        parts=(body_part(body or question(country, kind_name)),), priority="P0",
        expires_at=None if expires_in is None else now + expires_in,
        mandates=[mandate(catalogue.reference(use, case_ref=CASE, now=now)) for use in uses],
        required=catalogue.required(
            kind_name, [row.code for row in rows], priority=Priority.P0, sender_kind=MemberKind.POLICE
        ), **fields,
    )  # fmt: skip
    if edit is not None:
        read = parse_canonical(made.manifest_bytes)
        edit(read)
        made = Draft(canonical(read), made.parts)
    shift = members.shift_of_member(A05, now)
    assert shift is not None
    signed = [
        wire.approve(
            made, members.shift_key(shift), officer=str(shift.officer_id), role=Role.DUTY_OFFICER,
            unit="duty", act=Act.STANDING, at=now,
        )
        for _ in range(approvals)
    ]  # fmt: skip
    key = members.member_private_key(A05, KeyUse.SIGN, clock=country.clock)
    return wire.seal(made, signed, key, now + late)


def resealed(envelope: Envelope, key: Any) -> Envelope:
    """The same message under another key's seal."""
    return wire.reseal(envelope, key, from_wire(str(envelope.seal.read["sent_at"])))


def altered(envelope: Envelope, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The wire form with one thing changed after the signatures."""
    data = json.loads(envelope.to_bytes())
    change(data)
    return canonical(data)


@step
def post(
    envelope: Envelope | bytes, country: Deployment
) -> tuple[router.Accepted | router.Rejected, Sequence[Any]]:
    """Through the centre's door."""
    return router.accept(envelope, now=country.clock.now()), []


def standing() -> tuple[int, int, list[Any]]:
    """What a refused message must leave as it was: messages, deliveries, conversations."""
    return (
        MessageRecord.objects.unscoped(reason=WHY).count(),
        DeliveryRecord.objects.unscoped(reason=WHY).count(),
        sorted(
            (str(talk.pk), talk.status, talk.substate, json.dumps(talk.state, sort_keys=True))
            for talk in ConversationRecord.objects.unscoped(reason=WHY)
        ),
    )


def refused(envelope: Envelope | bytes, country: Deployment, code: str) -> router.Rejected:
    """Post it, and expect the signed refusal, its record, its log entry, and nothing else."""
    before, entries = standing(), Entry.objects.count()
    verdict = post(envelope, country)
    assert isinstance(verdict, router.Rejected), "it was accepted"
    assert verdict.code == code, (verdict.code, verdict.body)
    assert standing() == before
    assert Entry.objects.count() == entries + 1
    logged = json.loads(bytes(Entry.objects.latest("logged_at", "id").bytes))
    assert (logged["event"], logged["code"]) == ("refused", code)
    kept = RefusedRecord.objects.unscoped(reason=WHY).latest("id")
    assert (kept.code, kept.refusal) == (code, verdict.refusal)
    assert verdict.refusal.count(".") == 2
    return verdict


def renamed(ref: MandateRef, **changes: Any) -> MandateRef:
    """A mandate row of a manifest with fields changed."""
    if dataclasses.is_dataclass(ref):
        return dataclasses.replace(ref, **changes)
    import msgspec

    return msgspec.structs.replace(ref, **changes)
