"""The order of a table is the reader's, the same on every database, and never loses a row."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.access.tables import Column, arranged, ordering


@dataclass(frozen=True)
class Row:
    name: str
    sum: int | None
    at: datetime | None = None


COLUMNS = (
    ordering("name", "Tên", lambda row: row.name),
    ordering("sum", "Tiền", lambda row: row.sum, figures=True),
    ordering("at", "Lúc", lambda row: row.at, downwards_first=True),
    Column("flags", "Dấu hiệu", lambda row: row.name),
)
NAMES = ["Ấn", "Đặng", "An", "Dương", "Âu", "Ăn", "Ân", "Đinh"]


def test_text_is_in_the_order_of_the_dictionary() -> None:
    rows = [Row(name, 0) for name in NAMES]
    right = ["An", "Ăn", "Ân", "Ấn", "Âu", "Dương", "Đặng", "Đinh"]
    assert [row.name for row in arranged(rows, COLUMNS, "name").rows] == right
    assert [row.name for row in arranged(rows, COLUMNS, "-name").rows] == right[::-1]


@given(st.lists(st.one_of(st.none(), st.integers()), max_size=30), st.sampled_from(["sum", "-sum"]))
def test_what_is_not_known_comes_last_either_way_and_nothing_is_lost(
    sums: list[int | None], sort: str
) -> None:
    rows = [Row(str(place), one) for place, one in enumerate(sums)]
    found = arranged(rows, COLUMNS, sort).rows
    assert sorted(row.name for row in found) == sorted(row.name for row in rows)
    known = [row.sum for row in found if row.sum is not None]
    assert known == sorted(known, reverse=sort.startswith("-"))
    assert all(row.sum is None for row in found[len(known) :])


@pytest.mark.parametrize("sort", ["", "flags", "-", "nothing", "--sum", "sum; drop table"])
def test_an_order_that_is_none_leaves_the_rows_as_they_came(sort: str) -> None:
    rows = [Row("b", 2), Row("a", 1)]
    table = arranged(rows, COLUMNS, sort)
    assert list(table.rows) == rows
    assert [table.direction(one) for one in COLUMNS] == [""] * 4


def test_a_heading_asks_for_the_order_most_wanted_first_and_then_turns_it() -> None:
    name, money, time, _flags = COLUMNS
    plain = arranged([], COLUMNS, "")
    assert [plain.next_sort(one) for one in (name, money, time)] == ["name", "-sum", "-at"]
    assert arranged([], COLUMNS, "name").next_sort(name) == "-name"
    assert arranged([], COLUMNS, "-sum").next_sort(money) == "sum"
    assert arranged([], COLUMNS, "-sum").direction(money) == "descending"


def test_equal_rows_keep_the_order_they_came_in() -> None:
    rows = [Row(name, 1, datetime(2026, 1, 1, tzinfo=UTC)) for name in "cab"]
    assert [row.name for row in arranged(rows, COLUMNS, "sum").rows] == ["c", "a", "b"]
