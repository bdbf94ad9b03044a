"""The Merkle tree of RFC 9162 (section 2.1) with SHA-256: hashes, roots and the two proofs.

Pure. Roots and proofs are made from *complete subtrees* alone: node (level, i) covers the leaves
i·2^level … (i+1)·2^level − 1 and never changes once it exists, so a log only ever appends rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

NodeReader = Callable[[int, int], bytes]  # (level, i) → hash of that complete subtree
Node = tuple[int, int, bytes]  # (level, i, hash)

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[tuple[int, int]]:
    """The complete subtrees (level, i) that make up a tree of `size` leaves, left to right."""
    found: list[tuple[int, int]] = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def grow(size: int, leaves: Iterable[bytes], peak_hashes: Sequence[bytes]) -> Iterator[Node]:
    """Yield every complete subtree that `leaves` (their hashes) add to a tree of `size` leaves.

    peak_hashes: the hashes of `peaks(size)`, in that order.
    """
    stack = [
        (level, i, hashed) for (level, i), hashed in zip(peaks(size), peak_hashes, strict=True)
    ]
    for idx, leaf in enumerate(leaves, size):
        level, i, hashed = 0, idx, leaf
        yield level, i, hashed
        while i & 1:
            _, _, left = stack.pop()
            level, i, hashed = level + 1, i >> 1, node_hash(left, hashed)
            yield level, i, hashed
        stack.append((level, i, hashed))


def root(size: int, node: NodeReader) -> bytes:
    """The tree head's hash; SHA-256 of nothing for the empty tree."""
    return _subtree(0, size, node) if size else EMPTY_ROOT


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes that are all at hand."""
    nodes = {(level, i): hashed for level, i, hashed in grow(0, leaves, ())}
    return root(len(leaves), lambda level, i: nodes[level, i])


def inclusion(idx: int, size: int, node: NodeReader) -> list[bytes]:
    """The path from leaf `idx` to the root of the tree of `size` leaves, deepest first.

    Raises: IndexError unless 0 ≤ idx < size.
    """
    if not 0 <= idx < size:
        msg = f"leaf {idx} is not in a tree of {size}"
        raise IndexError(msg)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if idx < middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(start, middle, node))
            start = middle
    path.reverse()
    return path


def consistency(first: int, second: int, node: NodeReader) -> list[bytes]:
    """The proof that the tree of `first` leaves is the beginning of that of `second`.

    Empty when the sizes are equal or the first tree is empty.
    Raises: IndexError unless 0 ≤ first ≤ second.
    """
    if not 0 <= first <= second:
        msg = f"a tree of {first} cannot be the beginning of a tree of {second}"
        raise IndexError(msg)
    if first in {0, second}:
        return []
    proof: list[bytes] = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            proof.append(_subtree(middle, end, node))
            end = middle
        else:
            proof.append(_subtree(start, middle, node))
            start, whole = middle, False
    if not whole:
        proof.append(_subtree(start, end, node))
    proof.reverse()
    return proof


def inclusion_holds(  # RFC 9162 section 2.1.3.2
    leaf: bytes, *, idx: int, size: int, path: Sequence[bytes], head: bytes
) -> bool:
    """Whether `path` leads from the leaf hash at `idx` to `head`, the root of `size` leaves."""
    if not 0 <= idx < size:
        return False
    here, last, hashed = idx, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            hashed = node_hash(step, hashed)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            hashed = node_hash(hashed, step)
        here, last = here >> 1, last >> 1
    return last == 0 and hashed == head


def consistency_holds(  # RFC 9162 section 2.1.4.2
    *, first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether `path` shows that the first tree is the beginning of the second."""
    if not 0 <= first <= second:
        return False
    if first in {0, second}:
        return not path and first_root == (second_root if first == second else EMPTY_ROOT)
    steps = list(path)
    if first & (first - 1) == 0:  # the first tree is one complete subtree: its root is the start
        steps.insert(0, first_root)
    if not steps:
        return False
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, step)
        here, last = here >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(width: int) -> int:
    """The largest power of two smaller than `width` (≥ 2)."""
    return 1 << (width - 1).bit_length() - 1


def _subtree(start: int, end: int, node: NodeReader) -> bytes:
    width = end - start
    if width & (width - 1) == 0:  # a complete subtree, and `start` is a multiple of its width
        level = width.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(width)
    return node_hash(_subtree(start, middle, node), _subtree(middle, end, node))
