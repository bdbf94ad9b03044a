"""Double clicks, lost contact, weights, and pages as they are printed."""

import gzip
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from lachan.reports.models import ReportRecord
from tests.browser.test_accessibility import violations
from tests.browser.test_case import a_case
from tests.browser.test_report import tell
from tests.browser.world import DUTY, sign_in
from tests.integration.members.conftest import Deployment


def test_going_back_and_sending_again_files_one_report(page: Page, country: Deployment) -> None:
    tell(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nhập mã")
    page.go_back()
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_role("button", name="Gửi và nhận mã").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nhập mã")
    assert ReportRecord.objects.unscoped(reason="a test").count() == 1


def test_lost_contact_is_said_and_ends_when_it_comes_back(
    page: Page, country: Deployment, complaints: list[str]
) -> None:
    a_case(country)
    sign_in(page, country, DUTY)
    tick = "document.querySelector('[data-live]').dispatchEvent(new CustomEvent('live:tick'))"
    page.route("**/bang?v=*", lambda route: route.abort())
    page.evaluate(tick)
    expect(page.locator("#stale")).to_contain_text("mất kết nối")
    page.unroute("**/bang?v=*")
    page.evaluate(tick)
    expect(page.locator("#stale")).to_be_hidden()
    assert all("ERR_FAILED" in one or "htmx" in one for one in complaints)
    complaints.clear()


def weight(page: Page, address: str) -> tuple[int, int]:
    """Compressed bytes of the page's HTML, and of everything."""
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.__setitem__(r.url, _size(r)))
    answer: Any = page.goto(address)
    page.wait_for_load_state("networkidle")
    html = len(gzip.compress(answer.body()))
    return html, sum(sizes.values())


def _size(response: Any) -> int:
    body = response.body()
    return len(body) if response.url.endswith(".woff2") else len(gzip.compress(body))


def test_the_first_public_page_is_light(new_page: Callable[..., Page]) -> None:
    html, everything = weight(new_page(), "/")
    assert html <= 15_000
    assert everything <= 40_000


def test_an_ordinary_page_is_under_its_budget(new_page: Callable[..., Page]) -> None:
    html, everything = weight(new_page(), "/mau/board")
    assert html <= 25_000
    assert everything <= 200_000


def test_a_case_can_be_printed(page: Page) -> None:
    page.goto("/mau/case-money")
    page.emulate_media(media="print")
    assert page.locator("nav[aria-label='Trình đơn chính']").is_hidden()
    assert len(page.pdf(format="A4")) > 5_000


def test_forced_colours_keep_borders_on_tags(new_page: Callable[..., Page]) -> None:
    page = new_page(forced_colors="active")
    page.goto("/mau/board")
    width = page.evaluate("getComputedStyle(document.querySelector('.tag')).borderTopWidth")
    assert width == "1px"


def test_a_session_that_ends_soon_says_so_and_can_be_kept(page: Page, country: Deployment) -> None:
    page.clock.install()
    sign_in(page, country, DUTY)
    page.goto("/tin-bao/moi")
    page.locator("[id='phone']").fill("0912345678")
    expect(page.locator("#session-end")).to_be_hidden()
    page.clock.run_for(28 * 60 * 1000 + 1000)
    expect(page.locator("#session-end")).to_be_visible()
    page.get_by_role("button", name="Ở lại").click()
    expect(page.locator("#session-end")).to_be_hidden()
    expect(page.locator("[id='phone']")).to_have_value("0912345678")


def test_the_page_for_nothing_is_plain_and_in_both_languages(page: Page) -> None:
    answer = page.goto("/khong-co-trang-nay")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("[lang=en] h2")).to_have_text("This page was not found")
    assert violations(page) == []


def test_single_keys_can_be_switched_off(page: Page, country: Deployment) -> None:
    sign_in(page, country, DUTY)
    page.goto("/ho-so")
    page.get_by_role("button", name="Tắt phím đơn").click()
    page.goto("/tin-bao")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Các tin báo")
