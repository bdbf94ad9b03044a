"""What a person typed into a form, as a question or answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from lachan.exchange.errors import SchemaMismatch
from lachan.exchange.forms.cells import FieldMissing, read_cell
from lachan.exchange.forms.declared import Field, declared_fields
from lachan.exchange.forms.tables import put, read_table
from lachan.kernel.errors import LachanError, Text

_S = TypeVar("_S", bound=msgspec.Struct)


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


def fields_of(wrong: FormWrong) -> Mapping[str, LachanError]:
    """Its errors by field; kept beside its declared fields, out of mypy's sight."""
    found: Mapping[str, LachanError] = getattr(wrong, "errors", {})
    return found


def read_form(struct_type: type[_S], data: Mapping[str, str], **given: object) -> _S:
    """Build the struct from what was typed; `given` fills fields that no person types (`as_of`).

    Raises: FormWrong, its `errors` by field name.
    """
    errors: dict[str, LachanError] = {}
    tree: dict[str, Any] = {}
    for one in declared_fields(struct_type):
        name = one.form.name
        if name in given:
            put(tree, one.path, given[name])
            continue
        text = str(data.get(name, "")).strip()
        if one.form.kind == "rows" and not one.form.columns:
            continue
        if not text and one.form.kind != "bool":
            if one.form.required and not one.nested_optional:
                errors[name] = FieldMissing(label=one.form.label.vi, field=name)
            continue
        try:
            put(tree, one.path, _read(one, text))
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


def _read(one: Field, text: str) -> object:
    if one.item is not None:
        return read_table(one.item, text)
    return read_cell(one, text)
