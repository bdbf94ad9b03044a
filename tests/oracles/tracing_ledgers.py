"""Random ledgers for the properties of tracing: rings, ties, fees, reversals, overdrafts, transit …

A seed of the generator is the whole description of a ledger, so a failure names one number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from lachan.tracing.lines import Line
from lachan.tracing.memory import MemoryBank
from lachan.tracing.model import EXITS, REPLAYED, Account, EventRow, Ledger, Policy, Seed


def random_ledger(
    seed: int,
    *,
    events: int = 30,
    accounts: int = 5,
    fees: bool = True,
    reversals: bool = True,
    overdrafts: bool = True,
    transit: bool = True,
    unknown: bool = True,
    caps: bool = False,
    ties: bool = True,
    huge: bool = False,
    victims: int = 2,
) -> Ledger:
    """A ledger that a few victims' money runs through."""
    rng = Random(seed)
    unit = 10**15 if huge and rng.random() < 0.5 else 1
    names = [f"a{i}" for i in range(accounts)]
    lowest = -30 if overdrafts else 0
    nodes = {name: Account(rng.randint(lowest, 60) * unit) for name in names}
    nodes["w"] = Account(0, "wallet")
    nodes["atm"] = Account(0, "cash")
    nodes["shop"] = Account(0, "merchant")
    if transit:
        nodes["pool"] = Account(0, "transit")
    if unknown:
        nodes["x"] = Account(0, "unknown")
    choice = [*names, *names, *sorted(nodes)]
    rows: list[EventRow] = []
    time = 0
    for index in range(events):
        time += rng.choice((0, 1, 1)) if ties else 1
        original = rng.choice(rows) if rows and reversals and rng.random() < 0.2 else None
        if (
            original is not None
            and original.time < time
            and None not in {original.src, original.dst}
        ):
            src, dst, reverses = original.dst, original.src, original.id
            amount = rng.choice((original.amount, rng.randint(1, 40) * unit))
        else:
            src = rng.choice([*choice, None])
            dst = rng.choice([name for name in [*choice, None] if name != src])
            reverses, amount = None, rng.randint(1, 40) * unit + rng.randint(0, unit - 1)
        if src is None and dst is None:
            continue
        rows.append(
            EventRow(
                id=f"e{index:03d}",
                time=time,
                src=src,
                dst=dst,
                amount=amount,
                seq=None if ties and rng.random() < 0.2 else index,
                fee=rng.choice((0, 0, 0, rng.randint(1, 5) * unit)) if fees and src else 0,
                link=rng.choice(("L1", "L2", None)) if "pool" in {src, dst} else None,
                reverses=reverses,
            )
        )
    ledger = Ledger(accounts=nodes, events=tuple(rows), policy=_caps(rng) if caps else Policy())
    return replace(ledger, seeds=_seeds(rng, ledger, victims))


def backed(ledger: Ledger) -> Ledger:
    """Reversals kept only where the payer, if it has a statement, has the money at the time.

    A bank whose account no taint has touched is never asked, so it cannot say that it lent the money.
    """
    balances = {name: one.opening for name, one in ledger.accounts.items()}
    lent: set[str] = set()
    for row in ledger.ordered:
        if row.reverses is not None and row.src is not None:
            kind = ledger.kind(row.src)
            short = kind in REPLAYED and balances[row.src] < row.amount
            if short or kind in {"transit", "unknown"}:
                lent.add(row.id)
        if row.src is not None:
            balances[row.src] -= row.amount + row.fee
        if row.dst is not None:
            balances[row.dst] += row.amount
    events = tuple(replace(r, reverses=None) if r.id in lent else r for r in ledger.events)
    return replace(ledger, events=events)


def _caps(rng: Random) -> Policy:
    return Policy(
        dust=rng.choice((0, 3, 6)),
        max_hops=rng.choice((None, 1, 2, 3)),
        min_share_ppm=rng.choice((0, 100_000, 400_000)),
    )


def _seeds(rng: Random, ledger: Ledger, victims: int) -> tuple[Seed, ...]:
    own = {name for name, one in ledger.accounts.items() if one.kind in REPLAYED}
    wanted = [row for row in ledger.ordered if row.src in own and row.dst in own]
    wanted = [row for row in wanted if row.reverses is None]
    seeds: list[Seed] = []
    left = {row.id: row.amount for row in wanted}
    for number in range(rng.randint(1, victims)):
        early = wanted[: max(3, len(wanted) // 2)]
        for row in rng.sample(early, min(len(early), rng.randint(1, 2))):
            amount = rng.randint(1, left[row.id]) if left[row.id] else 0
            if amount:
                left[row.id] -= amount
                seeds.append(Seed(f"v{number + 1}", row.id, amount))
    return tuple(seeds)


def split(ledger: Ledger, bank_of: Mapping[str, str]) -> dict[str, MemoryBank]:
    """The ledger as each bank sees it: lines of its own accounts, in the total order."""
    banks: dict[str, MemoryBank] = {}
    for bank in sorted(set(bank_of.values())):
        own = {name: one for name, one in ledger.accounts.items() if bank_of.get(name) == bank}
        banks[bank] = MemoryBank(
            bank,
            openings={name: one.opening for name, one in own.items()},
            kinds={name: one.kind for name, one in own.items()},
        )
    for place, row in enumerate(ledger.ordered, start=1):
        for account, peer, sign in ((row.src, row.dst, -1), (row.dst, row.src, 1)):
            if account is None or account not in bank_of or ledger.kind(account) == "unknown":
                continue
            home = banks[bank_of[account]]
            kind = ledger.kind(peer)
            line = Line(
                order=place,
                ref=row.id,
                time=row.time,
                amount=sign * row.amount,
                peer_bank=bank_of.get(peer or ""),
                peer_account=peer,
                balance_after=home.balance(account) + sign * row.amount,
                kind=kind if kind in EXITS or kind == "transit" else "transfer",
                link=row.link,
                reverses=row.reverses,
                seq=row.seq,
                order_uncertain=row.id in ledger.order_uncertain,
            )
            home.post(account, line)
            if sign < 0 and row.fee:
                after = home.balance(account) - row.fee
                home.post(account, replace(line, amount=-row.fee, kind="fee", balance_after=after))
    return banks
