"""A log entry has the fields of exchange.md §8 and no room for a personal datum (law.md L6)."""

import pytest

from lachan.evidence.entries import EVENTS, entry_bytes
from lachan.evidence.errors import EntryField
from lachan.kernel.canonical import parse_canonical
from lachan.kernel.time import from_wire

AT = from_wire("2026-11-24T03:00:00.000Z")
GIVEN = {
    "h": "ab" * 32,
    "conversation": "019ab000-0000-7000-8000-0000000000ff",
    "sender": "vn/police/a05/duty",
    "receiver": "vn/bank/970436",
    "kind": "trace_credit",
    "code": "exchange.signature",
    "extra_hash": "cd" * 32,
}


def test_it_is_canonical_and_leaves_out_what_is_absent() -> None:
    entry = entry_bytes(event="accepted", actor="vn/police/a05", at=AT)
    assert entry == b'{"actor":"vn/police/a05","at":"2026-11-24T03:00:00.000Z","event":"accepted"}'


def test_every_field_of_the_specification_fits() -> None:
    entry = parse_canonical(entry_bytes(event="refused", actor="system", at=AT, **GIVEN))
    assert entry == {
        **GIVEN,
        "actor": "system",
        "at": "2026-11-24T03:00:00.000Z",
        "event": "refused",
    }


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_the_events_are_those_of_the_specification(event: str) -> None:
    assert parse_canonical(entry_bytes(event=event, actor="system", at=AT))["event"] == event


@pytest.mark.parametrize(
    "actor",
    [
        "system",
        "vn/bank/970436/fraud-desk",
        "019ab000-0000-7000-8000-0000000000ff",
        "officer:01912345-6789-7012-8345-678901234567",
        "key:" + "1234567890" * 4 + "abc",
    ],
)
def test_who_acted_is_an_address_or_an_id(actor: str) -> None:
    assert parse_canonical(entry_bytes(event="access", actor=actor, at=AT))["actor"] == actor


@pytest.mark.parametrize(
    ("field", "marker"),
    [
        ("actor", "Nguyễn Văn An"),
        ("actor", "Nguyen Van An"),
        ("actor", "0912345678"),
        ("actor", "vn/bank/970436/0123456789"),
        ("actor", "001099012345"),
        ("code", "970436:0123456789"),
        ("code", "a.0912345678"),
        ("code", "không khớp tên"),
        ("kind", "hold 0912345678"),
        ("sender", "An"),
        ("receiver", "vn/bank/970436/ngân-hàng"),
        ("conversation", "0912345678"),
        ("h", "0912345678"),
        ("extra_hash", "AB" * 32),
        ("event", "0912345678"),
    ],
)
def test_planted_personal_data_is_refused_and_not_repeated(field: str, marker: str) -> None:
    given = {"event": "accepted", "actor": "system", field: marker}
    with pytest.raises(EntryField) as refused:
        entry_bytes(at=AT, **given)
    assert refused.value.field == field
    assert marker not in str(refused.value.body())
