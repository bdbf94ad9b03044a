"""What holds for every ledger (specs: tracing §2). The ledgers are random, the seed names one."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.tracing.books import Books
from lachan.tracing.model import Account, EventRow, Ledger, Policy, Seed
from lachan.tracing.movements import movements_of
from lachan.tracing.paths import paths
from lachan.tracing.purse import all_methods, conserving, method_named
from lachan.tracing.replay import replay, replay_all, rules_of, step
from tests.oracles.tracing_ledgers import random_ledger
from tests.oracles.tracing_tokens import tokens

FIVE = st.sampled_from(conserving())
SIX = st.sampled_from(tuple(all_methods()))
ANY = st.integers(0, 2**32)


def looted(ledger: Ledger) -> dict[str, int]:
    sums: dict[str, int] = {}
    for seed in ledger.sorted_seeds:
        sums[seed.victim] = sums.get(seed.victim, 0) + seed.amount
    return sums


@given(ANY, FIVE, st.booleans())
def test_no_dong_is_made_or_lost(seed: int, method: str, caps: bool) -> None:
    ledger = random_ledger(seed, caps=caps, huge=True, victims=3)
    assert replay(ledger, method).accounted() == looted(ledger)


@given(ANY, FIVE)
def test_taint_is_never_negative_nor_above_the_balance(seed: int, method: str) -> None:
    ledger = random_ledger(seed)
    books = Books(method_named(method), rules_of(ledger))
    for row in ledger.ordered:
        step(books, row)
        for purse in books.purses.values():
            taint = purse.taint()
            assert all(amount > 0 for amount in taint.values())
            assert sum(taint.values()) <= max(purse.balance, 0)
            lots = getattr(purse, "lots", None)
            if lots is not None:
                assert sum(amount for _, amount in lots) == max(purse.balance, 0)


@given(ANY, FIVE)
def test_a_flow_is_never_above_its_event(seed: int, method: str) -> None:
    ledger = random_ledger(seed, caps=True)
    trace = replay(ledger, method)
    for event, flow in trace.flows.items():
        row = ledger.by_id[event.removesuffix("#fee")]
        assert sum(flow.values()) <= (row.fee if event.endswith("#fee") else row.amount)
    for event, parts in trace.parts.items():
        assert sum(amount for _, amount in parts) == ledger.by_id[event].amount


@given(ANY, SIX, st.integers(0, 25))
def test_what_comes_later_changes_nothing_before(seed: int, method: str, end: int) -> None:
    ledger = random_ledger(seed)
    earlier = tuple(row for row in ledger.events if row.time <= end)
    ids = {row.id for row in earlier}
    cut = replace(
        ledger, events=earlier, seeds=tuple(s for s in ledger.seeds if s.event in ids), as_of=end
    )
    whole = replay(replace(ledger, as_of=end), method).to_json()
    short = replay(cut, method).to_json()
    for body in (whole, short):
        del body["ledger_digest"], body["seeds"]
    assert whole == short


@given(ANY, SIX)
def test_events_that_no_taint_touches_change_nothing(seed: int, method: str) -> None:
    ledger = random_ledger(seed)
    more = tuple(EventRow(f"z{i}", i, "far", "away", 5 + i, seq=i) for i in range(10))
    before = replay(ledger, method).to_json()
    after = replay(replace(ledger, events=(*ledger.events, *more)), method).to_json()
    for body in (before, after):
        del body["ledger_digest"], body["order_uncertain"]
    uncertain = {
        "order_uncertain"
    }  # a second shared with strangers may lose its sequence only there
    assert {k: v for k, v in before.items() if k not in uncertain} == after


@given(ANY, FIVE)
def test_an_account_before_its_first_taint_is_one_number(seed: int, method: str) -> None:
    ledger = random_ledger(seed)
    lazy = replay(ledger, method)
    books = Books(method_named(method), rules_of(ledger))
    for name, account in ledger.accounts.items():
        if account.kind in {"account", "wallet"}:
            books.purses[name] = method_named(method).open(account.opening)
    for row in ledger.ordered:
        step(books, row)
    eager = {name: purse.taint() for name, purse in books.purses.items() if purse.taint()}
    assert lazy.residual == eager
    assert lazy.flows == {event: books.flows[event] for event in sorted(books.flows)}


@given(ANY, st.sampled_from(("fifo", "lifo")))
def test_each_victims_result_stands_alone_under_lots(seed: int, method: str) -> None:
    ledger = random_ledger(seed, reversals=False, victims=3)
    together = replay(ledger, method)
    robbed = {ledger.by_id[one.event].src for one in ledger.seeds}
    shared = len({one.event for one in ledger.seeds}) < len(
        {(o.event, o.victim) for o in ledger.seeds}
    )
    if shared or robbed & set(together.layers):  # a seed's own rule moves the others' money there
        return
    for victim in looted(ledger):
        own = tuple(one for one in ledger.seeds if one.victim == victim)
        alone = replay(replace(ledger, seeds=own), method)
        for table in ("residual", "exits", "pending", "frontier"):
            joint = {
                name: {victim: row[victim]}
                for name, row in getattr(together, table).items()
                if victim in row
            }
            assert getattr(alone, table) == joint


@given(
    st.integers(1, 10**15), st.integers(0, 10**15), st.integers(1, 10**15), st.integers(0, 10**15)
)
def test_one_debit_orders_the_methods(balance: int, clean: int, debit: int, later: int) -> None:
    stolen, later = balance, later % 1000
    taken = {}
    for method in conserving():
        purse = method_named(method).open(clean)
        purse.credit([("v1", stolen)], stolen)
        purse.credit([(None, later)], later)
        taken[method] = sum(n for label, n in purse.debit(debit) if label is not None)
    assert taken["libr"] <= taken["haircut"] <= taken["tainted_first"]
    for method in ("fifo", "lifo"):
        assert taken["libr"] <= taken[method] <= taken["tainted_first"]


@given(st.integers(0, 50), st.integers(1, 50), st.lists(st.integers(-40, 40), max_size=12))
def test_libr_keeps_the_lowest_balance_since_the_theft(
    opening: int, stolen: int, moves: list[int]
) -> None:
    events = [EventRow("s", 0, "V", "A", stolen, seq=0)]
    balance = lowest = opening + stolen
    for index, change in enumerate(move for move in moves if move):
        src, dst = ("C", "A") if change > 0 else ("A", "D")
        events.append(EventRow(f"e{index}", index + 1, src, dst, abs(change), seq=0))
        balance += change
        lowest = min(lowest, balance)
    ledger = Ledger(
        accounts={"A": Account(opening), "V": Account(100)},
        events=tuple(events),
        seeds=(Seed("v1", "s", stolen),),
    )
    assert replay(ledger, "libr").taint("A") == max(0, min(stolen, lowest))


@given(ANY, st.integers(2, 1000), st.sampled_from(("fifo", "lifo", "libr", "tainted_first")))
def test_amounts_scale(seed: int, factor: int, method: str) -> None:
    ledger = random_ledger(seed, victims=1, reversals=False)
    scaled = replace(
        ledger,
        accounts={
            name: replace(one, opening=one.opening * factor)
            for name, one in ledger.accounts.items()
        },
        events=tuple(
            replace(row, amount=row.amount * factor, fee=row.fee * factor) for row in ledger.events
        ),
        seeds=tuple(replace(one, amount=one.amount * factor) for one in ledger.seeds),
    )
    once, more = replay(ledger, method), replay(scaled, method)
    for table in ("residual", "exits", "flows", "pending", "frontier"):
        assert getattr(more, table) == {
            name: {victim: amount * factor for victim, amount in row.items()}
            for name, row in getattr(once, table).items()
        }


@given(ANY, SIX)
def test_renaming_accounts_renames_the_result(seed: int, method: str) -> None:
    ledger = random_ledger(seed)
    names = {name: f"n-{name}" for name in ledger.accounts}
    renamed = replace(
        ledger,
        accounts={names[name]: one for name, one in ledger.accounts.items()},
        events=tuple(
            replace(row, src=names.get(row.src or ""), dst=names.get(row.dst or ""))
            for row in ledger.events
        ),
    )
    once, again = replay(ledger, method), replay(renamed, method)
    assert again.flows == once.flows
    assert again.residual == {names[name]: row for name, row in once.residual.items()}


@given(ANY, FIVE)
def test_poison_touches_every_account_that_any_method_touches(seed: int, method: str) -> None:
    ledger = random_ledger(seed, reversals=False, transit=False, overdrafts=False)
    marked = set(replay(ledger, "poison").layers)
    assert set(replay(ledger, method).layers) <= marked


@given(ANY)
def test_all_methods_agree_where_no_clean_money_is(seed: int) -> None:
    rng = Random(seed)
    balance = {f"a{i}": 0 for i in range(5)}
    events = [EventRow("s", 0, "V", "a0", 100, seq=0)]
    balance["a0"] = 100
    for index in range(20):
        src = rng.choice([name for name, amount in balance.items() if amount])
        dst = rng.choice([name for name in balance if name != src])
        amount = rng.randint(1, balance[src])
        balance[src] -= amount
        balance[dst] += amount
        events.append(EventRow(f"e{index}", index + 1, src, dst, amount, seq=0))
    ledger = Ledger(
        accounts={"V": Account(100)}, events=tuple(events), seeds=(Seed("v1", "s", 100),)
    )
    for trace in replay_all(ledger).values():
        assert {name: trace.taint(name) for name in balance} == balance


@given(ANY, FIVE)
def test_a_full_reversal_at_once_restores_the_state(seed: int, method: str) -> None:
    ledger = random_ledger(seed, overdrafts=False, reversals=False, fees=False)
    rules = rules_of(ledger)
    books = Books(method_named(method), replace(rules, reversed_events={"t": None}))
    for row in ledger.ordered:
        step(books, row)
    able = [n for n, p in books.purses.items() if p.balance > 1]
    if not able:
        return
    src = able[0]
    dst = next((n for n, p in books.purses.items() if n != src and p.balance >= 0), "fresh")
    if dst in rules.homes or src in rules.homes:
        return
    seen = {
        n: (p.balance, p.taint(), list(getattr(p, "lots", ()))) for n, p in books.purses.items()
    }
    amount = books.purses[src].balance // 2
    step(books, EventRow("t", 999, src, dst, amount))
    step(books, EventRow("r", 1000, dst, src, amount, reverses="t"))
    for name, state in seen.items():
        purse = books.purses[name]
        assert (purse.balance, purse.taint(), list(getattr(purse, "lots", ()))) == state


@given(ANY, SIX)
def test_the_order_of_the_input_does_not_matter(seed: int, method: str) -> None:
    ledger = random_ledger(seed)
    events = list(ledger.events)
    Random(seed).shuffle(events)
    assert replay(replace(ledger, events=tuple(events)), method).to_bytes() == (
        replay(ledger, method).to_bytes()
    )


@given(ANY, st.sampled_from(("fifo", "lifo")))
def test_lots_equal_a_replay_of_single_dong(seed: int, method: str) -> None:
    ledger = random_ledger(seed, reversals=False, transit=False, unknown=False, overdrafts=False)
    trace = replay(ledger, method)
    assert tokens(ledger, method) == trace.residual


@given(ANY, FIVE)
def test_paths_add_up_to_every_place_where_money_lies(seed: int, method: str) -> None:
    ledger = random_ledger(seed, caps=True)
    trace = replay(ledger, method)
    moves = movements_of(ledger, trace, diversions=True)
    for victim, amount in looted(ledger).items():
        seeds: dict[str, int] = {}
        for one in ledger.seeds:
            if one.victim == victim:
                seeds[one.event] = seeds.get(one.event, 0) + one.amount
        found = paths(moves, seeds, victim, most=10_000)
        assert found.total == amount
        into: dict[str, int] = {}
        for path in found.shown:
            into[path.sink] = into.get(path.sink, 0) + path.amount
        tables = (trace.residual, trace.exits, trace.pending, trace.frontier, trace.truncated)
        placed = {n: row[victim] for table in tables for n, row in table.items() if victim in row}
        assert into == placed


def test_a_window_ends_the_trace_so_long_after_the_last_seed() -> None:
    ledger = Ledger(
        accounts={"V": Account(10)},
        events=(
            EventRow("e1", 100, "V", "A", 10),
            EventRow("e2", 150, "A", "B", 10),
            EventRow("e3", 161, "B", "C", 10),
        ),
        seeds=(Seed("v1", "e1", 10),),
        policy=Policy(window=60),
    )
    trace = replay(ledger)
    assert trace.as_of == 160
    assert trace.residual == {"B": {"v1": 10}}


@pytest.mark.parametrize("most", [1, 2])
def test_a_limit_of_accounts_stops_the_replay_and_says_so(most: int) -> None:
    chain = tuple(EventRow(f"e{i}", i, f"a{i}", f"a{i + 1}", 10) for i in range(6))
    ledger = Ledger(
        accounts={"a0": Account(10)},
        events=chain,
        seeds=(Seed("v1", "e0", 10),),
        policy=Policy(max_accounts=most),
    )
    trace = replay(ledger)
    assert not trace.complete
    assert trace.accounted() == {"v1": 10}
