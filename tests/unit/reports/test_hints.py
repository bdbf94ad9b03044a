"""A VietQR code fills the form with what it says, and with nothing else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.reports.errors import QrDamaged, QrNotPayment
from lachan.reports.hints import Hint, crc, of_payload

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
