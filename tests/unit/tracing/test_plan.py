"""Where to hold first: scores, sizes, what is left out, and the colour from the forecast."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.tracing.plan import Candidate, Plan, changes, plan, saved

M = 1_000_000


@dataclass(frozen=True)
class Said:
    decision: str = "keep"
    innocent: int = 0


class Fine:
    """A forecast that says what it was told of each account, and what colour the shares make."""

    def __init__(self, **words: Said) -> None:
        self.words = words

    def judge(self, one: Candidate, _amount: int) -> Said:
        return self.words.get(one.account, Said())

    def colour(self, kept: Sequence[Any]) -> str:
        return "RED" if any(one.innocent for one in kept) else "GREEN"


def mule(account: str = "a", tau: int = 60 * M, **more: Any) -> Candidate:
    return replace(Candidate("970436", account, tau, tau), **more)


def make(
    candidates: Sequence[Candidate], limit: int = 1000 * M, forecast: Any = None, least: int = 1
) -> Plan:
    return plan(
        candidates, method="fifo", at="2026-11-24T08:00:00.000Z", limit=limit, least=least,
        forecast=forecast or Fine(),
    )  # fmt: skip


def amounts(made: Plan) -> dict[str, int]:
    return {row.candidate.account: row.amount for row in made.messages["970436"]}


@pytest.mark.parametrize(("delay", "expected"), [(0.1, 32_847_076), (0.5, 2_979_820)])
def test_the_worked_score(delay: float, expected: int) -> None:
    assert round(saved(60 * M, 6, delay)) == pytest.approx(expected, abs=30)
    one = mule(dwell_minutes=10, delay_hours=delay)
    assert one.hazard == 6
    assert one.score == saved(60 * M, 6, delay)


def test_a_hazard_has_a_floor_a_ceiling_and_the_channels_limit() -> None:
    assert mule().hazard == 0.05
    assert mule(confirmed=True).hazard == 2
    assert mule(dwell_minutes=0).hazard == 60
    assert mule(dwell_minutes=1, cash_cap_per_day=30 * M).hazard == 0.5


def test_amounts_stop_at_the_holdable_the_taint_and_the_case_s_losses() -> None:
    made = make([mule("a", holdable=10 * M), mule("b", most=5 * M), mule("c")], limit=70 * M)
    assert amounts(made) == {"a": 5 * M, "b": 5 * M, "c": 60 * M}
    assert made.amount == 70 * M


@pytest.mark.parametrize(
    ("more", "why"),
    [({"barred": "never_block"}, "never_block"), ({"holdable": 0}, "no_balance"), ({"tau": 400_000}, "low_value"),
     ({"most": 0}, "no_loss_left")],
)  # fmt: skip
def test_what_is_left_out_has_its_reason(more: dict[str, Any], why: str) -> None:
    one = mule(**more)
    assert make([one], least=500_000).left_out == (("970436", "a", one.tau, why),)


def test_what_a_limit_leaves_nothing_for_says_so() -> None:
    assert make([mule()], limit=0).left_out[0][3] == "no_loss_left"


def test_what_is_left_out_takes_nothing_of_the_limit() -> None:
    said = Fine(a=Said("leave_out", 3 * M))
    made = make([mule("a", tau=61 * M), mule("b")], limit=60 * M, forecast=said)
    assert amounts(made) == {"b": 60 * M}
    assert made.left_out == (("970436", "a", 61 * M, "forecast"),)


def test_the_forecast_ticks_and_colours_what_is_in() -> None:
    said = Fine(a=Said("tick", 3 * M), b=Said("leave_out", 9 * M))
    made = make([mule("a"), mule("b")], forecast=said)
    assert made.messages["970436"][0].tick
    assert (made.colour, made.innocent) == ("RED", 3 * M)


@given(st.permutations([mule(name, tau=(i + 1) * M) for i, name in enumerate("abcdef")]))
def test_equal_inputs_in_any_order_give_equal_bytes(candidates: list[Candidate]) -> None:
    usual = [mule(name, tau=(i + 1) * M) for i, name in enumerate("abcdef")]
    assert make(candidates).to_bytes() == make(usual).to_bytes()


def test_a_new_plan_asks_only_the_difference() -> None:
    before = make([mule("a", tau=50), mule("b", tau=30)])
    after = make([mule("a", tau=20), mule("c", tau=7)])
    assert changes(before, after) == (
        ("release", "970436", "a", 30),
        ("release", "970436", "b", 30),
        ("hold", "970436", "c", 7),
    )
    assert changes(None, after)[0] == ("hold", "970436", "a", 20)
    assert not changes(after, after)
