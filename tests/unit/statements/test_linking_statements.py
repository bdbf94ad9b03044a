"""Two statements become one ledger: legs joined, line orders kept, unknown sides named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.adapters.statements.lines import Line, Reading, Statement
from lachan.adapters.statements.link import Linked, link
from lachan.adapters.statements.merge import Book
from lachan.adapters.statements.seeds import SeedQuery, find_seeds
from lachan.tracing.errors import SeedAmbiguous, SeedNotFound
from lachan.tracing.model import Ledger
from lachan.tracing.replay import replay

T = 1_795_312_800


def line(account: str, at: int, amount: int, **more: object) -> Line:
    return Line(account=account, time=T + at, amount=amount, row=1, **more)  # type: ignore[arg-type]


def book(*lines: Line, openings: dict[str, int] | None = None) -> Book:
    by_account: dict[str, list[Line]] = {}
    for one in lines:
        by_account.setdefault(one.account, []).append(one)
    statements = [Statement(account, None, rows) for account, rows in by_account.items()]
    return Book([Reading(Path("x"), "test", statements)], openings)


def events(linked: Linked) -> list[tuple[object, ...]]:
    return [(e["src"], e["dst"], e["amount"]) for e in linked.ledger["events"]]


def test_equal_references_join_whatever_the_clocks_say() -> None:
    linked = link(book(line("A", 0, -5, ref="R", peer="B"), line("B", 9000, 5, ref="R", peer="A")))
    assert events(linked) == [("A", "B", 5)]
    assert linked.quality == {"R": 100}


def test_account_amount_and_time_join_within_two_minutes() -> None:
    linked = link(book(line("A", 0, -5, peer="B"), line("B", 119, 5)))
    assert events(linked) == [("A", "B", 5)]
    assert list(linked.quality.values()) == [90]
    apart = link(book(line("A", 0, -5, peer="B"), line("B", 121, 5)))
    assert ("A", "B?", 5) in events(apart)
    assert apart.ledger["accounts"]["B?"]["kind"] == "unknown"
    assert (None, "B", 5) in events(apart)


def test_of_several_candidates_the_nearest_later_one_is_taken_with_less_trust() -> None:
    linked = link(
        book(line("A", 60, -5, peer="B"), line("B", 0, 5), line("B", 70, 5), line("B", 90, 5))
    )
    joined = next(e for e in linked.ledger["events"] if e["src"] == "A")
    assert linked.quality[joined["id"]] == 60
    assert joined["seq"] == 2


def test_the_credit_alone_may_name_the_payer() -> None:
    linked = link(book(line("A", 0, -5), line("B", 10, 5, peer="A")))
    assert events(linked) == [("A", "B", 5)]


def test_days_without_a_clock_join_within_the_day() -> None:
    linked = link(book(line("A", 0, -5, peer="B", has_clock=False), line("B", 3600, 5)))
    assert events(linked) == [("A", "B", 5)]


def test_a_side_without_a_statement_is_unknown_and_cash_is_an_exit() -> None:
    linked = link(
        book(
            line("A", 0, 9),
            line("A", 1, -5, peer="Z"),
            line("A", 2, -3, kind="cash"),
            line("A", 3, -1),
        )
    )
    assert events(linked) == [(None, "A", 9), ("A", "Z", 5), ("A", "CASH", 3), ("A", "A/?", 1)]
    kinds = {name: one["kind"] for name, one in linked.ledger["accounts"].items()}
    assert kinds == {"A": "account", "Z": "unknown", "CASH": "cash", "A/?": "unknown"}


def test_a_fee_behind_its_principal_belongs_to_it() -> None:
    linked = link(
        book(
            line("A", 0, -5, ref="R", peer="Z"),
            line("A", 0, -1, ref="R", kind="fee"),
            line("A", 9, -2, kind="fee"),
        )
    )
    first, second = linked.ledger["events"]
    assert (first["amount"], first["fee"]) == (5, 1)
    assert (second["dst"], second["amount"]) == (None, 2)


def test_each_account_keeps_its_own_order_although_a_clock_is_behind() -> None:
    linked = link(
        book(
            line("A", 100, -5, ref="1", peer="B"), line("B", 40, 5, ref="1"),
            line("B", 41, -5, ref="2", peer="A"), line("A", 101, 5, ref="2"),
        )
    )  # fmt: skip
    assert [e["id"] for e in linked.ledger["events"]] == ["1", "2"]
    times = [e["time"] for e in linked.ledger["events"]]
    assert times == sorted(times)
    assert not linked.uncertain


def test_a_ring_of_lines_is_cut_at_its_earliest_credit_and_marked() -> None:
    linked = link(
        book(
            line("A", 0, 5, ref="back"), line("A", 1, -5, ref="out"),
            line("B", 0, 5, ref="out"), line("B", 1, -5, ref="back"),
        )
    )  # fmt: skip
    assert len(linked.ledger["events"]) == 2
    assert len(linked.uncertain) == 1


def test_a_reversal_finds_the_transfer_of_its_reference() -> None:
    linked = link(
        book(
            line("A", 0, -5, ref="R", peer="Z"),
            line("A", 50, 5, ref="R", kind="reversal", peer="Z"),
        )
    )
    back = linked.ledger["events"][1]
    assert (back["reverses"], back["src"], back["dst"]) == ("R", "Z", "A")
    Ledger.from_json(linked.ledger)


def test_a_reversal_seen_at_both_banks_restores_the_payer() -> None:
    linked = link(
        book(
            line("A", 0, -5, ref="R", peer="B"), line("A", 50, 5, ref="R", kind="reversal"),
            line("B", 1, 5, ref="R", peer="A"), line("B", 49, -5, ref="R", kind="reversal"),
        )
    )  # fmt: skip
    assert events(linked) == [("A", "B", 5), ("B", "A", 5)]
    assert linked.ledger["events"][1]["reverses"] == "R"
    assert not linked.unreversed


def test_a_reversal_without_its_transfer_is_ordinary_and_named() -> None:
    linked = link(book(line("A", 0, 5, ref="R", kind="reversal", peer="Z")))
    assert "reverses" not in linked.ledger["events"][0]
    assert linked.unreversed == ["R"]


def test_a_pooled_account_keeps_the_reference_as_its_link() -> None:
    linked = link(
        book(line("A", 0, -5, ref="R", peer="POOL"), line("W", 5, 5, ref="R", peer="POOL")),
        {"POOL": "transit", "W": "wallet"},
    )
    assert events(linked) == [("A", "POOL", 5), ("POOL", "W", 5)]
    assert {e["link"] for e in linked.ledger["events"]} == {"R"}
    ledger = dict(linked.ledger, seeds=[{"victim": "v1", "event": "R", "amount": 5}])
    assert replay(Ledger.from_json(ledger)).residual == {"W": {"v1": 5}}


def test_a_row_of_two_files_is_taken_once_but_twins_of_one_file_stay() -> None:
    rows = [line("A", 0, 5, ref="R"), line("A", 1, -2), line("A", 1, -2)]
    first = Reading(Path("a"), "t", [Statement("A", None, rows)])
    second = Reading(Path("b"), "t", [Statement("A", None, [*rows[1:], line("A", 2, -1)])])
    joined = Book([first, second]).accounts["A"]
    assert [x.amount for x in joined.lines] == [5, -2, -2, -1]
    assert joined.repeated == 2


def test_one_number_at_two_banks_is_two_accounts() -> None:
    statements = [Statement("7", bank, [line("7", 0, 5)]) for bank in ("970436", "970415")]
    found = Book([Reading(Path("x"), "t", statements)])
    assert sorted(found.accounts) == ["970415:7", "970436:7"]
    assert found.name("7", "970415") == "970415:7"


def test_the_opening_is_the_lines_balance_then_the_told_one_then_the_smallest_possible() -> None:
    told = {"A": 70}
    assert book(line("A", 0, -5, balance_after=95), openings=told).accounts["A"].opening == 100
    assert book(line("A", 0, -5), openings=told).accounts["A"].opening == 70
    derived = book(line("A", 0, 3), line("A", 1, -5)).accounts["A"]
    assert (derived.opening, derived.opening_assumed) == (2, True)


def test_a_seed_is_found_within_ten_minutes_and_otherwise_the_nearest_are_named() -> None:
    linked = link(
        book(
            line("V", 0, -5, ref="R1", peer="A"),
            line("V", 700, -5, ref="R2", peer="A"),
            line("V", 800, -6, peer="A"),
        )
    )

    def ask(at: int | None, ref: str | None = None, amount: int = 5) -> list[dict[str, object]]:
        return find_seeds(linked.ledger, linked.refs, [SeedQuery("v1", "V", amount, at, ref)])

    assert ask(T - 600) == [{"victim": "v1", "event": "R1", "amount": 5}]
    assert ask(T, "R2", 3) == [{"victim": "v1", "event": "R2", "amount": 3}]
    with pytest.raises(SeedAmbiguous) as several:
        ask(T + 350)
    assert "R1" in several.value.candidates
    with pytest.raises(SeedNotFound) as none:
        ask(T - 601)
    assert none.value.nearest.count("→") == 3


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 50), st.integers(-60, 60)),
        max_size=25,
    )
)
def test_statements_cut_from_one_ledger_link_back_to_it(
    rows: list[tuple[int, int, int, int]],
) -> None:
    """Every transfer, both lines, skewed clocks: the same transfers come back, whatever the clocks."""
    lines = []
    wanted = []
    for n, (src, dst, amount, skew) in enumerate(rows):
        if src != dst:
            lines.append(line(f"A{src}", 10 * n, -amount, ref=f"r{n}", peer=f"A{dst}"))
            lines.append(line(f"A{dst}", 10 * n + skew, amount, ref=f"r{n}", peer=f"A{src}"))
            wanted.append((f"r{n}", f"A{src}", f"A{dst}", amount))
    linked = link(book(*lines))
    assert not linked.uncertain
    assert sorted(
        (e["id"], e["src"], e["dst"], e["amount"]) for e in linked.ledger["events"]
    ) == sorted(wanted)
    for name in {row[1] for row in wanted} | {row[2] for row in wanted}:
        mine = [e["id"] for e in linked.ledger["events"] if name in {e["src"], e["dst"]}]
        assert mine == [row[0] for row in wanted if name in row[1:3]]
    Ledger.from_json(linked.ledger)
