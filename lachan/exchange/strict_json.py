"""JSON that others wrote and that need not be canonical, read strictly. Pure."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from lachan.exchange.errors import Malformed
from lachan.kernel.canonical import read_if_canonical


def read_json(data: bytes, *, limit: int, depth: int = 32) -> Any:
    """JSON that need not be canonical (headers of other libraries): no duplicates, floats, deep nesting."""
    if len(data) > limit:
        raise Malformed(why="longer than allowed")
    ensure_shallow(data, depth)
    quick = read_if_canonical(data)  # what we write ourselves is
    if quick is not None:
        return quick
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_float=_refuse,
            parse_constant=_refuse,
            parse_int=_small_int,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as cause:
        raise Malformed(why="not JSON in UTF-8") from cause


def ensure_shallow(data: bytes, depth: int = 32) -> None:  # noqa: C901 - a scanner is one loop
    """Before anything recursive reads it. Raises: Malformed for JSON nested deeper than `depth`."""
    if data.count(b"[") + data.count(b"{") <= depth:
        return
    level = 0
    in_text = escaped = False
    for byte in data:  # only for what has many brackets: manifests pass above
        if in_text:
            if escaped:
                escaped = False
            elif byte == 0x5C:  # noqa: PLR2004 - backslash
                escaped = True
            elif byte == 0x22:  # noqa: PLR2004 - quote
                in_text = False
        elif byte == 0x22:  # noqa: PLR2004 - quote
            in_text = True
        elif byte in b"[{":
            level += 1
            if level > depth:
                raise Malformed(why=f"nested deeper than {depth}")
        elif byte in b"]}":
            level -= 1


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise Malformed(why="the same key twice in one object")
    return read


def _refuse(_text: str) -> NoReturn:
    raise Malformed(why="a number with a fraction or exponent")


def _small_int(text: str) -> int:
    if len(text) > 17:  # noqa: PLR2004 - digits of -(2^53-1)
        raise Malformed(why="a number beyond 2^53-1")
    return int(text)
