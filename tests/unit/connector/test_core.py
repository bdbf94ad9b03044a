"""The core takes what an order may take and no more, once, and lets it go again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.adapters.ledgers.book import Book
from lachan.adapters.ledgers.memory import MemoryReader
from lachan.adapters.ledgers.port import AccountRow, Entry
from lachan.connector.core import LedgerCore
from lachan.connector.cores.attempted import Attempted
from lachan.connector.cores.http import HttpCore
from lachan.connector.cores.program import ProgramCore
from lachan.connector.port import Core, CoreUnavailable, Order
from lachan.connector.store import Store
from lachan.connector.view import bands, low_share
from lachan.evidence.signing import LogKey
from lachan.tracing.lines import Line
from tests.unit.connector.bank import bank_server

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=24)
ACCOUNT = "0012345678"
PROGRAM = Path(__file__).with_name("bank_program.py")
PATIENT = 60.0  # seconds: a loaded machine takes its time to start a program


def row(**changed: object) -> AccountRow:
    given_ = {
        "number": ACCOUNT, "kind": "account", "opened": "2026-10-20", "natural": True, "business": "", "holder": "", "id_no": "",
        "born": "", "phone": "", "channel": "",
    }  # fmt: skip
    return AccountRow(**{**given_, **changed})  # type: ignore[arg-type]


def ledger(*lines: tuple[timedelta, int, str, str], opening: int = 0, **changed: object) -> Book:
    """(before now, amount, category, payer): lines in order with running balances."""
    reader = MemoryReader([row(**changed)])
    balance = opening
    for order, (ago, amount, category, payer) in enumerate(lines, start=1):
        balance += amount
        at = int((NOW - ago).timestamp())
        line = Line(order, f"FT{order}", at, amount, "970902", payer or None, balance)
        reader.append(ACCOUNT, Entry(line, category))
    return Book("970901", reader)


def core_of(book: Book, folder: Path) -> LedgerCore:
    return LedgerCore(book, folder / "effects.db")


def take(message: str, amount: int, action: str = "pause", **changed: object) -> Order:
    return Order(message=message, action=action, h=message, account=ACCOUNT, case_ref="VA-1", amount=amount, until=UNTIL, **changed)  # type: ignore[arg-type]  # fmt: skip


HOUR = timedelta(hours=1)


@pytest.fixture
def inside(tmp_path: Path) -> LedgerCore:
    """The bank's own view of what stands, whatever the connector reached it by."""
    return core_of(ledger((HOUR, 80_000_000, "", "1")), tmp_path)


@pytest.fixture(params=["ledger", "http", "exec"])
def core(request: pytest.FixtureRequest, inside: LedgerCore, tmp_path: Path) -> Iterator[Core]:
    """The port, over each of its adapters: whoever writes another runs this suite over it."""
    store = Store(tmp_path / "store.db", LogKey.new())
    if request.param == "ledger":
        yield inside
    elif request.param == "http":
        with bank_server(tmp_path, inside) as bank:
            yield Attempted(HttpCore(bank.url, bank.trust, seconds=PATIENT), store)
    else:
        yield Attempted(
            ProgramCore([sys.executable, str(PROGRAM), str(tmp_path)], tmp_path, seconds=PATIENT),
            store,
        )
    store.close()


def test_an_order_takes_what_it_says_when_it_is_there(core: Core, inside: LedgerCore) -> None:
    done = core.execute(take("m1", 60_000_000), now=NOW)
    assert (done.amount, done.carved, inside.held(ACCOUNT)) == (60_000_000, 0, 60_000_000)


def test_a_second_order_takes_what_the_first_left(core: Core, inside: LedgerCore) -> None:
    core.execute(take("m1", 60_000_000), now=NOW)
    assert core.execute(take("m2", 60_000_000), now=NOW).amount == 20_000_000
    assert core.execute(take("m3", 60_000_000), now=NOW).amount == 0


def test_the_same_message_again_does_nothing_and_says_the_same(
    core: Core, inside: LedgerCore
) -> None:
    first = core.execute(take("m1", 60_000_000), now=NOW)
    again = core.execute(take("m1", 60_000_000), now=NOW + HOUR)
    assert again == first == core.look_up("m1")
    assert inside.held(ACCOUNT) == 60_000_000


def test_living_money_is_left_and_said(tmp_path: Path) -> None:
    book = ledger(
        (timedelta(days=9), 9_000_000, "salary", "9"),
        (timedelta(days=5), -4_000_000, "", "8"),
        (HOUR, 30_000_000, "", "1"),
    )
    done = core_of(book, tmp_path).execute(take("m1", 35_000_000), now=NOW)
    assert (done.amount, done.carved) == (30_000_000, 5_000_000)


