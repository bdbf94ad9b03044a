"""CSV statements as banks export them: encodings, headings, order, bridges, and bad rows."""

import csv
import unicodedata
from pathlib import Path

import pytest

from lachan.adapters.statements import csv_rows
from lachan.adapters.statements.errors import HeaderUnreadable
from lachan.adapters.statements.lines import Options, Reading
from lachan.adapters.statements.sniff import read_statement

VIETNAMESE = """Ngân hàng TMCP Ví Dụ
Số tài khoản: 0123456789
Số dư đầu kỳ;;;;1.000.000;
Ngày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Số dư;Nội dung giao dịch
22/11/2026 09:00:00;FT1;;500.000;1.500.000;NGUYEN VAN A chuyen tien
22/11/2026 09:03:00;FT2;700.000;;800.000;chuyen den TK 9876543210 tra no
Tổng cộng;;700.000;500.000;;
"""


def read(folder: Path, data: bytes | str, options: Options | None = None) -> Reading:
    path = folder / "statement.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_statement(path, options or Options())


def test_a_vietnamese_statement_is_read_with_its_preamble_and_without_its_totals(
    tmp_path: Path,
) -> None:
    reading = read(tmp_path, VIETNAMESE)
    (statement,) = reading.statements
    assert statement.account == "0123456789"
    assert statement.opening == 1_000_000
    assert [line.amount for line in statement.lines] == [500_000, -700_000]
    assert [line.balance_after for line in statement.lines] == [1_500_000, 800_000]
    assert statement.lines[1].peer == "9876543210"
    assert statement.lines[1].quality == 90
    assert not statement.gaps
    assert not reading.rejects
    assert reading.rows == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encoding_does_not_matter(tmp_path: Path, encoding: str) -> None:
    (statement,) = read(tmp_path, VIETNAMESE.encode(encoding)).statements
    assert [line.amount for line in statement.lines] == [500_000, -700_000]


def windows_1258(text: str) -> bytes:
    """Compose what the code page has, and put tone marks behind their letter, as Windows does."""
    out = []
    for sign in text:
        try:
            out.append(sign.encode("cp1258"))
        except UnicodeEncodeError:
            letter, *marks = unicodedata.normalize("NFD", sign)
            tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
            rest = unicodedata.normalize(
                "NFC", letter + "".join(m for m in marks if m not in tones)
            )
            out.append((rest + "".join(tones)).encode("cp1258"))
    return b"".join(out)


def test_windows_1258_is_composed_so_that_its_headings_are_found(tmp_path: Path) -> None:
    data = windows_1258(VIETNAMESE)
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert csv_rows.decode(data, "x") == unicodedata.normalize("NFC", VIETNAMESE)
    (statement,) = read(tmp_path, data).statements
    assert statement.account == "0123456789"
    assert len(statement.lines) == 2


def test_headings_without_marks_and_in_two_languages_are_found(tmp_path: Path) -> None:
    text = (
        'NGAY GD/ Transaction date,So CT/ Doc No,"No\n(Debit)",Co/ Credit,So du/ Balance\n'
        '04/03/2026,A1,"1,000",,"9,000"\n05/03/2026,A2,,"2,000","11,000"\n'
    )
    (statement,) = read(tmp_path, text).statements
    assert [line.amount for line in statement.lines] == [-1000, 2000]
    assert not statement.lines[0].has_clock
    assert statement.account == "statement"


def test_a_column_called_no_is_a_row_number_unless_a_credit_column_stands_beside_it(
    tmp_path: Path,
) -> None:
    text = "No,Date,Amount,C/D,Account\n1,2026-03-04,5000,D,0999999\n2,2026-03-05,7000,C,0999999\n"
    (statement,) = read(tmp_path, text).statements
    assert [line.amount for line in statement.lines] == [-5000, 7000]
    assert statement.account == "0999999"


@pytest.mark.parametrize(
    ("debit", "credit"), [("Nợ", "Có"), ("-", "+"), ("D", "C"), ("DR", "CR"), ("Ghi nợ", "Ghi có")]
)
def test_the_sign_column_is_read_in_its_usual_words(
    tmp_path: Path, debit: str, credit: str
) -> None:
    text = f"Ngày;Loại GD;Số tiền\n04/03/2026;{debit};5.000\n05/03/2026;{credit};7.000\n"
    (statement,) = read(tmp_path, text).statements
    assert [line.amount for line in statement.lines] == [-5000, 7000]


def test_newest_first_is_turned_round_by_the_balances(tmp_path: Path) -> None:
    text = "Date,Amount,Balance\n2026-03-04,-300,700\n2026-03-04,+500,1000\n2026-03-04,+500,500\n"
    (statement,) = read(tmp_path, text).statements
    assert [line.amount for line in statement.lines] == [500, 500, -300]
    assert [line.row for line in statement.lines] == [4, 3, 2]
    assert [line.sequence for line in statement.lines] == [0, 1, 2]
    assert not statement.gaps


