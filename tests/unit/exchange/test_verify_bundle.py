"""A bundle's messages verify offline, years later; whatever was altered is named."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from lachan.exchange import crypto
from lachan.exchange.deadlines import due_at
from lachan.exchange.kinds import MessageType, kind
from lachan.exchange.manifest import Outcome
from lachan.exchange.messages import hold
from lachan.exchange.opening import open_part
from lachan.exchange.verify_bundle import verify_bundle
from lachan.kernel.canonical import canonical
from lachan.kernel.time import to_wire
from lachan.profiles.load import load_profile
from tests.unit.exchange.test_verify import DEMO, HA, LAN, MINH, Exchange, passed

PROFILE = load_profile("demo")


def receipt(world, envelope, at) -> bytes:
    manifest = envelope.manifest
    due = None
    if manifest.type is MessageType.ASK:
        due = to_wire(due_at(kind(manifest.kind), manifest.priority, at, PROFILE.calendar))
    payload = canonical(
        {"h": envelope.h, "logged_at": to_wire(at), "due_at": due, "leaf": "", "merge_by": ""}
    )
    jws = crypto.sign(payload, world.log_key, typ="lachan-receipt+jws")
    return f"{jws.protected}.{crypto.b64encode(payload)}.{jws.signature}".encode()


def bundle(world, exchange, *messages, at) -> dict[str, bytes]:
    directory = exchange.directory
    files = {
        "anchor/root.json": canonical(world.root.to_json()),
        "directory/1.json": canonical({"directory": directory.body.decode(), "jws": directory.jws}),
        "mandates/calendar.json": PROFILE.calendar_bytes,
    }
    for row in DEMO.rows:
        files[f"mandates/{row.code}@{row.version}.json"] = canonical(msgspec.to_builtins(row))
    for number, (envelope, show) in enumerate(messages, start=1):
        folder = f"messages/{number:04d}-{envelope.manifest.id}"
        files[f"{folder}/manifest.json"] = envelope.manifest_bytes
        files[f"{folder}/envelope.json"] = envelope.to_bytes()
        name = f"{number:04d}-{envelope.manifest.id}"
        files[f"receipts/{name}.centre.jws"] = receipt(world, envelope, at)
        if show:
            part = "ask" if envelope.manifest.type is MessageType.ASK else "answer"
            key = world.keys[f"{exchange.names.a05}#encrypt"]
            files[f"{folder}/parts/{part}"] = open_part(envelope, part, key)
    return files


@pytest.fixture
def case(world, names, now):
    world.hashes = {
        "mandates_hash": DEMO.hash,
        "calendar_hash": PROFILE.calendar_hash,
    }
    exchange = Exchange(world, names, now)
    order = exchange.signed_hold()
    checked = passed(exchange.centre(order))
    reply = hold.Reply(
        as_of=to_wire(now), effect=hold.Effect.FULL, held=60_000_000, carved=0, at=to_wire(now)
    )
    message = exchange.draft(
        "hold",
        reply,
        type="answer",
        sender=names.acb,
        receiver=names.a05,
        in_reply_to=order.h,
        conversation=order.manifest.conversation,
        outcome=Outcome(status="Disclosed", substate="complete", effect="FULL"),
        mandates=(),
    )
    answer = exchange.seal(message, [], sender=names.acb)
    renewal = exchange.renewal(checked)
    renewed = exchange.seal(renewal, exchange.sign(renewal, HA))
    return (
        world,
        exchange,
        bundle(world, exchange, (order, True), (answer, False), (renewed, True), at=now),
    )


def failed(files) -> set[str]:
    return {check.id for check in verify_bundle(files) if not check.ok}


def test_a_good_bundle_passes_every_check(case):
    checks = verify_bundle(case[2])
    assert [check for check in checks if not check.ok] == []
    assert {check.id for check in checks} == {"V2", "V3", "V4", "V5", "V6", "V9", "V10", "V15"}
    assert all(check.what and check.what_en for check in checks)


def test_it_verifies_with_every_part_withheld_and_with_some_rows_of_the_catalogue(case):
    files = {path: data for path, data in case[2].items() if "/parts/" not in path}
    assert failed(files) == set()
    del files["mandates/VN.CD29.4B@1.json"]
    assert failed(files) == set()


def test_any_file_altered_is_named(case):
    files = case[2]
    for path, data in files.items():
        if "/parts/" in path or path.startswith("anchor"):
            continue  # V7's business; and two of the root's three signatures suffice
        for place in range(0, len(data), max(1, len(data) // 7)):
            changed = bytearray(data)
            changed[place] ^= 1
            if data.find(b'"parts":') <= place < data.find(b'"seal":'):
                continue  # ciphertexts: what they opened to is committed, V1 binds these bytes
            if path.startswith("mandates/VN") and b'"check"' in data:
                continue  # bound by the list of the bundle, and by the hash when whole
            assert failed({**files, path: bytes(changed)}), (path, place)


def test_a_missing_directory_receipt_or_root_is_named(case):
    files = case[2]
    for path in list(files):
        if path.startswith(("anchor", "directory", "receipts")) or path.endswith("envelope.json"):
            less = {name: data for name, data in files.items() if name != path}
            assert failed(less), path


def test_a_message_left_out_leaves_a_gap(case, now):
    files = case[2]
    answer_only = {p: d for p, d in files.items() if "0001-" not in p}
    assert "V9" in failed(answer_only)
    assert failed({}) == {"V2", "V3"}


def test_a_hold_that_its_rows_do_not_carry_is_named(world, names, now):
    exchange = Exchange(world, names, now)
    message = exchange.hold(hours=100)
    sent = exchange.seal(message, exchange.sign(message, LAN, MINH))
    assert "V10" in failed(bundle(world, exchange, (sent, False), at=now))
    weak = exchange.hold(needs=["investigator"])
    sent = exchange.seal(weak, exchange.sign(weak, LAN))
    assert "V6" in failed(bundle(world, exchange, (sent, False), at=now))
    shown = exchange.hold(amount=70_000_000, cap_vnd=60_000_000)
    sent = exchange.seal(shown, exchange.sign(shown, LAN, MINH))
    assert "V10" in failed(bundle(world, exchange, (sent, True), at=now))
    none = exchange.hold()
    sent = exchange.seal(none, exchange.sign(none, LAN))
    assert "V6" in failed(bundle(world, exchange, (sent, False), at=now))


def test_a_signer_whose_key_was_not_yet_valid_is_named(world, names, now):
    exchange = Exchange(world, names, now)
    sent = exchange.signed_hold()
    early = now - timedelta(days=40)
    assert "V5" in failed(bundle(world, exchange, (sent, False), at=early))


def test_a_deadline_that_does_not_compute_is_named(case, now):
    world, _, files = case
    path = next(path for path in files if path.startswith("receipts/0001"))
    envelope_path = next(
        path for path in files if path.startswith("messages/0001") and "envelope" in path
    )
    from lachan.exchange.envelope import Envelope

    envelope = Envelope.from_bytes(files[envelope_path])
    payload = canonical({"h": envelope.h, "logged_at": to_wire(now), "due_at": to_wire(now)})
    jws = crypto.sign(payload, world.log_key, typ="lachan-receipt+jws")
    forged = f"{jws.protected}.{crypto.b64encode(payload)}.{jws.signature}".encode()
    assert failed({**files, path: forged}) == {"V15"}
    other = crypto.sign(payload, crypto.new_sign_key(), typ="lachan-receipt+jws")
    unknown = f"{other.protected}.{crypto.b64encode(payload)}.{other.signature}".encode()
    assert "V4" in failed({**files, path: unknown})


def test_a_calendar_that_nobody_signed_is_named(case):
    files = {**case[2], "mandates/calendar.json": canonical({"holidays": []})}
    assert "V15" in failed(files)


def test_a_message_stays_verifiable_after_its_keys_were_rotated(case, now):
    world, exchange, files = case
    first = exchange.directory
    later = world.directory(
        2, first.hash, issued_at=now + timedelta(days=40), keys=world.key_rows[:3], officers=[]
    )
    extra = canonical({"directory": later.body.decode(), "jws": later.jws})
    assert failed({**files, "directory/2.json": extra}) == set()
    fork = world.directory(2, "0" * 64, issued_at=now + timedelta(days=40))
    wrong = canonical({"directory": fork.body.decode(), "jws": fork.jws})
    assert failed({**files, "directory/2.json": wrong}) == {"V3"}
