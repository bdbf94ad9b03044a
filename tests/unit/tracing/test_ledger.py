"""What a ledger refuses, naming the field; and the order inside a second."""

from typing import Any

import pytest

from lachan.tracing.errors import (
    AmountInvalid,
    DuplicateId,
    LedgerShape,
    PolicyOutOfRange,
    ReversalInvalid,
    SeedExceeds,
    SeedNotFound,
    SelfTransfer,
    TimeInvalid,
    TracingError,
    UnknownMethod,
)
from lachan.tracing.model import EventRow, Ledger, Policy
from lachan.tracing.replay import replay


def body(**more: Any) -> dict[str, Any]:
    return {
        "accounts": {"V": {"opening": 10}},
        "events": [{"id": "e1", "time": 1, "src": "V", "dst": "A", "amount": 5}],
        "seeds": [{"victim": "v1", "event": "e1", "amount": 5}],
        **more,
    }


def event(**more: Any) -> dict[str, Any]:
    return {"id": "e2", "time": 2, "src": "A", "dst": "B", "amount": 5, **more}


def wrong(**more: Any) -> dict[str, Any]:
    whole = body()
    whole["events"].append(event(**more))
    return whole


@pytest.mark.parametrize(
    ("ledger", "error", "field"),
    [
        (wrong(amount=0), AmountInvalid, "events[1].amount"),
        (wrong(amount=2**62), AmountInvalid, "events[1].amount"),
        (wrong(amount=1.5), AmountInvalid, "events[1].amount"),
        (wrong(amount=True), AmountInvalid, "events[1].amount"),
        (wrong(fee=-1), AmountInvalid, "events[1].fee"),
        (wrong(time="soon"), TimeInvalid, "events[1].time"),
        (wrong(id="e1"), DuplicateId, "events[1].id"),
        (wrong(id=""), LedgerShape, "events[1].id"),
        (wrong(dst="A"), SelfTransfer, "events[1]"),
        (wrong(reverses="e9"), ReversalInvalid, "reverses"),
        (wrong(reverses="e1"), ReversalInvalid, "reverses"),
        (wrong(reverses="e1", dst="V", time=0), ReversalInvalid, "reverses"),
        (body(accounts={"V": {"kind": "purse"}}), LedgerShape, "accounts.V.kind"),
        (body(accounts={"V": {"opening": 0.5}}), AmountInvalid, "accounts.V.opening"),
        (body(events={}), LedgerShape, "events"),
        (body(seeds=[{"victim": "v", "event": "x", "amount": 1}]), SeedNotFound, "seeds[0].event"),
        (body(seeds=[{"victim": "v", "event": "e1", "amount": 6}]), SeedExceeds, "seeds[0].amount"),
        (body(policy={"max_hops": 16}), PolicyOutOfRange, "policy.max_hops"),
        (body(policy={"dust": "much"}), PolicyOutOfRange, "policy.dust"),
        (body(policy={"colour": 1}), LedgerShape, "policy.colour"),
        ([], LedgerShape, "$"),
    ],
)
def test_a_wrong_field_is_refused_by_name(
    ledger: object, error: type[TracingError], field: str
) -> None:
    with pytest.raises(error) as refused:
        Ledger.from_json(ledger)
    assert refused.value.field == field
    assert refused.value.message("vi") != refused.value.message("en")


def test_an_unknown_method_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownMethod) as refused:
        replay(Ledger.from_json(body()), "guess")
    assert "haircut" in refused.value.message()


def test_the_same_row_twice_counts_once() -> None:
    twice = body()
    twice["events"] *= 2
    assert Ledger.from_json(twice).digest() == Ledger.from_json(body()).digest()


def test_a_ledger_comes_back_from_its_json_form() -> None:
    ledger = Ledger.from_json({**wrong(seq=0, fee=2, link="L"), "policy": {"dust": 3}, "as_of": 9})
    assert Ledger.from_json(ledger.to_json()).digest() == ledger.digest()
    assert ledger.digest() != Ledger.from_json(body()).digest()


def test_a_reversal_that_cannot_be_meant_is_an_ordinary_transfer_outside_json() -> None:
    ledger = Ledger(
        accounts={},
        events=(
            EventRow("e1", 1, "A", "B", 5, seq=1),
            EventRow("e2", 2, "B", "C", 5, seq=1, reverses="e1"),
        ),
    )
    assert ledger.bad_reversals == {"e2": "other parties"}
    assert replay(ledger).flows == {}


def test_credits_come_before_debits_in_a_second_without_sequence() -> None:
    rows = (
        EventRow("e1", 5, "A", "B", 1),
        EventRow("e2", 5, "V", "A", 1),
        EventRow("e3", 5, "B", "C", 1, seq=0),
    )
    ledger = Ledger(accounts={}, events=rows)
    assert [row.id for row in ledger.ordered] == ["e2", "e1", "e3"]
    assert ledger.order_uncertain == {"e1", "e2", "e3"}


def test_a_ring_in_one_second_begins_with_the_smallest_id() -> None:
    rows = tuple(EventRow(f"e{i}", 5, "ABC"[i], "BCA"[i], 1) for i in (2, 1, 0))
    assert [row.id for row in Ledger(accounts={}, events=rows).ordered] == ["e0", "e1", "e2"]


def test_a_second_with_every_sequence_is_certain() -> None:
    rows = (EventRow("e1", 5, "A", "B", 1, seq=2), EventRow("e2", 5, "V", "A", 1, seq=1))
    ledger = Ledger(accounts={}, events=rows)
    assert [row.id for row in ledger.ordered] == ["e2", "e1"]
    assert not ledger.order_uncertain


def test_the_usual_policy_is_that_of_a_live_case() -> None:
    assert Policy.usual().to_json() == {
        "dust": 10_000,
        "max_hops": 7,
        "window": 259_200,
        "max_accounts": 20_000,
        "max_events": 5_000_000,
    }
