"""Fixture strategy: one Chromium for the run, one context a test; every page is watched for console errors and
violations of the content policy, and a test that made one fails whatever else it asserted."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from lachan import bootstrap
from lachan.evidence import guard
from lachan.exchange.catalogue import profile
from tests.browser.world import found_country
from tests.integration.members.conftest import Deployment
from tests.needs import chromium

# Playwright's own loop runs in this thread; Django only asks whether one is running.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Static files come from the finders; the folder for collected ones must exist all the same.
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        flags = ["--no-sandbox"] if os.getuid() == 0 else []
        started = play.chromium.launch(executable_path=chromium(), args=flags)
        yield started
        started.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the consoles said; a test that breaks something on purpose empties it."""
    return []


@pytest.fixture
def new_page(
    browser: Browser, live_server: Any, complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    """Pages of sessions of their own; at the end none may have complained."""
    contexts: list[BrowserContext] = []

    def make(language: str = "vi", **options: Any) -> Page:
        address = options.setdefault("base_url", live_server.url)
        context = browser.new_context(
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": address}])
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" and not m.text.startswith(EXPECTED) else None)  # fmt: skip
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def country(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Deployment]:
    """People who can sign in, banks that can be asked."""
    guard.install(connection)
    settings.LACHAN_DATA = tmp_path / "data"
    settings.LACHAN_PROFILE = "demo"
    settings.LACHAN_DEMO = True
    settings.LACHAN_PASSPHRASE_COST = (1, 64, 1)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "never_block.json").write_text(
        '{"accounts": [], "entries": []}', encoding="utf-8"
    )
    profile.cache_clear()
    bootstrap.centre()
    yield found_country(tmp_path)
    guard.remove(connection)  # the rows of this test are emptied next


@pytest.fixture(autouse=True)
def served(settings: Any) -> None:
    """The product's addresses and the samples."""
    settings.ROOT_URLCONF = "tests.browser.sample_urls"
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)
