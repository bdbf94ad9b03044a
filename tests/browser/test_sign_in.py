"""Getting in, getting out, and what a stranger meets."""

from playwright.sync_api import Page, expect

from tests.browser.world import DUTY, sign_in
from tests.integration.members.conftest import Deployment


def test_password_and_code_open_the_door(page: Page, country: Deployment) -> None:
    sign_in(page, country, DUTY)
    expect(page.get_by_text(DUTY).first).to_be_visible()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


def test_a_wrong_password_keeps_the_name_and_takes_the_focus_to_the_summary(
    page: Page, country: Deployment
) -> None:
    sign_in(page, country, DUTY, password="sai hoan toan roi")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Có lỗi cần sửa")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value(country.logins[DUTY].username)
    assert page.title().startswith("Lỗi:")


def test_a_stranger_is_led_to_the_sign_in(page: Page, country: Deployment) -> None:
    page.goto("/tin-bao")
    expect(page).to_have_url("/dang-nhap?next=%2Ftin-bao")


def test_after_signing_out_the_pages_are_closed(page: Page, country: Deployment) -> None:
    sign_in(page, country, DUTY)
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto("/tin-bao")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đăng nhập")


def test_the_language_stays_chosen(page: Page, country: Deployment) -> None:
    page.goto("/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("the shield")
    page.goto("/theo-doi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Follow a report")


def test_the_duty_officer_opens_and_closes_a_shift(page: Page, country: Deployment) -> None:
    from tests.browser.world import PASSPHRASE, code_of

    sign_in(page, country, DUTY)
    page.goto("/ca-truc")
    page.get_by_label("Câu mật khẩu của khóa ký").fill("khong phai cau nay")
    page.get_by_label("Mã 6 chữ số").fill(code_of(country, DUTY, nth=2))
    page.get_by_role("button", name="Mở ca trực").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Câu mật khẩu của khóa ký").fill(PASSPHRASE)
    page.get_by_label("Mã 6 chữ số").fill(code_of(country, DUTY, nth=2))
    page.get_by_role("button", name="Mở ca trực").click()
    expect(page.get_by_text("Ca đang mở")).to_be_visible()
    page.get_by_role("button", name="Đóng ca").click()
    expect(page.get_by_text("Đã đóng ca trực.")).to_be_visible()
