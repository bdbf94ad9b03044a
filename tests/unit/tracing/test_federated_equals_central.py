"""A federated trace equals the central one, to the đồng, on any ledger, split in any way (tracing §4.2)."""

import json
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from lachan.tracing.federated import BankTrace, SeedReport, TraceSession
from lachan.tracing.memory import MemoryBank
from lachan.tracing.model import EXITS, REPLAYED, Ledger
from lachan.tracing.purse import conserving
from lachan.tracing.replay import replay
from tests.oracles.tracing_ledgers import backed, random_ledger, split

NO_STATEMENT = "zz"


def partition(ledger: Ledger, rng: Random, banks: int) -> dict[str, str]:
    owned = sorted(name for name, one in ledger.accounts.items() if one.kind not in EXITS)
    places = {name: f"b{rng.randrange(banks)}" for name in owned}
    return {
        name: NO_STATEMENT if ledger.kind(name) == "unknown" else bank
        for name, bank in places.items()
    }


def reports(ledger: Ledger, bank_of: dict[str, str]) -> list[SeedReport]:
    found = []
    for seed in ledger.sorted_seeds:
        row = ledger.by_id[seed.event]
        src, dst = row.src or "", row.dst or ""
        found.append(
            SeedReport(
                label=seed.victim,
                amount=seed.amount,
                payer_bank=bank_of[src],
                payer_account=src,
                payee_bank=bank_of[dst],
                payee_account=dst,
                ref=row.id,
                time=row.time,
                event_amount=row.amount,
            )
        )
    return found


def settle(  # noqa: C901 - one loop of mishaps
    ledger: Ledger,
    bank_of: dict[str, str],
    rng: Random,
    *,
    trouble: bool,
    ports: dict[str, MemoryBank] | None = None,
) -> TraceSession:
    """Run until nothing is in the air; messages are lost, doubled, reordered and states restored."""
    ports = ports or split(ledger, bank_of)
    banks = {name: BankTrace() for name in ports}
    session = TraceSession("t1", until=ledger.as_of, policy=ledger.policy)
    asks = list(session.start(reports(ledger, bank_of)))
    answers: list[tuple[str, dict[str, Any]]] = []
    for _ in range(5000):
        if not asks and not answers:
            asks = session.again()
            if not asks:
                return session
        if asks and (not answers or rng.random() < 0.5):
            out = asks.pop(rng.randrange(len(asks)) if trouble else 0)
            if out.bank == NO_STATEMENT:
                session.on_refused(out.bank, None, "NO_MEMBER")
                continue
            if trouble and rng.random() < 0.2:
                continue  # lost
            if trouble and rng.random() < 0.2:
                asks.append(out)  # doubled
            if trouble:
                banks[out.bank] = BankTrace.restore(json.loads(json.dumps(banks[out.bank].state())))
            answer = banks[out.bank].answer(json.loads(json.dumps(out.ask)), ports[out.bank])
            answers.append((out.bank, json.loads(json.dumps(answer))))
        else:
            bank, answer = answers.pop(rng.randrange(len(answers)) if trouble else 0)
            if trouble and rng.random() < 0.2:
                continue
            if trouble and rng.random() < 0.2:
                answers.append((bank, answer))
            asks += session.on_answer(bank, answer)
            if trouble:
                session = TraceSession.from_json(json.loads(json.dumps(session.to_json())))
    raise AssertionError("the trace does not settle")


def plain(table: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {name.split(":", 1)[-1]: dict(row) for name, row in table.items()}


def check(ledger: Ledger, session: TraceSession) -> None:
    result = session.result()
    for method in conserving():
        central = replay(ledger, method)
        sums = result.methods[method]
        where = (method,)
        assert plain(sums.residual) == central.residual, where
        assert plain(sums.exits) == central.exits, where
        assert plain(sums.pending) == central.pending, where
        assert plain(sums.frontier) == central.frontier, where
        assert sums.truncated == central.truncated, where
        assert {n.split(":", 1)[-1]: x for n, x in sums.layers.items()} == central.layers, where
        assert result.conserved(method)
        stopped = {
            event for event, _, why, _ in central.diverted if why in {"hops", "dust", "share"}
        }
        own = {row.id for row in ledger.ordered if ledger.kind(row.src) in {*REPLAYED, "transit"}}
        followed = set(central.flows) & own - stopped
        assert {move.id: dict(move.taint) for move in sums.movements} == {
            event: central.flows[event] for event in followed
        }


# A report and its bank's answer that together say more of a transfer than it moved.
@example(seed=211962, banks=2, trouble=True, caps=True)
@given(st.integers(0, 2**32), st.integers(1, 5), st.booleans(), st.booleans())
def test_the_settled_result_is_the_central_one(
    seed: int, banks: int, trouble: bool, caps: bool
) -> None:
    ledger = backed(random_ledger(seed, caps=caps))
    rng = Random(seed + 1)
    bank_of = partition(ledger, rng, banks)
    check(ledger, settle(ledger, bank_of, rng, trouble=trouble))


@given(st.integers(0, 2**32))
def test_lines_that_contradict_each_other_do_not_keep_the_trace_running(seed: int) -> None:
    ledger = random_ledger(seed, ties=False, reversals=False, unknown=False)
    rng = Random(seed)
    bank_of = partition(ledger, rng, 3)
    ports = {}
    for bank in sorted(set(bank_of.values())):  # each bank says another order of the same days
        moved = [replace(row, time=row.time + rng.randint(0, 6)) for row in ledger.events]
        ports[bank] = split(replace(ledger, events=tuple(moved)), bank_of)[bank]
    session = settle(ledger, bank_of, rng, trouble=False, ports=ports)
    assert not session.outstanding
    assert session.rounds < 2000
