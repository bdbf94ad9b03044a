"""Legs are read off a federated trace; every đồng of a leg has a place."""

from lachan.cases.rules.figures import traced
from lachan.cases.rules.money import case_sums
from lachan.tracing.federated import BankTrace, Line, SeedReport, TraceSession
from lachan.tracing.memory import MemoryBank

BANKS = ("970436", "970415", "970418")
VICTIM, MULE, SECOND = "970436:1001", "970415:2001", "970418:3001"
T = 1_790_000_000
M = 1_000_000


def ledgers() -> dict[str, MemoryBank]:
    banks = {code: MemoryBank(code, openings={"1001": 900 * M}) for code in BANKS}

    def pay(order: int, src: str, dst: str | None, amount: int, kind: str = "transfer") -> None:
        here, there = src.split(":"), (None, None) if dst is None else dst.split(":")
        banks[here[0]].post(
            here[1], Line(order, f"FT{order}", T + order, -amount, *there, kind=kind)
        )
        if dst is not None:
            banks[there[0]].post(there[1], Line(order, f"FT{order}", T + order, amount, *here))

    pay(1, VICTIM, MULE, 500 * M)
    pay(2, MULE, SECOND, 200 * M)
    pay(3, SECOND, None, 150 * M, "cash")
    pay(4, MULE, None, 40 * M, "merchant")
    pay(5, MULE, SECOND, 9_000)
    return banks


def run(silent: frozenset[str] = frozenset()) -> TraceSession:
    banks, traces = ledgers(), {code: BankTrace() for code in BANKS}
    session = TraceSession(trace="t", until=T + 1_000)
    asks = session.start(
        [SeedReport("v1", 500 * M, *VICTIM.split(":"), *MULE.split(":"), "FT1", T + 1)]
    )
    while asks:
        ask = asks.pop(0)
        if ask.bank not in silent:
            asks += session.on_answer(ask.bank, traces[ask.bank].answer(ask.ask, banks[ask.bank]))
    return session


def test_legs_carry_what_stayed_moved_and_left() -> None:
    legs = {
        one.found.account: one for one in traced(run().result(), "fifo", homes=frozenset({VICTIM}))
    }
    assert set(legs) == {MULE, SECOND}
    mule, second = legs[MULE].found, legs[SECOND].found
    assert (mule.residual, mule.followed, mule.off_rail, mule.layer) == (
        260 * M - 9_000,
        200 * M,
        40 * M,
        1,
    )
    assert (second.residual, second.cash, second.layer) == (50 * M, 150 * M, 2)
    assert (legs[MULE].taint_min, legs[MULE].taint_max, legs[MULE].kappa_percent) == (
        260 * M - 9_000,
        260 * M - 9_000,
        100,
    )
    assert legs[SECOND].credit["ref"] == "FT2"
    assert legs[SECOND].credit["payer"] == MULE


def test_the_case_adds_up_from_its_legs() -> None:
    found = [one.found for one in traced(run().result(), "fifo", homes=frozenset({VICTIM}))]
    sums = case_sums(500 * M, found, {MULE: 260 * M, SECOND: 50 * M})
    assert (sums.held, sums.moved_on, sums.withdrawn, sums.unresolved) == (
        310 * M - 9_000,
        40 * M,
        150 * M,
        9_000,
    )


def test_a_silent_bank_is_a_leg_whose_money_waits() -> None:
    legs = {
        one.found.account: one
        for one in traced(run(frozenset({"970418"})).result(), "fifo", homes=frozenset({VICTIM}))
    }
    assert legs[SECOND].found.waiting == 200 * M
    assert not legs[SECOND].found.answered
    assert legs[SECOND].holdable is None


def test_a_guess_by_amount_lowers_the_confidence() -> None:
    from lachan.cases.rules.figures import _kappa

    assert _kappa({"FT1": 10, "x": 6}, "FOUND") == 60
    assert _kappa({}, "AMBIGUOUS") == 60
    assert _kappa(None, "FOUND") == 100