def test_a_company_has_no_living_money(tmp_path: Path) -> None:
    book = ledger((HOUR, 9_000_000, "salary", "9"), natural=False, business="employer")
    assert core_of(book, tmp_path).execute(take("m1", 9_000_000), now=NOW).amount == 9_000_000


def test_a_hold_takes_over_the_pause_without_a_gap(core: Core, inside: LedgerCore) -> None:
    core.execute(take("m1", 70_000_000), now=NOW)
    done = core.execute(take("m2", 80_000_000, "hold", converts="m1"), now=NOW)
    assert done.amount == 80_000_000
    assert inside.held(ACCOUNT) == 80_000_000


def test_a_release_lets_go_a_part_and_then_the_rest(core: Core, inside: LedgerCore) -> None:
    core.execute(take("m1", 60_000_000), now=NOW)
    part = core.execute(Order(message="m2", action="release", of="m1", amount=10_000_000), now=NOW)
    assert (part.amount, part.left) == (10_000_000, 50_000_000)
    rest = core.execute(Order(message="m3", action="release", of="m1"), now=NOW)
    assert (rest.amount, rest.left, inside.held(ACCOUNT)) == (50_000_000, 0, 0)


def test_undoing_twice_is_undoing_once(core: Core, inside: LedgerCore) -> None:
    core.execute(take("m1", 60_000_000), now=NOW)
    first = core.undo("m1", now=NOW, why="LAPSED")
    assert core.undo("m1", now=NOW + HOUR, why="LAPSED") == first
    assert inside.held(ACCOUNT) == 0


def test_an_order_that_follows_nothing_is_not_done(core: Core, inside: LedgerCore) -> None:
    with pytest.raises(CoreUnavailable):
        core.execute(Order(message="m2", action="release", of="none"), now=NOW)
    assert core.look_up("m2") is None


def test_effects_outlive_the_process(core: Core, inside: LedgerCore, tmp_path: Path) -> None:
    core.execute(take("m1", 60_000_000), now=NOW)
    again = core_of(ledger((HOUR, 80_000_000, "", "1")), tmp_path)
    assert again.held(ACCOUNT) == 60_000_000


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(["pause", "hold", "release"]), st.integers(1, 10**8)), max_size=12
    )
)
def test_never_more_is_held_than_is_there(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]
) -> None:
    core = core_of(ledger((HOUR, 80_000_000, "", "1")), tmp_path_factory.mktemp("core"))
    taken: list[str] = []
    for number, (action, amount) in enumerate(acts):
        message = f"m{number}"
        if action == "release":
            if taken:
                core.execute(
                    Order(message=message, action=action, of=taken[0], amount=amount), now=NOW
                )
        else:
            core.execute(take(message, amount, action), now=NOW)
            taken.append(message)
        assert 0 <= core.held(ACCOUNT) <= 80_000_000


def seen(book: Book, amount: int) -> dict[str, bool]:
    return bands(book.entries(ACCOUNT), book.account(ACCOUNT), amount, now=NOW)


def test_a_fresh_mule_that_passes_money_on_is_recognised() -> None:
    book = ledger((HOUR, 100_000_000, "", "1"), (HOUR / 2, -90_000_000, "", "2"))
    found = seen(book, 100_000_000)
    assert found["share_ge_50"]
    assert found["age_lt_90d"]
    assert found["gone_80_in_60"]
    assert not found["protected_inflow"]
    assert not found["share_lt_5"]


def test_a_salary_account_and_a_shop_are_recognised() -> None:
    salary = ledger(
        (timedelta(days=40), 30_000_000, "salary", "9"),
        (HOUR, 1_000_000, "", "1"),
        opened="2020-01-01",
    )
    assert seen(salary, 1_000_000)["protected_inflow"]
    customers = [(timedelta(days=n), 2_000_000, "", str(n)) for n in range(25)]
    shop = ledger(*customers, business="merchant", natural=False, opened="2020-01-01")
    found = seen(shop, 900_000)
    assert found["merchant"]
    assert found["payers_ge_20"]
    assert found["age_ge_2y"]
    assert found["share_lt_5"]


def test_a_tiny_deposit_into_a_busy_account_is_no_reason_to_stop_it() -> None:
    customers = [(timedelta(days=n + 1), 3_000_000, "", str(n)) for n in range(25)]
    book = ledger(*customers, (HOUR, 150_000, "", "99"))
    assert low_share(book.entries(ACCOUNT), book.account(ACCOUNT), 150_000, now=NOW)
    mule = ledger((HOUR, 150_000, "", "99"))
    assert not low_share(mule.entries(ACCOUNT), mule.account(ACCOUNT), 150_000, now=NOW)
