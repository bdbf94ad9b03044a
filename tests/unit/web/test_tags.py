"""Money, instants, accounts and codes as the pages show them."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from lachan.kernel.errors import Text
from lachan.kernel.money import Vnd
from lachan.web.clock import now
from lachan.web.templatetags import amounts, instants, said, shown
from lachan.web.words.cases import FLAGS
from lachan.web.words.reports import WITHHELD
from lachan.web.words.roles import ROLES
from lachan.web.words.states import STATES


@pytest.fixture(autouse=True)
def vietnamese() -> object:
    with translation.override("vi"):
        yield


def test_money_is_grouped_with_dots_and_a_space_that_does_not_break() -> None:
    assert amounts.vnd(1_200_000_000) == "1.200.000.000\u00a0₫"
    assert amounts.vnd(Vnd(0)) == "0\u00a0₫"
    assert amounts.vnd("") == "–"


def test_english_groups_with_commas() -> None:
    with translation.override("en"):
        assert amounts.vnd(1_200_000_000) == "1,200,000,000\u00a0₫"


def test_amounts_in_words_begin_with_a_capital() -> None:
    assert amounts.vnd_words(1_200_000_000) == "Một tỷ hai trăm triệu đồng"


def test_times_are_those_of_vietnam() -> None:
    assert "14:05:10 03/03/2026" in instants.moment(datetime(2026, 3, 3, 7, 5, 10, tzinfo=UTC))
    assert instants.moment(None) == "–"


def test_basis_points_are_percent_without_floats() -> None:
    assert amounts.percent(161) == "1,61\u00a0%"
    assert amounts.percent(5) == "0,05\u00a0%"


def test_a_countdown_says_what_is_left_or_by_how_much_it_is_overdue() -> None:
    assert "còn 4 phút" in instants.countdown(now() + timedelta(minutes=4, seconds=30), "VCB")
    assert "quá hạn 2 giờ" in instants.countdown(now() - timedelta(hours=2, minutes=1))


def test_account_numbers_are_grouped_without_blanks_that_copying_would_take() -> None:
    assert re.sub(r"<[^>]+>", "", shown.mono("0123456789")) == "0123456789"
    assert shown.mono("0123456789").count('class="g"') == 2


def test_markup_in_an_account_is_text() -> None:
    assert "<b>" not in shown.mono("<b>1</b>")


def test_the_parts_of_a_bar_fill_it() -> None:
    sums = SimpleNamespace(reported=500, held=340, moved_on=0, withdrawn=80, unresolved=80)
    widths = [int(one) for one in re.findall(r'width="(\d+)"', amounts.bar_parts(sums))]
    assert widths == [680, 0, 160, 160]


def test_only_a_drawing_is_trusted_as_markup() -> None:
    assert shown.safe_svg("<script>alert(1)</script>") == ""
    assert shown.safe_svg("<svg></svg>") == "<svg></svg>"


def test_texts_are_said_in_the_language_of_the_page() -> None:
    assert said.say(Text(vi="có", en="yes")) == "có"
    with translation.override("en"):
        assert said.say(Text(vi="có", en="yes")) == "yes"


def test_codes_of_any_case_have_the_same_word() -> None:
    assert said.word("EFFECTIVE") == said.word("effective") == "đang có hiệu lực"
    assert said.word("gibt-es-nicht") == "gibt-es-nicht"


@pytest.mark.parametrize("shape", ["waiting", "running", "due", "late", "done", "disputed"])
def test_every_shape_is_used_by_some_state(shape: str) -> None:
    assert shape in {kind for _, kind in (STATES | FLAGS).values()}


def test_every_role_of_an_officer_has_a_word() -> None:
    from lachan.members.roles import Role

    assert {role.value for role in Role} <= ROLES.keys()


def test_every_reason_for_withholding_has_a_sentence() -> None:
    from lachan.reports.rules import Withheld

    assert {one.value for one in Withheld} == WITHHELD.keys()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("···4001: EFFECTIVE 80000000", "···4001: đang có hiệu lực 80.000.000\u00a0₫"),
        ("Ngân hàng vn/bank/970422: trace_credit", "Ngân hàng vn/bank/970422: theo dấu khoản tiền"),
        ("procedure: NEW → VERIFYING", "giai đoạn tố tụng: mới → đang xác minh"),
        ("01a20e32-51db-7075-adce-a9bec3abf864: started", "bắt đầu"),
    ],
)
def test_a_line_of_the_timeline_is_told_in_words(line: str, words: str) -> None:
    assert said.told(line) == words
