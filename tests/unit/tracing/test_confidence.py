"""κ and its four factors, by the worked example of the specification."""

from fractions import Fraction

from lachan.tracing.confidence import (
    BY_AMOUNT,
    BY_REFERENCE,
    Confidence,
    agreement,
    confidence_of,
    coverage,
    link_quality,
    order_certainty,
    taint_range,
)
from lachan.tracing.model import Ledger
from lachan.tracing.movements import Movement, movements_of
from lachan.tracing.replay import replay_all


def test_the_worked_example() -> None:
    one = Confidence(
        agree=agreement(180, 300),
        cover=coverage(0, 1000, (0, 900)),
        order=order_certainty([], frozenset()),
        link=link_quality([(200, BY_REFERENCE), (100, BY_AMOUNT)]),
    )
    assert one.to_json() == {
        "agree": "0.60",
        "cover": "0.90",
        "order": "1.00",
        "link": "0.97",
        "kappa": "0.52",
    }
    assert one.percent == 52


def test_an_assumed_opening_costs_a_fifth() -> None:
    assert coverage(0, 10, (0, 10), opening_assumed=True) == Fraction(4, 5)


def test_no_statement_covers_nothing() -> None:
    assert coverage(0, 10, None) == 0
    assert coverage(5, 5, (0, 4)) == 0
    assert coverage(5, 5, (0, 6)) == 1


def test_uncertain_debits_lower_the_order_factor() -> None:
    moves = [Movement(f"e{i}", i, i, "A", "B", 1, {"v1": 1}) for i in range(4)]
    assert order_certainty(moves, frozenset({"e1"})) == Fraction(3, 4)


def test_an_account_that_no_method_reaches_agrees_with_itself() -> None:
    assert agreement(0, 0) == 1
    assert link_quality([]) == 1


def test_a_central_trace_gives_all_four() -> None:
    ledger = Ledger.from_json(
        {
            "accounts": {"V": {"opening": 1000}, "A": {"opening": 700}},
            "events": [
                {"id": "e1", "time": 1, "src": "V", "dst": "A", "amount": 300},
                {"id": "e2", "time": 2, "src": "A", "dst": "B", "amount": 100},
            ],
            "seeds": [{"victim": "v1", "event": "e1", "amount": 300}],
        }
    )
    traces = replay_all(ledger)
    assert taint_range(traces, "A") == (200, 300)
    found = confidence_of("A", traces, movements_of(ledger, traces["haircut"]), as_of=11)
    assert found.kappa == Fraction(2, 3)
