"""Commitments equal the vectors of exchange.md §2."""

from hypothesis import given
from hypothesis import strategies as st

from lachan.evidence.commitments import (
    RowProof,
    commit_bytes,
    commit_rows,
    prove_row,
    row_holds,
    row_leaf,
    row_salt,
    split_rows,
)
from lachan.exchange.parts import commitment

SALT = bytes(range(32))


def test_the_vector_of_a_part() -> None:
    commit = commit_bytes(SALT, b"19001234567")
    assert commit.hex() == "e9a563c5aca05bf5e0464a2fb88c6443e91a0dc28022c17d68a0403cffcf5c33"


def test_the_vector_of_a_row() -> None:
    leaf = row_leaf(row_salt(SALT, 0), b'{"amount":1000,"id":"t1"}')
    assert leaf.hex() == "10de5c3501104058a501f695c295a486039052f1ac9a96cc62a78af3ec908086"


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=20), st.data())
def test_any_row_can_be_shown_alone(rows: list[bytes], data: st.DataObject) -> None:
    commit = commit_rows(SALT, rows)
    i = data.draw(st.integers(0, len(rows) - 1))
    proof = prove_row(SALT, rows, i)
    assert row_holds(rows[i], proof, commit)
    assert not row_holds(rows[i] + b" ", proof, commit)
    assert not row_holds(rows[i], RowProof(i, len(rows), SALT[:31], proof.path), commit)


def test_rows_are_lines_and_each_is_ended() -> None:
    assert split_rows(b"") == []
    assert split_rows(b"1\n2\n") == [b"1", b"2"]


def test_the_protocols_own_commitments_are_these() -> None:

    rows = [b'{"a":1}', b'{"a":2}', b'{"a":3}']
    plain = b"".join(row + b"\n" for row in rows)
    assert commitment(b"text", SALT, "bytes") == commit_bytes(SALT, b"text").hex()
    assert commitment(plain, SALT, "rows") == commit_rows(SALT, rows).hex()
