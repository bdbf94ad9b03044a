"""Nothing at the desk is shown as a bare code."""

import pytest

from lachan.connector.desk.reading import fours, grouped, scam_types
from lachan.connector.desk.reasons import PRIORITIES, REASON_WORDS
from lachan.connector.desk.times import time_left
from lachan.exchange import mandate_steps
from lachan.exchange.check_words import STEPS, check_view
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.kinds import Priority
from lachan.profiles.load import load_profile


def test_every_step_reason_and_priority_has_words() -> None:
    assert set(mandate_steps.STEPS) == set(STEPS)
    assert set(REASON_WORDS) == {one.value for one in RefusalReason}
    assert set(PRIORITIES) == {one.value for one in Priority}
    assert scam_types()["IMP_TAX"].en.startswith("Tax-office")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0123456789", "0123 456 789"),
        ("4288416433", "4288 416 433"),
        ("12345678", "12345 678"),
        ("+84598123456", "+84 598 123 456"),
        ("970901-X", "970901-X"),
        ("123456", "123456"),
    ],
)
def test_digits_are_grouped_and_none_is_lost(number: str, shown: str) -> None:
    assert grouped(number) == shown
    assert shown.replace(" ", "") == number


def test_time_is_said_in_words() -> None:
    assert time_left(23 * 3600 + 57 * 60 + 5, "vi") == "còn 23 giờ 57 phút"
    assert time_left(-300, "vi") == "quá hạn 5 phút"
    assert time_left(59, "en") == "59 s left"
    assert time_left(2 * 86_400 + 3600, "en") == "2 d 1 h left"


def test_a_failed_step_says_what_would_be_right_and_names_the_provision() -> None:
    catalogue = load_profile("demo").catalogue
    lines = [
        {"mandate": "VN.ND147.35", "step": "known", "ok": True},
        {"mandate": "VN.ND147.35", "step": "cap", "ok": False},
    ]
    (one,) = check_view(lines, catalogue, "vi")
    assert "147/2024" in one["article"]
    assert one["title"] != "VN.ND147.35"
    assert one["passed"] == ["có trong danh mục căn cứ"]
    assert one["failed"]["right"]


def test_a_refused_message_shows_the_sentence_of_its_error() -> None:
    lines = [{"mandate": "-", "step": "exchange.x", "ok": False, "why": ["sai", "wrong"]}]
    (one,) = check_view(lines, None, "en")
    assert one["failed"]["said"] == "wrong"


def test_a_fingerprint_is_read_in_fours() -> None:
    assert fours("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
