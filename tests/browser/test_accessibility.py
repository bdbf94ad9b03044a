"""axe finds nothing on any page, in both languages, light and dark, with data, empty and with errors (interface.md §11)."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.samples import SAMPLES

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OPEN = ["/", "/tro-giup", "/dang-nhap", "/trinh-bao", "/theo-doi", "/de-nghi-xem-xet-lai", "/kiem-tra-van-ban"]  # fmt: skip
ADDRESSES = OPEN + [f"/mau/{name}" for name in SAMPLES]


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:200]} ({node.get('failureSummary', '')[:200]})" for one in found for node in one["nodes"]]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing(new_page: Callable[..., Page], address: str) -> None:
    for language, scheme in (("vi", "light"), ("en", "dark")):
        page = new_page(language, color_scheme=scheme)
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        assert violations(page) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_scrolls_sideways_at_400_percent(
    new_page: Callable[..., Page], language: str
) -> None:
    page = new_page(language, viewport={"width": 320, "height": 700})  # 1280 px at 400 %
    for address in ADDRESSES:
        page.goto(address)
        wide: Any = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, address


@pytest.mark.parametrize("name", ["board", "flow", "sheet", "case-money", "done", "reports"])
def test_a_small_phone_does_not_scroll_sideways(new_page: Callable[..., Page], name: str) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(f"/mau/{name}")
    wide: Any = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
