"""Ordinary life as columns: salaries, shops, bills, friends, cash machines, e-wallet top-ups.

Everything is numpy over one global numbering of accounts; a million transfers take seconds. Planted
events join before orders and balances are computed, so that they look like all the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import numpy as np

from lachan.adapters.ledgers.port import SALARY, AccountRow
from lachan.connector.simulator import names
from lachan.connector.simulator.cast import SimMember

DAY: Final = 86_400
DAYS: Final = 90
NOBODY: Final = -1
KINDS: Final = ("transfer", "cash", "merchant", "vasp", "foreign")
Array = Any  # numpy.ndarray; its shape is in the docstrings


@dataclass
class Accounts:
    """All accounts of the country; the index is the account's number in every column."""

    rows: list[AccountRow] = field(default_factory=list)
    member: list[int] = field(default_factory=list)
    small: list[int] = field(default_factory=list)  # accounts whose opening is a few thousand đồng

    def add(self, member: int, row: AccountRow, *, small: bool = False) -> int:
        """Returns the new account's index."""
        self.rows.append(row)
        self.member.append(member)
        index = len(self.rows) - 1
        if small:
            self.small.append(index)
        return index


@dataclass(frozen=True, slots=True)
class Planted:
    """One transfer of a scenario. `dst` NOBODY with a kind is an exit. `link` is a transit reference."""

    at: int
    src: int
    dst: int
    amount: int
    kind: str = "transfer"
    link: str = ""
    category: str = ""


@dataclass
class Transfers:
    """Columns of equal length; `link` 0 is none, else the transfer number that both legs name."""

    time: Array
    src: Array
    dst: Array
    amount: Array
    kind: Array
    link: Array
    category: Array


