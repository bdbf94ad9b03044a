"""MT940: reversals, two-digit years, optional funds code, descriptions over several lines."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lachan.adapters.statements import mt940
from lachan.adapters.statements.lines import Options, Reading
from lachan.adapters.statements.merge import Book
from lachan.adapters.statements.sniff import read_statement

TEXT = """{1:F01BANKVNVXAXXX0000000000}{2:I940BANKVNVXXXXXN}{4:
:20:STMT1
:25:BFTVVNVX/0123456789
:28C:1/1
:60F:C261121VND1000000,
:61:2611221122C500000,00NTRFREF-1//BANK-1
:86:NGUYEN VAN A chuyen tien
 tu TK 9876543210
:61:261122DD200000,NTRFNONREF
:86:rut tien mat ATM
:61:2611221122RD100000,00NTRFREF-2
:61:2611221122RC50000,00NTRFREF-3
:61:2611221122ED7,NTRFREF-4
:62F:C261122VND1350000,00
:86:cuoi sao ke tk 1111111111
-}
"""


def read(folder: Path, text: str) -> Reading:
    path = folder / "statement.sta"
    path.write_text(text, "utf-8")
    return read_statement(path, Options())


def test_a_statement_is_read_in_its_own_order_and_bridges(tmp_path: Path) -> None:
    reading = read(tmp_path, TEXT)
    (statement,) = reading.statements
    assert (statement.account, statement.bank) == ("0123456789", "BFTVVNVX")
    assert (statement.opening, statement.closing, statement.gaps) == (1_000_000, 1_350_000, [])
    assert [x.amount for x in statement.lines] == [500_000, -200_000, 100_000, -50_000]
    assert [x.kind for x in statement.lines] == ["transfer", "cash", "reversal", "reversal"]
    first = statement.lines[0]
    assert (first.ref, first.local_ref, first.peer) == ("REF-1", "BANK-1", "9876543210")
    assert statement.lines[1].ref is None
    assert statement.lines[3].peer is None
    assert not any(x.has_clock for x in statement.lines)
    assert first.time == int(datetime(2026, 11, 21, 17, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("dates", "day"),
    [("2612310101", (2027, 1, 1)), ("2701011231", (2026, 12, 31)), ("260704", (2026, 7, 4))],
)
def test_the_booking_day_takes_the_year_that_is_near_the_value_day(
    tmp_path: Path, dates: str, day: tuple[int, int, int]
) -> None:
    text = f":25:1234\n:60F:C260101VND0,\n:61:{dates}C5,NTRFR\n"
    (line,) = read(tmp_path, text).statements[0].lines
    assert line.time + 7 * 3600 == int(datetime(*day, tzinfo=UTC).timestamp())


def test_bad_lines_come_back_with_their_reasons(tmp_path: Path) -> None:
    text = ":25:1234\n:60F:C260101VND0,\n:61:261322C5,NTRFR\n:61:260704C5,50NTRFR\n:61:nonsense\n:61:260704C9,NTRFOK\n"
    text += f":61:260704C{'9' * 5000},NTRFR\n:62F:C260704VND{'9' * 5000},\n"
    reading = read(tmp_path, text)
    assert [x.ref for x in reading.statements[0].lines] == ["OK"]
    assert [(one.row, one.error.code) for one in reading.rejects] == [
        (3, "tracing.time"), (4, "tracing.amount"), (5, "tracing.amount"),
        (7, "tracing.amount"),
    ]  # fmt: skip
    out = tmp_path / "rejects.sta"
    mt940.write_rejects(out, reading)
    assert out.read_text("utf-8").count("\n:61:") == 4
    assert "tracing.time" in out.read_text("utf-8")


def test_another_currency_is_rejected_line_by_line(tmp_path: Path) -> None:
    reading = read(tmp_path, ":25:1234\n:60F:C260101USD0,\n:61:260704C5,NTRFR\n")
    assert [one.error.code for one in reading.rejects] == ["tracing.currency"]


def test_equal_lines_on_two_pages_of_one_file_are_two_lines(tmp_path: Path) -> None:
    page = ":25:1234\n:60M:C260704VND{0},\n:61:260704D5,NCHGNONREF\n:62M:C260704VND{1},\n"
    reading = read(tmp_path, page.format(20, 15) + page.format(15, 10))
    account = Book([reading]).accounts["1234"]
    assert [x.amount for x in account.lines] == [-5, -5]
    assert account.opening == 20
    assert Book([reading, reading]).accounts["1234"].repeated == 2
