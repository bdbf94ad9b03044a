"""The holder's own door: the order's words, a request for review, and a decision by somebody who had no part in it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from lachan.cases.models import CaseRecord
from lachan.evidence import guard
from lachan.holds.models import HoldRecord
from tests.browser.test_accessibility import violations
from tests.browser.world import code_of, sign_in
from tests.integration.cases.conftest import (  # noqa: F401 - fixtures
    WHY,
    World,
    country,
    data_folder,
    empty,
    world,
)
from tests.integration.cases.test_golden_hour import VICTIM, A, M, scam
from tests.integration.cases.test_hold_vertical import HEAD, JUDGE, OTHER, held


@pytest.fixture(autouse=True)
def real_commits(transactional_db: None) -> Iterator[None]:
    guard.install(connection)
    yield
    guard.remove(connection)


@pytest.fixture
def order(world: World) -> HoldRecord:  # noqa: F811 - the fixture
    """Two signed holds in effect; the one at the first mule."""
    world.clock.at = datetime.now(UTC)
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    held(world, CaseRecord.objects.unscoped(reason=WHY).get().code)
    return HoldRecord.objects.unscoped(reason=WHY).get(account=A)


def open_the_door(page: Page, order: HoldRecord) -> None:
    page.goto("/de-nghi-xem-xet-lai")
    page.get_by_label("Mã trong thông báo").fill(order.review_code)
    page.get_by_label("Bốn số cuối").fill(order.account[-4:])
    page.get_by_role("button", name="Xem văn bản").click()


def test_the_holder_reads_the_order_and_files_a_request(page: Page, order: HoldRecord) -> None:
    open_the_door(page, order)
    expect(page.get_by_text("340.000.000").first).to_be_visible()
    expect(page.get_by_text("khởi kiện ra tòa")).to_be_visible()
    assert "Bị Hại" not in page.content()
    assert violations(page) == []
    page.get_by_label("Vì sao số tiền này là của bạn?").fill("Tiền bán xe, tôi có hợp đồng.")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_text("Trả lời trước")).to_be_visible()
    assert page.get_by_role("button", name="Gửi đề nghị").count() == 0
    assert violations(page) == []


def test_wrong_digits_open_nothing_and_answer_as_a_wrong_code_does(
    page: Page, order: HoldRecord
) -> None:
    page.goto("/de-nghi-xem-xet-lai")
    answers = []
    for code, last4 in ((order.review_code, "0000"), ("KN-26-AAAA-BBBB-CCCC", "2001")):
        page.get_by_label("Mã trong thông báo").fill(code)
        page.get_by_label("Bốn số cuối").fill(last4)
        page.get_by_role("button", name="Xem văn bản").click()
        answers.append(page.get_by_role("alert").inner_text())
    assert answers[0] == answers[1]


def test_a_signer_may_not_decide_and_another_unit_may(
    new_page: Callable[..., Page],
    world: World,  # noqa: F811
    order: HoldRecord,
) -> None:
    holder = new_page()
    open_the_door(holder, order)
    holder.get_by_label("Vì sao số tiền này là của bạn?").fill("Tiền bán xe, tôi có hợp đồng.")
    holder.get_by_role("button", name="Gửi đề nghị").click()

    signer = new_page()
    # His code of this half minute was used for the signature.
    sign_in(signer, world.country, HEAD, code=code_of(world.country, HEAD, nth=2))
    signer.goto("/xem-xet-lai")
    assert violations(signer) == []
    signer.locator("tbody a").first.click()
    assert signer.get_by_role("radio").count() == 0

    judge = new_page()
    sign_in(judge, world.country, JUDGE)
    judge.goto("/xem-xet-lai")
    judge.keyboard.press("j")
    with judge.expect_navigation():
        judge.keyboard.press("Enter")
    assert violations(judge) == []
    judge.get_by_label("Gỡ toàn bộ").check()
    judge.get_by_label("Lý do, viết cho chủ tài khoản đọc").fill("Hợp đồng mua bán xe hợp lệ, có công chứng.")  # fmt: skip
    judge.get_by_role("button", name="Quyết định", exact=True).click()
    expect(judge.get_by_text("Đã quyết định.")).to_be_visible()
    world.clock.at = datetime.now(UTC)
    world.pump()
    order.refresh_from_db()
    assert order.held == 0
    open_the_door(holder, order)
    expect(holder.get_by_text("Hợp đồng mua bán xe hợp lệ")).to_be_visible()


def test_a_hold_is_renewed_by_a_person_of_another_unit_and_errors_keep_what_was_typed(
    page: Page,
    world: World,  # noqa: F811
    order: HoldRecord,
) -> None:
    sign_in(page, world.country, OTHER)
    page.goto(f"/vu-viec/{order.case}/tien")
    form = page.locator(f"form[action='/giu-tien/{order.pk}/gia-han']")
    page.locator("section.card", has=form).get_by_text("Gỡ hoặc gia hạn").click()
    form.get_by_label("Gia hạn thêm").fill("3")
    form.get_by_role("button").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    expect(form.get_by_label("Gia hạn thêm")).to_have_value("3")
    assert violations(page) == []
    form.get_by_label("Gia hạn thêm").fill("5")
    form.get_by_label("Đã làm được gì").fill("Đã hỏi hai ngân hàng.")
    form.get_by_label("Lý do gia hạn").fill("Đang chờ sao kê của ngân hàng thứ ba.")
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("gia hạn")
    assert violations(page) == []


def test_a_hold_is_let_go_before_its_end_with_a_reason(
    page: Page,
    world: World,  # noqa: F811
    order: HoldRecord,
) -> None:
    sign_in(page, world.country, HEAD, code=code_of(world.country, HEAD, nth=2))
    page.goto(f"/vu-viec/{order.case}/tien")
    form = page.locator(f"form[action='/giu-tien/{order.pk}/go']")
    page.locator("section.card", has=form).get_by_text("Gỡ hoặc gia hạn").click()
    form.get_by_label("Lý do gỡ").fill("Chủ tài khoản là người ngoài cuộc.")
    form.get_by_role("button").click()
    expect(page.get_by_text("Đã gỡ; ngân hàng được báo ngay.")).to_be_visible()
    world.clock.at = datetime.now(UTC)
    world.pump()
    order.refresh_from_db()
    assert order.held == 0
