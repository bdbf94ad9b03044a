"""Who answers in time: read, put in order, filtered and taken away in both languages, by phone, and without JavaScript."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from lachan.members import services as members
from lachan.members.roles import Role
from tests.browser.test_accessibility import violations
from tests.browser.world import BANKS, CENTRE, code_of, sign_in
from tests.integration.exchange.asked import open_ask, plant
from tests.integration.members.conftest import PASSWORD, Deployment

WATCHER = "Vũ Thị Giám"
FIRST, SECOND = BANKS
HEADINGS = {"vi": ("Trả lời đúng hạn", "Trễ hạn"), "en": ("Answers in time", "Late")}


@pytest.fixture
def watched(country: Deployment) -> Deployment:
    """Two banks: one always in time, one that is late and one silent."""
    country.enrol(WATCHER, CENTRE, "office", Role.SUPERVISOR)
    members.publish_directory(country.system, clock=country.clock)
    now = datetime.now(UTC)
    for _ in range(3):
        plant(now, FIRST)
    plant(now, SECOND, late=True, worked_seconds=900)
    open_ask(now, SECOND, due_at=now - timedelta(minutes=1), level=3)
    return country


def rows(page: Page) -> list[str]:
    """The banks' codes in the table's order, by their names."""
    return [one[-6:] for one in page.locator("table tbody th[scope=row]").all_inner_texts()]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_league_is_read_and_put_in_order_and_axe_finds_nothing(
    watched: Deployment, new_page: Callable[..., Page], language: str
) -> None:
    page = new_page("vi")
    sign_in(page, watched, WATCHER)
    cookie = {"name": "django_language", "value": language, "url": page.url}
    page.context.add_cookies([cookie])
    page.goto("/dung-han")
    title, late = HEADINGS[language]
    assert page.locator("h1").inner_text() == title
    assert rows(page) == [FIRST[-6:], SECOND[-6:]]
    assert violations(page) == []
    page.get_by_role("link", name=late, exact=True).click()
    assert rows(page) == [SECOND[-6:], FIRST[-6:]]
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.locator("select[name=loai]").select_option("identify_subscriber")
    page.locator("form.acts button").first.click()
    assert rows(page) == []
    assert violations(page) == []


def test_the_league_needs_no_script_and_fits_a_phone(
    watched: Deployment, new_page: Callable[..., Page]
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    sign_in(page, watched, WATCHER)
    page.goto("/dung-han?sort=-overdue")
    assert rows(page) == [SECOND[-6:], FIRST[-6:]]
    box: Any = page.locator("main").bounding_box()
    assert box["x"] + box["width"] <= 360
    with page.expect_download() as got:
        page.get_by_role("button", name="XLSX").click()
    assert got.value.suggested_filename.startswith("dung-han-")
    assert got.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_monitoring_page_fits_a_phone_and_axe_finds_nothing(
    watched: Deployment, new_page: Callable[..., Page], language: str
) -> None:
    page = new_page(language, viewport={"width": 360, "height": 740})
    page.goto("/dang-nhap")
    page.locator("input[name=username]").fill(watched.logins[WATCHER].username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=totp]").fill(code_of(watched, WATCHER))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto("/giam-sat?sort=-overdue")
    assert violations(page) == []
    wide: Any = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    assert page.locator("table").count() == 2  # members, and the silent bank's late request
