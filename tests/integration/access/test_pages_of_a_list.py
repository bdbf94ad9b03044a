"""A long list by pages: every row once, in the order asked for, ties and all, on every database."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lachan.access.errors import CursorUnreadable
from lachan.access.tables import page_of
from lachan.exchange.models import OutgoingRecord
from lachan.kernel.time import from_wire

pytestmark = pytest.mark.django_db
AT = from_wire("2026-11-24T03:00:00.000Z")
FIELDS = {"at": "created_at", "tries": "tries"}
ROWS = OutgoingRecord.objects.unscoped(reason="test")


def _fill(places: list[tuple[int, int]]) -> None:
    ROWS.all().delete()
    for minutes, tries in places:
        OutgoingRecord(
            conversation=uuid4(), h=uuid4().hex, kind="hold", type="ask", sender="vn/police/a05", receiver="vn/bank/a",
            case_ref="", priority="P0", manifest=b"", parts={}, created_at=AT + timedelta(minutes=minutes), tries=tries,
        ).save()  # fmt: skip


def _walk(sort: str) -> list[OutgoingRecord]:
    found, cursor = [], ""
    for _ in range(50):
        page, _order, cursor = page_of(ROWS.all(), FIELDS, sort, cursor, key="id", size=3)
        found += page
        if not cursor:
            return found
    raise AssertionError("the pages do not end")


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=12),
    st.sampled_from(["at", "-at", "tries", "-tries"]),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_row_once_in_the_order_asked_for(places: list[tuple[int, int]], sort: str) -> None:
    _fill(places)
    found = _walk(sort)
    assert len({row.pk for row in found}) == len(places) == len(found)
    field = FIELDS[sort.removeprefix("-")]
    values = [(getattr(row, field), row.pk) for row in found]
    assert values == sorted(values, reverse=sort.startswith("-"))


def test_an_unknown_order_is_the_first_one_downwards() -> None:
    _fill([(1, 0), (3, 0), (2, 0)])
    page, order, cursor = page_of(ROWS.all(), FIELDS, "nothing", "", key="id", size=3)
    assert order == "-at"
    assert [row.created_at for row in page] == [AT + timedelta(minutes=one) for one in (3, 2, 1)]
    assert cursor == ""


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "[]",
        "{}",
        '["2026-11-24"]',
        '["x", "y"]',
        '["2026-11-24T03:00:00+00:00", 7, 8]',
        "[[], {}]",
        "[" * 300,
        "null",
    ],
)
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    _fill([(1, 0)])
    with pytest.raises(CursorUnreadable):
        page_of(ROWS.all(), FIELDS, "at", cursor, key="id", size=3)
