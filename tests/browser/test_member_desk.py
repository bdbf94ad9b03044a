"""The member's desk in a browser: readable in both languages and both lights, narrow, by keyboard, under its policy."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from lachan.connector.desk.app import DeskApp
from lachan.connector.desk.asgi import application
from lachan.connector.simulator.configuring import DESK_PASSWORD
from lachan.exchange.messages import identify_subscriber, pause
from lachan.kernel.time import to_wire
from tests.integration.connector import conftest as bank
from tests.integration.connector.conftest import NOW, Bench
from tests.integration.connector.test_desk import Browser as Clicks

clock, centre, bench = bank.clock, bank.centre, bank.bench
TELECOM, BANK = "vn/telecom/mo-phong", "vn/bank/970902"


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated country of the connector's tests, in place of the centre's of this folder."""
    folder = tmp_path_factory.mktemp("desk-country")
    bank.generate(folder, seed=7, now=NOW, transfers=2_000)
    return folder


@pytest.fixture(autouse=True)
def served() -> None:
    """The desk needs nothing of the centre's web settings."""


class Served:
    """A desk on a free port, until it is stopped."""

    def __init__(self, app: DeskApp) -> None:
        config = uvicorn.Config(
            application(app), port=0, lifespan="off", ws="none", log_level="error"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        until = time.monotonic() + 10
        while not self.server.started and time.monotonic() < until:
            self.thread.join(0.02)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
def desks(bench: Bench) -> Iterator[Any]:
    started: list[Served] = []

    def serve(address: str) -> str:
        started.append(Served(DeskApp(bench.open(address).member, threading.Event())))
        return started[-1].url

    yield serve
    for one in started:
        one.stop()


def opened(browser: Browser, url: str, said: list[str], **options: Any) -> Page:
    page = browser.new_context(base_url=url, **options).new_page()
    page.on("console", lambda m: said.append(m.text) if m.type == "error" and "422" not in m.text else None)  # fmt: skip
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/dang-nhap")
    page.fill("#login", "ban1")
    page.fill("#password", DESK_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#queue")
    return page


def problems(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def test_every_page_is_clean_in_both_languages_both_lights_and_360_pixels(
    bench: Bench, desks: Any, browser: Browser
) -> None:
    number = bench.truth["scams"]["green"]["report"]["contacts"][0][1]
    sent = bench.centre.ask(TELECOM, "identify_subscriber", identify_subscriber.Ask(number=number))
    bench.run(TELECOM)
    url = desks(TELECOM)
    for scheme in ("light", "dark"):
        said: list[str] = []
        view = {"width": 360, "height": 740} if scheme == "dark" else {"width": 1200, "height": 800}
        page = opened(browser, url, said, color_scheme=scheme, viewport=view)
        for lang in ("vi", "en"):
            page.goto(f"/ngon-ngu?lang={lang}&ve=/")
            for path in ("/", f"/yeu-cau/{sent.h}", "/tai-khoan"):
                page.goto(path)
                assert problems(page) == [], (scheme, lang, path)
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, (scheme, lang, path)
        assert said == []
        page.context.close()


def test_a_legal_objection_is_explained_and_its_receipt_shown_by_keyboard_alone(
    bench: Bench, desks: Any, browser: Browser
) -> None:
    number = bench.truth["scams"]["green"]["report"]["contacts"][0][1]
    bench.centre.ask(TELECOM, "identify_subscriber", identify_subscriber.Ask(number=number))
    bench.run(TELECOM)
    said: list[str] = []
    page = opened(browser, desks(TELECOM), said)
    page.focus("#queue a")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1")
    page.focus("#f-reason")
    page.select_option("#f-reason", "LEGAL_OBJECTION")
    page.focus("button.danger")
    page.keyboard.press("Enter")
    page.wait_for_selector(".errors")
    assert page.evaluate("document.activeElement.className") == "errors"
    assert page.input_value("#f-reason") == "LEGAL_OBJECTION"
    page.fill("#f-explanation", "Số này thuộc bên khác")
    page.focus("button.danger")
    page.keyboard.press("Enter")
    page.wait_for_selector(".receipt")
    words = page.inner_text(".receipt")
    assert "Phản đối về pháp lý" in words
    assert "Số này thuộc bên khác" in words
    assert said == []
    page.context.close()


def test_the_list_refreshes_itself_and_the_focus_stays(
    bench: Bench, desks: Any, browser: Browser
) -> None:
    number = bench.truth["scams"]["green"]["report"]["contacts"][0][1]
    ask = identify_subscriber.Ask(number=number)
    bench.centre.ask(TELECOM, "identify_subscriber", ask)
    bench.run(TELECOM)
    said: list[str] = []
    page = opened(browser, desks(TELECOM), said)
    page.focus("#queue a")
    before = page.evaluate("document.activeElement.getAttribute('href')")
    bench.centre.ask(TELECOM, "identify_subscriber", ask)
    bench.run(TELECOM)
    page.wait_for_selector("#queue li:nth-child(2)", timeout=20_000)
    assert page.evaluate("document.activeElement.getAttribute('href')") == before
    assert page.inner_text("#voice")
    assert said == []
    page.context.close()


def test_the_first_of_two_persons_sees_that_another_is_needed(
    bench: Bench, desks: Any, browser: Browser
) -> None:
    path = bench.place(BANK) / "connector.toml"
    path.write_text(path.read_text() + '\n[[policy]]\nkind = "pause"\naction = "two_desk"\n')
    row = bench.truth["scams"]["green"]["report"]["transfers"][0]
    ask = pause.Ask(
        account=f"{row['to_bank']}:{row['to_account']}",
        credit_time=row["at"],
        credit_amount=row["amount"],
        amount=row["amount"],
        until=to_wire(NOW + timedelta(hours=20)),
        reason="lừa đảo",
    )
    bench.centre.ask(BANK, "pause", ask, cap=10**10, until=NOW + timedelta(hours=24))
    bench.run(BANK)
    said: list[str] = []
    page = opened(browser, desks(BANK), said)
    page.click("#queue a")
    page.click("button.act")
    page.wait_for_selector("text=Bạn đã đồng ý")
    assert page.locator("button.act").count() == 0
    assert problems(page) == []
    page.goto("/")
    assert "1 trong 2" in page.inner_text("#queue")
    assert said == []
    page.context.close()


def test_two_persons_must_agree_to_the_same_answer(bench: Bench) -> None:
    path = bench.place(TELECOM) / "connector.toml"
    policy = '\n[[policy]]\nkind = "identify_subscriber"\naction = "two_desk"\n'
    path.write_text(path.read_text() + policy)
    number = bench.truth["scams"]["green"]["report"]["contacts"][0][1]
    sent = bench.centre.ask(TELECOM, "identify_subscriber", identify_subscriber.Ask(number=number))
    bench.run(TELECOM)
    member = bench.open(TELECOM).member
    app = DeskApp(member, threading.Event())
    first, second = Clicks(app).sign_in("ban1"), Clicks(app).sign_in("ban2")
    where = f"/yeu-cau/{sent.h}/tra-loi"
    assert first.post(where, csrf=first.csrf, found="1", name="Nguyễn A").status == 303
    assert second.post(where, csrf=second.csrf, found="1", name="Nguyễn B").status == 303
    assert member.store.received(h=sent.h).state == "desk"
    assert first.post(where, csrf=first.csrf, found="1", name="Nguyễn B").status == 303
    assert member.store.received(h=sent.h).state == "answered"