def test_newest_first_without_balances_is_turned_round_by_the_times(tmp_path: Path) -> None:
    (statement,) = read(tmp_path, "Date,Amount\n2026-03-05,-300\n2026-03-04,+500\n").statements
    assert [line.amount for line in statement.lines] == [500, -300]


def test_a_broken_bridge_is_a_gap_and_rejects_nothing(tmp_path: Path) -> None:
    text = "Date,Amount,Balance\n2026-03-04,500,500\n2026-03-05,-100,350\n2026-03-06,-50,300\n"
    reading = read(tmp_path, text)
    (gap,) = reading.statements[0].gaps
    assert (gap.row, gap.difference) == (3, -50)
    assert len(reading.statements[0].lines) == 3
    assert not reading.rejects


def test_bad_rows_come_back_with_their_reasons_and_the_good_ones_stay(tmp_path: Path) -> None:
    text = (
        "Ngày giao dịch,Nợ,Có,Loại tiền,Nội dung\n"
        "31/02/2026,1.000,,VND,không có ngày này\n"
        "04/03/2026,1.000,,VND,đúng\n"
        '04/03/2026,"12,5",,VND,lẻ đồng\n'
        "04/03/2026,1.000,2.000,VND,hai bên\n"
        "04/03/2026,1.000,,USD,ngoại tệ\n"
        "04/03/2026,,,VND,=cmd|' /C calc'!A0\n"
    )
    reading = read(tmp_path, text)
    assert [line.amount for line in reading.statements[0].lines] == [-1000]
    found = [(one.row, one.error.code, one.error.field) for one in reading.rejects]
    assert found == [
        (2, "tracing.time", "time"),
        (4, "tracing.amount", "debit"),
        (5, "tracing.amount", "debit"),
        (6, "tracing.currency", "currency"),
        (7, "tracing.amount", "amount"),
    ]
    out = tmp_path / "rejects.csv"
    csv_rows.write_rejects(out, reading)
    rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert rows[0][:5] == ["Ngày giao dịch", "Nợ", "Có", "Loại tiền", "Nội dung"]
    assert rows[1][5] == "2"
    assert rows[1][6].startswith("tracing.time: ")
    assert rows[5][4].startswith("'=cmd")  # a spreadsheet shows it, and does not run it


def test_corrected_rejects_can_be_read_again(tmp_path: Path) -> None:
    reading = read(tmp_path, "Ngày,Số tiền\n32/01/2026,500\n02/01/2026,700\n")
    out = tmp_path / "rejects.csv"
    csv_rows.write_rejects(out, reading)
    out.write_text(out.read_text("utf-8-sig").replace("32/01", "31/01"), "utf-8")
    (statement,) = read_statement(out, Options()).statements
    assert [line.amount for line in statement.lines] == [500]


def test_a_file_without_a_usable_header_says_which_headings_it_saw(tmp_path: Path) -> None:
    with pytest.raises(HeaderUnreadable) as refused:
        read(tmp_path, "Họ tên,Địa chỉ\nA,B\n")
    assert "Họ tên" in refused.value.message("vi")
    assert "--map" in refused.value.message("vi")


def test_a_banks_own_headings_come_from_a_map(tmp_path: Path) -> None:
    own = Options(
        columns={"time": ["Khi nào"], "amount": ["Bao nhiêu"]}, account="777", bank="970436"
    )
    (statement,) = read(tmp_path, "Khi nào,Bao nhiêu\n04/03/2026,-500\n", own).statements
    assert (statement.account, statement.bank, statement.lines[0].amount) == ("777", "970436", -500)


def test_an_ambiguous_column_is_settled_by_the_rows_that_are_clear(tmp_path: Path) -> None:
    text = "Ngày;Số tiền;Số dư\n04/03/2026;1.234;1.234\n05/03/2026;1.234.567;1.235.801\n"
    reading = read(tmp_path, text)
    assert [line.amount for line in reading.statements[0].lines] == [1234, 1_234_567]
    decimal = "Date;Amount\n04/03/2026;1.234\n05/03/2026;500.00\n"
    reading = read(tmp_path, decimal)
    assert [line.amount for line in reading.statements[0].lines] == [500]
    assert [one.row for one in reading.rejects] == [2]


def test_one_file_with_an_account_column_gives_a_statement_per_account(tmp_path: Path) -> None:
    text = "Account,Date,Amount\nA111,2026-03-04,5\nB222,2026-03-04,7\nA111,2026-03-05,-1\n"
    found = {one.account: [x.amount for x in one.lines] for one in read(tmp_path, text).statements}
    assert found == {"A111": [5, -1], "B222": [7]}
