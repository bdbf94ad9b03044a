"""One meaning, one spelling: equal to an independent implementation of RFC 8785, and strict to read."""

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lachan.kernel.canonical import MAX_DEPTH, MAX_INT, NotCanonical, canonical, parse_canonical

texts = st.text(st.characters(exclude_categories=["Cs"])).map(
    lambda text: __import__("unicodedata").normalize("NFC", text)
)
keys = st.text(st.characters(max_codepoint=127))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


@given(values)
def test_it_equals_the_independent_implementation(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(values)
def test_what_is_written_reads_back(value: object) -> None:
    assert parse_canonical(canonical(value)) == value


def test_the_published_vector() -> None:
    data = canonical({"note": "Nguyễn Thị Hường", "n": 50_000_000})
    assert len(data) == 47
    assert (
        hashlib.sha256(data).hexdigest()
        == "1eb44a1c817ca8c884ad2a2feefb6ea04e5708143de59ece1c9b7d5069f07b65"
    )


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), MAX_INT + 1, -MAX_INT - 1, "e\u0302", "\ud800", {"đ": 1}, {1: 1}, {"a": {1}},
     b"bytes", json.loads("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2))],
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_the_refusal_names_the_place() -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical({"parts": [{"size": 1}, {"size": 0.5}]})
    assert refused.value.values["where"] == "$.parts[1].size"


@pytest.mark.parametrize(
    "data",
    [b'{"a":1,"a":2}', b'{"b":1,"a":2}', b'{"a": 1}', b"1.0", b"1e3", b"NaN", b"-0", b'"\\u0041"',
     b'"e\xcc\x82"', b"\xff", b"{", b"", b"9" * 5000, b"[" * 100_000 + b"]" * 100_000, b"[1]\n",
     b'"\\ud800"', b"\xef\xbb\xbf1", str(MAX_INT + 1).encode()],
)  # fmt: skip
def test_a_second_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse_canonical(data)
