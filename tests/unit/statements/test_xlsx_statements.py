"""Spreadsheets: whole doubles only, formulas stay text, the sheet with the header is read."""

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from lachan.adapters.statements import xlsx
from lachan.adapters.statements.errors import FormatUnknown, HeaderUnreadable
from lachan.adapters.statements.lines import Options
from lachan.adapters.statements.sniff import read_statement

HEADER = [
    "Ngày giao dịch",
    "Số bút toán",
    "Phát sinh nợ",
    "Phát sinh có",
    "Số dư sau giao dịch",
    "Diễn giải",
    "Tài khoản đối ứng",
]


def write(path: Path, rows: list[list[object]], *, first_sheet: bool = False) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        dated = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        if first_sheet:
            book.add_worksheet("Bìa").write_row(0, 0, ["Sao kê", "tháng 11"])
        sheet = book.add_worksheet("Sao kê")
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(place, column, cell, dated)
                else:
                    sheet.write(place, column, cell)
    return path


def test_a_vietnamese_sheet_behind_a_cover_is_read(tmp_path: Path) -> None:
    at = datetime(2026, 11, 22, 9, 0, 5)  # noqa: DTZ001 - a spreadsheet has no zones
    rows: list[list[object]] = [
        ["Chủ tài khoản", "NGUYỄN VĂN A"],
        ["Số tài khoản:", 123456789012],
        HEADER,
        [at, "FT1", None, 1_200_000_000, 1_200_000_000, "nhan tien", 9876543210],
        [at, "FT2", 700_000_000, None, 500_000_000, "rút tiền mặt tại ATM", None],
    ]
    reading = read_statement(write(tmp_path / "s.xlsx", rows, first_sheet=True), Options())
    (statement,) = reading.statements
    assert statement.account == "123456789012"
    assert [x.amount for x in statement.lines] == [1_200_000_000, -700_000_000]
    assert statement.lines[0].peer == "9876543210"
    assert statement.lines[1].kind == "cash"
    assert statement.lines[0].time % 60 == 5
    assert not statement.gaps


def test_a_fraction_and_a_number_past_2_53_are_bad_rows(tmp_path: Path) -> None:
    at = datetime(2026, 11, 22, 9, 0, 5)  # noqa: DTZ001 - a spreadsheet has no zones
    rows: list[list[object]] = [
        HEADER,
        [at, "A", 0.5, None, None, "lẻ"],
        [at, "B", 2.0**54, None, None, "quá lớn"],
        [at, "C", 5, None, None, "đúng"],
    ]
    path = write(tmp_path / "s.xlsx", rows)
    reading = read_statement(path, Options())
    assert [x.ref for x in reading.statements[0].lines] == ["C"]
    assert [(one.row, one.error.code) for one in reading.rejects] == [
        (2, "tracing.amount"),
        (3, "tracing.amount"),
    ]


def test_rejects_are_a_sheet_with_reasons_whose_text_is_no_formula(tmp_path: Path) -> None:
    rows: list[list[object]] = [HEADER, ["32/01/2026", "A", 5, None, None, '=HYPERLINK("x")']]
    reading = read_statement(write(tmp_path / "s.xlsx", rows), Options())
    out = tmp_path / "rejects.xlsx"
    xlsx.write_rejects(out, reading)
    import python_calamine

    back = python_calamine.CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert back[0][-2:] == ["Dòng / Row", "Lý do / Reason"]
    assert back[1][5] == '=HYPERLINK("x")'
    assert str(back[1][-1]).startswith("tracing.time")


def test_a_broken_container_and_a_sheet_without_header_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(b"PK\x03\x04" + b"x" * 100)
    with pytest.raises(FormatUnknown):
        read_statement(broken, Options())
    with pytest.raises(HeaderUnreadable):
        read_statement(write(tmp_path / "h.xlsx", [["a", "b"]]), Options())
