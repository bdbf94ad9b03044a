"""What a person typed into a form, as the wire value. Pure.

It is read by the same rules as elsewhere: amounts as `1.200.000` or `1,2 tỷ`, instants in ICT.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from lachan.exchange.errors import SchemaMismatch
from lachan.exchange.forms.declared import Field, declared_fields
from lachan.kernel.accounts import AccountRef
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.money import Vnd
from lachan.kernel.phones import PhoneNumber
from lachan.kernel.time import ICT, from_wire, to_wire

_S = TypeVar("_S", bound=msgspec.Struct)
_FORMATS = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%H:%M:%S %d/%m/%Y",
    "%H:%M %d/%m/%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
)


class FormWrong(LachanError):
    """A form with fields that cannot be read; `errors` maps each to what would be right."""

    code = "exchange.form"
    text = Text(
        vi="Biểu mẫu còn trường chưa đúng: {names}.", en="Fields of the form are wrong: {names}."
    )
    names: str

    @classmethod
    def of(cls, errors: Mapping[str, LachanError]) -> FormWrong:
        made = cls(names=", ".join(sorted(errors)), field=next(iter(sorted(errors)), None))
        made.errors = dict(errors)  # type: ignore[attr-defined] # not part of the sentence
        return made


class FieldMissing(LachanError):
    code = "exchange.field_missing"
    text = Text(vi="Hãy điền “{label}”.", en="Fill in “{label}”.")
    label: str


class FieldUnreadable(LachanError):
    code = "exchange.field_unreadable"
    text = Text(
        vi="“{given}” không đọc được; viết như: {right}.",
        en="“{given}” cannot be read; write: {right}.",
    )
    given: str
    right: str


def read_form(struct_type: type[_S], data: Mapping[str, str], **given: object) -> _S:
    """Build the struct from what was typed; `given` fills fields that no person types (`as_of`).

    Raises: FormWrong, its `errors` by field name.
    """
    errors: dict[str, LachanError] = {}
    tree: dict[str, Any] = {}
    for one in declared_fields(struct_type):
        name = one.form.name
        if name in given:
            _put(tree, one.path, given[name])
            continue
        text = str(data.get(name, "")).strip()
        if one.form.kind == "rows":
            continue
        if not text and one.form.kind != "bool":
            if one.form.required and not one.nested_optional:
                errors[name] = FieldMissing(label=one.form.label.vi, field=name)
            continue
        try:
            _put(tree, one.path, _read(one, text))
        except LachanError as error:
            error.field = name
            errors[name] = error
    for name, value in given.items():
        tree.setdefault(name, value)
    if errors:
        raise FormWrong.of(errors)
    try:
        return msgspec.convert(tree, struct_type)
    except msgspec.ValidationError as cause:
        where = str(cause).rpartition("$.")[2].rstrip("`").split("[")[0]
        raise FormWrong.of({where or "-": SchemaMismatch(why=str(cause), field=where)}) from cause


def _put(tree: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value


def _read(one: Field, text: str) -> object:
    if one.form.kind == "list":
        return [_read_one(one.inner, line.strip()) for line in text.splitlines() if line.strip()]
    if one.form.kind == "choices":
        return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
    return _read_one(one.inner, text)


def _read_one(kind: str, text: str) -> object:  # noqa: PLR0911 - one line a kind
    if kind == "money":
        return Vnd.parse(text).dong
    if kind == "number":
        if not (text.isascii() and text.lstrip("-").isdigit()):
            raise FieldUnreadable(given=text[:60], right="12")
        return int(text)
    if kind == "instant":
        return to_wire(read_instant(text))
    if kind == "account":
        return str(AccountRef.parse(text))
    if kind == "phone":
        return PhoneNumber.parse(text).e164
    if kind == "bool":
        return text.lower() in {"on", "true", "1", "yes", "có"}
    if kind == "hash":
        return text.lower()
    return text


def read_instant(text: str) -> datetime:
    """A wire time, or a wall-clock time of ICT: `14:05:10 03/03/2026`, `2026-03-03T14:05`.

    Raises: FieldUnreadable.
    """
    with contextlib.suppress(LachanError):
        return from_wire(text)
    for form in _FORMATS:
        with contextlib.suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=ICT).astimezone(UTC)
    raise FieldUnreadable(given=text[:60], right="14:05:10 03/03/2026")
