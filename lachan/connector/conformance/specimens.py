"""Questions to ask: those that the member gave with its own test records, and for the rest any that has the declared form.

A question made here is about accounts, numbers and pages that nobody has; "not found" is a lawful answer to it.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from lachan.exchange.kinds import MessageKind, Question, all_kinds, from_json
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.time import to_wire

_AHEAD = timedelta(hours=20)  # within every lease of the catalogue
_AGO = timedelta(hours=1)
_FUTURE = ("until", "lease", "ends", "review", "expires")


class SpecimensWrong(LachanError):
    """The file of specimens is none."""

    code = "connector.specimens"
    text = Text(
        vi="{file}: {why}. Đúng là một đối tượng JSON: tên loại → câu hỏi, theo docs/protocol/schemas.json.",
        en="{file}: {why}. Right would be a JSON object: name of the kind → question, as in docs/protocol/schemas.json.",
    )
    file: str
    why: str


def load_specimens(file: Path | None) -> dict[str, Question]:
    """Questions by kind; none without a file. Raises: SpecimensWrong."""
    if file is None:
        return {}
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise SpecimensWrong(file=str(file), why=str(cause)) from cause
    if not isinstance(read, dict):
        raise SpecimensWrong(file=str(file), why="not an object")
    found = {}
    for name, told in read.items():
        if name not in all_kinds():
            raise SpecimensWrong(file=str(file), why=f"unknown kind {name}")
        try:
            found[name] = from_json(all_kinds()[name].ask, told)
        except LachanError as cause:
            raise SpecimensWrong(file=str(file), why=f"{name}: {cause.message('en')}") from cause
    return found


def made_up(declared: MessageKind, *, code: str, now: datetime, order: str = "") -> Question | None:
    """A question of the declared form; None when values of the usual kinds do not fill it.

    code: of the accounts held at the member. order: H of what this one follows.
    """
    values = _Values(code or "970999", now, order)
    try:
        return from_json(declared.ask, values.struct(declared.ask))
    except (LookupError, LachanError):
        return None


class _Values:
    def __init__(self, code: str, now: datetime, order: str) -> None:
        self._now = now
        self._plain: tuple[object, ...] = (
            "KIEM-TRA", f"{code}:0000000001", "+84900000001", order or "ab" * 32, code, "https://kiem-tra.example/",
            "kiem-tra.example", "203.0.113.9", "01890000-0000-7000-8000-000000000000", "vn/police/kiem-tra",
            f"{now:%Y-%m-%d}", 1_000_000, 443, 1, False,
        )  # fmt: skip

    def struct(self, shape: type[msgspec.Struct]) -> dict[str, Any]:
        """Its required fields, by declared type. Raises: LookupError for a type that no value fits."""
        hints = get_type_hints(shape, include_extras=True)
        needed = (one for one in msgspec.structs.fields(shape) if one.required)
        return {one.encode_name: self._value(one.name, hints[one.name]) for one in needed}

    def _value(self, name: str, hint: Any) -> object:
        plain = _bare(hint)
        if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
            return self.struct(plain)
        if get_origin(plain) in {list, tuple}:
            return [self._value(name, get_args(plain)[0])]
        for one in (*self._choices(plain), *self._times(name), *self._plain):
            if _fits(one, hint):
                return one
        raise LookupError(name)

    def _times(self, name: str) -> Iterable[str]:
        ahead = any(part in name for part in _FUTURE)
        yield to_wire(self._now + _AHEAD if ahead else self._now - _AGO)

    def _choices(self, plain: Any) -> Iterable[str]:
        members: Mapping[str, Any] = getattr(plain, "__members__", {})
        return (str(one.value) for one in members.values())


def _bare(hint: Any) -> Any:
    """The type inside annotations and options."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        return _bare(next(one for one in get_args(hint) if one is not type(None)))
    return hint


def _fits(value: object, hint: Any) -> bool:
    try:
        msgspec.convert(value, hint, strict=True)
    except (msgspec.ValidationError, TypeError):
        return False
    return True
