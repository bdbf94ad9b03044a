"""The centre asks bank after bank; where the money is told to be is where it was planted."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from lachan.connector.simulator.cast import cast
from lachan.exchange.kinds import from_json, to_json
from lachan.exchange.messages.trace_credit import Ask
from lachan.kernel.time import from_wire, to_wire
from lachan.tracing.federated import SeedReport, TraceSession
from tests.integration.connector.conftest import NOW, Bench

ADDRESS = {one.code: one.address for one in cast() if one.code}


def trace(bench: Bench, scam: str) -> tuple[TraceSession, set[str]]:
    """Run a trace to its end; answers the session and the banks that were asked."""
    session = TraceSession(trace="t1", until=int(NOW.timestamp()))
    rows = bench.truth["scams"][scam]["report"]["transfers"]
    asks = session.start(
        [
            SeedReport(
                label="v1",
                amount=row["amount"],
                payer_bank=row["from_bank"],
                payer_account=row["from_account"],
                payee_bank=row["to_bank"],
                payee_account=row["to_account"],
                time=int(from_wire(row["at"]).timestamp()),
            )
            for row in rows
        ]
    )
    banks: set[str] = set()
    while asks:
        one = asks.pop(0)
        banks.add(one.bank)
        address = ADDRESS[one.bank]
        question = from_json(Ask, one.ask)
        sent = bench.centre.ask(
            address, "trace_credit", question, subjects=len(question.items), priority="P0"
        )
        bench.run(address)
        answer = bench.centre.answer(sent)
        assert answer is not None, bench.centre.answer(sent, "refuse")
        body: dict[str, Any] = to_json(answer)
        asks += session.on_answer(one.bank, body)
    return session, banks


def planted(bench: Bench, scam: str) -> dict[str, int]:
    """What the moves leave in each account, and at each exit, of the victim's money."""
    told = bench.truth["scams"][scam]
    sums: dict[str, int] = defaultdict(int)
    for _, src, dst, amount in told["moves"]:
        sums[src] -= amount
        sums[dst] += amount
    return sums


def test_the_money_of_the_first_scam_is_found_where_it_was_planted(bench: Bench) -> None:
    session, banks = trace(bench, "green")
    assert len(banks) >= 6
    result = session.result()
    fifo = result.methods["fifo"]
    truth = planted(bench, "green")
    labels = bench.truth["scams"]["green"]["accounts"]
    residual = {account: sum(sums.values()) for account, sums in fifo.residual.items()}
    for label, account in labels.items():
        if label in {"victim", "worker", "shop"}:
            continue
        # 50,000 đồng of each mule's own opening leave first or stay: fifo.
        assert abs(residual.get(account, 0) - truth[account]) <= 60_000 * 8, label
    layers = max(
        int(item["extra"].get("layers", {}).get("fifo", 0))
        for answer in session.answers.values()
        for item in answer["items"]
        if item.get("extra")
    )
    assert layers >= 5


def test_every_tainted_account_comes_with_nine_bands_and_what_can_be_held(bench: Bench) -> None:
    session, _ = trace(bench, "red")
    items = [item for answer in session.answers.values() for item in answer["items"]]
    resting = [item for item in items if item["residual"]]
    assert len(resting) >= 13
    assert all(len(item["bands"]) == 9 for item in resting)
    used = [
        item
        for item in resting
        if any(
            bench.account("red", f"r{number}").endswith(f":{item['account']}")
            for number in range(10)
        )
    ]
    assert len(used) == 10
    for item in used:
        assert item["holdable"] >= 40_000_000
        bands = item["bands"]
        assert not bands["share_ge_50"]
        assert not bands["share_lt_5"]
        assert not bands["age_lt_90d"]
        assert not bands["protected_inflow"]


def test_asking_twice_gives_the_same_answer(bench: Bench) -> None:
    session, _ = trace(bench, "green")
    row = bench.truth["scams"]["green"]["report"]["transfers"][0]
    again, _ = trace(bench, "green")
    assert row
    assert {b: a["items"] for b, a in session.answers.items()} == {
        b: a["items"] for b, a in again.answers.items()
    }


def test_a_trace_survives_a_restart_of_the_bank(bench: Bench) -> None:
    trace(bench, "green")
    connector = bench.open("vn/bank/970902", again=True)
    state = connector.member.store.trace("t1")
    assert state is not None
    assert state["inbound"]["trace"] == "t1"


def test_a_pause_of_the_same_case_does_not_make_the_money_unholdable(bench: Bench) -> None:
    from lachan.exchange.messages import pause

    row = bench.truth["scams"]["green"]["report"]["transfers"][0]
    ask = pause.Ask(
        account=f"{row['to_bank']}:{row['to_account']}",
        credit_time=row["at"],
        credit_amount=row["amount"],
        amount=row["amount"],
        until=to_wire(NOW + timedelta(hours=20)),
        reason="lừa đảo",
    )
    bench.centre.ask("vn/bank/970902", "pause", ask, cap=10**10, until=NOW + timedelta(hours=24))
    bench.run("vn/bank/970902")
    session, _ = trace(bench, "green")
    item = next(
        item for item in session.answers["970902"]["items"] if item["account"] == row["to_account"]
    )
    assert item["holdable"] >= 80_000_000
