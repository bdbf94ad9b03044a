"""A victim reports: one question a page, the code of the telephone, the receipt; with and without scripts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Page, expect

from lachan import bootstrap
from lachan.kernel.time import to_ict
from tests.browser.test_accessibility import violations
from tests.browser.world import DUTY, sign_in
from tests.integration.members.conftest import Deployment
from tests.unit.reports.test_hints import payload


def tell(page: Page) -> None:
    """The five answers, as far as the telephone's code."""
    page.goto("/")
    page.get_by_role("link", name="Tôi vừa bị lừa").click()
    page.get_by_role("link", name="Bắt đầu").click()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Số tiền (đồng)").fill("500 triệu")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Ngân hàng hoặc ví").select_option("970436")
    page.get_by_label("Số tài khoản").fill("0011 2233 44")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Ngân hàng hoặc ví").select_option("970407")
    page.get_by_label("Số tài khoản").fill("0123456789")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_role("button", name="Gửi và nhận mã").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_four_answers_and_a_code_are_enough(
    new_page: Callable[..., Page], country: Deployment, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    tell(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nhập mã")
    page.get_by_label("Mã 6 chữ số").fill("000000")
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_role("alert")).to_contain_text("lần thử")
    page.get_by_label("Mã 6 chữ số").fill(bootstrap.simulated_phone().shown()[0].code)
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận tin báo")
    code = page.locator(".code-word").first.inner_text()
    assert code.startswith("TB-")
    expect(page.locator(".receipt")).to_contain_text("ngân hàng")
    if scripts:
        assert violations(page) == []
    page.goto("/theo-doi")
    page.get_by_label("Mã tin báo").fill(code.lower())
    page.get_by_label("Bốn số cuối điện thoại").fill("5678")
    page.get_by_role("button", name="Xem").click()
    expect(page.locator('[data-sum="reported"]')).to_have_attribute("data-dong", "500000000")


def test_an_unreadable_amount_is_pointed_out_and_may_be_kept(
    page: Page, country: Deployment
) -> None:
    page.goto("/trinh-bao/so-tien")
    page.get_by_label("Số tiền (đồng)").fill("khoảng 30tr gì đó")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Số tiền (đồng)")).to_be_focused()
    expect(page.get_by_label("Số tiền (đồng)")).to_have_value("khoảng 30tr gì đó")
    assert violations(page) == []
    page.get_by_role("button", name="Giữ như đã viết").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ngân hàng nào của bạn")


def test_a_wrong_code_and_wrong_digits_answer_alike(page: Page, country: Deployment) -> None:
    page.goto("/theo-doi")
    page.get_by_label("Mã tin báo").fill("TB-26-AAAA-BBBB-CCCC")
    page.get_by_label("Bốn số cuối điện thoại").fill("0000")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_role("alert")).to_contain_text("Không tìm thấy tin báo")


def test_the_operator_takes_a_call_by_keyboard_alone(page: Page, country: Deployment) -> None:
    sign_in(page, country, DUTY)
    page.goto("/tin-bao")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhận tin báo")
    fields = {"t0-at": "", "phone": "0912345678", "t0-from_account": "0011223344", "t0-to_account": "0123456789", "t0-amount": "500tr"}  # fmt: skip
    page.locator("[id='t0-from_bank']").select_option("970436")
    page.locator("[id='t0-to_bank']").select_option("970407")
    fields["t0-at"] = f"{to_ict(datetime.now(UTC) - timedelta(minutes=3)):%H:%M %d/%m/%Y}"
    for name, value in fields.items():
        page.locator(f"[id='{name}']").fill(value)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".code-word").first).to_contain_text("TB-")
    expect(page.get_by_text("500.000.000").first).to_be_visible()
    assert violations(page) == []


def test_the_money_field_groups_while_typing_and_says_the_amount(
    page: Page, country: Deployment
) -> None:
    page.goto("/trinh-bao/so-tien")
    field = page.get_by_label("Số tiền (đồng)")
    field.press_sequentially("1200000000")
    expect(field).to_have_value("1.200.000.000")
    expect(page.locator("output")).to_contain_text("Một tỷ hai trăm triệu đồng")
    field.press("Home")
    field.press("ArrowRight")
    field.press("5")
    expect(field).to_have_value("15.200.000.000")
    assert page.evaluate("document.activeElement.selectionStart") == 2


