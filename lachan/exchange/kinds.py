"""What a kind of message declares, and the registry that finds the declarations.

One file in `exchange/messages/` is one kind: question, answer, askers, answerers, mandates, deadline,
effects. Schema, form, page, permission and deadline row follow from it; nothing lists the kinds.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

import msgspec

from lachan.exchange.errors import SchemaMismatch
from lachan.exchange.fields import Line, WireTime, about
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Priority(StrEnum):
    """P0 golden hour, P1 same day, P2 normal, P3 bulk."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class MessageType(StrEnum):
    """The moves of a conversation."""

    ASK = "ask"
    PARTIAL = "partial"
    ANSWER = "answer"
    CLARIFY = "clarify"
    CLARIFICATION = "clarification"
    REFUSE = "refuse"
    CANCEL = "cancel"
    ACKNOWLEDGE = "acknowledge"
    DISPUTE = "dispute"
    NOTICE = "notice"


class Auto(StrEnum):
    """Who answers at the member."""

    ALONE = "A"  # the connector alone
    CONDITIONAL = "C"  # alone if every condition holds, else the desk
    DESK = "D"
    TWO_DESK = "DD"  # two persons at the member


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A clock that runs day and night."""

    seconds: int = 0
    minutes: int = 0
    hours: int = 0

    @property
    def total_seconds(self) -> int:
        return self.seconds + 60 * self.minutes + 3600 * self.hours


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A clock that runs Monday to Friday, 08:00–17:00 ICT, less holidays; a day is nine hours."""

    days: int


Length = Elapsed | WorkingDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How long an answer may take. `automatic` is the connector's target; the rest binds people."""

    golden_hour: Elapsed  # P0 never uses a business clock
    otherwise: Length
    automatic: Elapsed | None = None

    def limit(self, priority: Priority) -> Length:
        return self.golden_hour if priority is Priority.P0 else self.otherwise


class AllOf:
    """Codes that must all be named together; a kind lists alternatives of these."""

    __slots__ = ("codes",)

    def __init__(self, *codes: str) -> None:
        if not 1 <= len(codes) <= 3:  # noqa: PLR2004 - a manifest carries one to three rows
            raise ValueError("one to three codes")
        self.codes = frozenset(codes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AllOf) and other.codes == self.codes

    def __hash__(self) -> int:
        return hash(self.codes)

    def __repr__(self) -> str:
        return f"AllOf({', '.join(sorted(self.codes))})"


class Question(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What is asked; wire values throughout (see fields.py)."""


class Coverage(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What an answer covers, and what is missing until when."""

    since: Annotated[WireTime | None, about("Từ", "From", "B")] = None
    until: Annotated[WireTime | None, about("Đến", "To", "B")] = None
    missing: Annotated[Line | None, about("Còn thiếu", "Missing", "B")] = None
    expected_at: Annotated[WireTime | None, about("Dự kiến có lúc", "Expected at", "B")] = None


class Answer(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What is answered, with the instant that it describes."""

    as_of: Annotated[WireTime, about("Tính đến", "As of", "B")]
    coverage: Annotated[Coverage | None, about("Phạm vi", "Coverage", "B")] = None


class Row(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """One line of a statement or list that travels beside the answer, so that single lines can be shown to a court."""


_S = TypeVar("_S", bound=msgspec.Struct)
_NO_CLASSES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class MessageKind:
    """One kind of question. `mandates` holds alternatives; all codes of one must be named."""

    name: str
    title: Text
    ask: type[Question]
    answer: type[Answer]
    askers: frozenset[Role]
    answerers: frozenset[MemberKind]
    mandates: tuple[AllOf, ...]
    due: Due
    auto: Auto
    version: int = 1
    priority: Priority = Priority.P2  # when the asker says nothing
    auto_only_p0: bool = False  # alone only for P0, else the desk
    anchored: bool = False  # alone only with a confirmed leg or a report attached
    standing: bool = False  # a shift key may sign it
    by_service: bool = (
        False  # the member's own key may sign it with no person by: it only helps the holder
    )
    eases: bool = False  # gives back, or tells the holder: passes in every degraded mode
    redirects: bool = (
        False  # a public register says who holds the subject, so NOT_HOLDER may name it
    )
    effects: tuple[str, ...] = ()
    standard: str = ""
    order: bool = False  # binds a person's money, number or page: never-block, two signers, sheet
    money: str | None = None  # field of the ask that the caps bind
    lease: str | None = None  # field of the ask that the longest lease binds
    subjects: str | None = None  # list field counted against the bound on subjects
    rows: type[Row] | None = None  # what the answer's part `rows` is made of, one object a line
    follows: frozenset[str] = frozenset()  # kinds whose order it follows, with their mandates
    follow_roles: frozenset[Role] = frozenset()  # one of these signs what follows an order
    sheet: bool = False  # `sheet_hash` is mandatory
    classes: Mapping[str, str] = field(default_factory=lambda: _NO_CLASSES)  # overrides

    def __post_init__(self) -> None:
        for name in (self.money, self.lease, self.subjects):
            if name is not None and name not in self.ask.__struct_fields__:
                raise ValueError(f"{self.name}: no field {name} in the question")

    def due_rule(self, priority: Priority) -> str:
        """Code of the deadline rule, `confirm_transfer.P0`."""
        return f"{self.name}.{priority.value}"


def to_json(value: msgspec.Struct) -> dict[str, Any]:
    """The wire shape of a question or answer: plain strings, integers, booleans, lists, objects."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))  # tuples become lists
    return plain


def from_json(kind: type[_S], data: object) -> _S:
    """Read a wire shape strictly. Raises: SchemaMismatch naming the place."""
    try:
        return msgspec.convert(data, kind, strict=True)
    except msgspec.ValidationError as cause:
        raise SchemaMismatch(why=str(cause)) from cause


def encode(value: msgspec.Struct) -> bytes:
    """Canonical bytes, as a part carries them."""
    return canonical(to_json(value))


def decode(kind: type[_S], data: bytes) -> _S:
    """Raises: SchemaMismatch, NotCanonical."""
    return from_json(kind, parse_canonical(data))


@cache
def all_kinds() -> Mapping[str, MessageKind]:
    """Every kind by name, found by scanning `exchange/messages/`."""
    package = importlib.import_module("lachan.exchange.messages")
    found: dict[str, MessageKind] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        declared = importlib.import_module(f"lachan.exchange.messages.{info.name}").KIND
        if declared.name != info.name:
            raise ValueError(f"messages/{info.name}.py declares {declared.name}")
        found[declared.name] = declared
    return MappingProxyType(found)


def kind(name: str) -> MessageKind:
    """Raises: SchemaMismatch for a kind that is not installed here."""
    try:
        return all_kinds()[name]
    except KeyError as cause:
        raise SchemaMismatch(why=f"kind {name[:40]!r}", field="kind") from cause
