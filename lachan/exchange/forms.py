"""Forms from declarations: what a desk page asks follows from the question or answer itself.

A nested structure is flattened with dots (`credit.ref`); lists of structures are left to a page of
their own (`kind="rows"`). What a person types is read by the same rules as elsewhere: amounts as
`1.200.000` or `1,2 tỷ`, instants in ICT, and becomes the wire value.
"""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from lachan.exchange.errors import SchemaMismatch
from lachan.exchange.fields import About, Choice, Klass, Widget
from lachan.kernel.accounts import AccountRef
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.money import Vnd
from lachan.kernel.phones import PhoneNumber
from lachan.kernel.time import ICT, from_wire, to_ict, to_wire

_S = TypeVar("_S", bound=msgspec.Struct)
_FORMATS = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%H:%M:%S %d/%m/%Y",
    "%H:%M %d/%m/%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
)


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One input of a form.

    `kind`: text, words, money, number, instant, day, account, phone, hash, domain, url, address,
    bool, choice, choices, list, rows.
    """

    name: str
    label: Text
    kind: str
    required: bool
    klass: Klass
    choices: tuple[tuple[str, Text], ...] = ()
    help: Text | None = None
    default: object = None


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


@dataclass(frozen=True, slots=True)
class _Field:
    form: FieldForm
    path: tuple[str, ...]
    inner: str  # widget of a list's items, or of the value itself
    nested_optional: bool


def fields(struct_type: type[msgspec.Struct]) -> list[FieldForm]:
    """The inputs of a question or answer, in order of declaration."""
    return [one.form for one in _fields(struct_type)]


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


def _fields(
    struct_type: type[msgspec.Struct], path: tuple[str, ...] = (), *, optional: bool = False
) -> Iterator[_Field]:
    hints = get_type_hints(struct_type, include_extras=True)
    declared = {one.name: one for one in msgspec.structs.fields(struct_type)}
    for name in struct_type.__struct_fields__:
        plain, marks, may_lack = _unwrap(hints[name])
        told = next((one for one in marks if isinstance(one, About)), None)
        if told is None:
            raise TypeError(f"{struct_type.__qualname__}.{name} declares no about(...)")
        may_lack = may_lack or not declared[name].required
        if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
            yield from _fields(plain, (*path, name), optional=optional or may_lack)
            continue
        kind, inner, choices = _widget(plain, marks)
        default = declared[name].default
        yield _Field(
            FieldForm(
                name=".".join((*path, name)),
                label=told.label,
                kind=kind,
                required=not may_lack,
                klass=told.klass,
                choices=choices,
                help=told.help,
                default=None if default is msgspec.NODEFAULT else default,
            ),
            (*path, name),
            inner,
            optional,
        )


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
        item, item_marks, _ = _unwrap(get_args(plain)[0])
        if isinstance(item, type) and issubclass(item, msgspec.Struct):
            return "rows", "rows", ()
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


def read_form(struct_type: type[_S], data: Mapping[str, str], **given: object) -> _S:
    """Build the struct from what was typed; `given` fills fields that no person types (`as_of`).

    Raises: FormWrong, its `errors` by field name.
    """
    errors: dict[str, LachanError] = {}
    tree: dict[str, Any] = {}
    for one in _fields(struct_type):
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


def write_form(value: msgspec.Struct) -> dict[str, str]:
    """What a form shows of a value: the inverse of read_form, in ICT and grouped digits."""
    shown: dict[str, str] = {}
    for one in _fields(type(value)):
        found: Any = value
        for name in one.path:
            found = None if found is None else getattr(found, name)
        if found is not None and one.form.kind != "rows":
            shown[one.form.name] = _show(one, found)
    return shown


@dataclass(frozen=True, slots=True)
class Shown:
    """One filled field in words. `texts` holds each item of a list, else one text; see FieldForm for `kind`."""

    name: str
    label: Text
    kind: str
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


_YES, _NO = Text(vi="Có", en="Yes"), Text(vi="Không", en="No")


def shown_fields(value: msgspec.Struct, lang: str) -> list[Shown]:
    """A question or answer in the words of one language, empty fields left out."""
    texts = write_form(value)
    rows: list[Shown] = []
    for one in _fields(type(value)):
        text = texts.get(one.form.name)
        if text is None or (not text and one.form.kind != "bool"):
            continue
        words = dict(one.form.choices)
        if one.form.kind == "bool":
            parts: tuple[str, ...] = ((_YES if text else _NO).in_(lang),)
        else:
            items = text.split("\n") if one.form.kind in {"list", "choices"} else [text]
            parts = tuple(words[item].in_(lang) if item in words else item for item in items)
        kind = one.inner if one.form.kind in {"list", "choices"} else one.form.kind
        rows.append(Shown(one.form.name, one.form.label, kind, parts))
    return rows


def shown(value: msgspec.Struct, lang: str = "vi") -> list[tuple[Text, str]]:
    """A question or answer for a page in `lang`: (label, text), empty fields left out."""
    return [(one.label, one.text) for one in shown_fields(value, lang)]


def _put(tree: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value


def _read(one: _Field, text: str) -> object:
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


def _show(one: _Field, value: object) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(_show_one(one.inner, part) for part in value)
    return _show_one(one.inner, value)


def _show_one(kind: str, value: object) -> str:
    if kind == "money" and isinstance(value, int):
        return Vnd(value).grouped()
    if kind == "instant" and isinstance(value, str):
        return to_ict(from_wire(value)).strftime("%H:%M:%S %d/%m/%Y")
    if kind == "bool":
        return "on" if value else ""
    return str(value)
