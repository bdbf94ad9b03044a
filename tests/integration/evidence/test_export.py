"""A case's bundle is made from the log, is the same whenever it is made, and verifies."""

import dataclasses
import json
from pathlib import Path

import pytest
from django.db import transaction

from lachan.evidence import services
from lachan.evidence.assemble import CaseFile
from lachan.evidence.bundle import read
from lachan.evidence.errors import NoSuchProof
from lachan.evidence.export import export_case
from lachan.evidence.keys import log_key
from lachan.evidence.models import Entry, Stamp, Witness
from lachan.evidence.proofs import head
from lachan.evidence.queries import lines
from lachan.evidence.sequencer import sequence_all, sequence_once
from lachan.evidence.signing import WITNESS, unb64
from lachan.evidence.verify import report
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.time import FixedClock
from tests.unit.evidence.conftest import MEMBER, TALK, case_file

pytestmark = pytest.mark.django_db


def logged_case(clock: FixedClock) -> CaseFile:
    """Three messages, logged in an order of their own among other entries, one batch each."""
    key = log_key()
    body = canonical({"log_keys": [{"kid": key.kid, "jwk": key.public_jwk()}]})
    case = dataclasses.replace(
        case_file(), root=canonical({"root": body.decode(), "signatures": []})
    )
    messages = []
    for one in reversed(case.messages):
        services.append("access", "system", clock.now(), code="other")
        logged = services.append(
            "accepted", "vn/police/a05", clock.now(), h=one.h, conversation=TALK, kind="pause"
        )
        services.append("delivered", "vn/bank/970436", clock.now(), h=one.h)
        receipt = services.receipt(logged, due_at=None)
        messages.append(dataclasses.replace(one, centre_receipt=receipt))
        clock.advance(1)
        sequence_once(clock)
    return dataclasses.replace(case, messages=messages[::-1])


def test_an_exported_case_verifies_with_its_root(clock: FixedClock) -> None:
    case = logged_case(clock)
    made = export_case(case, actor="vn/police/a05", clock=clock)
    found = report(made.data, anchor=case.root)
    assert found.wrong == ()
    assert found.ok
    assert made.size == head().size == 9


def test_its_messages_stand_in_the_order_of_the_log(clock: FixedClock) -> None:
    case = logged_case(clock)
    files = read(export_case(case, actor="system", clock=clock).data).files
    folders = sorted({path.split("/")[1] for path in files if path.startswith("messages/")})
    assert [folder[5:] for folder in folders] == [one.id for one in case.messages[::-1]]


def test_it_is_byte_identical_when_made_again_later(clock: FixedClock) -> None:
    case = logged_case(clock)
    first = export_case(case, actor="system", clock=clock)
    clock.advance(3600)
    services.append("access", "system", clock.now())
    sequence_all(clock)
    assert export_case(case, actor="system", clock=clock) == first


def test_the_export_is_logged_with_the_hash_of_the_bundle(clock: FixedClock) -> None:
    made = export_case(logged_case(clock), actor="vn/police/a05", clock=clock)
    entry = parse_canonical(bytes(Entry.objects.get(leaf_row=None).bytes))
    assert entry["event"] == "export"
    assert (entry["code"], entry["extra_hash"]) == ("VA-26-004182", made.sha256)


def test_pending_entries_get_their_places_first(clock: FixedClock) -> None:
    case = logged_case(clock)
    services.append("effect", "vn/bank/970436", clock.now(), h=case.messages[0].h)
    assert report(export_case(case, actor="system", clock=clock).data, anchor=case.root).ok


def test_a_message_that_was_never_logged_cannot_be_exported(clock: FixedClock) -> None:
    logged_case(clock)
    case = logged_case(clock)
    stranger = dataclasses.replace(
        case.messages[0],
        envelope=case.messages[0].envelope.replace(b'"manifest": "', b'"manifest": "AAAA'),
    )
    with pytest.raises(NoSuchProof):
        export_case(dataclasses.replace(case, messages=[stranger]), actor="system", clock=clock)


def test_a_witness_of_the_head_is_carried_along(clock: FixedClock, data_folder: Path) -> None:
    rows = [{"name": "vn/court/hn", "jwk": MEMBER.public_jwk()}]
    (data_folder / "witnesses.json").write_text(json.dumps({"witnesses": rows}))
    case = logged_case(clock)
    newest = head()
    payload = unb64(newest.jws.split(".")[1])
    Witness.objects.create(
        head_id=newest.id,
        size=newest.size,
        root=newest.root,
        witness="vn/court/hn",
        jws=MEMBER.sign(payload, typ=WITNESS),
    )
    made = export_case(case, actor="system", clock=clock)
    found = report(made.data, anchor=case.root)
    assert found.ok
    assert [check.what_en for check in found.checks if check.id == "V14"] == [
        "1 witnesses, 0 asked for."
    ]


def test_the_log_of_a_message_can_be_read_for_a_page(clock: FixedClock) -> None:
    case = logged_case(clock)
    shown = lines([case.messages[0].h])
    assert [(line.event, line.index) for line in shown] == [("accepted", 7), ("delivered", 8)]
    assert shown[0].actor == "vn/police/a05"
    assert lines([]) == ()


def test_nothing_is_exported_when_the_act_around_it_fails(clock: FixedClock) -> None:
    case = logged_case(clock)
    with transaction.atomic():
        export_case(case, actor="system", clock=clock)
        transaction.set_rollback(True)
    assert not Entry.objects.filter(leaf_row=None).exists()


def test_a_time_stamp_of_the_head_is_carried_along_and_judged(clock: FixedClock) -> None:
    case = logged_case(clock)
    newest = head()
    Stamp.objects.create(
        head_id=newest.id, size=newest.size, root=newest.root, tsa="tsa", token=b"no token", ca="", at=clock.now()
    )  # fmt: skip
    made = export_case(case, actor="system", clock=clock)
    assert read(made.data).files["stamps/9.tsr"] == b"no token"
    assert report(made.data, anchor=case.root).wrong == ("stamps/9.tsr",)


def test_what_is_not_handed_in_is_withheld(clock: FixedClock) -> None:
    case = logged_case(clock)
    closed = [dataclasses.replace(one, parts={}) for one in case.messages]
    made = export_case(dataclasses.replace(case, messages=closed), actor="system", clock=clock)
    found = report(made.data, anchor=case.root)
    assert found.ok
    assert len(found.withheld) == 6
