"""What follows a request, on its page: a question back is answered, a part is read, an answer disputed, an objection reviewed."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from playwright.sync_api import Page, expect

from lachan.access.purposes import Purpose
from lachan.exchange import sending
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import Coverage, MessageType
from lachan.exchange.manifest import Outcome
from lachan.exchange.messages import provide_documents
from lachan.exchange.models import ConversationRecord
from lachan.exchange.moves import Clarify, RefusalWords
from lachan.holds import services as holds
from lachan.kernel.time import SystemClock, to_wire
from tests.browser.test_accessibility import violations
from tests.browser.test_asking import HOLDER, come_back, sent_ask, verified_case
from tests.browser.test_case import TO
from tests.browser.world import DUTY, HEAD, PASSPHRASE, code_of, sign_in
from tests.integration.exchange.conftest import Bank
from tests.integration.members.conftest import Deployment

WHY = "a test looks at everything"
WAITING = "AwaitingDisclosure"


def asked(country: Deployment) -> tuple[str, Bank, Envelope]:
    """A signed request to the bank that the money reached, on the wire."""
    code, bank = verified_case(country)
    sheet = holds.propose_question(
        actor=country.actor(DUTY, Purpose.GLD), case_code=code, kind="provide_documents", receiver=f"vn/bank/{TO[0]}",
        typed={"account": HOLDER, "documents": "OPENING"}, clock=SystemClock(),
    )  # fmt: skip
    for name in (DUTY, HEAD):
        actor = country.actor(name, Purpose.GLD)
        holds.open_sheet(actor=actor, sheet_id=sheet.id, clock=SystemClock())
        holds.sign_sheet(
            actor=actor, sheet_id=sheet.id, passphrase=PASSPHRASE, totp=code_of(country, name, nth=2), clock=SystemClock(),
        )  # fmt: skip
    return code, bank, sent_ask("provide_documents")


def leave() -> None:
    for one in sending.ready(now=SystemClock().now()):
        assert sending.send_one(outgoing_id=one, clock=SystemClock()) == "SENT"


def state_of(ask: Envelope) -> str:
    key = UUID(ask.manifest.conversation)
    return ConversationRecord.objects.unscoped(reason=WHY).get(pk=key).substate


def in_both(page: Page) -> None:
    """No violation in either language; the page ends in Vietnamese."""
    for button in ("English", "Tiếng Việt"):
        assert violations(page) == []
        page.get_by_role("button", name=button).click()
    assert violations(page) == []


def reply(**coverage: str) -> provide_documents.Reply:
    return provide_documents.Reply(
        as_of=to_wire(datetime.now(UTC)), files=[], note="Hồ sơ giấy",
        coverage=Coverage(**coverage) if coverage else None,
    )  # fmt: skip


def test_a_question_back_a_part_and_a_dispute_are_handled_on_the_page(
    page: Page, country: Deployment
) -> None:
    sign_in(page, country, DUTY)
    code, bank, ask = asked(country)
    words = Clarify(question="Cần cả tài khoản <b>phụ</b>?", fields=["account"])
    clarify = bank.answer(
        ask, words, type_=MessageType.CLARIFY, outcome=Outcome(status=WAITING, substate="clarifying"),
    )  # fmt: skip
    come_back(clarify, country)
    address = f"/yeu-cau/{ask.manifest.conversation}"
    page.goto(address)
    expect(page.get_by_text("Cần cả tài khoản <b>phụ</b>?")).to_be_visible()
    expect(page.get_by_role("button", name="Hủy yêu cầu này")).to_be_visible()
    in_both(page)
    page.get_by_role("button", name="Gửi nội dung làm rõ").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#text-wrong")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Nội dung làm rõ").fill("Chỉ tài khoản chính.")
    page.get_by_role("button", name="Gửi nội dung làm rõ").click()
    expect(page.get_by_text("Đã gửi nội dung làm rõ.")).to_be_visible()
    assert page.get_by_role("button", name="Gửi nội dung làm rõ").count() == 0
    leave()
    assert state_of(ask) == "working"

    part = bank.answer(
        ask, reply(missing="các dòng tháng 10", expected_at=to_wire(datetime.now(UTC))),
        type_=MessageType.PARTIAL, outcome=Outcome(status=WAITING, substate="partly_disclosed"), seq=2, prev=clarify.h,
    )  # fmt: skip
    come_back(part, country)
    page.goto(address)
    expect(page.get_by_text("các dòng tháng 10").first).to_be_visible()
    expect(page.get_by_text("Chỉ tài khoản chính.")).to_be_visible()
    in_both(page)

    come_back(bank.answer(ask, reply(), seq=3, prev=part.h), country)
    leave()
    page.goto(address)
    assert page.get_by_role("button", name="Hủy yêu cầu này").count() == 0
    page.get_by_label("Điểm chưa đúng, chưa đủ").fill("Thiếu giấy tờ mở tài khoản.")
    in_both(page)
    page.get_by_label("Điểm chưa đúng, chưa đủ").fill("Thiếu giấy tờ mở tài khoản.")
    page.get_by_role("button", name="Gửi đề nghị xem lại").click()
    expect(page.get_by_text("Đã gửi đề nghị xem lại.")).to_be_visible()
    leave()
    assert state_of(ask) == "working"
    page.goto(address)
    expect(page.get_by_text("Thiếu giấy tờ mở tài khoản.")).to_be_visible()
    page.goto(f"/vu-viec/{code}/nhat-ky")
    expect(page.get_by_text("Bên nhận hỏi lại").first).to_be_visible()


def test_a_legal_objection_waits_on_the_board_and_page_until_the_unit_head_concludes(
    new_page: Callable[..., Page], country: Deployment
) -> None:
    page = new_page()
    sign_in(page, country, DUTY)
    second = new_page()
    sign_in(second, country, HEAD)
    code, bank, ask = asked(country)
    words = RefusalWords(text="Văn bản thiếu số vụ việc.", officer="Lê Thị B", law="Điều 13")
    outcome = Outcome(status="Rejected", substate="by_desk", reason="LEGAL_OBJECTION")
    come_back(bank.answer(ask, words, type_=MessageType.REFUSE, outcome=outcome), country)
    address = f"/yeu-cau/{ask.manifest.conversation}"
    page.goto(address)
    expect(page.get_by_text("Văn bản thiếu số vụ việc.")).to_be_visible()
    expect(page.get_by_text("Lê Thị B")).to_be_visible()
    expect(page.get_by_text("Bên nhận phản đối về pháp lý.")).to_be_visible()
    assert page.get_by_role("button", name="Ghi kết luận").count() == 0
    in_both(page)
    page.goto("/bang")
    expect(page.get_by_text("có phản đối về pháp lý").first).to_be_visible()
    second.goto(address)
    in_both(second)
    second.get_by_label("Kết luận xem xét").fill("Lập yêu cầu mới, nêu số vụ việc.")
    second.get_by_role("button", name="Ghi kết luận").click()
    expect(second.get_by_text("Đã ghi kết luận xem xét.")).to_be_visible()
    expect(second.get_by_text("Lập yêu cầu mới, nêu số vụ việc.")).to_be_visible()
    page.goto("/bang")
    assert page.get_by_text("có phản đối về pháp lý").count() == 0
    page.goto(f"/vu-viec/{code}/nhat-ky")
    expect(page.get_by_text("Phản đối về pháp lý").first).to_be_visible()


def test_a_request_is_cancelled_from_its_page(page: Page, country: Deployment) -> None:
    sign_in(page, country, DUTY)
    _, _, ask = asked(country)
    page.goto(f"/yeu-cau/{ask.manifest.conversation}")
    page.get_by_role("button", name="Hủy yêu cầu này").click()
    expect(page.get_by_text("Đã gửi lệnh hủy")).to_be_visible()
    leave()
    assert state_of(ask) == "by_asker"
