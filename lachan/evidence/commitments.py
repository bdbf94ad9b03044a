"""Salted commitments: what stays of a part or a row that a court does not get to see. Pure.

exchange.md §2. A commitment cannot be guessed, not even for an account number, without its salt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from typing import Final

from lachan.evidence import tree

SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class RowProof:
    """One row shown alone: its place among `size` rows, its salt and its path to the commitment."""

    i: int
    size: int
    salt: bytes
    path: tuple[bytes, ...]


def commit_bytes(salt: bytes, plaintext: bytes) -> bytes:
    """SHA-256(0x02 ‖ salt ‖ plaintext)."""
    return sha256(b"\x02" + salt + plaintext).digest()


def row_salt(salt: bytes, i: int) -> bytes:
    """HMAC-SHA-256(part salt, "row" ‖ uint64be(i))."""
    return digest(salt, b"row" + i.to_bytes(8), "sha256")


def row_leaf(salt: bytes, row: bytes) -> bytes:
    """SHA-256(0x00 ‖ the row's own salt ‖ canonical row)."""
    return sha256(b"\x00" + salt + row).digest()


def commit_rows(salt: bytes, rows: Sequence[bytes]) -> bytes:
    """The root over the rows' salted leaves; rows are canonical JSON."""
    return tree.root_of(_leaves(salt, rows))


def prove_row(salt: bytes, rows: Sequence[bytes], i: int) -> RowProof:
    """What shows row `i` and nothing of the others. Raises: IndexError."""
    leaves = _leaves(salt, rows)
    nodes = {(level, at): hashed for level, at, hashed in tree.grow(0, leaves, ())}
    path = tree.inclusion(i, len(rows), lambda level, at: nodes[level, at])
    return RowProof(i, len(rows), row_salt(salt, i), tuple(path))


def row_holds(row: bytes, proof: RowProof, commit: bytes) -> bool:
    """Whether this row is the one that was committed to."""
    leaf = row_leaf(proof.salt, row)
    return len(proof.salt) == SALT_BYTES and tree.inclusion_holds(
        leaf, idx=proof.i, size=proof.size, path=proof.path, head=commit
    )


def split_rows(plaintext: bytes) -> list[bytes]:
    """The rows of a part in form `rows`: canonical JSON, one a line, each line ended."""
    return plaintext.split(b"\n")[:-1]


def _leaves(salt: bytes, rows: Sequence[bytes]) -> list[bytes]:
    return [row_leaf(row_salt(salt, i), row) for i, row in enumerate(rows)]
