"""Transfers become each member's own lines: two legs, the bank's order, the balance after each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lachan.adapters.ledgers.port import SALARY
from lachan.connector.simulator.cast import SimMember
from lachan.connector.simulator.country import KINDS, NOBODY, Accounts, Array, Transfers

FEW = 50_000  # đồng: the opening of an account that was opened for one purpose


@dataclass(frozen=True, slots=True)
class Lines:
    """All members' lines in time order. `account` and `peer` are indices, `transfer` numbers the transfer."""

    account: Array
    peer: Array
    time: Array
    amount: Array
    transfer: Array
    kind: Array
    link: Array
    category: Array
    balance: Array


def lines_of(transfers: Transfers, accounts: Accounts, rng: np.random.Generator) -> Lines:
    """Debit and credit legs, each credit right behind its debit."""
    count = len(transfers.time)
    numbers = np.arange(count)
    inside = transfers.dst != NOBODY
    place = np.concatenate([numbers * 2, numbers[inside] * 2 + 1])
    order = np.argsort(place, kind="stable")

    def both(out: Array, back: Array) -> Array:
        return np.concatenate([out, back[inside]])[order]

    account = both(transfers.src, transfers.dst)
    amount = both(-transfers.amount, transfers.amount)
    return Lines(
        account=account,
        peer=both(transfers.dst, transfers.src),
        time=both(transfers.time, transfers.time),
        amount=amount,
        transfer=both(numbers, numbers),
        kind=both(transfers.kind, transfers.kind),
        link=both(transfers.link, transfers.link),
        category=both(np.zeros(count, np.int8), transfers.category),
        balance=_balances(account, amount, accounts, rng),
    )


def _balances(account: Array, amount: Array, accounts: Accounts, rng: np.random.Generator) -> Array:
    """Balance after each line; openings are such that no balance falls below nought."""
    total = len(accounts.rows)
    order = np.argsort(account, kind="stable")
    sums = np.cumsum(amount[order])
    counts = np.bincount(account, minlength=total)
    starts = np.cumsum(counts) - counts
    before = np.where(starts > 0, sums[np.maximum(starts - 1, 0)], 0)
    running = sums - np.repeat(before, counts)
    lowest = np.zeros(total, np.int64)
    used = counts > 0
    lowest[used] = np.minimum.reduceat(running, starts[used])
    spare = rng.integers(50, 5_000, total) * 1000
    spare[accounts.small] = FEW
    opening = np.maximum(0, -lowest) + spare
    balance = np.empty_like(running)
    balance[order] = running + np.repeat(opening, counts)
    return balance


def columns(
    lines: Lines,
    accounts: Accounts,
    members: tuple[SimMember, ...],
    member: int,
    links: dict[int, str],
) -> dict[str, Array]:
    """One member's lines in the columns of the ledger port."""
    import pyarrow as pa  # noqa: PLC0415 - only the generator needs both libraries at once
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    owner = np.array(accounts.member)
    mine = owner[lines.account] == member
    numbers = pa.array([row.number for row in accounts.rows])
    codes = pa.array([members[index].code for index in accounts.member])
    peer = lines.peer[mine]
    known = pa.array(peer, mask=peer == NOBODY)
    link = lines.link[mine]
    names = pc.binary_join_element_wise("TU", pc.cast(pa.array(link), pa.string()), "")
    if links:
        texts = [links.get(int(value)) for value in link[link < 0]]
        names = pc.replace_with_mask(names, pa.array(link < 0), pa.array(texts, pa.string()))
    return {
        "ord": pa.array(np.arange(1, len(peer) + 1)),
        "account": numbers.take(pa.array(lines.account[mine])),
        "ref": pc.binary_join_element_wise(
            "FT", pc.cast(pa.array(lines.transfer[mine] + 10_000_000), pa.string()), ""
        ),
        "time": pa.array(lines.time[mine]),
        "amount": pa.array(lines.amount[mine]),
        "peer_bank": pc.fill_null(codes.take(known), ""),
        "peer_account": pc.fill_null(numbers.take(known), ""),
        "balance_after": pa.array(lines.balance[mine]),
        "kind": pa.array(np.array(KINDS)[lines.kind[mine]]),
        "link": pc.if_else(pa.array(link == 0), "", names),
        "reverses": pa.array(np.full(len(peer), "")),
        "category": pa.array(np.where(lines.category[mine] == 1, SALARY, "")),
    }
