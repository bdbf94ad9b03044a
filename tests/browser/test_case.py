"""From the telephone call to the case: the board fills by itself, keys take a case, every page is accessible."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from lachan.access.models import AccessRecord
from lachan.access.purposes import Purpose
from lachan.cases.models import CaseRecord
from lachan.kernel.ids import uuid7
from lachan.kernel.time import FixedClock, SystemClock, to_ict
from lachan.members import services as members
from lachan.reports import services as reports
from lachan.reports.rules import Channel, TransferForm
from lachan.web import exports
from tests.browser.test_accessibility import violations
from tests.browser.world import DUTY, HEAD, PASSPHRASE, code_of, sign_in
from tests.integration.members.conftest import Deployment

FROM, TO = ("970436", "0011223344"), ("970407", "0123456789")


def a_case(country: Deployment, *, shift: bool = True, to: tuple[str, str] = TO) -> str:
    """A call taken by the duty officer three minutes ago; the code of the case that opened."""
    actor = country.actor(DUTY, Purpose.GLD)
    if shift:
        before = FixedClock(
            datetime.now(UTC) - timedelta(seconds=60)
        )  # its code is used before the sign-in's
        members.open_shift(
            actor,
            passphrase=PASSPHRASE,
            totp=code_of(country, DUTY, nth=-1),
            clock=SystemClock(),
            machine=before,
        )
    at = f"{to_ict(datetime.now(UTC) - timedelta(minutes=3)):%H:%M %d/%m/%Y}"
    form = reports.ReportForm(
        key=str(uuid7()),
        channel=Channel.PHONE,
        transfers=(TransferForm("BANK", *FROM, *to, "500000000", at),),
        contacts=(("PHONE", "0987654321"), ("URL", "https://lua-dao.example/x")),
        phone="0912345678",
        victim_name="Đỗ Thị Hại",
        narrative="<b>họ bảo tôi chuyển tiền</b>",
    )
    reports.file_report(actor=actor, form=form, clock=SystemClock())
    return str(CaseRecord.objects.unscoped(reason="a test").latest("opened_at").code)


def test_a_call_becomes_a_row_of_the_board_and_is_taken_by_keys(
    page: Page, country: Deployment
) -> None:
    code = a_case(country)
    sign_in(page, country, DUTY)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bảng giờ vàng")
    row = page.locator(f"#row-{code}")
    figures = {
        cell.get_attribute("data-sum"): int(cell.get_attribute("data-dong") or "0")
        for cell in row.locator("dd[data-sum]").all()
    }
    assert figures["reported"] == 500_000_000
    assert figures["reported"] == sum(figures[n] for n in ("held", "moved_on", "withdrawn", "unresolved"))  # fmt: skip
    assert violations(page) == []
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.get_by_text("Bạn đã nhận vụ việc.")).to_be_visible()
    expect(page.get_by_text(DUTY).first).to_be_visible()


def test_every_tab_of_a_case_is_clean(page: Page, country: Deployment) -> None:
    code = a_case(country)
    sign_in(page, country, DUTY)
    tabs = ("", "/tien", "/nguoi", "/trao-doi", "/nhat-ky", "/chung-cu", "/dong-tien")
    for tab in tabs:
        page.goto(f"/vu-viec/{code}{tab}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == []
    page.goto(f"/vu-viec/{code}/trao-doi")
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Căn cứ")).to_be_visible()
    assert violations(page) == []
    with page.expect_download() as loading:
        page.get_by_role("link", name="Bản in").click()
    assert loading.value.suggested_filename.endswith(".pdf")


def test_a_table_is_put_in_order_by_its_headings(page: Page, country: Deployment) -> None:
    code = a_case(country)
    sign_in(page, country, DUTY)
    page.goto(f"/vu-viec/{code}/tien")
    page.get_by_role("link", name="Đã rút").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    heading = page.get_by_role("columnheader", name="Đã rút")
    assert heading.get_attribute("aria-sort") == "descending"
    assert "?sort=withdrawn" in str(heading.get_by_role("link").get_attribute("href"))
    assert violations(page) == []
    a_case(country, shift=False, to=("970407", "5550001112"))
    page.goto("/vu-viec")
    codes = page.locator("tbody th a").all_inner_texts()
    assert codes == sorted(codes, reverse=True)
    assert len(codes) == 2
    page.get_by_role("link", name="Vụ việc", exact=True).last.click()
    expect(page.get_by_role("columnheader", name="Vụ việc")).to_have_attribute(
        "aria-sort", "ascending"
    )
    assert page.locator("tbody th a").all_inner_texts() == sorted(codes)
    page.goto("/vu-viec?q=VA-&sort=reported")
    expect(page.get_by_role("columnheader", name="Đã trình báo")).to_have_attribute(
        "aria-sort", "ascending"
    )
    assert "q=VA-" in str(page.get_by_role("link", name="Đã giữ").get_attribute("href"))
    page.set_viewport_size({"width": 360, "height": 740})
    link = page.get_by_role("link", name="Chưa rõ")
    link.focus()
    box = link.bounding_box()
    assert box is not None
    assert box["height"] > 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    assert page.request.get("/vu-viec?after=x").status == 422


def test_a_table_is_taken_away_as_it_stands_and_that_is_logged(
    page: Page, country: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = a_case(country)
    sign_in(page, country, DUTY)
    page.goto(f"/vu-viec/{code}/trao-doi?sort=-due_at")
    heads = page.locator("thead th").all_inner_texts()
    states = page.locator("tbody td .tag").all_inner_texts()
    with page.expect_download() as loading:
        page.get_by_role("button", name="Tải bảng XLSX").click()
    assert loading.value.suggested_filename == f"{code}-trao-doi.xlsx"
    first, *rest = (
        CalamineWorkbook.from_path(str(loading.value.path())).get_sheet_by_index(0).to_python()
    )
    assert first == [one.strip(" ↑↓") for one in heads]
    assert [str(row[2]) for row in rest] == states
    assert len(rest) > 0
    (entry,) = AccessRecord.objects.filter(action="export")
    assert (entry.case, entry.count, entry.permission) == (code, len(rest), "case.read")
    page.goto("/vu-viec")
    with page.expect_download() as loading:
        page.get_by_role("button", name="Tải bảng CSV").click()
    text = Path(str(loading.value.path())).read_text(encoding="utf-8-sig")
    assert code in text
    assert "500000000" in text
    assert AccessRecord.objects.filter(action="export").count() == 2
    a_case(country, shift=False, to=("970407", "5550001112"))
    monkeypatch.setattr(exports, "MOST", 1)
    page.reload()
    with page.expect_download() as loading:
        page.get_by_role("button", name="Tải bảng CSV").click()
    text = Path(str(loading.value.path())).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 3
    assert "Còn nữa" in text.splitlines()[-1]


def test_an_unchanged_board_answers_204(page: Page, country: Deployment) -> None:
    a_case(country)
    sign_in(page, country, DUTY)
    address: Any = page.locator("#board").get_attribute("hx-get")
    assert page.request.get(address).status == 204
    stale = page.request.get("/bang?v=0")
    assert stale.status == 200
    assert "<html" not in stale.text()


def test_a_changed_board_comes_by_itself_and_leaves_the_focus(
    page: Page, country: Deployment
) -> None:
    a_case(country)
    sign_in(page, country, DUTY)
    page.keyboard.press("j")
    focused = page.evaluate("document.activeElement.id")
    a_case(country, shift=False, to=("970407", "5550001112"))
    page.evaluate(
        "document.querySelector('[data-live]').dispatchEvent(new CustomEvent('live:tick'))"
    )
    expect(page.locator("#board-table tbody tr")).to_have_count(2)
    assert page.evaluate("document.activeElement.id") == focused


def test_without_a_shift_the_board_alarms(page: Page, country: Deployment) -> None:
    a_case(country, shift=False)
    sign_in(page, country, DUTY)
    expect(page.get_by_text("Chưa mở ca trực.")).to_be_visible()


def test_another_agencys_or_no_case_is_not_found(page: Page, country: Deployment) -> None:
    sign_in(page, country, HEAD)
    answer = page.goto("/vu-viec/VA-26-999999")
    assert answer is not None
    assert answer.status == 404


def test_a_request_to_the_telecom_is_laid_before_signers(
    new_page: Callable[..., Page], country: Deployment
) -> None:
    code = a_case(country)
    page = new_page()
    sign_in(page, country, DUTY)
    page.goto(f"/vu-viec/{code}/nguoi")
    page.get_by_label("Yêu cầu", exact=True).select_option("take_down")
    page.get_by_role("button", name="Lập phiếu ký").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == []
