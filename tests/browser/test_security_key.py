"""From registering a security key to an effective hold, by keyboard, with Chromium's own virtual authenticator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from lachan.cases.models import CaseRecord
from lachan.cli.main import main
from lachan.evidence import guard
from lachan.exchange.catalogue import calendar_hash, catalogue, profile
from lachan.exchange.mandates import Catalogue
from lachan.holds.models import HoldRecord
from lachan.members import services as members
from lachan.profiles.load import load_profile
from tests.browser.test_accessibility import violations
from tests.browser.test_main_job import flow_on, press_and_wait
from tests.browser.world import DUTY, HEAD, sign_in
from tests.integration.cases.conftest import (  # noqa: F401 - fixtures
    WHY,
    World,
    country,
    data_folder,
    empty,
    world,
)
from tests.integration.cases.test_golden_hour import VICTIM, A, M, scam


@pytest.fixture(autouse=True)
def real_commits(transactional_db: None) -> Iterator[None]:
    guard.install(connection)
    yield
    guard.remove(connection)


@pytest.fixture
def place(live_server: Any, settings: Any) -> str:
    """A relying party is a domain, so the pages are met at `localhost`."""
    settings.LACHAN_KEY_ORIGIN = live_server.url.replace("127.0.0.1", "localhost")
    return str(settings.LACHAN_KEY_ORIGIN)


@pytest.fixture
def vn(world: World) -> Iterator[World]:  # noqa: F811 - the fixture
    """The forms of signature of `vn`: a passphrase signs no live hold."""
    strict = {row.code: row.signer_forms for row in load_profile("vn").catalogue.rows}
    rows = [
        msgspec.structs.replace(row, signer_forms=strict[row.code])
        for row in load_profile("demo").catalogue.rows
    ]
    profile.cache_clear()
    object.__setattr__(profile(), "catalogue", Catalogue(tuple(rows)))
    members.publish_directory(
        world.country.system, clock=world.clock, mandates_hash=catalogue().hash,
        calendar_hash=calendar_hash(),
    )  # fmt: skip
    yield world
    profile.cache_clear()


def plug_in(page: Page, *, verified: bool = True) -> Any:
    """A security key of this page alone; `verified`: its owner enters the right PIN."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasUserVerification": True,
        "isUserVerified": verified, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def register(page: Page, name: str) -> None:
    page.goto("/ho-so")
    page.get_by_label("Tên của khóa").fill(name)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Đăng ký khóa", exact=True)).to_be_focused()
    press_and_wait(page, "Enter")
    expect(page.get_by_text("Chờ cơ quan ghi danh")).to_be_visible()


def enrol(page: Page, world: World, folder: Path) -> None:  # noqa: F811 - the fixture
    """The request goes to the agency's safe and its answer comes back."""
    with page.expect_download() as loading:
        page.get_by_role("link", name="Tải phiếu đề nghị").click()
    request, row = folder / "request.json", folder / "row.json"
    loading.value.save_as(request)
    safe = str(world.country.safe.folder)
    assert main(["safe", "sign", str(request), "--safe", safe, "--out", str(row), "--yes"]) == 0
    page.get_by_label("Tệp mà cơ quan đã ký").set_input_files(row)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Nộp tệp").focus()
    press_and_wait(page, "Enter")
    expect(page.get_by_text("Đã ghi danh", exact=True)).to_be_visible()


def touch(page: Page) -> None:
    button = page.get_by_role("button", name="Ký và gửi bằng khóa bảo mật")
    button.focus()
    expect(button).to_be_focused()
    press_and_wait(page, "Enter")


def test_two_officers_register_are_enrolled_and_sign_by_one_touch_each(
    new_page: Callable[..., Page],
    vn: World,
    place: str,
    tmp_path: Path,
) -> None:
    page, second = new_page(base_url=place), new_page(base_url=place)
    for one, name in ((page, DUTY), (second, HEAD)):
        sign_in(one, vn.country, name)
        plug_in(one)
        register(one, f"Khóa của {name}")
        assert violations(one) == []
        vn.clock.at = datetime.now(UTC)
        enrol(one, vn, tmp_path)
    vn.report(VICTIM, A, 500 * M, scam(vn), ago=600)
    flow_on(vn)
    code = CaseRecord.objects.unscoped(reason=WHY).get().code
    page.goto(f"/vu-viec/{code}/dong-tien")
    page.get_by_role("button", name="Lập phiếu ký").focus()
    press_and_wait(page, "Enter")
    assert page.get_by_label("Câu mật khẩu của khóa ký").count() == 0
    assert violations(page) == []
    touch(page)
    expect(page.get_by_text("Đã ký.")).to_be_visible()
    second.goto(page.url)
    touch(second)
    expect(second.get_by_text("Đã ký.")).to_be_visible()
    flow_on(vn)
    holds = list(HoldRecord.objects.unscoped(reason=WHY))
    assert {one.state for one in holds} == {"EFFECTIVE"}
    assert sum(one.held for one in holds) == 420 * M


def test_without_the_pin_or_the_right_key_the_page_says_so_and_nothing_is_signed(
    new_page: Callable[..., Page],
    world: World,  # noqa: F811
    place: str,
    tmp_path: Path,
) -> None:
    page = new_page(base_url=place)
    sign_in(page, world.country, DUTY)
    session, key = plug_in(page)
    register(page, "Khóa xanh")
    world.clock.at = datetime.now(UTC)
    enrol(page, world, tmp_path)
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    flow_on(world)
    code = CaseRecord.objects.unscoped(reason=WHY).get().code
    page.goto(f"/vu-viec/{code}/dong-tien")
    page.get_by_role("button", name="Lập phiếu ký").click()
    expect(page.get_by_label("Câu mật khẩu của khóa ký")).to_be_visible()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.get_by_role("button", name="Ký và gửi bằng khóa bảo mật").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Khóa bảo mật chưa trả lời.")).to_be_visible()
    assert {one.state for one in HoldRecord.objects.unscoped(reason=WHY)} == {"PROPOSED"}


def test_at_another_address_the_page_names_the_right_one(
    new_page: Callable[..., Page],
    world: World,  # noqa: F811
    place: str,
) -> None:
    page = new_page(base_url=place.replace("localhost", "127.0.0.1"))
    sign_in(page, world.country, DUTY)
    page.goto("/ho-so")
    page.get_by_label("Tên của khóa").fill("Khóa xanh")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"tại địa chỉ {place}")).to_be_visible()
