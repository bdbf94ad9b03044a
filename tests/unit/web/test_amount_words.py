"""The money field reads what people write, in both languages, and says it in words (interface.md §5)."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from lachan.reports.pages.citizen import plain_amount
from lachan.web.pages import amount_words

VIETNAMESE = [
    ("1200000000", "1.200.000.000"),
    ("1.200.000.000", "1.200.000.000"),
    ("1 200 000 000", None),
    ("1,2 tỷ", "1.200.000.000"),
    ("1,2tỷ", "1.200.000.000"),
    ("500 triệu", "500.000.000"),
    ("500tr", "500.000.000"),
    ("500 TR", "500.000.000"),
    ("30tr", "30.000.000"),
    ("1.200", "1.200"),
    ("200k", "200.000"),
    ("200 nghìn", "200.000"),
    ("15 ngàn đồng", "15.000"),
    ("1.000.000 ₫", "1.000.000"),
    ("1.000.000đ", "1.000.000"),
    ("92.000.000.000", "92.000.000.000"),
    ("0,5 tỷ", "500.000.000"),
    ("1,2", None),
    ("khoảng 30tr", None),
    ("12,000,000", None),
]
ENGLISH = [
    ("1200000000", "1,200,000,000"),
    ("1,200,000,000", "1,200,000,000"),
    ("1.2 bn", "1,200,000,000"),
    ("500 million", "500,000,000"),
    ("1,200", "1,200"),
    ("1.2", None),
    ("1.200.000", None),
]
CASES = [("vi", *one) for one in VIETNAMESE] + [("en", *one) for one in ENGLISH]


@pytest.mark.parametrize(("language", "typed", "read"), CASES)
def test_a_spelling_is_read_or_what_would_be_right_is_said(
    language: str, typed: str, read: str | None
) -> None:
    with translation.override(language):
        answer = amount_words(RequestFactory().get("/so-tien-bang-chu", {"q": typed}))
        text = answer.content.decode()
        plain = plain_amount(typed)
    if read is None:
        assert "₫:" not in text
        assert "1.200.000.000" in text  # the forms that are understood
        assert plain == typed
    else:
        assert text.startswith(f"{read} ₫: ")
        assert plain == read.replace(".", "").replace(",", "")
