"""Amounts are read as they are written, or refused; never rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.adapters.statements.numbers import Grouping, grouping_of, read_amount
from lachan.tracing.errors import AmountInvalid


@pytest.mark.parametrize(
    ("cell", "dong"),
    [
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1 234 567", 1_234_567),
        ("1\u00a0234\u202f567", 1_234_567),
        ("(500.000)", -500_000),
        ("-500.000", -500_000),
        ("500.000-", -500_000),
        ("+500.000", 500_000),
        ("1.234.567,00", 1_234_567),
        ("1,234,567.00", 1_234_567),
        ("1.200.000 VND", 1_200_000),
        ("1.200.000đ", 1_200_000),
        ("1.200.000 ₫", 1_200_000),
        ("VND 1,200,000", 1_200_000),
        ("700000", 700_000),
        (700_000.0, 700_000),
        (-700_000, -700_000),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_amounts_are_read_in_every_usual_spelling(cell: object, dong: int | None) -> None:
    assert read_amount(cell, None) == dong


@pytest.mark.parametrize(
    "cell",
    ["12,5", "1.23.456", "1.234,567.8", "=1+1", "abc", "1e6", "１２３", 0.5, 2.0**60, float("nan"),
     float("inf"), True, str(2**62), "9" * 5000, "1.234.567,50"],
)  # fmt: skip
def test_what_is_not_whole_dong_is_refused_with_its_field(cell: object) -> None:
    with pytest.raises(AmountInvalid) as refused:
        read_amount(cell, None, field="debit")
    assert refused.value.field == "debit"


def test_one_dot_before_three_digits_is_settled_by_the_whole_column() -> None:
    assert grouping_of(["1.234", "1.234.567"]) is Grouping.DOT
    assert grouping_of(["1.234", "500.00"]) is Grouping.COMMA
    assert grouping_of(["1.234", "7"]) is None
    assert read_amount("1.234", Grouping.DOT) == 1234
    assert read_amount("1.234", None) == 1234
    with pytest.raises(AmountInvalid):
        read_amount("1.234", Grouping.COMMA)


@given(st.integers(-(2**61), 2**61), st.sampled_from(list(Grouping)))
def test_a_grouped_number_reads_back(dong: int, grouping: Grouping) -> None:
    text = f"{dong:,}".replace(",", grouping.value)
    assert read_amount(text, grouping) == dong
    assert read_amount(text + grouping.decimal + "00", None) == dong
