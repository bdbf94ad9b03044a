"""Forms from declarations: what a desk page asks follows from the question or answer itself. Pure.

A nested structure is flattened with dots (`credit.ref`); a list of structures is a table of `columns` (tables.py).
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from lachan.exchange.fields import About, Choice, Klass, Widget
from lachan.kernel.errors import Text


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One input of a form.

    `kind`: text, words, money, signed (money that may be owed), number, instant, day, account, phone, hash, domain, url, address,
    bool, choice, choices, list, rows. `columns` of rows: empty for what a person cannot type (sums by method…).
    """

    name: str
    label: Text
    kind: str
    required: bool
    klass: Klass
    choices: tuple[tuple[str, Text], ...] = ()
    help: Text | None = None
    default: object = None
    columns: tuple[FieldForm, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    form: FieldForm
    path: tuple[str, ...]
    inner: str  # widget of a list's items, or of the value itself
    nested_optional: bool
    item: type[msgspec.Struct] | None = None  # of a table's row


def fields(struct_type: type[msgspec.Struct]) -> list[FieldForm]:
    """The inputs of a question or answer, in order of declaration."""
    return [one.form for one in declared_fields(struct_type)]


def typed(struct_type: type[msgspec.Struct]) -> bool:
    """Whether a person can fill the form: each required field has an input or a table of columns."""
    return not any(
        one.required and one.kind == "rows" and not one.columns for one in fields(struct_type)
    )


@cache
def highest_class(struct_type: type[msgspec.Struct]) -> Klass:
    """The class of a whole question or answer: the highest of its fields, nested ones included."""
    found = [one.klass for one in fields(struct_type)]
    for hint in get_type_hints(struct_type, include_extras=True).values():
        plain, _, _ = _unwrap(hint)
        item = _unwrap(get_args(plain)[0])[0] if get_origin(plain) is list else plain
        if isinstance(item, type) and issubclass(item, msgspec.Struct):
            found.append(highest_class(item))
    return max(found, key=lambda one: one.rank)


def declared_fields(
    struct_type: type[msgspec.Struct], path: tuple[str, ...] = (), *, optional: bool = False
) -> Iterator[Field]:
    hints = get_type_hints(struct_type, include_extras=True)
    declared = {one.name: one for one in msgspec.structs.fields(struct_type)}
    for name in struct_type.__struct_fields__:
        plain, marks, may_lack = _unwrap(hints[name])
        told = next((one for one in marks if isinstance(one, About)), None)
        if told is None:
            raise TypeError(f"{struct_type.__qualname__}.{name} declares no about(...)")
        may_lack = may_lack or not declared[name].required
        if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
            yield from declared_fields(plain, (*path, name), optional=optional or may_lack)
            continue
        kind, inner, choices = _widget(plain, marks)
        item = _item(plain)
        default = declared[name].default
        yield Field(
            FieldForm(
                name=".".join((*path, name)),
                label=told.label,
                kind=kind,
                required=not may_lack,
                klass=told.klass,
                choices=choices,
                help=told.help,
                default=None if default is msgspec.NODEFAULT else default,
                columns=() if item is None else _columns(item),
            ),
            (*path, name),
            inner,
            optional,
            item,
        )


def _item(plain: Any) -> type[msgspec.Struct] | None:
    """The structure of which a list is made."""
    if get_origin(plain) not in {list, tuple}:
        return None
    item, _, _ = _unwrap(get_args(plain)[0])
    return item if isinstance(item, type) and issubclass(item, msgspec.Struct) else None


def _columns(item: type[msgspec.Struct]) -> tuple[FieldForm, ...]:
    found = tuple(one.form for one in declared_fields(item))
    return () if any(one.kind == "rows" for one in found) else found


def _unwrap(hint: Any) -> tuple[Any, list[object], bool]:
    """(plain type, marks of every layer, whether None is allowed)."""
    marks: list[object] = []
    optional = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *found = get_args(hint)
            marks += found
        elif get_origin(hint) in {Union, types.UnionType}:
            inner = [one for one in get_args(hint) if one is not type(None)]
            optional = optional or len(inner) < len(get_args(hint))
            if len(inner) != 1:
                return str, marks, optional
            hint = inner[0]
        else:
            return hint, marks, optional


def _widget(plain: Any, marks: list[object]) -> tuple[str, str, tuple[tuple[str, Text], ...]]:  # noqa: PLR0911 - one line a kind
    named = next((one.kind for one in marks if isinstance(one, Widget)), None)
    if get_origin(plain) in {list, tuple}:
        if _item(plain) is not None:
            return "rows", "rows", ()
        item, item_marks, _ = _unwrap(get_args(plain)[0])
        kind, _, choices = _widget(item, item_marks)
        return ("choices" if choices else "list"), kind, choices
    if get_origin(plain) is dict or plain is dict or plain is Any:
        return "rows", "rows", ()
    if isinstance(plain, type) and issubclass(plain, Choice):
        return "choice", "choice", tuple((one.value, one.text) for one in plain)
    if plain is bool:
        return "bool", "bool", ()
    if plain is int and named is None:
        return "number", "number", ()
    return named or "text", named or "text", ()
