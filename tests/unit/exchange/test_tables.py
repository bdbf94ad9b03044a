"""A list of structures is typed as a table, and shown as one."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.exchange.fields import Line, about
from lachan.exchange.forms.declared import fields, typed
from lachan.exchange.forms.reading import FormWrong, read_form
from lachan.exchange.forms.showing import shown_fields, write_form
from lachan.exchange.forms.tables import TableWrong, read_table, write_table
from lachan.exchange.kinds import all_kinds
from lachan.exchange.messages.provide_account_holder import Holder, Reply, Status
from lachan.exchange.messages.provide_statement import Direction, FaceCheck, StatementLine


class Note(msgspec.Struct, frozen=True):
    text: Annotated[Line, about("Nội dung", "Text", "B")]


words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
AT = "2026-11-22T03:04:05.000Z"

lines = st.builds(
    StatementLine,
    id=words,
    seq=st.integers(0, 10**6),
    time=st.just(AT),
    direction=st.sampled_from(list(Direction)),
    amount=st.integers(0, 10**12),
    balance=st.none() | st.integers(-(10**12), 10**12),
    other_bank=st.none() | st.just("970436"),
    other_account=st.none() | words,
    other_name=st.none() | words,
    channel=st.none() | words,
    ip=st.none() | st.just("2001:db8::1"),
    device=st.none() | words,
    face=st.sampled_from(list(FaceCheck)),
)
holders = st.builds(
    Holder,
    account=st.just("970436:0123456789"),
    status=st.sampled_from(list(Status)),
    name=st.none() | words,
    born=st.none() | st.just("1990-03-05"),
    phone=st.none() | st.just("+84912345678"),
    devices=st.lists(words, max_size=3),
)


@given(st.lists(lines, max_size=5), st.sampled_from(["vi", "en"]))
def test_what_is_written_is_read_again(rows: list[StatementLine], lang: str) -> None:
    assert read_table(StatementLine, write_table(rows, lang)) == rows


@given(st.lists(holders, max_size=3))
def test_lists_and_nested_words_come_back(rows: list[Holder]) -> None:
    assert read_table(Holder, write_table(rows)) == rows


def test_columns_are_known_by_their_labels_in_any_order() -> None:
    text = "Trạng thái;Tài khoản;Tên chủ tài khoản\nĐang hoạt động;970436:0123456789;Nguyễn Thị Hường\n"
    (row,) = read_table(Holder, text)
    assert (row.account, row.status, row.name) == (
        "970436:0123456789", Status.OPEN, "Nguyễn Thị Hường",
    )  # fmt: skip
    (same,) = read_table(Holder, "970436:0123456789\tOPEN\tNguyễn Thị Hường")
    assert same == row


def test_a_table_of_one_column_keeps_its_commas() -> None:
    rows = read_table(Note, "hộp thư a@example.com\nnhật ký, máy chủ 2")
    assert [row.text for row in rows] == ["hộp thư a@example.com", "nhật ký, máy chủ 2"]


def test_every_wrong_cell_is_named_and_nothing_is_dropped() -> None:
    text = "account\tstatus\tborn\n970436:0123456789\tOPEN\t31/02/2020\nkhông\tOPEN\t\n\tLẠ\t\n"
    with pytest.raises(TableWrong) as wrong:
        read_table(Holder, text)
    said = wrong.value.message("vi")
    for place in ("dòng 2, cột Ngày sinh", "dòng 3, cột Tài khoản", "dòng 4, cột Tài khoản"):
        assert place in said
    assert "line 2, column Date of birth" in wrong.value.message("en")
    with pytest.raises(TableWrong, match="column Status"):
        read_table(Holder, "970436:0123456789\tLẠ")


def test_a_form_with_a_table_is_read_and_shown() -> None:
    given_form = {"holders": "account\tstatus\tname\n970436:0123456789\tOPEN\tNguyễn Thị Hường"}
    reply = read_form(Reply, given_form, as_of=AT)
    assert reply.holders[0].name == "Nguyễn Thị Hường"
    table = next(one for one in shown_fields(reply, "vi") if one.kind == "rows")
    assert [one.vi for one in table.columns][:2] == ["Tài khoản", "Trạng thái"]
    assert table.rows[0][1] == "Đang hoạt động"
    assert read_form(Reply, write_form(reply), as_of=AT) == reply
    with pytest.raises(FormWrong) as wrong:
        read_form(Reply, {"holders": "x\ty"}, as_of=AT)
    assert set(wrong.value.errors) == {"holders"}  # type: ignore[attr-defined]


def test_every_kind_but_the_trace_can_be_asked_and_answered_by_a_person() -> None:
    by_machine = {
        name for name, one in all_kinds().items() if not (typed(one.ask) and typed(one.answer))
    }
    assert by_machine == {"trace_credit"}
    assert all(one.columns for one in fields(Reply) if one.kind == "rows")
