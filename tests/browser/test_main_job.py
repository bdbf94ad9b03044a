"""The main job by keyboard alone: a call, money found at three banks, a plan, two people, signed holds.

The banks are those of the cases' tests: they answer from ledgers in memory with the real engine.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from lachan.cases.models import CaseRecord
from lachan.evidence import guard
from lachan.holds.models import HoldRecord, SheetOpening
from lachan.kernel.time import to_ict
from tests.browser.test_accessibility import violations
from tests.browser.world import DUTY, HEAD, PASSPHRASE, code_of, sign_in
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


def flow_on(world: World) -> None:  # noqa: F811 - the fixture
    """Let the banks answer what has been sent, at the machine's time."""
    world.clock.at = datetime.now(UTC)
    world.pump()


def take_the_call(page: Page, ref: str) -> None:
    """The operator's form, in the order of the telephone script, no mouse."""
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhận tin báo")
    at = to_ict(datetime.now(UTC) - timedelta(seconds=720))
    src, dst = VICTIM.split(":"), A.split(":")
    page.locator("[id='t0-from_bank']").select_option(src[0])
    page.locator("[id='t0-to_bank']").select_option(dst[0])
    fields = {"t0-at": f"{at:%H:%M %d/%m/%Y}", "t0-from_account": src[1], "phone": "0912345678", "t0-to_account": dst[1], "t0-amount": "500 triệu", "t0-ref": ref}  # fmt: skip
    for name, value in fields.items():
        page.locator(f"[id='{name}']").fill(value)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def press_and_wait(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def sign_the_sheet(page: Page, country: Any, name: str) -> None:  # noqa: F811 - the fixture
    page.get_by_label("Câu mật khẩu của khóa ký").fill(PASSPHRASE)
    page.get_by_label("Mã 6 chữ số").fill(code_of(country, name, nth=2))
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    assert focused.startswith("Ký")
    press_and_wait(page, "Enter")


def picture(page: Page, name: str) -> None:
    """For docs/screenshots, when LACHAN_PICTURES names the folder (`make screenshots`)."""
    folder = os.environ.get("LACHAN_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_report_to_signed_holds_by_keyboard(new_page: Callable[..., Page], world: World) -> None:  # noqa: F811
    ref = scam(world)
    page = new_page()
    sign_in(page, world.country, DUTY)
    take_the_call(page, ref)
    expect(page.locator(".code-word").first).to_contain_text("TB-")
    flow_on(world)
    code = CaseRecord.objects.unscoped(reason=WHY).get().code

    page.goto("/bang")
    page.keyboard.press("j")
    expect(page.locator(f"#row-{code}")).to_be_focused()
    press_and_wait(page, "a")
    press_and_wait(page, "p")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dòng tiền")
    expect(page.locator(".flow-picture svg")).to_be_visible()
    assert violations(page) == []
    drawn = page.locator("svg .flow-node").count()
    assert drawn >= 3
    page.get_by_role("button", name="Lập phiếu ký").focus()
    press_and_wait(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phiếu ký")
    assert violations(page) == []
    sheet = page.url
    sign_the_sheet(page, world.country, DUTY)
    expect(page.get_by_text("Đã ký.")).to_be_visible()
    assert page.get_by_role("button", name="Ký và gửi").count() == 0

    second = new_page()
    sign_in(second, world.country, HEAD)
    second.goto("/cho-ky")
    assert violations(second) == []
    second.keyboard.press("j")
    press_and_wait(second, "Enter")
    assert second.url == sheet
    picture(second, "signing-sheet")
    expect(second.get_by_text(DUTY).first).to_be_visible()
    sign_the_sheet(second, world.country, HEAD)
    flow_on(world)
    holds = list(HoldRecord.objects.unscoped(reason=WHY))
    assert {one.state for one in holds} == {"EFFECTIVE"}
    assert sum(one.held for one in holds) == 420 * M

    second.goto(f"/vu-viec/{code}/tien")
    expect(second.get_by_text("đang có hiệu lực").first).to_be_visible()
    assert violations(second) == []
    second.goto("/bang")
    row = second.locator(f"#row-{code}")
    expect(row.locator('[data-sum="held"]')).to_have_attribute("data-dong", str(420 * M))
    with second.expect_download() as loading:
        second.goto(f"/chung-cu/{code}")
        second.get_by_role("button", name="Tải bộ chứng cứ").click()
    assert loading.value.suggested_filename == f"chung-cu-{code}.zip"


def test_the_plan_and_the_sheet_work_without_scripts(
    new_page: Callable[..., Page],
    world: World,  # noqa: F811
) -> None:
    ref = scam(world)
    world.report(VICTIM, A, 500 * M, ref, ago=600)
    flow_on(world)
    page = new_page(java_script_enabled=False)
    sign_in(page, world.country, DUTY)
    page.get_by_role("link", name="Dòng tiền").first.click()
    page.get_by_role("button", name="Lập phiếu ký").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phiếu ký")
    expect(page.locator(".order")).to_have_count(2)


def test_leaving_an_account_out_asks_for_the_reason_and_keeps_the_ticks(
    page: Page,
    world: World,  # noqa: F811
) -> None:
    ref = scam(world)
    world.report(VICTIM, A, 500 * M, ref, ago=600)
    flow_on(world)
    code = CaseRecord.objects.unscoped(reason=WHY).get().code
    sign_in(page, world.country, DUTY)
    page.goto(f"/vu-viec/{code}/dong-tien")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Lập phiếu ký").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.get_by_role("checkbox", checked=True).count() == 0
    assert violations(page) == []


def test_an_account_left_out_with_its_reason_is_in_no_order(
    page: Page,
    world: World,  # noqa: F811
) -> None:
    ref = scam(world)
    world.report(VICTIM, A, 500 * M, ref, ago=600)
    flow_on(world)
    code = CaseRecord.objects.unscoped(reason=WHY).get().code
    sign_in(page, world.country, DUTY)
    page.goto(f"/vu-viec/{code}/dong-tien")
    page.get_by_role("checkbox").nth(1).uncheck()
    page.get_by_label("Lý do bỏ ra").nth(1).fill("Chủ tài khoản là cửa hàng quen biết.")
    page.get_by_role("button", name="Lập phiếu ký").click()
    expect(page.locator(".order")).to_have_count(1)
    expect(page.get_by_text("Chủ tài khoản là cửa hàng quen biết.")).to_be_visible()
    page.get_by_text("Rút phiếu lại").click()
    page.get_by_label("Lý do", exact=True).fill("Lập nhầm.")
    page.get_by_role("button", name="Rút phiếu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ ký")


def test_another_method_is_shown_without_being_chosen(page: Page, world: World) -> None:  # noqa: F811
    ref = scam(world)
    world.report(VICTIM, A, 500 * M, ref, ago=600)
    flow_on(world)
    code = CaseRecord.objects.unscoped(reason=WHY).get().code
    sign_in(page, world.country, DUTY)
    page.goto(f"/vu-viec/{code}/dong-tien?method=haircut")
    expect(page.locator("#method")).to_have_value("haircut")
    assert CaseRecord.objects.unscoped(reason=WHY).get().method == "fifo"
    page.get_by_role("button", name="Lập lại phương án").click()
    expect(page.locator("#method")).to_have_value("haircut")
    assert CaseRecord.objects.unscoped(reason=WHY).get().method == "haircut"


def test_a_sheet_under_the_eyes_stays_fresh_and_keeps_what_was_typed(
    page: Page,
    world: World,  # noqa: F811
) -> None:
    ref = scam(world)
    world.report(VICTIM, A, 500 * M, ref, ago=600)
    flow_on(world)
    code = CaseRecord.objects.unscoped(reason=WHY).get().code
    sign_in(page, world.country, DUTY)
    page.goto(f"/vu-viec/{code}/dong-tien")
    page.clock.install()
    page.get_by_role("button", name="Lập phiếu ký").click()
    page.get_by_label("Câu mật khẩu của khóa ký").fill(PASSPHRASE)
    before = SheetOpening.objects.unscoped(reason=WHY).count()
    with page.expect_response(lambda answer: "?v=1" in answer.url):
        page.clock.run_for(46_000)
    assert SheetOpening.objects.unscoped(reason=WHY).count() == before + 1
    expect(page.get_by_label("Câu mật khẩu của khóa ký")).to_have_value(PASSPHRASE)


def test_the_second_signer_cannot_sign_twice_nor_a_sheet_never_opened(
    page: Page,
    world: World,  # noqa: F811
) -> None:
    ref = scam(world)
    world.report(VICTIM, A, 500 * M, ref, ago=600)
    flow_on(world)
    code = CaseRecord.objects.unscoped(reason=WHY).get().code
    sign_in(page, world.country, DUTY)
    page.goto(f"/vu-viec/{code}/dong-tien")
    page.get_by_role("button", name="Lập phiếu ký").click()
    sign_the_sheet(page, world.country, DUTY)
    expect(page.get_by_text("Bạn đã ký phiếu này.")).to_be_visible()
    assert page.get_by_label("Câu mật khẩu của khóa ký").count() == 0
