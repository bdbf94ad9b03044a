"""Entries enter the tree once, in order, whatever happens; nothing in it can be changed."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from lachan.evidence import proofs, services, tree
from lachan.evidence.errors import LogKeyUnreadable, NoSuchProof
from lachan.evidence.guard import TABLES
from lachan.evidence.keys import log_key, log_key_path, make_log_key
from lachan.evidence.models import Entry, Leaf, Node, Pending, Stamp, TreeHead, Turn, Witness
from lachan.evidence.sequencer import sequence_all, sequence_once
from lachan.evidence.signing import HEAD, RECEIPT, open_jws
from lachan.kernel.canonical import parse_canonical
from lachan.kernel.time import FixedClock, to_wire

pytestmark = pytest.mark.django_db
H = [sha256(bytes([n])).hexdigest() for n in range(50)]


def append(clock: FixedClock, n: int = 0) -> services.Logged:
    return services.append("accepted", "vn/police/a05", clock.now(), h=H[n], kind="pause")


def keys() -> dict[str, object]:
    return {log_key().kid: log_key().private.public_key()}


def test_an_entry_is_canonical_and_waits_for_its_place(clock: FixedClock) -> None:
    logged = append(clock)
    row = Entry.objects.get(id=logged.id)
    assert parse_canonical(bytes(row.bytes))["h"] == H[0]
    assert bytes(row.leaf) == tree.leaf_hash(bytes(row.bytes)) == logged.leaf
    assert row.logged_at == clock.now()
    with pytest.raises(NoSuchProof):
        proofs.place_of(logged.id)


def test_a_rolled_back_act_leaves_no_entry(clock: FixedClock) -> None:
    with transaction.atomic():
        append(clock)
        transaction.set_rollback(True)
    assert sequence_all(clock) == 0
    assert not Entry.objects.exists()


def test_entries_get_their_places_in_the_order_of_time(clock: FixedClock) -> None:
    late = services.append("accepted", "system", clock.now() + timedelta(seconds=1), h=H[1])
    early = append(clock)
    assert sequence_once(clock) == 2
    assert (proofs.place_of(early.id), proofs.place_of(late.id)) == (0, 1)
    assert not Pending.objects.exists()


def test_sequencing_again_changes_nothing(clock: FixedClock) -> None:
    for n in range(5):
        append(clock, n)
    assert sequence_once(clock) == 5
    before = (Leaf.objects.count(), Node.objects.count(), TreeHead.objects.count())
    assert sequence_once(clock) == 0
    assert (Leaf.objects.count(), Node.objects.count(), TreeHead.objects.count()) == before


def test_batches_of_any_size_make_the_tree_of_all_leaves(clock: FixedClock) -> None:
    total = 0
    for batch in (1, 2, 3, 1, 7, 4, 12):
        for n in range(batch):
            append(clock, total + n)
        clock.advance(1)
        total += sequence_once(clock)
    leaves = [
        bytes(leaf)
        for leaf in Entry.objects.order_by("leaf_row__idx").values_list("leaf", flat=True)
    ]
    assert total == len(leaves) == 30
    for head in TreeHead.objects.all():
        assert bytes(head.root) == tree.root_of(leaves[: head.size])
    assert proofs.head().root == tree.root_of(leaves)


def test_a_batch_has_a_limit_and_the_rest_follows(clock: FixedClock) -> None:
    for n in range(10):
        append(clock, n)
    assert sequence_once(clock, limit=4) == 4
    assert sequence_all(clock) == 6


def test_every_entry_is_provably_in_every_later_head_and_heads_are_consistent(
    clock: FixedClock,
) -> None:
    logged = []
    for n in range(9):
        logged.append(append(clock, n))
        clock.advance(1)
        sequence_once(clock)
    heads = list(TreeHead.objects.order_by("id"))
    for head in heads:
        for one in logged[: head.size]:
            idx = proofs.place_of(one.id)
            path = proofs.inclusion(idx, head.size)
            assert tree.inclusion_holds(
                one.leaf, idx=idx, size=head.size, path=path, head=bytes(head.root)
            )
        for later in heads:
            if later.size >= head.size:
                assert tree.consistency_holds(
                    first=head.size,
                    first_root=bytes(head.root),
                    second=later.size,
                    second_root=bytes(later.root),
                    path=proofs.consistency(head.size, later.size),
                )


def test_there_is_no_proof_beyond_the_tree(clock: FixedClock) -> None:
    with pytest.raises(NoSuchProof):
        proofs.head()
    append(clock)
    sequence_once(clock)
    for ask in (
        lambda: proofs.inclusion(0, 2),
        lambda: proofs.inclusion(1, 1),
        lambda: proofs.consistency(0, 2),
        lambda: proofs.consistency(2, 1),
        lambda: proofs.head(at_least=2),
    ):
        with pytest.raises(NoSuchProof):
            ask()


def test_a_head_is_signed_each_minute_even_when_nothing_happens(clock: FixedClock) -> None:
    sequence_once(clock)
    clock.advance(59)
    sequence_once(clock)
    assert TreeHead.objects.count() == 1
    clock.advance(1)
    sequence_once(clock)
    assert [head.size for head in TreeHead.objects.all()] == [0, 0]
    assert proofs.head().root == tree.EMPTY_ROOT


def test_a_head_says_its_size_root_and_time_under_the_log_key(clock: FixedClock) -> None:
    append(clock)
    sequence_once(clock)
    head = proofs.head()
    _, payload = open_jws(head.jws, keys(), typ=HEAD)
    assert parse_canonical(payload) == {
        "at": to_wire(clock.now()),
        "root": head.root.hex(),
        "size": 1,
    }


def test_a_receipt_promises_the_leaf_within_a_minute(clock: FixedClock) -> None:
    logged = append(clock)
    due = clock.now() + timedelta(minutes=5)
    _, payload = open_jws(services.receipt(logged, due_at=due), keys(), typ=RECEIPT)
    assert parse_canonical(payload) == {
        "due_at": "2026-11-24T03:05:00.000Z",
        "h": H[0],
        "leaf": logged.leaf.hex(),
        "logged_at": "2026-11-24T03:00:00.000Z",
        "merge_by": "2026-11-24T03:01:00.000Z",
    }
    assert services.receipt(logged, due_at=due) == services.receipt(logged, due_at=due)


def test_only_messages_get_receipts(clock: FixedClock) -> None:
    with pytest.raises(ValueError, match="no h"):
        services.receipt(services.append("access", "system", clock.now()))


@pytest.mark.usefixtures("insert_only")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_no_row_of_the_log_can_be_changed(clock: FixedClock, table: str, verb: str) -> None:
    append(clock)
    sequence_once(clock)
    common = {"head_id": proofs.head().id, "size": 1, "root": b"r"}
    Stamp.objects.create(**common, tsa="t", token=b"t", ca="", at=clock.now())
    Witness.objects.create(**common, witness="vn/court/x", jws="j")
    column = {"evidence_entry": "h", "evidence_leaf": "idx", "evidence_node": "i"}.get(
        table, "size"
    )
    change = f"UPDATE {table} SET {column} = {column}"  # noqa: S608 - our own names
    statement = change if verb == "UPDATE" else f"DELETE FROM {table}"  # noqa: S608 - our own names
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_log_key_is_made_once_and_for_its_owner_alone(data_folder: Path) -> None:
    key = log_key()
    path = log_key_path()
    assert path == data_folder / "keys" / "log.jwk"
    assert path.stat().st_mode & 0o777 == 0o600
    make_log_key(path)  # another process comes second: the first one's key stays
    assert log_key().kid == key.kid
    assert [one.name for one in path.parent.iterdir()] == ["log.jwk"]


def test_a_damaged_log_key_is_never_replaced(data_folder: Path) -> None:
    log_key()
    log_key_path().write_text("{}")
    with pytest.raises(LogKeyUnreadable):
        log_key()
    assert log_key_path().read_text() == "{}"


@pytest.mark.usefixtures("emptied_afterwards")
def test_outside_a_transaction_an_entry_is_committed_with_its_place_in_the_queue(
    clock: FixedClock,
) -> None:
    append(clock)
    assert Pending.objects.count() == Entry.objects.count() == 1


def test_a_database_without_the_sequencers_row_gets_one(clock: FixedClock) -> None:
    Turn.objects.all().delete()
    append(clock)
    assert sequence_once(clock) == 1
    assert Turn.objects.count() == 1
