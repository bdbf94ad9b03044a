"""A request of any kind: its form follows from its declaration, two people sign it, and what comes back is read and taken away."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from lachan.access.purposes import Purpose
from lachan.cases import services as cases
from lachan.exchange import receiving, router, sending
from lachan.exchange.envelope import Envelope
from lachan.exchange.messages import provide_account_holder, provide_statement
from lachan.exchange.models import MessageRecord
from lachan.holds import services as holds
from lachan.kernel.time import SystemClock, to_wire
from tests.browser.test_accessibility import violations
from tests.browser.test_case import TO, a_case
from tests.browser.test_main_job import picture, sign_the_sheet
from tests.browser.world import DUTY, HEAD, PASSPHRASE, code_of, sign_in
from tests.integration.exchange.conftest import Bank, take_over
from tests.integration.exchange.test_round_trip import _post
from tests.integration.members.conftest import Deployment

HOLDER = f"{TO[0]}:{TO[1]}"
WHY = "a test looks at everything"


def verified_case(country: Deployment) -> tuple[str, Bank]:
    """A case whose report is being verified, and the hands of the bank that the money reached."""
    bank = take_over(country, f"vn/bank/{TO[0]}", SystemClock())
    code = a_case(country, shift=False)
    actor = country.actor(HEAD, Purpose.INV)
    cases.advance(
        actor=actor, code=code, to="VERIFYING", reason="đã tiếp nhận", clock=SystemClock()
    )
    return code, bank


def sent_ask(kind: str) -> Envelope:
    for one in sending.ready(now=SystemClock().now()):
        sending.send_one(outgoing_id=one, clock=SystemClock())
    row = MessageRecord.objects.unscoped(reason=WHY).get(type="ask", kind=kind)
    return Envelope.from_bytes(bytes(row.envelope))


def come_back(answer: Envelope, country: Deployment) -> None:
    country.clock.at = datetime.now(UTC)
    assert isinstance(_post(answer, country), router.Accepted)
    taken = receiving.take_all(receiving.waiting(now=SystemClock().now()), clock=SystemClock())
    assert set(taken) == {"taken"}


def test_what_the_stage_does_not_allow_is_said_and_not_offered(
    page: Page, country: Deployment
) -> None:
    code = a_case(country, shift=False)
    sign_in(page, country, DUTY)
    page.goto(f"/vu-viec/{code}/yeu-cau-moi")
    expect(page.get_by_role("link", name="Yêu cầu gỡ bỏ, khóa")).to_be_visible()
    assert page.get_by_role("link", name="Cung cấp sao kê tài khoản").count() == 0
    page.get_by_text("Chưa lập được").click()
    expect(page.get_by_text("Cung cấp sao kê tài khoản")).to_be_visible()
    assert violations(page) == []
    page.goto(f"/vu-viec/{code}/yeu-cau-moi/provide_statement")
    expect(page.get_by_role("heading", level=1)).to_have_text("Không thực hiện được")
    expect(page.get_by_text("Cán bộ pháp chế áp dụng căn cứ rồi làm lại.")).to_be_visible()


def test_a_statement_is_asked_signed_answered_read_and_taken_away(
    new_page: Callable[..., Page], country: Deployment
) -> None:
    code, bank = verified_case(country)
    page = new_page()
    sign_in(page, country, DUTY)
    page.goto(f"/vu-viec/{code}/trao-doi")
    page.get_by_role("link", name="Lập yêu cầu gửi thành viên").click()
    page.get_by_role("link", name="Cung cấp sao kê tài khoản").click()
    page.get_by_role("button", name="Lập phiếu ký").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#account-wrong")).to_be_visible()
    page.get_by_label("Gửi tới").select_option(f"vn/bank/{TO[0]}")
    page.get_by_label("Tài khoản").fill(HOLDER)
    page.get_by_label("Từ", exact=True).fill("00:00 01/11/2026")
    page.get_by_label("Đến", exact=True).fill("hôm nay")
    page.get_by_role("button", name="Lập phiếu ký").click()
    expect(page.get_by_label("Tài khoản")).to_have_value(HOLDER)
    expect(page.locator("#until-wrong")).to_be_visible()
    assert violations(page) == []
    picture(page, "ask-form")
    page.get_by_label("Đến", exact=True).fill("23:59 30/11/2026")
    page.get_by_role("button", name="Lập phiếu ký").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phiếu ký")
    expect(page.get_by_text("00:00:00 01/11/2026")).to_be_visible()
    assert page.get_by_text("Dự báo chạm người ngoài cuộc").count() == 0
    assert violations(page) == []
    sheet = page.url
    sign_the_sheet(page, country, DUTY)
    second = new_page()
    sign_in(second, country, HEAD)
    second.goto(sheet)
    sign_the_sheet(second, country, HEAD)
    ask = sent_ask("provide_statement")
    assert {one.code for one in ask.manifest.mandates} == {"VN.BLTTHS.88", "VN.LCTCTD.13"}
    at = to_wire(datetime.now(UTC) - timedelta(minutes=4))
    rows = [
        provide_statement.StatementLine(
            id=f"FT{n}", seq=n, time=at, direction="CRDT" if n % 2 else "DBIT", amount=n * 1_000_000,
            balance=-5_000 if n == 3 else n, other_name="<b>ai đó</b>",
        )
        for n in range(1, 121)
    ]  # fmt: skip
    reply = provide_statement.Reply(as_of=at, account=HOLDER)
    come_back(bank.answer(ask, reply, rows=rows), country)

    page.goto(f"/yeu-cau/{ask.manifest.conversation}?sort=-amount")
    expect(page.get_by_text("Các dòng kèm trả lời (120)")).to_be_visible()
    assert page.locator("table tbody tr").count() == 50
    expect(page.locator("table tbody tr").first).to_contain_text("120.000.000")
    assert violations(page) == []
    picture(page, "statement")
    with page.expect_download() as loading:
        page.get_by_role("button", name="Tải bảng CSV").click()
    text = Path(str(loading.value.path())).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 121
    assert "-5000" in text


def test_a_table_in_an_answer_is_shown_as_one_in_both_languages(
    page: Page, country: Deployment
) -> None:
    sign_in(page, country, DUTY)  # before the codes that sign
    code, bank = verified_case(country)
    sheet = holds.propose_question(
        actor=country.actor(DUTY, Purpose.GLD), case_code=code, kind="provide_account_holder",
        receiver=f"vn/bank/{TO[0]}", typed={"accounts": HOLDER}, clock=SystemClock(),
    )  # fmt: skip
    for name in (DUTY, HEAD):
        actor = country.actor(name, Purpose.GLD)
        holds.open_sheet(actor=actor, sheet_id=sheet.id, clock=SystemClock())
        holds.sign_sheet(
            actor=actor, sheet_id=sheet.id, passphrase=PASSPHRASE, totp=code_of(country, name, nth=2), clock=SystemClock(),
        )  # fmt: skip
    ask = sent_ask("provide_account_holder")
    at = to_wire(datetime.now(UTC))
    holder = provide_account_holder.Holder(account=HOLDER, status="OPEN", name="Lê <i>Văn</i> C")
    come_back(bank.answer(ask, provide_account_holder.Reply(as_of=at, holders=[holder])), country)
    page.goto(f"/yeu-cau/{ask.manifest.conversation}")
    for language, column, word in (
        ("vi", "Trạng thái", "Đang hoạt động"),
        ("en", "Status", "Open"),
    ):
        if language == "en":
            page.get_by_role("button", name="English").click()
        table = page.get_by_role("region", name="Chủ tài khoản" if language == "vi" else "Holders")
        expect(table.get_by_role("columnheader", name=column)).to_be_visible()
        expect(table.get_by_role("cell", name=word, exact=True)).to_be_visible()
        expect(table.get_by_text("Lê <i>Văn</i> C")).to_be_visible()
        assert violations(page) == []
