"""The code of a printed order: read from the QR or as typed, fitting one message and nothing else."""

import hashlib

import pytest

from lachan.exchange.printed_code import PrintedCode, printed_code, read_printed_code
from lachan.kernel.codes import ALPHABET

SECRET = b"s" * 32
H = hashlib.sha256(b"an order").hexdigest()
MADE = printed_code(H, 4182, SECRET)


def test_scanned_and_typed_are_read_back() -> None:
    assert read_printed_code(MADE.scanned) == MADE
    assert read_printed_code(MADE.typed) == PrintedCode(4182, MADE.code)


@pytest.mark.parametrize("change", [str.lower, lambda text: text.replace("-", " "), lambda text: text.replace("-", ""), lambda text: f"  {text[4:]} "], ids=["small", "blanks", "together", "bare"])  # fmt: skip
def test_it_is_read_however_it_was_typed(change: object) -> None:
    read = read_printed_code(change(MADE.typed))  # type: ignore[operator]
    assert read.belongs_to(H, SECRET)
    assert read.place == 4182


def test_a_scanned_code_is_written_in_the_alphabet_of_small_qr_codes() -> None:
    assert set(MADE.scanned) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert set(MADE.code) <= set(ALPHABET)


def test_it_fits_only_its_own_message_and_key() -> None:
    other = hashlib.sha256(b"another").hexdigest()
    assert MADE.belongs_to(H, SECRET)
    assert not MADE.belongs_to(other, SECRET)
    assert not PrintedCode(4182, MADE.code).belongs_to(other, SECRET)
    assert not MADE.belongs_to(H, b"t" * 32)


def test_a_right_code_with_another_hash_is_wrong() -> None:
    other = printed_code(hashlib.sha256(b"another").hexdigest(), 4182, SECRET)
    assert not PrintedCode(4182, MADE.code, other.h32).belongs_to(H, SECRET)


@pytest.mark.parametrize("at", range(10))
def test_one_wrong_symbol_is_enough(at: int) -> None:
    wrong = "B" if MADE.code[at] != "B" else "C"
    code = MADE.code[:at] + wrong + MADE.code[at + 1 :]
    assert not PrintedCode(4182, code, MADE.h32).belongs_to(H, SECRET)


@pytest.mark.parametrize("text", ["", "LC1", "LC1:::", "TB-26-AAAA-AAAA-AAAA", "💥" * 500, "LC1-" + "9" * 40 + "-AAAAA-AAAAA", "'; DROP TABLE"])  # fmt: skip
def test_what_is_no_code_fits_nothing(text: str) -> None:
    read = read_printed_code(text)
    assert read.place < 0
    assert not read.belongs_to(H, SECRET)


def test_codes_of_neighbouring_places_have_nothing_in_common() -> None:
    codes = {printed_code(hashlib.sha256(bytes([n])).hexdigest(), n, SECRET).code for n in range(256)}  # fmt: skip
    assert len(codes) == 256
