"""One suite for every ledger adapter: whatever the store, the same lines, credits, debits and balances."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lachan.adapters.ledgers.book import Book
from lachan.adapters.ledgers.memory import MemoryReader
from lachan.adapters.ledgers.opening import open_ledger
from lachan.adapters.ledgers.port import LINE_COLUMNS, AccountRow, LedgerUnreadable
from lachan.adapters.ledgers.sql import entry
from lachan.connector.simulator.writing import place_of, write_accounts, write_lines

KINDS = ("memory", "sql", "parquet", "csv")
MULE = AccountRow("0012345678", "account", "2026-10-01", True, "", "Lê Thị Thử", "000123456789", "1990-02-03", "+84590000001", "app")  # fmt: skip
POOL = AccountRow("9999999999", "transit", "2020-01-01", False, "employer", "Ví", "", "", "", "counter")  # fmt: skip
# ord, account, ref, time, amount, peer_bank, peer_account, balance_after, kind, link, reverses, category
ROWS = [
    (1, MULE.number, "FT1", 1000, 700_000, "970902", "222", 700_000, "transfer", "", "", "salary"),
    (2, MULE.number, "FT2", 2000, -200_000, "970901", "333", 500_000, "transfer", "", "", ""),
    (3, "333", "FT2", 2000, 200_000, "970901", MULE.number, 200_000, "transfer", "", "", ""),
    (4, MULE.number, "FT2", 2000, -1_000, "", "", 499_000, "fee", "", "", ""),
    (5, MULE.number, "FT3", 3000, -300_000, "", "", 199_000, "cash", "", "", ""),
    (6, POOL.number, "FT4", 3500, 50_000, "970905", "444", 50_000, "transfer", "TU7", "", ""),
    (7, MULE.number, "FT5", 4000, 700_000, "970902", "222", 899_000, "transfer", "", "FT1", ""),
]
MORE = (8, MULE.number, "FT6", 5000, -99_000, "970902", "555", 800_000, "transfer", "", "", "")


def columns(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    import pyarrow as pa

    return {name: pa.array([row[at] for row in rows]) for at, name in enumerate(LINE_COLUMNS)}


class Core:
    """A ledger of one kind that can be appended to."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder, self.parts = kind, folder, 0
        self.memory = MemoryReader((MULE, POOL))
        self.append(ROWS)
        if kind != "memory":
            write_accounts(kind, folder, (MULE, POOL))

    def append(self, rows: list[tuple[Any, ...]]) -> None:
        if self.kind == "memory":
            for row in rows:
                self.memory.append(row[1], entry(row))
            return
        write_lines(self.kind, self.folder, columns(rows), part=self.parts)
        self.parts += 1

    def open(self) -> Book:
        if self.kind == "memory":
            return Book("970901", self.memory, fresh_seconds=0)
        place = place_of(self.kind, self.folder)
        return open_ledger(self.kind, place, bank="970901", fresh_seconds=0)


@pytest.fixture(params=KINDS)
def core(request: pytest.FixtureRequest, tmp_path: Path) -> Core:
    return Core(request.param, tmp_path / "core")


def test_an_account_is_read_in_the_banks_order_from_where_one_likes(core: Core) -> None:
    book = core.open()
    assert [line.order for line in book.lines(MULE.number, 0)] == [1, 2, 4, 5, 7]
    assert [line.order for line in book.lines(MULE.number, 4)] == [4, 5, 7]
    assert list(book.lines("000", 0)) == []


def test_a_line_has_all_its_fields_and_nothing_is_none(core: Core) -> None:
    book = core.open()
    first, _, _, cash, back = book.lines(MULE.number, 0)
    assert (first.ref, first.time, first.amount, first.balance_after) == (
        "FT1",
        1000,
        700_000,
        700_000,
    )
    assert (first.peer_bank, first.peer_account) == ("970902", "222")
    assert (cash.kind, cash.peer_bank, cash.peer_account) == ("cash", None, None)
    assert back.reverses == "FT1"
    assert next(book.lines(POOL.number, 0)).link == "TU7"


def test_a_credit_is_found_by_reference_else_by_payer_amount_and_time(core: Core) -> None:
    find: Callable[..., Any] = core.open().find_credit
    near = {"payer_bank": "970902", "amount": 700_000, "max_skew": 120}
    assert [one.order for one in find(MULE.number, ref="FT1", time=None, **near)] == [1]
    assert [one.order for one in find(MULE.number, ref=None, time=1100, **near)] == [1]
    assert [one.order for one in find(MULE.number, ref=None, time=None, **near)] == [1, 7]
    assert not find(MULE.number, ref=None, time=1200, **near)
    assert not find(MULE.number, ref=None, time=1000, **{**near, "payer_bank": "970903"})


def test_a_debit_is_never_a_fee(core: Core) -> None:
    find: Callable[..., Any] = core.open().find_debit
    assert [
        one.order for one in find(MULE.number, ref="FT2", amount=None, time=None, max_skew=1)
    ] == [2]
    assert [
        one.order for one in find(MULE.number, ref=None, amount=300_000, time=3000, max_skew=1)
    ] == [5]


def test_balance_position_kind_and_cover(core: Core) -> None:
    book = core.open()
    assert book.balance(MULE.number) == 899_000
    assert book.balance("000") == 0
    assert book.position() == 7
    assert book.kind(POOL.number) == "transit"
    assert book.covers(MULE.number) == (1000, 4000)
    assert book.covers("000") is None


def test_the_accounts_own_row_keeps_its_noughts(core: Core) -> None:
    book = core.open()
    assert book.account(MULE.number) == MULE
    assert book.account("12345678") is None


def test_only_protected_credits_are_living_money(core: Core) -> None:
    book = core.open()
    assert book.protected(MULE.number, datetime.fromtimestamp(0, UTC)) == [
        (datetime.fromtimestamp(1000, UTC), 700_000)
    ]


def test_what_is_appended_is_picked_up(core: Core) -> None:
    book = core.open()
    assert book.balance(MULE.number) == 899_000
    core.append([MORE])
    assert book.position() == 8
    assert book.balance(MULE.number) == 800_000
    assert [line.order for line in book.lines(MULE.number, 7)] == [7, 8]


def test_what_is_appended_is_seen_by_whoever_reads_lines_first(core: Core) -> None:
    book = core.open()
    assert len(list(book.lines(MULE.number, 0))) > 0
    core.append([MORE])
    assert book.balance(MULE.number) == 800_000


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_place_without_a_ledger_is_refused_with_its_name(kind: str, tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreadable) as refused:
        open_ledger(kind, tmp_path / "none", bank="970901")
    assert str(tmp_path / "none") in refused.value.message("en")


def test_an_unknown_kind_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreadable) as refused:
        open_ledger("xml", tmp_path, bank="970901")
    assert refused.value.right == "sql, parquet, csv"


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_hundred_and_fifty_thousand_lines_open_in_two_seconds(kind: str, tmp_path: Path) -> None:
    size = 150_000
    rows = [
        (
            n + 1,
            f"{n % 5000:010d}",
            f"FT{n}",
            1_700_000_000 + n,
            1000,
            "970902",
            "222",
            1000,
            "transfer",
            "",
            "",
            "",
        )
        for n in range(size)
    ]
    write_lines(kind, tmp_path / "core", columns(rows))
    write_accounts(kind, tmp_path / "core", (MULE,))
    began = time.perf_counter()
    book = open_ledger(kind, place_of(kind, tmp_path / "core"), bank="970901")
    assert len(list(book.lines("0000000007", 0))) == 30
    assert time.perf_counter() - began < 2
