"""JSON of another organisation, read so that no two readers can differ about it. Pure.

Refused: a key twice in one object, numbers that a double would bend, text that is not NFC, lone
surrogates, nesting beyond a depth that is checked before anything recursive runs. Numbers with a
fraction become `Decimal`; a value of another type than its field's is named with its place.
"""

from __future__ import annotations

import json
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TypeVar

import msgspec

from lachan.adapters.foreign.errors import ForeignTooLarge, ForeignUnreadable, mismatch
from lachan.exchange.errors import Malformed
from lachan.exchange.strict_json import ensure_shallow

S = TypeVar("S", bound=msgspec.Struct)
MAX_DEPTH = 32
MAX_CONTAINERS = 20_000  # objects and arrays; each takes far more memory than its two bytes
MAX_DIGITS = 17  # digits of -(2^53-1); int() of a million digits would take seconds
MAX_FRACTION = 40  # signs of a number with a fraction or exponent
RIGHT = "JSON, UTF-8, NFC"


def read_object(data: bytes, *, form: str, limit: int) -> dict[str, Any]:
    """One JSON object in UTF-8. Raises: ForeignTooLarge, ForeignUnreadable."""
    if len(data) > limit:
        raise ForeignTooLarge(format=form, right=limit)
    if data.count(b"{") + data.count(b"[") > MAX_CONTAINERS:
        raise _unreadable(form, f"more than {MAX_CONTAINERS} objects and arrays")
    try:
        ensure_shallow(data, MAX_DEPTH)
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_float=_fraction,
            parse_constant=_refuse,
            parse_int=_small_int,
        )
    except Malformed as cause:
        raise _unreadable(form, cause.why) from cause
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as cause:
        raise _unreadable(form, "not JSON in UTF-8") from cause
    except _Refused as cause:
        raise _unreadable(form, str(cause)) from cause
    if not isinstance(value, dict):
        raise _unreadable(form, "not an object")
    _ensure_clean(value, form)
    return value


def shaped(kind: type[S], value: object, *, form: str) -> S:
    """The fields that a shape names, unknown ones left out. Raises: ForeignMismatch with the place."""
    try:
        return msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError as cause:
        why, _, where = str(cause).partition(" - at ")
        raise mismatch(form, where.strip("`") or "$", "", why) from cause


_BEYOND = "a number beyond what a field may hold"


class _Refused(Exception):
    """A hook of the parser says no."""


def _unreadable(form: str, why: str) -> ForeignUnreadable:
    return ForeignUnreadable(format=form, why=why, right=RIGHT)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise _Refused("the same key twice in one object")
    return read


def _fraction(text: str) -> Decimal:
    try:
        number = Decimal(text[: MAX_FRACTION + 1])
    except InvalidOperation as cause:  # an exponent beyond the library's own range
        raise _Refused(_BEYOND) from cause
    if len(text) > MAX_FRACTION or abs(number.adjusted()) > MAX_DIGITS:
        raise _Refused(_BEYOND)
    return number


def _refuse(_text: str) -> NoReturn:
    raise _Refused("NaN and Infinity are not JSON")


def _small_int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise _Refused("a number beyond 2^53-1")
    return int(text)


def _ensure_clean(value: object, form: str) -> None:
    """Texts and keys are NFC and whole; the depth is known to be small."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _ensure_clean(key, form)
            _ensure_clean(inner, form)
    elif isinstance(value, list):
        for inner in value:
            _ensure_clean(inner, form)
    elif isinstance(value, str) and not value.isascii():
        ensure_nfc(value, form=form)


def ensure_nfc(text: str, *, form: str) -> None:
    """Raises: ForeignUnreadable for a lone surrogate or text that is not NFC."""
    try:
        text.encode()
    except UnicodeEncodeError as cause:
        raise _unreadable(form, "a lone surrogate") from cause
    if not unicodedata.is_normalized("NFC", text):
        raise _unreadable(form, "text that is not NFC")
