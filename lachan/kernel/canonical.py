"""Canonical JSON (RFC 8785) for what is signed and hashed.

Only strings, whole numbers up to 2^53-1, booleans, null, arrays and objects; keys are ASCII and
strings are NFC. With these limits Python's sorted, compact JSON equals RFC 8785, and the same
meaning never has two spellings: what is read must already be in the one form.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import msgspec

from lachan.kernel.errors import LachanError, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

S = TypeVar("S", bound=msgspec.Struct)
MAX_INT = 2**53 - 1
MAX_DEPTH = 64  # a manifest has 5; deeper is an attack on the reader's stack


class NotCanonical(LachanError):
    """Bytes or an object outside the canonical form."""

    code = "exchange.not_canonical"
    status = 400
    rule = "RFC 8785"
    text = Text(
        vi="Dữ liệu không ở dạng chuẩn tắc (RFC 8785) tại {where}: {why}.",
        en="Data is not in canonical form (RFC 8785) at {where}: {why}.",
    )
    where: str
    why: str


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value, UTF-8.

    Raises: NotCanonical, with the place (`$.a[0]`) and the reason.
    """
    quick = _spell(value)
    if quick is not None:
        return quick
    _check(value, "$", 0)  # names the place, unless it is right in an unusual way
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def parse_canonical(data: bytes) -> Any:
    """Read bytes that are already in the one spelling.

    Raises: NotCanonical: duplicate keys, white space, another order, floats, NFD text, bad UTF-8 …
    """
    try:
        quick = _DECODE(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _parse_and_say(data)
    return quick if _spell(quick) == data else _parse_and_say(data)


def read_if_canonical(data: bytes) -> Any | None:
    """A value that is in the one spelling and is not null, else None: for what may be spelt in other ways too."""
    try:
        quick = _DECODE(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return quick if _spell(quick) == data else None


def read_struct(data: bytes, form: type[S]) -> S | None:
    """A declared form read from its one spelling, or None where it takes a closer look to say what is wrong."""
    try:
        read = msgspec.json.decode(data, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return read if _spell(msgspec.to_builtins(read)) == data else None


def _parse_and_say(data: bytes) -> Any:
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_small_int,
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as cause:
        raise NotCanonical(
            where="$", why=f"not JSON in UTF-8 ({cause.__class__.__name__})"
        ) from cause
    except RecursionError as cause:
        raise NotCanonical(where="$", why=f"deeper than {MAX_DEPTH}") from cause
    if canonical(value) != data:
        raise NotCanonical(where="$", why="spelt otherwise than the canonical form")
    return value


_ENCODE = msgspec.json.Encoder(order="sorted").encode
_DECODE = msgspec.json.Decoder().decode


def _spell(value: Any) -> bytes | None:
    """The spelling of what is certainly in the form; None for what has to be looked at in full."""
    try:
        if not _all_typed((value,), 0):
            return None
        data = _ENCODE(value)
    except (UnicodeEncodeError, RecursionError):
        return None
    return data if data.isascii() or _is_clean(value) else None


def _all_typed(values: Iterable[Any], depth: int) -> bool:
    """Types of JSON alone, whole numbers within bounds; leaves are looked at in place, for a call would cost more."""
    if depth > MAX_DEPTH:
        return False
    for value in values:
        kind = type(value)
        if kind in _LEAVES:
            continue
        if kind is int:
            if not -MAX_INT <= value <= MAX_INT:
                return False
        elif kind is dict:
            if not _TEXT.issuperset(map(type, value)) or not _all_typed(value.values(), depth + 1):
                return False
        elif (kind is not list and kind is not tuple) or not _all_typed(value, depth + 1):
            return False
    return True


_TEXT = frozenset({str})
_LEAVES = _TEXT | {bool, type(None)}


def _is_clean(value: Any) -> bool:
    """Keys are ASCII and texts are NFC."""
    try:
        _check(value, "$", 0)
    except NotCanonical:
        return False
    return True


def _check(value: object, where: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonical(where=where[:80], why=f"deeper than {MAX_DEPTH}")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonical(where=where, why="a key that is not ASCII text")
            _check(inner, f"{where}.{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            _check(inner, f"{where}[{index}]", depth + 1)
    else:
        _check_leaf(value, where)


def _check_leaf(value: object, where: str) -> None:
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, int):
        if abs(value) > MAX_INT:
            raise NotCanonical(where=where, why="a number beyond 2^53-1")
    elif value is not None:
        raise NotCanonical(where=where, why=f"a {type(value).__name__} has no place in it")


def _check_text(value: str, where: str) -> None:
    if value.isascii():
        return
    try:
        value.encode()
    except UnicodeEncodeError as cause:
        raise NotCanonical(where=where, why="a lone surrogate") from cause
    if not unicodedata.is_normalized("NFC", value):
        raise NotCanonical(where=where, why="text that is not NFC")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise NotCanonical(where="$", why="the same key twice in one object")
    return read


def _no_float(_text: str) -> NoReturn:
    raise NotCanonical(where="$", why="a number with a fraction or exponent")


def _small_int(text: str) -> int:
    if len(text) > len(str(-MAX_INT)):  # int() of a million digits would take seconds
        raise NotCanonical(where="$", why="a number beyond 2^53-1")
    return int(text)
