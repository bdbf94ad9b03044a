"""JSON of others: the same value however it is spelt, and the same refusals on the quick way and the slow one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.exchange.errors import Malformed
from lachan.exchange.strict_json import read_json
from lachan.kernel.canonical import canonical

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_every_spelling_of_a_value_reads_as_that_value(
    value: object, indent: int | None, ascii_only: bool
) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    assert read_json(data, limit=10_000) == value


@given(st.dictionaries(st.text("abcxyz", max_size=4), st.integers(0, 9), max_size=4))
def test_the_one_spelling_reads_too(value: dict[str, int]) -> None:
    assert read_json(canonical(value), limit=10_000) == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}', '{"a":1.5}', '{"a":1e3}', "[NaN]", "[9007199254740993000]", "[" * 40 + "]" * 40, '{"a":1', "",
        '["\\ud800"', '{"a":{"b":1,"b":2}}', "\ufeff[]",
    ],
    ids=range(11),
)  # fmt: skip
def test_what_has_two_meanings_or_none_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read_json(text.encode(), limit=10_000)


def test_what_is_too_long_is_not_read() -> None:
    with pytest.raises(Malformed, match=r"longer"):
        read_json(b"[1]", limit=2)
