"""A bank that is wrong about its sums changes nobody else's: its part stands as unresolved, and not a đồng is made or lost."""

import copy
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lachan.tracing.federated import BankTrace, SeedReport, TraceSession
from lachan.tracing.purse import conserving
from tests.oracles.tracing_ledgers import backed, random_ledger, split
from tests.unit.tracing.test_federated import SEED, banks, session
from tests.unit.tracing.test_federated_equals_central import partition, reports

LIAR = "970002"
Lie = Any


def more_taint(answer: dict[str, Any]) -> None:
    for item in answer["items"]:
        for row in item["residual"].values():
            for label in row:
                row[label] += 1


def less_taint(answer: dict[str, Any]) -> None:
    for item in answer["items"]:
        item["residual"] = {}


def less_than_nothing(answer: dict[str, Any]) -> None:
    for item in answer["items"]:
        item["pending"] = {method: {"v1": -5} for method in conserving()}


def somebody_else_s(answer: dict[str, Any]) -> None:
    answer["items"][0]["exits"] = {method: {"cash": {"v9": 1}} for method in conserving()}


def ten_to_the_eighteenth(answer: dict[str, Any]) -> None:
    for item in answer["items"]:
        for out in item["out"]:
            out["amount"] = 10**18
            out["parts"] = {method: [["v1", 10**18]] for method in out["parts"]}


def twice(answer: dict[str, Any]) -> None:
    answer["items"] *= 2


def everything_onward(answer: dict[str, Any]) -> None:
    for item in answer["items"]:
        for out in item["out"]:
            out["parts"] = {method: [["v1", out["amount"]]] for method in conserving()}


LIES = [
    more_taint,
    less_than_nothing,
    somebody_else_s,
    ten_to_the_eighteenth,
    twice,
    everything_onward,
]


def run_with(
    one: TraceSession, ports: Any, seeds: list[SeedReport], lie: Lie, liar: str
) -> dict[str, BankTrace]:
    asks = one.start(seeds)
    told = {name: BankTrace() for name in ports}
    for _ in range(2000):
        if not asks:
            return told
        out = asks.pop(0)
        answer = copy.deepcopy(told[out.bank].answer(out.ask, ports[out.bank]))
        if out.bank == liar and lie is not None:
            lie(answer)
        asks += one.on_answer(out.bank, answer)
    raise AssertionError("the trace does not end")


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_leaves_the_bank_s_part_unresolved(lie: Lie) -> None:
    one = session()
    run_with(one, banks(), [SEED], lie, LIAR)
    result = one.result()
    assert result.state == "PROVISIONAL"
    for method in conserving():
        assert result.conserved(method), method
        assert result.methods[method].frontier == {"970002:A": {"v1": 300}}
        assert not result.methods[method].residual
    assert [row["reason"] for row in result.unresolved] == ["sums"]


def test_what_an_answer_leaves_out_is_unresolved_beside_what_it_says() -> None:
    one = session()
    run_with(one, banks(), [SEED], less_taint, LIAR)
    result = one.result()
    assert result.state == "PROVISIONAL"
    assert all(result.conserved(method) for method in conserving())
    assert result.methods["fifo"].frontier == {"970002:A": {"v1": 300}}
    assert result.methods["lifo"].residual == {"970001:B": {"v1": 300}}
    assert not result.methods["lifo"].frontier
    assert [(row["reason"], row["amount"]) for row in result.unresolved] == [("left_out", 300)]


def test_asked_anew_an_answer_that_adds_up_is_taken_after_all() -> None:
    one, ports = session(), banks()
    told = run_with(one, ports, [SEED], more_taint, LIAR)
    asks = one.again(LIAR)
    while asks:
        out = asks.pop(0)
        asks += one.on_answer(out.bank, told[out.bank].answer(out.ask, ports[out.bank]))
    result = one.result()
    assert all(result.conserved(method) for method in conserving())
    assert result.methods["fifo"].residual == {"970002:A": {"v1": 300}}
    assert result.methods["lifo"].residual == {"970001:B": {"v1": 300}}


def scramble(rng: Random) -> Lie:
    """Some numbers of an answer, wrong by any amount."""

    def wrong(amount: int, chance: float) -> int:
        by = rng.choice((-7, -1, 1, 5, 10**12)) if rng.random() < chance else 0
        return max(0, amount + by)

    def lie(answer: dict[str, Any]) -> None:
        for item in answer["items"]:
            for row in [*item["residual"].values(), *item["pending"].values()]:
                row.update({label: wrong(amount, 0.4) for label, amount in row.items()})
            for out in item["out"]:
                out["parts"] = {
                    method: [[label, wrong(amount, 0.3)] for label, amount in parts]
                    for method, parts in out["parts"].items()
                }

    return lie


# Corrected while it was distrusted, asked anew about much at once, and holding on to a sum that was corrected.
@example(323)
@example(2136)
@example(8064)
@given(st.integers(0, 10**9))
def test_whatever_one_bank_says_every_dong_of_every_victim_has_one_place(seed: int) -> None:
    rng = Random(seed)
    ledger = backed(random_ledger(seed))
    bank_of = partition(ledger, rng, rng.randint(2, 4))
    ports = split(ledger, bank_of)
    liar = rng.choice(sorted(ports))
    one = TraceSession("t1", until=ledger.as_of, policy=ledger.policy)
    asks = list(one.start(reports(ledger, bank_of)))
    told = {name: BankTrace() for name in ports}
    lie = scramble(rng)
    for _ in range(3000):
        if not asks:
            break
        out = asks.pop(0)
        if out.bank not in told:
            one.on_refused(out.bank, None, "NO_MEMBER")
            continue
        answer = copy.deepcopy(told[out.bank].answer(out.ask, ports[out.bank]))
        if out.bank == liar:
            lie(answer)
        asks += one.on_answer(out.bank, answer)
    result = one.result()
    for method in conserving():
        assert result.conserved(method), method
