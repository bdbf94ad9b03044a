"""Border guard asks customs in the web interface, and customs answers there: by keyboard, in both languages, on a phone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lachan.access.purposes import Purpose
from lachan.exchange import enquiring, receiving, sending
from lachan.kernel.time import SystemClock
from tests.browser.test_accessibility import violations
from tests.browser.test_main_job import picture
from tests.browser.world import PASSPHRASE, code_of, sign_in
from tests.integration.exchange.hosting import CUSTOMS, host
from tests.integration.members.conftest import Deployment

GUARD, CUSTOMS_HEAD = "Lò Văn Biên", "Trịnh Thị Hải"
PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def hosted(country: Deployment) -> Deployment:
    country.clock.at = datetime.now(UTC) - timedelta(seconds=30)
    host(country)
    return country


def arrive() -> None:
    """What the dispatcher does, until nothing moves."""
    clock = SystemClock()
    for _ in range(3):
        for one in sending.ready(now=clock.now()):
            assert sending.send_one(outgoing_id=one, clock=clock) == "SENT"
        receiving.take_all(receiving.waiting(now=clock.now()), clock=clock)


def checked(page: Page) -> None:
    """axe is content, and the page does not scroll sideways."""
    assert violations(page) == []
    wide: Any = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]  # type: ignore[index]


def test_an_enquiry_is_signed_sent_answered_and_read_by_both(
    new_page: Callable[..., Page], hosted: Deployment
) -> None:
    guard = new_page(**PHONE)
    sign_in(guard, hosted, GUARD)
    expect(guard.get_by_role("heading", level=1)).to_have_text("Hộp đến")
    checked(guard)
    guard.get_by_role("link", name="Trao đổi").click()
    guard.get_by_role("link", name="Lập yêu cầu ngoài vụ việc").click()
    checked(guard)
    guard.get_by_role("link", name="Trao đổi thông tin biên giới").click()
    guard.get_by_role("button", name="Ký và gửi").click()
    expect(guard.get_by_role("alert")).to_be_focused()
    checked(guard)
    guard.get_by_label("Gửi tới").select_option(CUSTOMS)
    guard.get_by_label("Vụ việc hoặc chuyến tuần tra").fill("TT-26-0007")
    guard.get_by_label("Hỏi về").select_option("VEHICLE")
    guard.get_by_label("Câu hỏi").fill("Xe 14C-000.00 qua lối nào? <script>alert(1)</script>")
    guard.get_by_label("Câu mật khẩu").fill(PASSPHRASE)
    guard.get_by_label("Mã 6 chữ số").fill(code_of(hosted, GUARD, nth=2))
    guard.get_by_role("button", name="Ký và gửi").click()
    expect(guard.get_by_role("heading", level=1)).to_contain_text("Trao đổi thông tin biên giới")
    expect(guard.get_by_text("<script>alert(1)</script>")).to_be_visible()
    checked(guard)
    arrive()

    customs = new_page("en", **PHONE)
    sign_in_english(customs, hosted)
    expect(customs.get_by_role("heading", level=1)).to_have_text("Inbox")
    checked(customs)
    customs.get_by_role("link", name="Border enquiry").click()
    customs.get_by_text("13 steps passed").click()
    expect(customs.get_by_text("the right party to answer")).to_be_visible()
    checked(customs)
    picture(customs, "inbox-ask")
    customs.get_by_label("Facts").fill("một dòng không có nguồn")
    customs.get_by_role("button", name="Send the answer").click()
    expect(customs.get_by_role("alert")).to_be_focused()
    expect(customs.get_by_label("Facts")).to_have_value("một dòng không có nguồn")
    checked(customs)
    customs.get_by_label("Found").check()
    customs.get_by_label("Facts").fill("Qua lối mở số 3\tSổ trực")
    customs.get_by_role("button", name="Send the answer").click()
    expect(customs.get_by_role("cell", name="Qua lối mở số 3")).to_be_visible()
    checked(customs)
    arrive()

    guard.goto("/trao-doi?sort=due_at")
    checked(guard)
    guard.get_by_role("link", name="Trao đổi thông tin biên giới").click()
    expect(guard.get_by_role("cell", name="Sổ trực")).to_be_visible()
    checked(guard)


def sign_in_english(page: Page, country: Deployment) -> None:
    """As `world.sign_in`, by the English labels."""
    page.goto("/dang-nhap")
    page.get_by_role("button", name="Tiếng Việt").click()
    sign_in(page, country, CUSTOMS_HEAD)
    page.get_by_role("button", name="English").click()


def test_a_desk_refuses_with_a_reason_and_the_asker_reads_it(
    new_page: Callable[..., Page], hosted: Deployment
) -> None:
    guard = new_page()
    sign_in(guard, hosted, GUARD)  # before the code that signs
    conversation = enquiring.ask_alone(
        actor=hosted.actor(GUARD, Purpose.BDR), kind_name="border_enquiry", receiver=CUSTOMS,
        typed={"matter": "TT-26-0008", "topic": "ROUTE", "question": "Lối nào?"}, passphrase=PASSPHRASE,
        totp=code_of(hosted, GUARD, nth=2), clock=SystemClock(),
    )  # fmt: skip
    arrive()
    customs = new_page()
    sign_in(customs, hosted, CUSTOMS_HEAD)
    customs.get_by_role("link", name="Trao đổi thông tin biên giới").click()
    customs.get_by_label("Lý do").select_option("LEGAL_OBJECTION")
    customs.get_by_role("button", name="Từ chối").click()
    expect(customs.locator("#explanation-wrong")).to_be_visible()
    checked(customs)
    customs.get_by_label("Giải thích").fill("Ngoài địa bàn theo quy chế")
    customs.get_by_role("button", name="Từ chối").click()
    expect(customs.get_by_text("Bị từ chối")).to_be_visible()
    arrive()
    guard.goto(f"/yeu-cau/{conversation}")
    expect(guard.locator(".notice-alarm").get_by_text("có ý kiến về pháp luật")).to_be_visible()
    expect(guard.get_by_text("Ngoài địa bàn theo quy chế")).to_be_visible()
    checked(guard)
