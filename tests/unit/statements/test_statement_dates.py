"""The day comes first, Vietnam's time is meant, and an impossible day is refused."""

from datetime import UTC, date, datetime

import pytest

from lachan.adapters.statements.dates import read_time
from lachan.tracing.errors import TimeInvalid

MORNING = int(datetime(2026, 3, 4, 2, 5, 6, tzinfo=UTC).timestamp())  # 09:05:06 in Vietnam
DAY = int(datetime(2026, 3, 3, 17, 0, 0, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "cell",
    ["04/03/2026 09:05:06", "04-03-2026 09:05:06", "4/3/2026  9:05:06", "04.03.2026 09:05:06",
     "09:05:06 04/03/2026", "2026-03-04T09:05:06", "2026-03-04 09:05:06+07:00",
     "2026-03-04T02:05:06Z", "2026-03-04T02:05:06.250Z", datetime(2026, 3, 4, 9, 5, 6),  # noqa: DTZ001 - as a spreadsheet gives it
     46085.378541666667],
)  # fmt: skip
def test_every_usual_spelling_is_the_same_second(cell: object) -> None:
    assert read_time(cell) == (MORNING, True)


@pytest.mark.parametrize("cell", ["04/03/2026", "2026-03-04", date(2026, 3, 4), 46085, 46085.0])
def test_a_day_alone_is_marked_as_having_no_clock(cell: object) -> None:
    assert read_time(cell) == (DAY, False)


@pytest.mark.parametrize(
    "cell",
    [
        "13/25/2026",
        "31/02/2026",
        "03/04/26",
        "04/03-2026",
        "25:00 04/03/2026",
        "x",
        12,
        True,
        "٠٤/03/2026",
    ],
)
def test_what_is_no_time_is_refused(cell: object) -> None:
    with pytest.raises(TimeInvalid) as refused:
        read_time(cell)
    assert "dd/mm/yyyy" in refused.value.message("vi")


def test_an_empty_cell_is_no_time() -> None:
    assert read_time("  ") is None
    assert read_time(None) is None
