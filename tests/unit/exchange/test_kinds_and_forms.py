"""One file declares a kind; its form, its labels and its reading follow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.exchange import messages
from lachan.exchange.errors import SchemaMismatch
from lachan.exchange.fields import Klass
from lachan.exchange.forms.cells import FieldUnreadable
from lachan.exchange.forms.declared import fields
from lachan.exchange.forms.reading import FormWrong, read_form
from lachan.exchange.forms.showing import shown, write_form
from lachan.exchange.kinds import (
    AllOf,
    Answer,
    Auto,
    Due,
    Elapsed,
    MessageKind,
    Priority,
    Question,
    all_kinds,
    decode,
    encode,
    from_json,
    kind,
    to_json,
)
from lachan.exchange.messages import (
    confirm_transfer,
    hold,
    identify_subscriber,
    provide_account_holder,
    release,
    trace_credit,
)
from lachan.kernel.errors import Text

KINDS = sorted(all_kinds())


def test_every_file_of_the_folder_is_a_kind_and_nothing_else_is():
    folder = Path(next(iter(messages.__path__)))
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_every_field_has_a_label_in_both_languages_and_a_class(name):
    declared = kind(name)
    assert declared.title.vi != declared.title.en
    rows = () if declared.rows is None else (declared.rows,)
    for struct in (declared.ask, declared.answer, *rows):
        forms = fields(struct)
        assert forms
        for form in forms:
            assert form.label.vi
            assert form.label.en
            assert form.klass in Klass
            assert all(text.vi and text.en for _, text in form.choices)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_says_who_asks_who_answers_and_by_when(name):
    declared = kind(name)
    assert declared.askers
    assert declared.answerers
    assert declared.mandates or declared.follows
    assert declared.due_rule(Priority.P0) == f"{name}.P0"
    assert declared.order or declared.lease is None


def test_an_unknown_kind_is_a_fault_of_the_message():
    with pytest.raises(SchemaMismatch):
        kind("freeze_everything")


def test_a_declaration_that_names_a_missing_field_does_not_start():
    with pytest.raises(ValueError, match="no field amount"):
        MessageKind(
            name="x",
            title=Text(vi="x", en="x"),
            ask=Question,
            answer=Answer,
            askers=frozenset(),
            answerers=frozenset(),
            mandates=(),
            due=Due(golden_hour=Elapsed(), otherwise=Elapsed()),
            auto=Auto.DESK,
            money="amount",
        )
    with pytest.raises(ValueError, match="one to three"):
        AllOf()
    assert repr(AllOf("B", "A")) == "AllOf(A, B)"
    assert len({AllOf("A"), AllOf("A")}) == 1


TYPED = {
    "account": "970436:0123456",
    "amount": "1,2 tỷ",
    "lease_until": "14:05 27/11/2026",
    "case": "VA-26-004182",
    "taint_proof": "A" * 64,
    "appeal_link": "https://lachan.example/x",
    "top_up": "on",
}


def test_what_a_person_types_becomes_the_wire_value():
    ask = read_form(hold.Ask, TYPED)
    assert ask.amount == 1_200_000_000
    assert ask.lease_until == "2026-11-27T07:05:00.000Z"
    assert ask.taint_proof == "a" * 64
    assert ask.top_up is True
    assert ask.converts is None


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(FormWrong) as wrong:
        read_form(hold.Ask, {**TYPED, "amount": "nhiều", "account": "", "lease_until": "mai"})
    errors = wrong.value.errors
    assert set(errors) == {"amount", "account", "lease_until"}
    assert all(error.field == name for name, error in errors.items())
    assert "Tài khoản" in errors["account"].message("vi")


def test_what_the_form_cannot_see_the_declaration_still_refuses():
    with pytest.raises(FormWrong) as wrong:
        read_form(hold.Ask, {**TYPED, "taint_proof": "abc"})
    assert set(wrong.value.errors) == {"taint_proof"}


def test_lists_choices_numbers_and_telephones_read():
    asked = read_form(
        provide_account_holder.Ask, {"accounts": "970436:0011223\n970416:0022334\n", "reason": ""}
    )
    assert asked.accounts == ["970436:0011223", "970416:0022334"]
    number = read_form(identify_subscriber.Ask, {"number": "0912 345 678"})
    assert number.number == "+84912345678"
    reply = read_form(
        identify_subscriber.Reply,
        {"found": "on", "fields_matched": "NAME, BORN"},
        as_of="2026-11-24T07:00:00.000Z",
    )
    assert [one.value for one in reply.fields_matched] == ["NAME", "BORN"]
    confirmed = read_form(
        confirm_transfer.Reply,
        {"outcome": "SETTLED", "seq": "12", "coverage.since": "2026-11-24T07:00"},
        as_of="2026-11-24T07:00:00.000Z",
    )
    assert confirmed.seq == 12
    assert confirmed.coverage.since == "2026-11-24T00:00:00.000Z"
    with pytest.raises(FormWrong):
        read_form(confirm_transfer.Reply, {"outcome": "SETTLED", "seq": "x"}, as_of="x")


def test_a_value_is_shown_as_it_would_be_typed_and_read_back():
    ask = read_form(hold.Ask, TYPED)
    typed = write_form(ask)
    assert typed["amount"] == "1.200.000.000"
    assert typed["lease_until"] == "14:05:00 27/11/2026"
    assert read_form(hold.Ask, typed) == ask
    for lang, yes in (("vi", "Có"), ("en", "Yes")):
        words = {label.en: text for label, text in shown(ask, lang)}
        assert words["Top up with later taint"] == yes
    lifted = release.Ask(order="a" * 64, reason=release.Reason.APPEAL)
    told = {label.en: text for label, text in shown(lifted)}
    assert told["Ground of release"].startswith("Đề nghị")


def test_a_field_without_a_declaration_is_a_defect():
    class Bare(msgspec.Struct):
        name: str

    with pytest.raises(TypeError, match="declares no about"):
        fields(Bare)


def test_a_trace_travels_in_exactly_the_engines_shape():
    plain = {
        "trace": "t1",
        "round": 1,
        "methods": ["fifo", "lifo"],
        "policy": {"dust": 0},
        "until": "2026-11-24T07:00:00.000Z",
        "items": [
            {
                "account": "970416:0022",
                "credit": {
                    "ref": "FT1",
                    "payer_bank": "970436",
                    "amount": 5,
                    "time": "2026-11-24T06:00:00.000Z",
                },
                "layer": 1,
                "rev": 1,
                "parts": {"fifo": [["v1", 3], [None, 2]]},
            }
        ],
        "home": {"v1": ["970436:0011"]},
    }
    read = from_json(trace_credit.Ask, plain)
    assert to_json(read) == plain
    assert decode(trace_credit.Ask, encode(read)) == read


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "5"},
        {"amount": -1},
        {"amount": True},
        {"account": "1"},
        {"more": 1},
        {"case": None},
    ],
)
def test_a_question_outside_its_declaration_is_refused(change):
    good = to_json(read_form(hold.Ask, TYPED))
    with pytest.raises(SchemaMismatch):
        from_json(hold.Ask, {**good, **change})


@given(st.integers(0, 2**53 - 1), st.datetimes(datetime(2020, 1, 1), datetime(2039, 1, 1)))  # noqa: DTZ001 - strategies want naive bounds
def test_every_amount_and_second_survives_form_and_wire(amount, at):
    at = at.replace(microsecond=0, tzinfo=UTC)
    from lachan.kernel.time import to_wire

    ask = msgspec.structs.replace(
        read_form(hold.Ask, TYPED), amount=amount, lease_until=to_wire(at)
    )
    assert decode(hold.Ask, encode(ask)) == ask
    assert read_form(hold.Ask, write_form(ask)) == ask


def test_an_unreadable_instant_says_how_to_write_one():
    from lachan.exchange.forms.cells import read_instant

    with pytest.raises(FieldUnreadable, match="14:05"):
        read_instant("ngày mai")
