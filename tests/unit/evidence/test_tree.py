"""The tree is RFC 9162's: equal to pymerkle, and no proof of a lie verifies."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from lachan.evidence import tree


def nodes_of(size: int, salt: bytes = b"") -> dict[tuple[int, int], bytes]:
    leaves = [tree.leaf_hash(salt + str(i).encode()) for i in range(size)]
    return {(level, i): hashed for level, i, hashed in tree.grow(0, leaves, ())}


def reader(nodes: dict[tuple[int, int], bytes]) -> tree.NodeReader:
    return lambda level, i: nodes[level, i]


def test_the_vector_of_three_entries() -> None:
    leaves = [tree.leaf_hash(entry) for entry in (b"a", b"b", b"c")]
    assert (
        tree.root_of(leaves).hex()
        == "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1"
    )


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert tree.root_of([]) == sha256(b"").digest()


def test_roots_from_subtrees_equal_pymerkle_for_sizes_up_to_2000() -> None:
    oracle = InmemoryTree(algorithm="sha256")
    nodes = nodes_of(2000)
    for size in range(1, 2001):
        oracle.append_entry(str(size - 1).encode())
        assert tree.root(size, reader(nodes)) == oracle.get_root(size)


@given(st.integers(1, 300), st.data())
def test_proofs_equal_pymerkle_and_hold(size: int, data: st.DataObject) -> None:
    idx = data.draw(st.integers(0, size - 1))
    first = data.draw(st.integers(1, size))
    nodes = nodes_of(size)
    oracle = InmemoryTree(algorithm="sha256")
    for i in range(size):
        oracle.append_entry(str(i).encode())
    head = tree.root(size, reader(nodes))

    path = tree.inclusion(idx, size, reader(nodes))
    theirs = oracle.prove_inclusion(idx + 1, size).serialize()
    assert [step.hex() for step in path] == theirs["path"][1:]
    assert tree.inclusion_holds(nodes[0, idx], idx=idx, size=size, path=path, head=head)

    proof = tree.consistency(first, size, reader(nodes))
    assert tree.consistency_holds(
        first=first,
        first_root=tree.root(first, reader(nodes)),
        second=size,
        second_root=head,
        path=proof,
    )


@given(st.integers(2, 200), st.data())
def test_a_changed_proof_does_not_hold(size: int, data: st.DataObject) -> None:
    idx = data.draw(st.integers(0, size - 1))
    nodes = nodes_of(size)
    head = tree.root(size, reader(nodes))
    path = tree.inclusion(idx, size, reader(nodes))
    leaf = nodes[0, idx]
    at = data.draw(st.integers(0, len(path) - 1))
    bent = [*path[:at], sha256(path[at]).digest(), *path[at + 1 :]]
    assert not tree.inclusion_holds(leaf, idx=idx, size=size, path=bent, head=head)
    assert not tree.inclusion_holds(leaf, idx=idx, size=size, path=path[:-1], head=head)
    assert not tree.inclusion_holds(leaf, idx=idx, size=size, path=[*path, head], head=head)
    assert not tree.inclusion_holds(head, idx=idx, size=size, path=path, head=head)
    assert not tree.inclusion_holds(leaf, idx=size, size=size, path=path, head=head)


@given(st.integers(1, 120), st.integers(1, 120))
def test_a_rewritten_log_is_not_consistent(first: int, more: int) -> None:
    second = first + more
    honest, rewritten = nodes_of(first), nodes_of(second, salt=b"other")
    proof = tree.consistency(first, second, reader(rewritten))
    assert not tree.consistency_holds(
        first=first,
        first_root=tree.root(first, reader(honest)),
        second=second,
        second_root=tree.root(second, reader(rewritten)),
        path=proof,
    )


@given(st.integers(1, 120), st.integers(1, 120), st.data())
def test_a_bent_consistency_proof_does_not_hold(first: int, more: int, data: st.DataObject) -> None:
    second = first + more
    nodes = nodes_of(second)
    roots = {
        "first_root": tree.root(first, reader(nodes)),
        "second_root": tree.root(second, reader(nodes)),
    }
    proof = tree.consistency(first, second, reader(nodes))
    at = data.draw(st.integers(0, len(proof) - 1))
    bent = [*proof[:at], sha256(proof[at]).digest(), *proof[at + 1 :]]
    for path in (bent, proof[:-1], [*proof, proof[0]], []):
        assert not tree.consistency_holds(first=first, second=second, path=path, **roots)


def test_consistency_at_the_edges() -> None:
    nodes = nodes_of(5)
    head = tree.root(5, reader(nodes))
    assert tree.consistency(0, 5, reader(nodes)) == []
    assert tree.consistency(5, 5, reader(nodes)) == []
    empty, same = (0, tree.EMPTY_ROOT), (5, head)
    for size, hashed in (empty, same):
        assert tree.consistency_holds(
            first=size, first_root=hashed, second=5, second_root=head, path=[]
        )
    assert not tree.consistency_holds(first=6, first_root=head, second=5, second_root=head, path=[])
    assert not tree.consistency_holds(first=0, first_root=head, second=5, second_root=head, path=[])


def test_a_leaf_outside_the_tree_has_no_proof() -> None:
    nodes = nodes_of(3)
    with pytest.raises(IndexError):
        tree.inclusion(3, 3, reader(nodes))
    with pytest.raises(IndexError):
        tree.consistency(4, 3, reader(nodes))


@given(st.integers(0, 100), st.integers(0, 100))
def test_growing_in_two_steps_makes_the_same_nodes_as_in_one(first: int, more: int) -> None:
    whole = nodes_of(first + more)
    begun = nodes_of(first)
    known = [begun[at] for at in tree.peaks(first)]
    leaves = [whole[0, i] for i in range(first, first + more)]
    added = {(level, i): hashed for level, i, hashed in tree.grow(first, leaves, known)}
    assert begun | added == whole
