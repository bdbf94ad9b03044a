"""A code read over a bad line is either right or refused."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kernel.codes import ALPHABET, CodeUnreadable, case_code, make_code, read_code

seeds = st.integers(0, 2**32)


def symbols_of(code: str) -> list[str]:
    return list(code[6:].replace("-", ""))


def with_symbols(code: str, symbols: list[str]) -> str:
    return code[:6] + "".join(symbols)


@given(seeds, st.sampled_from(["TB", "KN"]))
def test_a_made_code_reads_back_however_it_is_typed(seed: int, prefix: str) -> None:
    code = make_code(prefix, 2026, random.Random(seed))
    assert code.startswith(f"{prefix}-26-")
    assert read_code(code) == code
    assert read_code(code.lower().replace("-", " ")) == code
    assert read_code(code.replace("-", "")) == code


@given(seeds)
def test_every_single_error_is_caught(seed: int) -> None:
    code = make_code("TB", 2026, random.Random(seed))
    right = symbols_of(code)
    for place in range(12):
        for symbol in ALPHABET:
            if symbol != right[place]:
                with pytest.raises(CodeUnreadable):
                    read_code(with_symbols(code, [*right[:place], symbol, *right[place + 1 :]]))


@given(seeds)
def test_every_swap_of_two_symbols_is_caught(seed: int) -> None:
    code = make_code("KN", 2026, random.Random(seed))
    for one, other in combinations(range(12), 2):
        swapped = symbols_of(code)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        if swapped[one] != swapped[other]:
            with pytest.raises(CodeUnreadable):
                read_code(with_symbols(code, swapped))


@pytest.mark.parametrize(
    "text", ["", "TB-26", "XX-26-AAAA-AAAA-AAAA", "TB-26-AAAA-AAAA-AAA1", "TB-2-A"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(CodeUnreadable):
        read_code(text)


def test_a_prefix_that_nobody_knows_is_a_defect() -> None:
    with pytest.raises(ValueError, match="prefix"):
        make_code("ZZ", 2026, random.Random(1))


def test_a_case_counts_within_its_year() -> None:
    assert case_code(2026, 4182) == "VA-26-004182"
