"""One touch of a security key signs a whole sheet; in the profile `vn` nothing else signs a live hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.test import Client

from lachan.access.sessions import begin
from lachan.cases.models import CaseRecord
from lachan.exchange.assertions import challenge
from lachan.exchange.catalogue import calendar_hash, catalogue, profile
from lachan.exchange.envelope import Envelope
from lachan.exchange.mandates import Catalogue
from lachan.exchange.models import MessageRecord, OutgoingRecord
from lachan.exchange.signer_errors import SignerForm
from lachan.holds import queries, services
from lachan.holds.errors import KeyAnswerWrong, SheetChanged, SheetUnopened, SignerSamePerson
from lachan.holds.models import HoldRecord, SheetRecord
from lachan.members import services as members
from lachan.members.enrolment import security_key_row
from lachan.members.errors import NoSecurityKey
from lachan.profiles.load import load_profile
from tests.integration.members.conftest import A05, PASSPHRASE
from tests.security_key import ORIGIN, SecurityKey, b64

from .conftest import WHY, World
from .test_golden_hour import VICTIM, A, C, M, scam

DUTY, HEAD = "Trần Minh Trực", "Nguyễn Thị Trưởng"


@pytest.fixture(autouse=True)
def place(settings: Any) -> None:
    settings.LACHAN_KEY_ORIGIN = ORIGIN


def register(world: World, name: str, alg: str = "ES256") -> tuple[SecurityKey, Any]:
    key, actor = SecurityKey(alg), world.actor(name)
    asked = b"\1" * 32
    record = members.register_security_key(
        actor, label=f"Khóa của {name}"[:60], answer=key.create(asked), challenge=asked, clock=world.clock
    )  # fmt: skip
    return key, record


def enrol(world: World, name: str, alg: str = "ES256") -> SecurityKey:
    key, record = register(world, name, alg)
    request = members.request_of(world.actor(name), record.id)
    row = security_key_row(request, enrol=world.country.safe.enrol_key(A05), at=world.now)
    members.enter_security_key(world.actor(name), record.id, row=row, clock=world.clock)
    return key


def kid_of(world: World, name: str) -> str:
    return members.security_keys(world.actor(name), clock=world.clock)[0].kid


def sheet_of(world: World) -> SheetRecord:
    """Two banks hold the money: a sheet of two orders."""
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    code = CaseRecord.objects.unscoped(reason=WHY).get().code
    return services.propose_sheet(
        actor=world.actor(DUTY), case_code=code, chosen=[A, C], clock=world.clock
    )


def touch(world: World, name: str, key: SecurityKey, sheet: SheetRecord, **wrong: Any) -> services.KeyAnswer:  # fmt: skip
    context = services.question(
        world.actor(name), sheet.pk, kid=kid_of(world, name), shown=sheet.body_hash, clock=world.clock
    )  # fmt: skip
    context = {**context, **wrong}
    return services.KeyAnswer.parse(context, key.get(challenge(context)))


def sign(world: World, name: str, key: SecurityKey, sheet: SheetRecord, **wrong: Any) -> SheetRecord:  # fmt: skip
    services.open_sheet(actor=world.actor(name), sheet_id=sheet.pk, clock=world.clock)
    sheet.refresh_from_db()
    answer = touch(world, name, key, sheet, **wrong)
    world.clock.advance(5)
    return services.sign_sheet(
        actor=world.actor(name), sheet_id=sheet.pk, answer=answer, clock=world.clock
    )


@pytest.fixture
def vn(settings: Any, world: World) -> Iterator[World]:
    """The law of `vn`, adopted as the demonstration adopts it, but with the forms of signature of `vn`."""
    strict = {row.code: row.signer_forms for row in load_profile("vn").catalogue.rows}
    rows = [
        msgspec.structs.replace(row, signer_forms=strict[row.code])
        for row in load_profile("demo").catalogue.rows
    ]
    profile.cache_clear()
    object.__setattr__(profile(), "catalogue", Catalogue(tuple(rows)))
    members.publish_directory(
        world.country.system, clock=world.clock, mandates_hash=catalogue().hash,
        calendar_hash=calendar_hash(),
    )  # fmt: skip
    yield world
    profile.cache_clear()


def outgoing() -> Any:
    return OutgoingRecord.objects.unscoped(reason=WHY).filter(kind="hold")


def test_two_touches_send_every_order_of_a_live_hold_under_vn(vn: World) -> None:
    keys = {name: enrol(vn, name, alg) for name, alg in ((DUTY, "ES256"), (HEAD, "RS256"))}
    sheet = sheet_of(vn)
    assert sign(vn, DUTY, keys[DUTY], sheet).state == "SIGNED_1"
    assert sign(vn, HEAD, keys[HEAD], sheet).state == "SENT"
    assert keys[DUTY].counter == keys[HEAD].counter == 1
    vn.pump()
    holds = list(HoldRecord.objects.unscoped(reason=WHY))
    assert sorted((one.state, one.held) for one in holds) == [
        ("EFFECTIVE", 80 * M), ("EFFECTIVE", 340 * M),
    ]  # fmt: skip
    rows = MessageRecord.objects.unscoped(reason=WHY).filter(kind="hold", type="ask")
    for row in rows:
        envelope = Envelope.from_bytes(bytes(row.envelope))
        assert [one.form for one in envelope.approvals] == ["webauthn", "webauthn"]
        assert [one.act for one in envelope.approvals] == ["drafted", "approved"]
    assert len(rows) == 2


def test_a_passphrase_signs_no_live_hold_under_vn(vn: World) -> None:
    sheet = sheet_of(vn)
    services.open_sheet(actor=vn.actor(DUTY), sheet_id=sheet.pk, clock=vn.clock)
    with pytest.raises(SignerForm) as refused:
        services.sign_sheet(
            actor=vn.actor(DUTY), sheet_id=sheet.pk, passphrase=PASSPHRASE, totp=vn.code(DUTY),
            clock=vn.clock,
        )  # fmt: skip
    assert refused.value.right == "pkcs11, webauthn"
    assert not any(row.approvals for row in outgoing())


def test_the_demonstration_admits_one_of_each(world: World) -> None:
    key = enrol(world, DUTY, "Ed25519")
    sheet = sheet_of(world)
    assert sign(world, DUTY, key, sheet).state == "SIGNED_1"
    services.open_sheet(actor=world.actor(HEAD), sheet_id=sheet.pk, clock=world.clock)
    sheet = services.sign_sheet(
        actor=world.actor(HEAD), sheet_id=sheet.pk, passphrase=PASSPHRASE, totp=world.code(HEAD),
        clock=world.clock,
    )  # fmt: skip
    assert sheet.state == "SENT"
    world.pump()
    assert {one.state for one in HoldRecord.objects.unscoped(reason=WHY)} == {"EFFECTIVE"}


def test_a_key_that_is_registered_but_not_enrolled_signs_nothing(world: World) -> None:
    _key, record = register(world, DUTY)
    sheet = sheet_of(world)
    with pytest.raises(NoSecurityKey):
        services.question(
            world.actor(DUTY), sheet.pk, kid=record.kid, shown=sheet.body_hash, clock=world.clock
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "unit_head"}, {"act": "approved"}, {"root": "0" * 64}, {"size": 1}, {"unit": "phong-2"},
        {"officer": "x"}, {"at": "2020-01-01T00:00:00.000Z"}, {"at": "yesterday"}, {"kid": "x" * 43},
    ],
)  # fmt: skip
def test_a_context_other_than_the_servers_own_signs_nothing(world: World, wrong: Any) -> None:
    key = enrol(world, DUTY)
    sheet = sheet_of(world)
    with pytest.raises((KeyAnswerWrong, NoSecurityKey)):
        sign(world, DUTY, key, sheet, **wrong)
    assert not any(row.approvals for row in outgoing())


@pytest.mark.parametrize("wrong", [{"origin": "https://x.example"}, {"flags": 1}, {"party": "x.example"}])  # fmt: skip
def test_an_answer_from_elsewhere_or_of_nobody_signs_nothing(world: World, wrong: Any) -> None:
    key = enrol(world, DUTY)
    for name, value in wrong.items():
        setattr(key, name, value)
    with pytest.raises(KeyAnswerWrong):
        sign(world, DUTY, key, sheet_of(world))
    assert not any(row.approvals for row in outgoing())


def test_anothers_key_an_old_answer_and_an_unopened_sheet_sign_nothing(world: World) -> None:
    key, other = enrol(world, DUTY), enrol(world, HEAD)
    sheet = sheet_of(world)
    answer = touch(world, DUTY, key, sheet)
    with pytest.raises(SheetUnopened):
        services.sign_sheet(actor=world.actor(DUTY), sheet_id=sheet.pk, answer=answer, clock=world.clock)  # fmt: skip
    with pytest.raises(KeyAnswerWrong):
        sign(world, DUTY, other, sheet)
    with pytest.raises(NoSecurityKey):
        services.question(
            world.actor(DUTY), sheet.pk, kid=kid_of(world, HEAD), shown=sheet.body_hash, clock=world.clock
        )  # fmt: skip
    with pytest.raises(SheetChanged):
        services.question(
            world.actor(DUTY), sheet.pk, kid=kid_of(world, DUTY), shown="0" * 64, clock=world.clock
        )
    world.clock.advance(16 * 60)
    services.open_sheet(actor=world.actor(DUTY), sheet_id=sheet.pk, clock=world.clock)
    with pytest.raises(KeyAnswerWrong):
        services.sign_sheet(actor=world.actor(DUTY), sheet_id=sheet.pk, answer=answer, clock=world.clock)  # fmt: skip


def test_one_person_signs_once_whatever_the_form(world: World) -> None:
    key = enrol(world, DUTY)
    sheet = sheet_of(world)
    sign(world, DUTY, key, sheet)
    with pytest.raises(SignerSamePerson):
        sign(world, DUTY, key, sheet)


def test_the_page_asks_and_takes_the_answer(world: World) -> None:
    world.clock.at = datetime.now(UTC)
    key = enrol(world, DUTY)
    sheet = sheet_of(world)
    client = Client()
    client.force_login(world.country.logins[DUTY])
    session = client.session
    begin(session, datetime.now(UTC))
    session.save()
    page = client.get(f"/ky/{sheet.pk}").content.decode()
    there = f"/ky/{sheet.pk}/khoa/{kid_of(world, DUTY)}"
    assert there in page
    refused = client.post(there, {"sheet_hash": "0" * 64})
    assert (refused.status_code, refused.json()["code"]) == (409, SheetChanged.code)
    asked = client.post(there, {"sheet_hash": sheet.body_hash}).json()
    context = json.loads(asked["context"])
    assert asked["options"]["challenge"] == b64(challenge(context))
    answer = key.get(challenge(context))
    for bad in ("[]", "x", json.dumps({**answer, "signature": 5}), "[" * 9000):
        sent = client.post(f"/ky/{sheet.pk}/ky", {"context": asked["context"], "answer": bad})
        assert sent.status_code == 422
    form = {"context": asked["context"], "answer": json.dumps(answer), "sheet_hash": sheet.body_hash}  # fmt: skip
    assert client.post(f"/ky/{sheet.pk}/ky", form).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == "SIGNED_1"


def test_the_page_says_under_vn_that_a_security_key_is_needed(vn: World) -> None:
    vn.clock.at = datetime.now(UTC)
    sheet = sheet_of(vn)
    hands = queries.sheet(vn.actor(DUTY), sheet.pk).hands
    assert (hands.passphrase, hands.security_key, hands.keys) == (False, True, ())
