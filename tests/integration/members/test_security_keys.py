"""An officer registers a security key; it signs only after his own agency has enrolled it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lachan.access.errors import NotVisible
from lachan.access.sessions import begin
from lachan.cli.main import main
from lachan.exchange.crypto import kid_of
from lachan.kernel.time import SystemClock
from lachan.members import services
from lachan.members.directory_rows import KeyRow, RelyingParty
from lachan.members.enrolment import KeyRequest, security_key_row
from lachan.members.errors import (
    LabelMissing,
    NoSecurityKey,
    NotEnrolled,
    RegistrationUnread,
    RequestUnread,
    RowOfAnotherKey,
    SecurityKeyKnown,
)
from lachan.members.models.security_keys import SecurityKey as Record
from lachan.members.publishing import current_directory
from lachan.members.roles import KeyStorage
from tests.security_key import ORIGIN, PARTY, SecurityKey

from .conftest import A05, BANK, Deployment

DUTY, HEAD = "Trần Minh Trực", "Nguyễn Thị Trưởng"


@pytest.fixture(autouse=True)
def place(settings: Any) -> None:
    settings.LACHAN_KEY_ORIGIN = ORIGIN


def register(country: Deployment, key: SecurityKey, name: str = DUTY, **changed: Any) -> Record:
    challenge = os.urandom(32)
    given = {"label": "Khóa xanh", "answer": key.create(challenge), "challenge": challenge}
    return services.register_security_key(
        country.actor(name), clock=country.clock, **{**given, **changed}
    )


def enrol(country: Deployment, record: Record, name: str = DUTY, **changed: Any) -> KeyRow:
    """What the agency does with the request, in its safe."""
    request = services.request_of(country.actor(name), record.id)
    request = KeyRequest.parse(msgspec.json.encode(msgspec.structs.replace(request, **changed)))
    return security_key_row(request, enrol=country.safe.enrol_key(A05), at=country.clock.now())


@pytest.mark.parametrize("alg", ["ES256", "Ed25519", "RS256"])
def test_a_key_of_each_algorithm_is_registered_then_enrolled(country: Deployment, alg: str) -> None:
    key, actor = SecurityKey(alg), country.actor(DUTY)
    record = register(country, key)
    assert (record.jwk, record.kid, record.transports) == (key.jwk, kid_of(key.jwk), ["usb"])
    assert [one.state for one in services.security_keys(actor, clock=country.clock)] == ["waiting"]
    with pytest.raises(NoSecurityKey):
        services.usable_security_key(actor, record.kid, clock=country.clock)
    version = current_directory().version
    services.enter_security_key(actor, record.id, row=enrol(country, record), clock=country.clock)
    assert services.usable_security_key(actor, record.kid, clock=country.clock).id == record.id
    row = current_directory().key(record.kid)
    assert row is not None
    assert (row.storage, row.officer) == (KeyStorage.WEBAUTHN, str(country.officers[DUTY].id))
    assert row.party == RelyingParty(id=PARTY, origin=ORIGIN)
    assert current_directory().version == version + 1


def test_a_revoked_key_is_usable_no_more(country: Deployment) -> None:
    record, actor = register(country, SecurityKey()), country.actor(DUTY)
    services.enter_security_key(actor, record.id, row=enrol(country, record), clock=country.clock)
    services.revoke_key(country.system, record.kid, reason="lost", clock=country.clock)
    with pytest.raises(NoSecurityKey):
        services.usable_security_key(actor, record.kid, clock=country.clock)
    assert [one.state for one in services.security_keys(actor, clock=country.clock)] == ["ended"]


def test_a_key_of_another_place_is_not_usable_here(country: Deployment, settings: Any) -> None:
    record, actor = register(country, SecurityKey()), country.actor(DUTY)
    services.enter_security_key(actor, record.id, row=enrol(country, record), clock=country.clock)
    settings.LACHAN_KEY_ORIGIN = "https://moved.example"
    assert services.usable_security_keys(actor, clock=country.clock) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"party": "evil.example"},
        {"origin": "https://evil.example"},
        {"flags": 0x01},  # nobody was verified
        {"client": {"type": "webauthn.get"}},
        {"client": {"challenge": "AAAA"}},
    ],
)
def test_a_ceremony_that_is_not_ours_registers_nothing(country: Deployment, wrong: Any) -> None:
    with pytest.raises(RegistrationUnread):
        register(country, SecurityKey(**wrong))
    assert not services.security_keys(country.actor(DUTY), clock=country.clock)


@pytest.mark.parametrize("answer", [{}, {"id": 5}, {"id": "AA", "rawId": "AA", "response": None}])
def test_an_answer_of_another_form_registers_nothing(country: Deployment, answer: Any) -> None:
    with pytest.raises(RegistrationUnread):
        register(country, SecurityKey(), answer=answer)


def test_a_challenge_that_was_never_asked_or_lapsed_registers_nothing(country: Deployment) -> None:
    with pytest.raises(RegistrationUnread):
        register(country, SecurityKey(), challenge=None)
    with pytest.raises(LabelMissing):
        register(country, SecurityKey(), label="  ")


def test_a_key_is_registered_once_by_whomever(country: Deployment) -> None:
    key = SecurityKey()
    register(country, key)
    with pytest.raises(SecurityKeyKnown):
        register(country, key, HEAD)


def test_a_row_that_another_agency_or_nobody_signed_is_not_entered(country: Deployment) -> None:
    record, actor = register(country, SecurityKey()), country.actor(DUTY)
    request = services.request_of(actor, record.id)
    row = security_key_row(request, enrol=country.safe.enrol_key(BANK), at=country.clock.now())
    for bad in (row, msgspec.structs.replace(row, enrolled=())):
        with pytest.raises(NotEnrolled):
            services.enter_security_key(actor, record.id, row=bad, clock=country.clock)
    assert current_directory().key(record.kid) is None


def test_a_row_of_another_key_person_or_place_is_not_entered(country: Deployment) -> None:
    record, actor = register(country, SecurityKey()), country.actor(DUTY)
    other = SecurityKey().jwk
    for changed in (
        {"officer": str(country.officers[HEAD].id)},
        {"relying_party": RelyingParty(id=PARTY, origin="https://evil.example")},
        {"jwk": other, "kid": kid_of(other)},
        {"member": BANK},
        {"alg": "RS256"},
    ):
        with pytest.raises(RowOfAnotherKey):
            services.enter_security_key(
                actor, record.id, row=enrol(country, record, **changed), clock=country.clock
            )
    soft = msgspec.structs.replace(enrol(country, record), storage=KeyStorage.SOFT)
    with pytest.raises(RowOfAnotherKey):
        services.enter_security_key(actor, record.id, row=soft, clock=country.clock)


def test_nobody_enters_or_takes_the_request_of_anothers_key(country: Deployment) -> None:
    record = register(country, SecurityKey())
    with pytest.raises(NotVisible):
        services.request_of(country.actor(HEAD), record.id)
    with pytest.raises(NotVisible):
        services.enter_security_key(
            country.actor(HEAD), record.id, row=enrol(country, record), clock=country.clock
        )


def test_a_request_that_was_altered_is_refused_in_the_safe() -> None:
    for data in (b"", b"{}", b'{"v":"lachan-key-request/1"}', b"[" * 10_000):
        with pytest.raises(RequestUnread):
            KeyRequest.parse(data)


def client_of(country: Deployment, name: str) -> Client:
    client = Client()
    client.force_login(country.logins[name])
    session = client.session
    begin(session, SystemClock().now())
    session.save()
    return client


def test_the_whole_way_through_the_profile_and_the_safe(
    country: Deployment, tmp_path: Path
) -> None:
    """Registered on the page, signed by `lachan safe sign`, handed in on the page."""
    country.clock.at = SystemClock().now()
    client, key = client_of(country, DUTY), SecurityKey()
    assert client.post("/ho-so/khoa-bao-mat/hoi", {"label": ""}).status_code == 422
    options = client.post("/ho-so/khoa-bao-mat/hoi", {"label": "Khóa xanh"}).json()["options"]
    assert options["rp"]["id"] == PARTY
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert {one["alg"] for one in options["pubKeyCredParams"]} == {-7, -8, -257}
    from tests.security_key import unb64

    answer = json.dumps(key.create(unb64(options["challenge"])))
    sent = client.post("/ho-so/khoa-bao-mat", {"label": "Khóa xanh", "answer": answer})
    assert sent.status_code == 302
    again = client.post("/ho-so/khoa-bao-mat", {"label": "Khóa hai", "answer": answer})
    assert again.status_code == 422  # the challenge served once
    shown = client.get("/ho-so").content.decode()
    assert "Chờ cơ quan ghi danh" in shown
    record = Record.objects.unscoped(reason="the test looks").get()
    (tmp_path / "request.json").write_bytes(
        client.get(f"/ho-so/khoa-bao-mat/{record.id}/phieu").content
    )
    arguments = ["safe", "sign", str(tmp_path / "request.json"), "--safe", str(country.safe.folder),
                 "--out", str(tmp_path / "row.json"), "--yes"]  # fmt: skip
    assert main(arguments) == 0
    row = SimpleUploadedFile("row.json", (tmp_path / "row.json").read_bytes())
    bad = SimpleUploadedFile("row.json", b"[]")
    there = f"/ho-so/khoa-bao-mat/{record.id}/ghi-danh"
    assert client.post(there, {"row": bad}).status_code == 422
    assert client.post(there, {}).status_code == 422
    assert client.post(there, {"row": row}).status_code == 302
    assert "Đã ghi danh" in client.get("/ho-so").content.decode()


def test_the_safe_signs_for_no_agency_whose_key_it_does_not_hold(
    country: Deployment, tmp_path: Path
) -> None:
    record = register(country, SecurityKey())
    request = services.request_of(country.actor(DUTY), record.id)
    (tmp_path / "request.json").write_bytes(msgspec.json.encode(request))
    empty = tmp_path / "empty"
    arguments = ["safe", "sign", str(tmp_path / "request.json"), "--safe", str(empty),
                 "--out", str(tmp_path / "row.json"), "--yes"]  # fmt: skip
    assert main(arguments) == 4
    assert not empty.exists()
    assert not (tmp_path / "row.json").exists()
