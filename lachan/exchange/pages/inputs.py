"""A declared form with what was typed into it, for the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from lachan.exchange.forms.declared import FieldForm


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form with what was typed."""

    form: FieldForm
    value: str
    chosen: tuple[str, ...]


def inputs(forms: Iterable[FieldForm], typed: Mapping[str, str]) -> list[Input]:
    """Those that a person can fill, what must be filled first."""
    usable = [one for one in forms if one.kind != "rows" or one.columns]
    made = [
        Input(one, typed.get(one.name, ""), tuple(typed.get(one.name, "").split(", ")))
        for one in usable
    ]
    return sorted(made, key=lambda one: not one.form.required)


def typed_in(request: HttpRequest) -> dict[str, str]:
    """What a form sent; several choices of one field are one text."""
    return {name: ", ".join(request.POST.getlist(name)) for name in request.POST}
