"""Where to hold first: scores, sizes, what is left out, and the colour from the forecast."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.tracing.plan import Candidate, Colour, Plan, changes, plan, saved

M = 1_000_000


@dataclass(frozen=True)
class Said:
    decision: str = "keep"
    innocent: int = 0
    reasons: tuple[str, ...] = ()


def fine(chosen: Sequence[tuple[Candidate, int]]) -> list[Said]:
    return [Said() for _ in chosen]


def mule(account: str = "a", tau: int = 60 * M, **more: Any) -> Candidate:
    plain = Candidate("970436", account, tau, tau, tau, tau)
    return replace(plain, **more)


def make(candidates: Sequence[Candidate], limit: int = 1000 * M, forecast=fine) -> Plan:
    return plan(
        candidates, method="fifo", at="2026-11-24T08:00:00.000Z", limit=limit, forecast=forecast
    )


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
    amounts = {row.account: row.amount for row in made.messages["970436"]}
    assert amounts == {"a": 5 * M, "b": 5 * M, "c": 60 * M}
    assert made.amount == 70 * M


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"kind": "transit"}, "transit"),
        ({"never_block": True}, "never_block"),
        ({"low_value": True}, "low_value"),
        ({"thin": True}, "share"),
        ({"kappa_percent": 0}, "confidence"),
        ({"holdable": 0}, "nothing_left"),
    ],
)
def test_what_is_left_out_has_its_reason(more: dict[str, Any], why: str) -> None:
    assert make([mule(**more)]).left_out == (("970436", "a", 60 * M, why),)


def test_the_forecast_leaves_out_ticks_and_colours() -> None:
    def said(chosen: Sequence[tuple[Candidate, int]]) -> list[Said]:
        words = {
            "a": Said(innocent=3 * M, decision="tick"),
            "b": Said("leave_out", 0, ("merchant",)),
        }
        return [words[one.account] for one, _ in chosen]

    made = make([mule("a"), mule("b")], forecast=said)
    assert made.left_out == (("970436", "b", 60 * M, "forecast:merchant"),)
    assert made.messages["970436"][0].tick
    assert made.colour is Colour.AMBER


@pytest.mark.parametrize(("innocent", "colour"), [(2, "GREEN"), (5, "AMBER"), (6, "RED")])
def test_the_colour_is_the_share_of_bystanders(innocent: int, colour: str) -> None:
    made = make([mule(tau=100)], forecast=lambda chosen: [Said(innocent=innocent) for _ in chosen])
    assert made.colour.value == colour


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
