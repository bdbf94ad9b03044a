"""An error says what is wrong, where, and what would be right, in both languages."""

import pickle
from typing import ClassVar

import pytest

from lachan.kernel.errors import LachanError, Text, all_errors


class TooMuch(LachanError):
    """For these tests."""

    code = "zz_test.too_much"
    status = 409
    rule = "R1"
    text = Text(vi="{asked} vượt quá {right}.", en="{asked} is more than {right}.")
    asked: int
    right: int


class EvenMore(TooMuch):
    """Inherits its parent's fields and adds one."""

    code = "zz_test.even_more"
    why: str


def test_the_body_has_the_one_shape() -> None:
    assert TooMuch(field="amount", row=3, asked=5, right=4).body() == {
        "code": "zz_test.too_much",
        "field": "amount",
        "rule": "R1",
        "right": "4",
        "text_vi": "5 vượt quá 4.",
        "text_en": "5 is more than 4.",
        "row": 3,
    }


def test_the_message_is_vietnamese_unless_english_is_asked() -> None:
    error = TooMuch(asked=5, right=4)
    assert error.message() == "5 vượt quá 4."
    assert error.message("en") == str(error) == "5 is more than 4."
    assert (error.asked, error.right, error.field, error.row) == (5, 4, None, None)


def test_a_missing_or_unknown_value_is_a_defect() -> None:
    with pytest.raises(TypeError, match="missing"):
        TooMuch(asked=5)
    with pytest.raises(TypeError, match="unknown"):
        TooMuch(asked=5, right=4, other=1)


def test_a_child_asks_for_its_parents_values_too() -> None:
    assert EvenMore(asked=1, right=2, why="x").values == {"asked": 1, "right": 2, "why": "x"}


def test_a_field_with_a_usual_value_may_be_left_out() -> None:
    class Usual(LachanError):
        code = "zz_test.usual"
        text = Text(vi="{times} lần.", en="{times} times.")
        times: int = 5

    assert Usual().message() == "5 lần."
    assert Usual(times=3).message() == "3 lần."
    assert Usual(times=3).times == 3


def test_an_error_without_a_right_answer_says_none() -> None:
    class Plain(LachanError):
        code = "zz_test.plain"
        text = Text(vi="Không.", en="No.")

    assert Plain().body()["right"] is None
    assert Plain().body()["rule"] is None


def test_errors_travel_between_processes() -> None:
    again = pickle.loads(pickle.dumps(TooMuch(field="amount", asked=5, right=4)))  # noqa: S301
    assert again.body() == TooMuch(field="amount", asked=5, right=4).body()


def test_all_errors_are_listed_once_in_order_of_their_codes() -> None:
    codes = [one.code for one in all_errors()]
    assert codes == sorted(codes)
    assert {"zz_test.too_much", "zz_test.even_more"} <= set(codes)


def test_class_variables_and_grandchildren_do_not_become_fields() -> None:
    class Odd(EvenMore):
        code = "zz_test.odd"
        status: ClassVar[int] = 410

    class Both(Odd, TooMuch):
        code = "zz_test.both"

    assert Both.declared() == Odd.declared() == {"asked", "right", "why"}
    assert all_errors().count(Both) == 1