def people(
    members: tuple[SimMember, ...], count: int, now: int, random: Random
) -> tuple[Accounts, dict[str, list[int]]]:
    """Accounts by role: person, wallet, employer, merchant, biller, pool (one per e-wallet)."""
    accounts = Accounts()
    roles: dict[str, list[int]] = {
        name: [] for name in ("person", "wallet", "employer", "merchant", "biller", "pool")
    }
    banks = [index for index, one in enumerate(members) if one.code and not one.pool_at]
    wallets = [index for index, one in enumerate(members) if one.pool_at]
    codes = {one.code: index for index, one in enumerate(members) if one.code}
    for index in wallets:
        row = _row(random, now, kind="transit", holder=members[index].name_vi, business="employer")
        roles["pool"].append(accounts.add(codes[members[index].pool_at], row))
    for role, share, holder in (
        ("employer", 100, names.company),
        ("merchant", 30, names.shop),
        ("biller", 1000, names.company),
    ):
        for _ in range(max(4, count // share)):
            row = _row(random, now, holder=holder(random), business=role)
            roles[role].append(accounts.add(random.choice(banks), row))
    for _ in range(count):
        roles["person"].append(accounts.add(random.choice(banks), _row(random, now)))
    for _ in range(count // 5):
        row = _row(random, now, kind="wallet", channel="app")
        roles["wallet"].append(accounts.add(random.choice(wallets), row))
    return accounts, roles


def _row(
    random: Random,
    now: int,
    *,
    kind: str = "account",
    holder: str = "",
    business: str = "",
    channel: str = "",
    days: int = 0,
) -> AccountRow:
    age = days or random.randrange(100, 4000)
    opened = np.datetime64(now - age * DAY, "s").astype("datetime64[D]")
    born = f"{random.randrange(1950, 2006)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"
    return AccountRow(
        number=f"{random.randrange(10**9, 10**10)}",
        kind=kind,
        opened=str(opened),
        natural=not business,
        business=business,
        holder=holder or names.person(random),
        id_no=names.citizen_id(random),
        born="" if business else born,
        phone=names.phone(random),
        channel=channel or random.choice(("counter", "app", "app")),
    )


new_row = _row  # scenarios open accounts of their own


def life(roles: dict[str, list[int]], count: int, now: int, rng: np.random.Generator) -> Transfers:
    """About `count` ordinary transfers over the last 90 days."""
    person = np.array(roles["person"])
    wallet, merchant = np.array(roles["wallet"]), np.array(roles["merchant"])
    parts: list[Transfers] = []

    def some(share: float) -> int:
        return int(count * share)

    def times(size: int) -> Array:
        days = rng.integers(0, DAYS, size)
        hour = rng.normal(14, 3.5, size).clip(0.5, 23.5) * 3600
        return (now - DAY * (days + 1) + hour).astype(np.int64).clip(max=now - 4 * 3600)

    def put(
        size: int,
        src: Array,
        dst: Array,
        low: int,
        high: int,
        *,
        kind: int = 0,
        at: Array = None,
        category: int = 0,
        step: int = 1000,
    ) -> None:
        amount = np.exp(rng.uniform(np.log(low), np.log(high), size)).astype(np.int64)
        parts.append(
            Transfers(
                time=times(size) if at is None else at,
                src=src,
                dst=dst,
                amount=np.maximum(step, amount // step * step),
                kind=np.full(size, kind, np.int8),
                link=np.zeros(size, np.int64),
                category=np.full(size, category, np.int8),
            )
        )

    paid = np.tile(person, 3)
    employer = np.tile(rng.choice(roles["employer"], len(person)), 3)
    months = np.repeat(np.arange(3), len(person))
    payday = now - DAY * (12 + 30 * months) + rng.integers(0, 8 * 3600, len(paid))
    put(len(paid), employer, paid, 6_000_000, 40_000_000, at=payday.astype(np.int64), category=1)
    left = max(0.1, 1 - len(paid) / count)

    def pick(role: str, size: int) -> Array:
        return rng.choice(roles[role], size)

    shops = some(0.50 * left)
    put(shops, rng.choice(person, shops), rng.choice(merchant, shops), 20_000, 3_000_000)
    bills = some(0.09 * left)
    put(bills, rng.choice(person, bills), pick("biller", bills), 100_000, 2_000_000)
    friends = some(0.24 * left)
    src = rng.choice(person, friends)
    put(friends, src, _other(rng.choice(person, friends), src, person), 50_000, 20_000_000)
    cash = some(0.11 * left)
    nobody = np.full(cash, NOBODY)
    put(cash, rng.choice(person, cash), nobody, 200_000, 5_000_000, kind=1, step=50_000)
    pays = some(0.05 * left)
    put(pays, rng.choice(wallet, pays), rng.choice(merchant, pays), 10_000, 500_000)
    return _joined(parts)


def top_ups(
    accounts: Accounts,
    roles: dict[str, list[int]],
    members: tuple[SimMember, ...],
    *,
    count: int,
    now: int,
    rng: np.random.Generator,
) -> Transfers:
    """E-wallet top-ups: a person pays the pooled account, which passes it on under the same link."""
    wallets = [index for index, one in enumerate(members) if one.pool_at]
    pool_of = dict(zip(wallets, roles["pool"], strict=True))
    to = rng.choice(roles["wallet"], count)
    pools = np.array([pool_of[accounts.member[index]] for index in to])
    amount = (rng.integers(50, 3000, count) * 1000).astype(np.int64)
    at = (now - rng.integers(5 * 3600, DAYS * DAY, count)).astype(np.int64)
    link = np.arange(1, count + 1, dtype=np.int64)
    zero = np.zeros(count, np.int8)
    legs = (
        Transfers(at, rng.choice(roles["person"], count), pools, amount, zero, link, zero),
        Transfers(at + 1, pools, to, amount, zero, link, zero),
    )
    return _joined(list(legs))


def planted(events: list[Planted]) -> tuple[Transfers, dict[int, str]]:
    """Scenario events as columns; their links are negative numbers with their texts beside them."""
    texts = sorted({one.link for one in events if one.link})
    number = {text: -index - 1 for index, text in enumerate(texts)}
    columns = Transfers(
        time=np.array([one.at for one in events], np.int64),
        src=np.array([one.src for one in events], np.int64),
        dst=np.array([one.dst for one in events], np.int64),
        amount=np.array([one.amount for one in events], np.int64),
        kind=np.array([KINDS.index(one.kind) for one in events], np.int8),
        link=np.array([number.get(one.link, 0) for one in events], np.int64),
        category=np.array([one.category == SALARY for one in events], np.int8),
    )
    return columns, {value: text for text, value in number.items()}


def joined(parts: list[Transfers]) -> Transfers:
    """One after another, then by time; equal times keep the order given."""
    all_of = _joined(parts)
    order = np.argsort(all_of.time, kind="stable")
    return Transfers(*(getattr(all_of, name)[order] for name in Transfers.__dataclass_fields__))


def _joined(parts: list[Transfers]) -> Transfers:
    return Transfers(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in Transfers.__dataclass_fields__
        )
    )


def _other(chosen: Array, src: Array, person: Array) -> Array:
    """Nobody pays himself."""
    same = chosen == src
    chosen[same] = np.where(src[same] == person[0], person[1], person[0])
    return chosen
