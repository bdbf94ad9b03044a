"""One tree of errors: a stable code, a status, and a sentence in both languages.

LachanError            what the project raises; an HTTP status and a body follow from it
└── <context errors>   one subclass per code, declared beside the rule that it guards

A subclass declares `code`, `status`, `text` and the fields that its text names as annotations; they
are given as keywords. What is wrong, where (`field`, `row`) and what would be right is in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Vietnamese (the source) and English."""

    vi: str
    en: str

    def in_(self, lang: str) -> str:
        """English for "en", Vietnamese for everything else."""
        return self.en if lang == "en" else self.vi


class LachanError(Exception):
    """The root. Values are whatever the text names; `right` (optional) says what would do."""

    code: ClassVar[str]
    status: ClassVar[int] = 422
    rule: ClassVar[str] = ""
    text: ClassVar[Text]

    field: str | None
    row: int | None

    def __init__(self, *, field: str | None = None, row: int | None = None, **values: Any) -> None:
        declared = self.declared()
        # A field with a value in its class may be left out.
        usual = {name: getattr(type(self), name) for name in declared if hasattr(type(self), name)}
        missing = declared - values.keys() - usual.keys()
        unknown = values.keys() - declared
        values = usual | values
        if missing or unknown:
            raise TypeError(
                f"{type(self).__name__}: missing {sorted(missing)}, unknown {sorted(unknown)}"
            )
        self.field = field
        self.row = row
        self.values = values
        for name, value in values.items():
            setattr(self, name, value)
        super().__init__(self.message("en"))

    @classmethod
    def declared(cls) -> set[str]:
        """Names of the annotated fields of this class and its parents, the root's left out."""
        names: set[str] = set()
        for one in takewhile(lambda parent: parent is not LachanError, cls.__mro__):
            for name, kind in vars(one).get("__annotations__", {}).items():
                if "ClassVar" not in str(kind):
                    names.add(name)
        return names

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword-only arguments cannot be pickled otherwise (parallel tests need it).
        return (_again, (type(self), self.field, self.row, self.values))

    def message(self, lang: str = "vi") -> str:
        """The sentence, filled in."""
        return self.text.in_(lang).format(**self.values)

    def body(self) -> dict[str, Any]:
        """The one shape of every error on the wire."""
        right = self.values.get("right")
        return {
            "code": self.code,
            "field": self.field,
            "rule": self.rule or None,
            "right": None if right is None else str(right),
            "text_vi": self.message("vi"),
            "text_en": self.message("en"),
            "row": self.row,
        }


def _again(
    kind: type[LachanError], field: str | None, row: int | None, values: dict[str, Any]
) -> LachanError:
    return kind(field=field, row=row, **values)


def all_errors() -> list[type[LachanError]]:
    """Every imported error that has a code, sorted by code."""
    found: set[type[LachanError]] = set()
    todo: list[type[LachanError]] = [LachanError]
    while todo:
        for child in todo.pop().__subclasses__():
            if child not in found:
                found.add(child)
                todo.append(child)
    return sorted((one for one in found if hasattr(one, "code")), key=lambda one: one.code)
