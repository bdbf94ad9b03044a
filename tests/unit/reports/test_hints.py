"""A VietQR code and a bank's message fill the form with what they say, and with nothing else."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.reports.errors import MessageUnreadable, QrDamaged, QrNotPayment
from lachan.reports.hints import Hint, crc, of_message, of_payload

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
# The two examples of NAPAS' own description of VietQR, check sums included.
STATIC = (
    "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
)
DYNAMIC = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA5303704540618000058"
    "02VN62340107NPS68690819thanh toan don hang63042E2E"
)


def payload(*, bank: str = "970436", account: str = "0011001234567", amount: str = "") -> str:
    """A VietQR payload with its right check sum."""
    inner = f"0006{bank}01{len(account):02d}{account}"
    template = f"0010A00000072701{len(inner):02d}{inner}0208QRIBFTTA"
    text = f"00020101021138{len(template):02d}{template}5303704"
    text += f"54{len(amount):02d}{amount}" if amount else ""
    text += "5802VN6304"
    return text + crc(text.encode())


def test_the_published_examples_are_read() -> None:
    assert of_payload(STATIC) == Hint(to_bank="970403", to_account="0011012345678")
    assert of_payload(DYNAMIC) == Hint(
        to_bank="970403", to_account="0011012345678", amount="180000"
    )


@given(st.from_regex(r"[0-9A-Z]{6,19}", fullmatch=True), st.integers(1, 10**12))
def test_a_code_reads_back(account: str, amount: int) -> None:
    hint = of_payload(payload(account=account, amount=str(amount)))
    assert (hint.to_bank, hint.to_account, hint.amount) == ("970436", account, str(amount))


@given(st.data())
def test_any_altered_symbol_is_seen(data: st.DataObject) -> None:
    text = payload(amount="50000000")
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([c for c in "0123456789ABCDEF" if c != text[at].upper()]))
    with pytest.raises((QrDamaged, QrNotPayment)):
        of_payload(text[:at] + other + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.vn/pay",
        "BCD\n001",
        "000201",
        payload().replace("A000000727", "A000000999"),
    ],
)
def test_another_code_is_no_payment(text: str) -> None:
    with pytest.raises((QrNotPayment, QrDamaged)):
        of_payload(text)


@given(st.text(max_size=300))
def test_no_text_of_a_picture_is_a_defect(text: str) -> None:
    with contextlib.suppress(QrDamaged, QrNotPayment):
        of_payload("000201" + text)


FULL = {"amount": "50000000", "hour": "14:05", "day": "3", "month": "3", "year": "2026"}
MESSAGES = {
    "SD TK 0011001234567 -50,000,000VND luc 03-03-2026 14:05:10. SD 1,234,567VND. Ref MBVCB.1234567890.CT": {
        **FULL, "from_account": "0011001234567", "ref": "MBVCB.1234567890.CT",
    },
    "VietinBank:03/03/2026 14:05|TK:101234567890|GD:-50,000,000VND|SDC:1,234,567VND|ND:chuyen tien": {
        **FULL, "from_account": "101234567890",
    },
    "TK1234567890 tai BIDV -50,000,000VND vao 14:05 03/03/2026. So du:1,234,567VND. ND: tra no": {
        **FULL, "from_account": "1234567890",
    },
    "TK 0123xxx456|GD: -50,000,000VND 03/03/26 14:05|SD: 1,234,567VND|ND: tra no": {
        **FULL, "from_account": "0123xxx456",
    },
    "Agribank: 14h05p 03/03 TK 1500201234567: -50,000,000VND (CHUYEN TIEN). SD: 1,234,567VND.": {
        **FULL, "from_account": "1500201234567",
    },
    "ACB: TK 12345678(VND) - 50,000,000 luc 14:05 03/03/2026. So du 1,234,567. GD: CHUYEN TIEN": {
        **FULL, "from_account": "12345678",
    },
    "(TPBank): 03/03/26;14:05\nTK: xxxx1234567\nPS:-50.000.000VND\nSD: 1.234.567VND\nND: CT": {**FULL},
    "Số dư TK 19031234567890 thay đổi -50.000.000 VND lúc 14:05 ngày 03/03/2026. Số dư: 1.234.567 VND. Mã GD: FT26062123456789": {
        **FULL, "from_account": "19031234567890", "ref": "FT26062123456789",
    },
    "Chuyển tiền thành công\n50,000,000 VND\n14:05 03/03/2026\nNgười nhận: NGUYEN VAN A\nTài khoản nhận: 0987654321012\nMã giao dịch: 260303123456": {
        **FULL, "to_account": "0987654321012", "payee": "NGUYEN VAN A", "ref": "260303123456",
    },
    "Bạn đã chuyển 50.000.000đ tới STK 970412345678 lúc 14:05, 03/03/2026. Số dư ví: 20.000đ": {
        **FULL, "to_account": "970412345678",
    },
}  # fmt: skip


@pytest.mark.parametrize("text", MESSAGES)
def test_a_bank_s_message_fills_what_it_says(text: str) -> None:
    assert of_message(text, now=NOW).filled() == MESSAGES[text]


def test_a_balance_is_no_payment() -> None:
    with pytest.raises(MessageUnreadable):
        of_message("TK 12345678: SD: 1,234,567VND luc 14:05", now=NOW)


def test_money_that_came_in_is_no_payment() -> None:
    with pytest.raises(MessageUnreadable):
        of_message("TK 12345678: +50,000,000 luc 14:05. SD: 51,234,567VND", now=NOW)


def test_two_different_sums_are_no_answer() -> None:
    hint = of_message("-50,000,000VND va -20,000,000VND toi STK 970412345678", now=NOW)
    assert (hint.amount, hint.to_account) == ("", "970412345678")


@given(st.text(max_size=500))
def test_no_text_is_a_defect(text: str) -> None:
    try:
        hint = of_message(text, now=NOW)
    except MessageUnreadable:
        return
    assert all(isinstance(one, str) for one in hint.filled().values())