MESSAGE = "SD TK 0011223344 -500,000,000VND luc 14:05. SD 1,234,567VND. Ref FT26062123456789"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_bank_s_message_fills_the_questions_and_the_person_sees_each(
    new_page: Callable[..., Page], country: Deployment, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    page.goto("/trinh-bao")
    page.get_by_role("link", name="Điền nhanh").click()
    page.get_by_label("Tin nhắn của ngân hàng").fill(MESSAGE)
    page.get_by_role("button", name="Đọc và điền").click()
    expect(page.locator(".notice-good")).to_contain_text("số tiền")
    expect(page.get_by_label("Giờ chuyển")).to_have_value("14:05")
    if scripts:
        assert violations(page) == []
    page.goto("/trinh-bao/so-tien")
    expect(page.get_by_label("Số tiền (đồng)")).to_have_value("500.000.000")
    page.goto("/trinh-bao/ngan-hang-gui")
    expect(page.get_by_label("Số tài khoản")).to_have_value("0011223344")


def test_a_qr_picture_fills_the_payee(page: Page, country: Deployment, tmp_path: Path) -> None:
    picture = tmp_path / "qr.png"
    segno.make(payload(bank="970407", account="0123456789", amount="500000000")).save(
        str(picture), scale=6
    )
    page.goto("/trinh-bao/dien-nhanh")
    page.get_by_label("Ảnh mã QR").set_input_files(picture)
    page.get_by_role("button", name="Đọc và điền").click()
    expect(page.locator(".notice-good")).to_contain_text("tài khoản nhận")
    page.goto("/trinh-bao/tai-khoan-nhan")
    expect(page.get_by_label("Ngân hàng hoặc ví")).to_have_value("970407")
    expect(page.get_by_label("Số tài khoản")).to_have_value("0123456789")


def test_a_picture_without_a_code_is_answered_plainly_and_the_message_stays(
    page: Page, country: Deployment, tmp_path: Path
) -> None:
    broken = tmp_path / "photo.jpg"
    broken.write_bytes(b"MZ" + bytes(500))
    page.goto("/trinh-bao/dien-nhanh")
    page.get_by_label("Tin nhắn của ngân hàng").fill(MESSAGE)
    page.get_by_label("Ảnh mã QR").set_input_files(broken)
    page.get_by_role("button", name="Đọc và điền").click()
    expect(page.get_by_role("alert")).to_contain_text("Không đọc được mã QR")
    expect(page.get_by_label("Tin nhắn của ngân hàng")).to_have_value(MESSAGE)
    assert violations(page) == []


def test_a_draft_is_kept_and_opened_on_another_device(
    new_page: Callable[..., Page], country: Deployment
) -> None:
    page = new_page()
    page.goto("/trinh-bao/so-tien")
    page.get_by_label("Số tiền (đồng)").fill("500 triệu")
    page.get_by_role("button", name="Để sau").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("24 giờ")
    code, pin = (page.locator(".code-word").nth(n).inner_text() for n in (0, 1))
    assert violations(page) == []
    other = new_page()
    other.goto("/trinh-bao/tiep-tuc")
    other.get_by_label("Mã bản nháp").fill(code.lower())
    other.get_by_label("Số PIN").fill("999999" if pin != "999999" else "111111")
    other.get_by_role("button", name="Mở").click()
    expect(other.get_by_role("alert")).to_contain_text("Không có bản nháp nào")
    other.get_by_label("Số PIN").fill(pin)
    other.get_by_role("button", name="Mở").click()
    other.goto("/trinh-bao/so-tien")
    expect(other.get_by_label("Số tiền (đồng)")).to_have_value("500 triệu")


def test_a_sent_report_is_added_to_by_its_code(
    new_page: Callable[..., Page], country: Deployment
) -> None:
    page = new_page()
    tell(page)
    page.get_by_label("Mã 6 chữ số").fill(bootstrap.simulated_phone().shown()[0].code)
    page.get_by_role("button", name="Xác nhận").click()
    code = page.locator(".code-word").first.inner_text()
    later = new_page()
    later.goto("/theo-doi")
    later.get_by_label("Mã tin báo").fill(code)
    later.get_by_label("Bốn số cuối điện thoại").fill("5678")
    later.get_by_role("button", name="Xem").click()
    later.get_by_role("link", name="Bổ sung thông tin").click()
    later.get_by_label("Kể lại chuyện đã xảy ra").fill("Họ tự xưng công an.")
    later.get_by_role("button", name="Gửi phần bổ sung").click()
    expect(later.locator(".notice-good")).to_contain_text("Đã bổ sung")


def test_the_operator_pastes_the_caller_s_message(page: Page, country: Deployment) -> None:
    sign_in(page, country, DUTY)
    page.goto("/tin-bao/moi")
    page.locator("[id='phone']").fill("0912345678")
    page.get_by_text("Ảnh QR hoặc tin nhắn ngân hàng của người báo tin").click()
    page.get_by_label("Tin nhắn của ngân hàng").fill(MESSAGE)
    page.get_by_role("button", name="Đọc và điền").click()
    expect(page.locator("[id='phone']")).to_have_value("0912345678")
    expect(page.locator("[id='t0-from_account']")).to_have_value("0011223344")
    expect(page.locator(".read-mark")).to_have_count(4)
    assert violations(page) == []
    expect(page.locator("[id='t0-amount']")).to_have_value("500.000.000")
    expect(page.locator("[id='t0-ref']")).to_have_value("FT26062123456789")


def test_the_rest_of_the_call_is_added_while_the_banks_are_asked(
    page: Page, country: Deployment
) -> None:
    sign_in(page, country, DUTY)
    page.goto("/tin-bao/moi")
    page.locator("[id='t0-from_bank']").select_option("970436")
    page.locator("[id='t0-to_bank']").select_option("970407")
    at = f"{to_ict(datetime.now(UTC) - timedelta(minutes=3)):%H:%M %d/%m/%Y}"
    told = {"t0-at": at, "t0-from_account": "0011223344", "t0-to_account": "0123456789", "t0-amount": "500tr"}  # fmt: skip
    for name, value in told.items():
        page.locator(f"[id='{name}']").fill(value)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("012 345 678 9")).to_be_visible()
    page.keyboard.press("b")
    page.keyboard.press("Tab")
    page.locator("#victim_name").fill("Lê <b>Hoa</b>")
    page.locator("#phone").fill("0912345678")
    page.locator("#contact_phone").fill("091234")
    page.get_by_label("Mã OTP").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice-good")).to_contain_text("Đã bổ sung")
    expect(page.get_by_text("Lê <b>Hoa</b>").first).to_be_visible()
    expect(page.locator(".notice-due").last).to_contain_text("091234")
    assert violations(page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_payee_s_page_reads_a_picture(
    new_page: Callable[..., Page], country: Deployment, tmp_path: Path, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    picture = tmp_path / "qr.png"
    segno.make(payload(bank="970407", account="0123456789")).save(str(picture), scale=6)
    page.goto("/trinh-bao/tai-khoan-nhan")
    page.get_by_label("Tên người nhận").fill("TRAN VAN B")
    page.get_by_text("Đọc từ ảnh mã QR").click()
    page.get_by_label("Ảnh mã QR").set_input_files(picture)
    page.get_by_role("button", name="Đọc và điền").click()
    expect(page.get_by_label("Số tài khoản")).to_have_value("0123456789")
    expect(page.get_by_label("Tên người nhận")).to_have_value("TRAN VAN B")
    expect(page.locator(".read-mark")).to_have_count(2)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Số điện thoại")
    page.goto("/trinh-bao/tai-khoan-nhan")
    expect(page.locator(".read-mark")).to_have_count(0)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_after_the_sending_are_whole_on_a_small_telephone(
    new_page: Callable[..., Page], country: Deployment, language: str
) -> None:
    page = new_page(language="vi", viewport={"width": 360, "height": 740})
    tell(page)
    page.get_by_label("Mã 6 chữ số").fill(bootstrap.simulated_phone().shown()[0].code)
    page.get_by_role("button", name="Xác nhận").click()
    code = page.locator(".code-word").first.inner_text()
    texts = [one.text for one in bootstrap.simulated_phone().messages() if one.text]
    assert len(texts) == 1
    assert code in texts[0]
    if language == "en":
        page.get_by_role("button", name="English").click()
    page.goto("/trinh-bao/bo-sung")
    page.get_by_role("checkbox").first.check()
    whole(page)
    page.locator("main form button").last.click()
    expect(page.locator(".notice-alarm")).to_be_visible()
    whole(page)
    with page.expect_download() as paper:
        page.locator("a[href='/trinh-bao/bien-nhan']").click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF-")
    page.goto("/theo-doi")
    page.locator("#code").fill(code)
    page.locator("#last4").fill("5678")
    page.locator("main form button").click()
    expect(page.locator('[data-sum="returned"]')).to_be_visible()
    whole(page)


def whole(page: Page) -> None:
    """Nothing for axe to find, and no sideways scrolling."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
