"""Parts of a message and their commitments: whole, or row by row, so that single rows can be shown later. Pure (protocol §2)."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lachan.exchange.errors import PartCommit
from lachan.exchange.forms.declared import highest_class
from lachan.exchange.kinds import Answer, Question, Row, encode, to_json
from lachan.exchange.manifest import PartEntry
from lachan.exchange.moves import Move, part_name
from lachan.kernel.canonical import canonical

MAX_ROWS = 2_000_000


SALT_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class PlainPart:
    """A part before encryption: bytes, or rows (JSON objects, one a line)."""

    name: str
    body: bytes = b""
    rows: tuple[Mapping[str, Any], ...] | None = None
    media_type: str = "application/json"
    klass: str = "S"
    salt: bytes = field(default_factory=lambda: os.urandom(SALT_BYTES), repr=False)

    @property
    def plaintext(self) -> bytes:
        if self.rows is None:
            return self.body
        return b"".join(canonical(dict(row)) + b"\n" for row in self.rows)

    def entry(self) -> PartEntry:
        plain = self.plaintext
        form = "bytes" if self.rows is None else "rows"
        return PartEntry(
            name=self.name,
            media_type=self.media_type,
            klass=self.klass,
            size=len(plain),
            commit=commitment(plain, self.salt, form),
            form=form,
            rows=None if self.rows is None else len(self.rows),
        )


def body_part(value: Question | Answer | Move) -> PlainPart:
    """A question, an answer or the words of a move as its part, in the highest class of its fields."""
    if isinstance(value, Move):
        name = part_name(type(value))
    else:
        name = "ask" if isinstance(value, Question) else "answer"
    return PlainPart(name=name, body=encode(value), klass=highest_class(type(value)).value)


ROWS = "rows"  # the part beside an answer that is made of single lines


def rows_part(rows: Sequence[Row], form: type[Row]) -> PlainPart:
    """The lines that travel beside an answer, committed to one by one. form: the kind's own, also for no lines."""
    return PlainPart(
        name=ROWS,
        rows=tuple(to_json(one) for one in rows),
        media_type="application/jsonl",
        klass=highest_class(form).value,
    )


def commitment(plain: bytes, salt: bytes, form: str) -> str:
    """SHA-256(0x02 ‖ salt ‖ plaintext), or the Merkle root over salted rows; hex."""
    if form == "rows":
        lines = split_rows(plain)
        return merkle_root([row_leaf(line, salt, i) for i, line in enumerate(lines)]).hex()
    return hashlib.sha256(b"\x02" + salt + plain).hexdigest()


def split_rows(plain: bytes) -> list[bytes]:
    """The canonical rows of a part of form `rows`: one a line, each line ended."""
    return plain.split(b"\n")[:-1]


def row_leaf(row: bytes, salt: bytes, index: int) -> bytes:
    """SHA-256(0x00 ‖ salt_i ‖ canonical row), salt_i = HMAC-SHA-256(part salt, "row" ‖ uint64be(i))."""
    return hashlib.sha256(b"\x00" + row_salt(salt, index) + row).digest()


def row_salt(salt: bytes, index: int) -> bytes:
    """What is shown beside a single row, so that the other rows stay hidden."""
    return hmac.new(salt, b"row" + index.to_bytes(8, "big"), hashlib.sha256).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 root over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = merkle_root(leaves[:split]), merkle_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of a leaf, nearest sibling first (RFC 9162 §2.1.3.1)."""
    if len(leaves) <= 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*merkle_path(leaves[:split], index), merkle_root(leaves[split:])]
    return [*merkle_path(leaves[split:], index - split), merkle_root(leaves[:split])]


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its path give, or nothing when the path has the wrong length."""
    rest = list(path)

    def climb(low: int, high: int) -> bytes | None:
        if high - low <= 1:
            return leaf
        split = low + (1 << (high - low - 1).bit_length() - 1)
        if not rest:
            return None
        sibling = rest.pop()
        inner = climb(low, split) if index < split else climb(split, high)
        if inner is None:
            return None
        pair = inner + sibling if index < split else sibling + inner
        return hashlib.sha256(b"\x01" + pair).digest()

    root = climb(0, size) if 0 <= index < size else None
    return None if rest else root


def check_commitment(entry: PartEntry, salt: bytes, body: bytes) -> None:
    """Raises: PartCommit."""
    right_rows = entry.rows is None or (
        entry.rows == body.count(b"\n") and (not body or body.endswith(b"\n"))
    )
    if (
        len(salt) != SALT_BYTES
        or len(body) != entry.size
        or not right_rows
        or commitment(body, salt, entry.form) != entry.commit
    ):
        raise PartCommit(name=entry.name)
