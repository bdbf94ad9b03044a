"""A table as a file: what a person reads out of it is what stood on the page, and nothing of it computes."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lachan.adapters.documents.table_file import csv_file, xlsx_file

HEADS = ["Tên", "Số tiền", "Lúc"]
AT = datetime(2026, 3, 3, 7, 5, 10, tzinfo=UTC)
HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+84912345678",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "http://x.vn",
    "nguyễn\r\nhai",
]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40)


def _read_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def _read_xlsx(body: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return book.get_sheet_by_index(0).to_python()


def test_money_is_a_number_and_time_is_that_of_a_vietnamese_clock() -> None:
    rows = [["Hường", 1_200_000_000, AT], ["Đặng", None, None]]
    assert _read_csv(csv_file(HEADS, rows)) == [
        HEADS, ["Hường", "1200000000", "14:05:10 03/03/2026"], ["Đặng", "", ""],
    ]  # fmt: skip
    found = _read_xlsx(xlsx_file("Bảng", HEADS, rows))
    assert found[0] == HEADS
    assert found[1] == ["Hường", 1_200_000_000, datetime(2026, 3, 3, 14, 5, 10)]  # noqa: DTZ001 - as the sheet has it
    assert found[2][0] == "Đặng"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_formula_stays_text(text: str) -> None:
    (_, (cell,)) = _read_xlsx(xlsx_file("x", ["a"], [[text]]))
    assert cell == text.replace("\r\n", "\n") or cell == text
    body = xlsx_file("x", ["a"], [[text]])
    assert b"<f>" not in body
    (_, (plain,)) = _read_csv(csv_file(["a"], [[text]]))
    assert plain[0] not in "=+-@\t\r"
    assert plain.removeprefix("'") == text


@given(st.lists(st.tuples(TEXT, st.integers(-(10**15) + 1, 10**15 - 1)), max_size=10))
def test_text_and_sums_come_back_as_they_were(rows: list[tuple[str, int]]) -> None:
    found = _read_csv(csv_file(["a", "b"], rows))[1:]
    assert [(one[0].removeprefix("'"), int(one[1])) for one in found] == [
        (name.removeprefix("'"), sum_) for name, sum_ in rows
    ]


@pytest.mark.parametrize("title", ["", "a/b:c*?[d]", "x" * 80, "'"])
def test_any_title_makes_a_sheet(title: str) -> None:
    assert _read_xlsx(xlsx_file(title, ["a"], [["b"]])) == [["a"], ["b"]]


def test_a_number_too_long_for_a_spreadsheet_is_not_rounded() -> None:
    long = 12_345_678_901_234_567
    assert _read_xlsx(xlsx_file("x", ["a"], [[long]])) == [["a"], [str(long)]]


def test_an_empty_table_has_its_headings() -> None:
    assert _read_csv(csv_file(HEADS, [])) == [HEADS]
    assert _read_xlsx(xlsx_file("x", HEADS, [])) == [HEADS]
