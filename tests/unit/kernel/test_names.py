"""Vietnamese words in a dictionary's order, found by whoever types them without tones."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kernel.names import NameUnreadable, PersonName, fold, norm, sort_key


def test_words_stand_as_in_a_dictionary() -> None:
    words = "An Ăn Ân Ấn Âu Dương Đặng Đinh ma mà mả mã má mạ".split()  # noqa: SIM905
    shuffled = words[::-1]
    assert sorted(shuffled, key=sort_key) == words
    assert all(sort_key(one) < sort_key(other) for one, other in pairwise(words))


def test_letters_count_before_tones_over_the_whole_text() -> None:
    assert sort_key("má a") < sort_key("ma b")
    assert sort_key("ma z") < sort_key("mab")


@given(st.text())
def test_the_key_does_not_depend_on_how_the_text_is_composed(text: str) -> None:
    assert sort_key(text) == sort_key(unicodedata.normalize("NFD", text))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_search_forms() -> None:
    assert norm("  Nguyễn\tThị  HƯỜNG ") == "nguyễn thị hường"
    assert fold("Đặng Thị Hường") == "dang thi huong"


def test_persons_are_ordered_by_given_name_then_family_name() -> None:
    names = ["Trần Văn An", "Lê Thị Ân", "Nguyễn Văn Bình", "Nguyễn Thị Bình"]
    keys = {name: PersonName.parse(name).sort_key for name in names}
    assert sorted(names, key=keys.__getitem__) == [
        "Trần Văn An", "Lê Thị Ân", "Nguyễn Thị Bình", "Nguyễn Văn Bình",
    ]  # fmt: skip
    assert PersonName.parse("Hường").sort_key


def test_a_name_is_kept_as_written_with_single_blanks() -> None:
    assert str(PersonName.parse("  H'Hen   Niê ")) == "H'Hen Niê"


@pytest.mark.parametrize("text", ["", " ", "Nguyễn 2", "a" * 121, "<b>", "_", "-An"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(NameUnreadable):
        PersonName.parse(text)
