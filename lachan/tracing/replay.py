"""The definition of a trace: a replay of the ledger, event by event, exact to the đồng.

Before its first tainted credit an account is one number, its balance (specs: tracing §1.5), so what
no stolen money touches costs one addition per event. The fast paths must equal this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from lachan.tracing.books import Books
from lachan.tracing.legs import Held, Rules, Sums, add
from lachan.tracing.model import REPLAYED, Account, EventRow, Seed
from lachan.tracing.purse import conserving, method_named
from lachan.tracing.source import LedgerSource
from lachan.tracing.trace import Trace

CLEAN = Account()


def replay(ledger: LedgerSource, method: str = "fifo") -> Trace:
    """Follow every seed through the ledger under one method.

    Raises: UnknownMethod. Source: specs tracing §1.
    """
    books = Books(method_named(method), rules_of(ledger))
    complete = _run(ledger, books)
    return _result(ledger, books, complete=complete)


def replay_all(ledger: LedgerSource) -> dict[str, Trace]:
    """The five conserving methods, side by side."""
    return {name: replay(ledger, name) for name in conserving()}


def rules_of(ledger: LedgerSource) -> Rules:
    """What a replay of this ledger keeps fixed. Only events that exist count."""
    existing = {row.id: row for row in ledger.ordered}
    seeds: dict[str, list[Seed]] = defaultdict(list)
    homes: dict[str, set[str]] = defaultdict(set)
    for seed in ledger.sorted_seeds:
        row = existing.get(seed.event)
        if row is None:
            continue
        seeds[seed.event].append(seed)
        if row.src is not None and ledger.kind(row.src) in REPLAYED | {"unknown"}:
            homes[row.src].add(seed.victim)
    return Rules(
        kind=ledger.kind,
        opening=lambda name: ledger.accounts.get(name, CLEAN).opening,
        policy=ledger.policy,
        seeds={event: tuple(of_event) for event, of_event in seeds.items()},
        homes={account: frozenset(victims) for account, victims in homes.items()},
        reversed_events={
            row.reverses: existing[row.reverses].link
            for row in existing.values()
            if row.reverses in existing and row.id not in ledger.bad_reversals
        },
        bad_reversals=frozenset(ledger.bad_reversals),
    )


def step(books: Books, row: EventRow) -> None:
    """Both legs of one event."""
    layer = books.layer_of(row)
    out = books.debit(row)
    books.credit(row, books.capped(row, out), layer)


def _run(ledger: LedgerSource, books: Books) -> bool:
    policy = ledger.policy
    touched = 0
    for row in ledger.ordered:
        if policy.max_events is not None:
            touched += row.src in books.purses or row.dst in books.purses
            if touched > policy.max_events:
                return False
        step(books, row)
        if policy.max_accounts is not None and len(books.purses) > policy.max_accounts:
            return False
    return True


def _result(ledger: LedgerSource, books: Books, *, complete: bool) -> Trace:
    residual = _sorted({name: purse.taint() for name, purse in books.purses.items()})
    pending: Sums = defaultdict(dict)
    for (node, _), pot in books.pots.items():
        add(pending[node], pot.purse.taint())
    frontier = _sorted(books.frontier)
    waiting = _sorted(pending)
    return Trace(
        method=books.method.name,
        version=books.method.version,
        ledger_digest=ledger.digest(),
        seeds=ledger.sorted_seeds,
        policy=ledger.policy,
        as_of=ledger.end,
        residual=residual,
        exits=_sorted(_by_name(books.exits)),
        pending=waiting,
        frontier=frontier,
        truncated=_sorted(_by_name(books.truncated)),
        flows=_sorted(books.flows),
        parts={event: tuple(books.parts[event]) for event in sorted(books.parts)},
        layers=dict(sorted(books.layers.items())),
        order_uncertain=tuple(sorted(ledger.order_uncertain)),
        relabels=tuple(books.relabels),
        balances={name: books.purses[name].balance for name in sorted(books.purses)},
        requests=requests(pending=waiting, frontier=frontier),
        complete=complete,
        diverted=tuple(books.diverted),
    )


def requests(*, pending: Sums, frontier: Sums) -> tuple[tuple[str, str, int], ...]:
    """Whose data to ask for next, the largest sum first: (node, why, đồng)."""
    wanted = [(node, "pending", sum(sums.values())) for node, sums in pending.items()]
    wanted += [(node, "frontier", sum(sums.values())) for node, sums in frontier.items()]
    return tuple(sorted(wanted, key=lambda one: (-one[2], one[0], one[1])))


def _by_name(held: Mapping[Held, Mapping[str, int]]) -> Sums:
    sums: Sums = defaultdict(dict)
    for (_, name), victims in held.items():
        add(sums[name], victims)
    return sums


def _sorted(sums: Sums) -> Sums:
    """Rows and victims in order, empty rows left out."""
    return {name: dict(sorted(sums[name].items())) for name in sorted(sums) if sums[name]}
