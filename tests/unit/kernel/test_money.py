"""Amounts are whole đồng: read in the ways that people write them, said in words that read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kernel.money import AmountUnreadable, Vnd, read_words, vnd_words
from lachan.kernel.words import LIMIT, WordsUnreadable, english_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_200_000_000, "một tỷ hai trăm triệu"),
        (92_000_000_000, "chín mươi hai tỷ"),
        (1_000_000_001, "một tỷ không trăm linh một"),
        (2_000_000_000_000, "hai nghìn tỷ"),
        (1_234_005_000_000, "một nghìn hai trăm ba mươi tư tỷ không trăm linh năm triệu"),
        (10**15, "một triệu tỷ"),
    ],
)
def test_an_amount_in_words(number: int, words: str) -> None:
    assert vnd_words(number) == words
    assert read_words(words) == number


@given(st.integers(0, 10**15) | st.integers(0, LIMIT - 1) | st.integers(0, 10**6))
def test_reading_the_words_back_gives_the_number(number: int) -> None:
    assert read_words(vnd_words(number)) == number


@pytest.mark.parametrize("text", ["Một ngàn tỉ đồng chẵn", " một  NGHÌN tỷ đồng"])
def test_common_spellings_are_read(text: str) -> None:
    assert read_words(text) == 10**12


@pytest.mark.parametrize(
    "text", ["", "đồng", "hai mươi một", "một hai", "năm đô la", "tỷ", "mươi", "triệu " * 9, "một tỷ tỷ",
             "một nghìn triệu tỷ"]
)  # fmt: skip
def test_words_that_are_no_amount_are_refused(text: str) -> None:
    with pytest.raises(WordsUnreadable):
        read_words(text)


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_words_end_at_their_limit(number: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        vnd_words(number)
    with pytest.raises(ValueError, match="outside"):
        english_words(number)


def test_english_words() -> None:
    assert english_words(0) == "zero"
    assert english_words(1_200_000_045) == "one billion two hundred million forty-five"
    assert english_words(10**15 + 20) == "one quadrillion twenty"
    assert Vnd(-5).words("en") == "minus five đồng"
    assert Vnd(21).words("en") == "twenty-one đồng"


def test_an_order_says_the_currency() -> None:
    assert Vnd(92_000_000_000).words() == "chín mươi hai tỷ đồng"
    assert Vnd(-5).words() == "âm năm đồng"


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("1200000000", 1_200_000_000),
        ("1.200.000.000", 1_200_000_000),
        ("1,2 tỷ", 1_200_000_000),
        ("1,2tỷ", 1_200_000_000),
        ("1.200 triệu", 1_200_000_000),
        ("500 triệu", 500_000_000),
        ("500tr", 500_000_000),
        ("500k", 500_000),
        ("1.200", 1_200),
        ("0", 0),
        ("  50.000.000 ₫ ", 50_000_000),
        ("50.000.000\u00a0đồng", 50_000_000),
        ("50000VND", 50_000),
        ("0,5 tỷ", 500_000_000),
    ],
)
def test_the_usual_ways_to_write_an_amount_are_read(text: str, dong: int) -> None:
    assert Vnd.parse(text) == Vnd(dong)


@pytest.mark.parametrize(
    ("text", "dong"),
    [("1,200,000", 1_200_000), ("1.2 bn", 1_200_000_000), ("3 million", 3_000_000)],
)
def test_in_english_commas_group(text: str, dong: int) -> None:
    assert Vnd.parse(text, "en") == Vnd(dong)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1,2", "1,5 đồng", "1.20", "1.2 tỷ", "12.00.000", "-5", "1e9", "1,2345 nghìn", "5 xu",
     "1.2345", "9" * 17, "9" * 60, "1,, tỷ", "1, tỷ", "٣", "1,٣ tỷ", ".5", "1..000", "1\u200b000"],
)  # fmt: skip
def test_what_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(AmountUnreadable):
        Vnd.parse(text)


@given(st.integers(0, 10**15))
def test_a_grouped_amount_reads_back(dong: int) -> None:
    assert Vnd.parse(Vnd(dong).grouped()) == Vnd.parse(str(Vnd(dong))) == Vnd(dong)
    assert Vnd.parse(Vnd(dong).grouped("en"), "en") == Vnd(dong)


def test_money_is_never_a_float_nor_a_boolean() -> None:
    for wrong in (1.0, True, "1"):
        with pytest.raises(TypeError):
            Vnd(wrong)  # type: ignore[arg-type]


def test_money_adds_and_orders() -> None:
    assert Vnd(1) + Vnd(2) - Vnd(4) == Vnd(-1)
    assert Vnd(1) < Vnd(2)
