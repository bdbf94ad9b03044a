"""Signed tree heads as whoever receives them reads and compares them. Pure: no database, no network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lachan.evidence import tree
from lachan.evidence.errors import SignatureInvalid
from lachan.evidence.signing import HEAD, open_jws
from lachan.kernel.canonical import NotCanonical, parse_canonical
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.time import from_wire


@dataclass(frozen=True, slots=True)
class Head:
    """What a head states: `at` is its wire time."""

    size: int
    root: bytes
    at: str


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head whose signature holds; `payload` is what a stamp and a witness cover."""

    head: Head
    payload: bytes
    jws: str


class Finding(Enum):
    """How two signed heads of one log stand to each other."""

    SAME = "same"
    GROWN = "grown"
    TWO_TREES = "two_trees"
    NOT_PROVEN = "not_proven"

    @property
    def one_tree(self) -> bool:
        return self in {Finding.SAME, Finding.GROWN}

    @property
    def text(self) -> Text:
        return _TEXTS[self]


_TEXTS = {
    Finding.SAME: Text(vi="Hai đầu cây là của cùng một cây.", en="Both heads are of one tree."),
    Finding.GROWN: Text(
        vi="Cây lớn là sự nối tiếp của cây nhỏ: một nhật ký.",
        en="The larger tree continues the smaller: one log.",
    ),
    Finding.TWO_TREES: Text(
        vi="HAI CÂY KHÁC NHAU cùng cỡ dưới cùng một khóa nhật ký: trung tâm đã cho thấy hai nhật ký.",
        en="TWO DIFFERENT TREES of one size under one log key: the centre has shown two logs.",
    ),
    Finding.NOT_PROVEN: Text(
        vi="KHÔNG CHỨNG MINH ĐƯỢC cây lớn nối tiếp cây nhỏ: bằng chứng nhất quán không đúng.",
        en="NOT PROVEN that the larger tree continues the smaller: the consistency proof does not hold.",
    ),
}


def told(payload: bytes) -> Head | None:
    """What a head's payload {at, root, size} says; None when it is none."""
    try:
        read = parse_canonical(payload)
        size, root, at = read["size"], bytes.fromhex(read["root"]), str(read["at"])
        from_wire(at)
    except (NotCanonical, KeyError, TypeError, ValueError, LachanError):
        return None
    good = isinstance(size, int) and not isinstance(size, bool) and size >= 0
    return Head(size, root, at) if good else None


def opened(jws: str, keys: Mapping[str, Ed25519PublicKey]) -> SignedHead:
    """A head by one of the log's keys. Raises: SignatureInvalid."""
    _, payload = open_jws(jws.strip(), keys, typ=HEAD)
    head = told(payload)
    if head is None:
        raise SignatureInvalid(why="head")
    return SignedHead(head, payload, jws.strip())


def compare(one: Head, other: Head, path: Sequence[bytes]) -> Finding:
    """How two heads stand to each other; the order does not matter.

    path: the consistency proof (RFC 9162 §2.1.4) from the smaller to the larger; empty where sizes are equal.
    """
    small, large = sorted((one, other), key=lambda head: head.size)
    if small.size == large.size:
        return Finding.SAME if small.root == large.root else Finding.TWO_TREES
    holds = tree.consistency_holds(
        first=small.size,
        first_root=small.root,
        second=large.size,
        second_root=large.root,
        path=path,
    )
    return Finding.GROWN if holds else Finding.NOT_PROVEN
