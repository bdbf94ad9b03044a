"""A member keeps its own log; nothing in it can be changed, and its proofs are the centre's."""

import sqlite3
from pathlib import Path

import pytest

from lachan.evidence import tree
from lachan.evidence.errors import NoSuchProof, SignatureInvalid
from lachan.evidence.local import LocalLog
from lachan.evidence.signing import HEAD, RECEIPT, LogKey, open_jws
from lachan.kernel.canonical import NotCanonical, parse_canonical
from lachan.kernel.time import from_wire

AT = from_wire("2026-11-24T03:00:00.000Z")
KEY = LogKey.new()


def filled(place: str | Path | sqlite3.Connection, entries: int) -> LocalLog:
    log = LocalLog(place, KEY)
    for n in range(entries):
        assert log.append({"event": "receipt", "n": n})[0] == n
    return log


def test_an_empty_log_has_a_head() -> None:
    head = filled(":memory:", 0).head(AT)
    assert (head.size, head.root) == (0, tree.EMPTY_ROOT)


def test_its_head_is_signed_and_says_the_size_and_root() -> None:
    log = filled(":memory:", 11)
    head = log.head(AT)
    kid, payload = open_jws(head.jws, {KEY.kid: KEY.private.public_key()}, typ=HEAD)
    assert kid == KEY.kid
    assert parse_canonical(payload) == {
        "at": "2026-11-24T03:00:00.000Z",
        "root": head.root.hex(),
        "size": 11,
    }
    with pytest.raises(SignatureInvalid):
        open_jws(head.jws, {KEY.kid: KEY.private.public_key()}, typ=RECEIPT)


def test_every_entry_is_provably_in_every_later_head() -> None:
    log = filled(":memory:", 13)
    for size in range(1, 14):
        head = tree.root_of([tree.leaf_hash(log.entry(n)) for n in range(size)])
        for idx in range(size):
            assert tree.inclusion_holds(
                tree.leaf_hash(log.entry(idx)),
                idx=idx, size=size, path=log.inclusion(idx, size), head=head,
            )  # fmt: skip
        assert tree.consistency_holds(
            first=size, first_root=head, second=13, second_root=log.head(AT).root,
            path=log.consistency(size, 13),
        )  # fmt: skip


def test_it_is_still_there_after_it_was_closed(tmp_path: Path) -> None:
    filled(tmp_path / "log.sqlite", 5).close()
    again = LocalLog(tmp_path / "log.sqlite", KEY)
    assert again.size() == 5
    assert again.append({"event": "effect"})[0] == 5
    again.close()


def test_with_the_callers_connection_it_is_rolled_back_with_the_callers_work() -> None:
    db = sqlite3.connect(":memory:")
    log = filled(db, 2)
    db.commit()
    log.append({"event": "effect"})
    db.rollback()
    assert log.size() == 2
    log.close()
    assert db.execute("SELECT 1").fetchone() == (1,)
    db.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE local_entry SET bytes = x'00'",
        "DELETE FROM local_entry",
        "UPDATE local_node SET hash = x'00'",
        "DELETE FROM local_node",
    ],
)
def test_no_row_can_be_changed(statement: str) -> None:
    db = sqlite3.connect(":memory:")
    filled(db, 2)
    with pytest.raises(sqlite3.IntegrityError, match="insert-only"):
        db.execute(statement)
    db.close()


def test_an_entry_that_is_not_canonical_leaves_nothing_behind(tmp_path: Path) -> None:
    log = filled(tmp_path / "log.sqlite", 1)
    with pytest.raises(NotCanonical):
        log.append({"amount": 1.5})
    assert log.append({"event": "effect"})[0] == 1
    log.close()


def test_there_is_no_proof_of_what_is_not_there() -> None:
    log = filled(":memory:", 3)
    for ask in (lambda: log.inclusion(3, 3), lambda: log.consistency(2, 4), lambda: log.entry(3)):
        with pytest.raises(NoSuchProof):
            ask()


def test_a_write_that_fails_half_way_leaves_no_half(tmp_path: Path) -> None:
    log = filled(tmp_path / "log.sqlite", 3)
    other = sqlite3.connect(tmp_path / "log.sqlite")
    other.execute(
        "INSERT INTO local_node VALUES (0, 3, x'00')"
    )  # a damaged file: the place is taken
    other.commit()
    with pytest.raises(sqlite3.IntegrityError):
        log.append({"event": "effect"})
    assert log.size() == 3
    assert other.execute("SELECT count(*) FROM local_entry").fetchone() == (3,)
    log.close()
    other.close()


def test_what_fails_in_the_callers_transaction_is_left_for_the_caller_to_end() -> None:
    db = sqlite3.connect(":memory:")
    log = filled(db, 1)
    db.execute("INSERT INTO local_node VALUES (0, 1, x'00')")
    with pytest.raises(sqlite3.IntegrityError):
        log.append({"event": "effect"})
    assert db.in_transaction
    db.close()
