"""A bank's message fills the form with what it says; what is doubtful is named, and nothing is invented."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.reports.bank_messages import of_message
from lachan.reports.errors import MessageIncoming, MessageUnreadable
from lachan.reports.hints import Doubt

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
FULL = {"amount": "50000000", "hour": "14:05", "day": "3", "month": "3", "year": "2026"}
MESSAGES = {
    "SD TK 0011001234567 -50,000,000VND luc 03-03-2026 14:05:10. SD 1,234,567VND. Ref MBVCB.1234567890.CT": {
        **FULL, "from_bank": "970436", "from_account": "0011001234567", "ref": "MBVCB.1234567890.CT",
    },
    "SD TK 0011001234567 -50,000,000VND luc 03-03-2026 14:05:10. SD 1,234,567VND. Ref MBVCB.1234567890.071803.LE THI HOA chuyen tien.CT tu 0011001234567 LE THI HOA toi 231814973 TRAN VAN B tai VPBANK": {
        **FULL, "from_bank": "970436", "from_account": "0011001234567", "to_bank": "970432", "to_account": "231814973",
        "ref": "MBVCB.1234567890.071803.LE",
    },
    "VCB: TK 0123456789 so du -50,000,000VND luc 03/03/2026 14:05. SD: 4,500,000VND. Noi dung: Thanh toan": {
        **FULL, "from_bank": "970436", "from_account": "0123456789",
    },
    "VietinBank:03/03/2026 14:05|TK:101234567890|GD:-50,000,000VND|SDC:1,234,567VND|ND:chuyen tien": {
        **FULL, "from_bank": "970415", "from_account": "101234567890",
    },
    "TK1234567890 tai BIDV -50,000,000VND vao 14:05 03/03/2026. So du:1,234,567VND. ND: tra no": {
        **FULL, "from_bank": "970418", "from_account": "1234567890",
    },
    "TK 0123xxx456|GD: -50,000,000VND 03/03/26 14:05|SD: 1,234,567VND|ND: tra no": {
        **FULL, "from_account": "0123XXX456",
    },
    "TK 0123456789|GD: -50,000,000VND 03/03/26 14:05|SD: 1,234,567VND|DEN: TRAN VAN B - 19034567890123|ND: tra no": {
        **FULL, "from_account": "0123456789", "to_account": "19034567890123", "payee": "TRAN VAN B",
    },
    "Agribank: 14h05p 03/03 TK 1500201234567: -50,000,000VND (CHUYEN TIEN). SD: 1,234,567VND.": {
        **FULL, "from_bank": "970405", "from_account": "1500201234567",
    },
    "ACB: TK 12345678(VND) - 50,000,000 luc 14:05 03/03/2026. So du 1,234,567. GD: CHUYEN TIEN": {
        **FULL, "from_bank": "970416", "from_account": "12345678",
    },
    "(TPBank): 03/03/26;14:05\nTK: xxxx1234567\nPS:-50.000.000VND\nSD: 1.234.567VND\nND: CT": {
        **FULL, "from_bank": "970423", "from_account": "XXXX1234567",
    },
    "Techcombank: TK 19031234567890 So tien GD:-50,000,000 So du:1,234,567 luc 14:05 03/03/2026 CHUYEN TIEN FT26062123456789": {
        **FULL, "from_bank": "970407", "from_account": "19031234567890", "ref": "FT26062123456789",
    },
    "Số dư TK 19031234567890 thay đổi -50.000.000 VND lúc 14:05 ngày 03/03/2026. Số dư: 1.234.567 VND. Mã GD: FT26062123456789": {
        **FULL, "from_account": "19031234567890", "ref": "FT26062123456789",
    },
    "VPBank: TK 123456789 tru 50,000,000VND luc 14:05 03/03/26. So du kha dung 1,234,567VND. ND: LE THI HOA chuyen tien": {
        **FULL, "from_bank": "970432", "from_account": "123456789",
    },
    "Sacombank 03/03/2026 14:05 TK: 060123451234 PS: - 50,000,000 VND So du kha dung: 1,234,567 VND ND chuyen tien": {
        **FULL, "from_bank": "970403", "from_account": "060123451234",
    },
    "TK **0080 thay doi - VND 50,000,000. So du kha dung: VND 88,490,031. 14:05 03/03/2026": {
        **FULL, "from_account": "**0080",
    },
    "MSB: TK 03501012345678 (-) 50,000,000 VND luc 14:05 03/03/2026; SD 1,234,567 VND; Phi GD: 11,000 VND": {
        **FULL, "from_bank": "970426", "from_account": "03501012345678",
    },
    "HDBank: TK 098765432100 GHI NO 50,000,000VND. 14:05 03/03/2026. Phi: 3,300VND. SDKD: 1,234,567VND": {
        **FULL, "from_bank": "970437", "from_account": "098765432100",
    },
    "Account 0071000123456 has been debited VND 50,000,000 at 14:05 03/03/2026. Available balance: VND 1,234,567. Trans ID: 260303123456": {
        **FULL, "from_account": "0071000123456", "ref": "260303123456",
    },
    "Chuyển tiền thành công\n50,000,000 VND\n14:05 03/03/2026\nNgười nhận: NGUYEN VAN A\nTài khoản nhận: 0987654321012\nNgân hàng nhận: TPBank\nPhí: 3,300 VND\nMã giao dịch: 260303123456": {
        **FULL, "to_bank": "970423", "to_account": "0987654321012", "payee": "NGUYEN VAN A", "ref": "260303123456",
    },
    "Bạn đã chuyển 50.000.000đ tới STK 970412345678 lúc 14:05, 03/03/2026. Số dư ví: 20.000đ": {
        **FULL, "to_account": "970412345678",
    },
    "TK 1903…: -50,000,000VND luc 14:05 03/03/2026. ND: chuyen tien mua hang": {**FULL},
}  # fmt: skip


@pytest.mark.parametrize("text", MESSAGES)
def test_a_bank_s_message_fills_what_it_says(text: str) -> None:
    assert of_message(text, now=NOW).filled() == MESSAGES[text]


@pytest.mark.parametrize("text", MESSAGES)
def test_marks_letters_and_blanks_make_no_difference(text: str) -> None:
    loud = "  ".join(text.upper().split(" "))
    same = ("amount", "from_account", "to_account", "from_bank", "to_bank", "hour", "day", "year")
    read, expected = of_message(loud, now=NOW).filled(), MESSAGES[text]
    assert {name: read.get(name) for name in same} == {name: expected.get(name) for name in same}


@pytest.mark.parametrize(
    "text",
    [
        "TK 12345678: SD: 1,234,567VND luc 14:05",
        "Phi dich vu SMS: 11,000 VND",
        "Ma OTP cua ban la 123456. Khong cung cap cho bat ky ai.",
        "xin chao",
        "",
    ],
)
def test_no_payment_is_said_so(text: str) -> None:
    with pytest.raises(MessageUnreadable):
        of_message(text, now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "TK 12345678: +50,000,000 luc 14:05. SD: 51,234,567VND",
        "TK 9975087429 GD: +50,000 VND luc 03-03-2026 18:10. So du: 1,500,000 VND. ND: 007",
    ],
)
def test_money_that_came_in_is_said_so(text: str) -> None:
    with pytest.raises(MessageIncoming):
        of_message(text, now=NOW)


def test_two_different_sums_are_a_doubt() -> None:
    hint = of_message("-50,000,000VND va -20,000,000VND toi STK 970412345678", now=NOW)
    assert (hint.amount, hint.to_account) == ("", "970412345678")
    assert hint.doubts == (Doubt("amount", "20000000 / 50000000"),)


@pytest.mark.parametrize("day", ["31/02/2026", "03/13/2026", "99/99"])
def test_a_day_that_no_calendar_has_is_a_doubt(day: str) -> None:
    hint = of_message(f"TK 12345678 -50,000,000VND luc 14:05 {day}", now=NOW)
    assert (hint.day, hint.month, hint.year) == ("", "", "")
    assert hint.doubts == (Doubt("day", day),)


def test_a_number_with_hidden_digits_stays_as_it_is_and_is_a_doubt() -> None:
    hint = of_message("TK 0123xxx456 -50,000,000VND luc 14:05 03/03/2026", now=NOW)
    assert hint.from_account == "0123XXX456"
    assert hint.doubts == (Doubt("from_account", "0123XXX456"),)


def test_a_day_without_a_year_is_the_last_such_day() -> None:
    hint = of_message("TK 12345678 -50,000,000VND 14h05 30/12", now=NOW)
    assert (hint.day, hint.month, hint.year) == ("30", "12", "2025")


def test_two_banks_in_one_place_are_no_answer() -> None:
    hint = of_message(
        "-50,000,000VND toi STK 970412345678 tai VPBank hoac TPBank luc 14:05", now=NOW
    )
    assert hint.to_bank == ""


@given(st.text(max_size=500))
def test_no_text_is_a_defect(text: str) -> None:
    try:
        hint = of_message(text, now=NOW)
    except (MessageUnreadable, MessageIncoming):
        return
    assert all(isinstance(one, str) for one in hint.filled().values())


@pytest.mark.parametrize(
    "text",
    ["-" * 4_000, "tk " * 1_300, "1,234" * 800, "so du " * 660, "toi abc " * 500, "a" * 4_000],
)
def test_hostile_lengths_are_read_quickly(text: str) -> None:
    started = datetime.now(UTC)
    for tail in ("", " -50,000,000VND"):
        try:
            of_message(text + tail, now=NOW)
        except (MessageUnreadable, MessageIncoming):
            continue
    assert (datetime.now(UTC) - started).total_seconds() < 2
