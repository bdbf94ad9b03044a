"""What a question of ours is called in the standard's fields: request type and request values. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lachan.exchange.kinds import Question

OWNER = "VN"
NAME = "LC-RequestType"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a question that has a request value."""

    kind: str
    field: str
    type: str
    owner: str
    format: str


@dataclass(frozen=True, slots=True)
class Value:
    """A request value: who defines its format, the format's name, the value."""

    owner: str
    format: str
    value: str


@cache
def fields() -> tuple[Field, ...]:
    table = tomllib.loads(Path(__file__).with_name("dictionary.toml").read_text("utf-8"))
    return tuple(
        Field(row["kind"], row["field"], row["type"], *row["format"]) for row in table["field"]
    )


def request_type(kind: str, ask: Question) -> str:
    """The value of VN/LC-RequestType."""
    for row in fields():
        if row.kind == kind and getattr(ask, row.field) is not None:
            return row.type
    return kind


def request_values(kind: str, ask: Question) -> tuple[Value, ...]:
    """In the table's order; an E.164 number stands without its plus sign."""
    return tuple(
        Value(row.owner, row.format, str(getattr(ask, row.field)).removeprefix("+"))
        for row in fields()
        if row.kind == kind and getattr(ask, row.field) is not None
    )
