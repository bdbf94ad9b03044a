"""Every form that changes something carries the CSRF value, and is refused without it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.samples import SAMPLES

ADDRESSES = ["/dang-nhap", "/theo-doi", *[f"/mau/{name}" for name in SAMPLES]]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_posting_form_has_the_value_and_one_button_of_its_own(
    page: Page, address: str
) -> None:
    page.goto(address)
    forms = page.locator("form[method=post]")
    for at in range(forms.count()):
        form = forms.nth(at)
        expect(form.locator("input[name=csrfmiddlewaretoken]")).to_have_count(1)
        assert form.locator("button").count() >= 1


def test_a_form_without_its_value_is_refused(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto("/dang-nhap")
    answer: Any = page.request.post("/dang-nhap", form={"username": "a"})
    assert answer.status == 403


def test_a_citizens_markup_is_text_and_does_nothing(page: Page) -> None:
    page.goto("/mau/case-people")
    expect(page.get_by_text('<img src=x hx-get="/bang"')).to_be_visible()
    assert page.locator("main img").count() == 0
    page.goto("/mau/review")
    assert page.locator("main script, main img").count() == 0


def test_the_five_figures_of_every_row_add_up(page: Page) -> None:
    page.goto("/mau/board")
    for row in page.locator("#board-table tbody tr").all():
        figures = {
            cell.get_attribute("data-sum"): int(cell.get_attribute("data-dong") or "0")
            for cell in row.locator("dd[data-sum]").all()
        }
        assert figures["reported"] == sum(
            figures[name] for name in ("held", "moved_on", "withdrawn", "unresolved")
        )


def test_rows_are_walked_by_keys_and_opened_by_enter(page: Page) -> None:
    page.goto("/mau/board")
    page.keyboard.press("j")
    expect(page.locator("#row-VA-26-000001")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#row-VA-26-000002")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("End")
    expect(page.locator("#row-VA-26-000003")).to_be_focused()
    assert page.locator("#board-table tbody tr[tabindex='0']").count() == 1
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("searchbox")).to_have_value("j")


def test_enter_in_the_passphrase_does_not_sign(page: Page) -> None:
    page.goto("/mau/sheet")
    page.get_by_label("Câu mật khẩu của khóa ký").fill("x")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/mau/sheet")


def test_the_stop_rule_takes_the_place_of_the_button(page: Page) -> None:
    page.goto("/mau/sheet-stopped")
    assert page.get_by_role("button", name="Ký và gửi").count() == 0
    expect(page.get_by_text("Phải thu hẹp trước khi ký")).to_be_visible()


def test_picture_and_table_mark_the_same_account(page: Page) -> None:
    page.goto("/mau/flow")
    page.locator("svg [data-ref]").first.click()
    expect(page.locator("tr.on").first).to_be_visible()
