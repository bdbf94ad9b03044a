"""The shape of a document: which elements, in which order, how often, with what text. Pure.

ISO's schemas are not shipped (docs/iso20022.md), so the part of a message that is used here is declared once, beside its
reader and writer, in these few words; the writer's output and the reader's input pass the same check. What is not declared is
refused and never dropped in silence. Tests hold every declaration against independent classes made from ISO's schemas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from lachan.adapters.iso20022.errors import (
    ElementMissing,
    ElementRefused,
    MessageUnexpected,
    ValueRefused,
)
from lachan.adapters.iso20022.national import NationalSchema

ISO = "urn:iso:std:iso:20022:tech:xsd:"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Text alone. `right` says what would do; `money` is the one leaf with an attribute, Ccy="VND"."""

    pattern: re.Pattern[str]
    right: str
    money: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One child of a sequence or choice: `least` to `most` of that name in a row."""

    name: str
    shape: Shape
    least: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True)
class Sequence:
    """Children in this order."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one of these children."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """One element of our own namespace, held to our own schema."""

    schema: NationalSchema


Shape: TypeAlias = Leaf | Sequence | Choice | Foreign


def sequence(*parts: Part) -> Sequence:
    """Children in this order, as `Part`s made by `need`, `may` and `many`."""
    return Sequence(parts)


def choice(*parts: Part) -> Choice:
    """Exactly one of these."""
    return Choice(parts)


def need(name: str, shape: Shape) -> Part:
    """Exactly one."""
    return Part(name, shape)


def may(name: str, shape: Shape) -> Part:
    """None or one."""
    return Part(name, shape, least=0)


def many(name: str, shape: Shape, *, least: int = 1, most: int) -> Part:
    """From `least` to `most`; ISO often names no bound, we always do."""
    return Part(name, shape, least=least, most=most)


def text(most: int) -> Leaf:
    """ISO's MaxNText: 1 to N characters."""
    return Leaf(re.compile(rf"(?s:.{{1,{most}}})"), f"1–{most}")


def codes(*values: str) -> Leaf:
    """One of these codes."""
    return Leaf(re.compile("|".join(map(re.escape, values))), " | ".join(values))


def form(pattern: str, right: str) -> Leaf:
    """A text of this form."""
    return Leaf(re.compile(pattern, re.ASCII), right)


DATE = form(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "YYYY-MM-DD")
# A time without a zone is no instant: ISO allows it, this edge does not.
DATE_TIME = form(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})",
    "YYYY-MM-DDThh:mm:ss.sssZ",
)
YES_NO = form(r"true|false|1|0", "true | false")
AMOUNT = Leaf(re.compile(r"[0-9]{1,16}(\.0{1,5})?", re.ASCII), 'Ccy="VND", 0–9999999999999999', money=True)  # fmt: skip


def local(node: etree._Element) -> str:
    """The name without its namespace."""
    return etree.QName(node).localname


def space(node: etree._Element) -> str:
    """The namespace, "" when there is none."""
    return etree.QName(node).namespace or ""


def check_root(node: etree._Element, name: str, spaces: tuple[str, ...]) -> None:
    """Raises: MessageUnexpected."""
    if local(node) != name or space(node) not in spaces:
        right = " | ".join(f"{one.removeprefix(ISO)} {name}" for one in spaces)
        raise MessageUnexpected(place=local(node)[:80], got=space(node)[:120] or "–", right=right)


def check(node: etree._Element, shape: Shape, place: str) -> None:
    """Hold an element against its shape; children stand in the element's own namespace.

    Recursion follows the shape, never the input. Raises: ElementMissing, ElementRefused, ValueRefused.
    """
    _check_attributes(node, shape, place)
    if isinstance(shape, Leaf):
        _check_leaf(node, shape, place)
        return
    if any((one or "").strip() for one in (node.text, *(child.tail for child in node))):
        raise ElementRefused(place=f"{place}/text()", right="<…/>")
    if isinstance(shape, Foreign):
        _check_foreign(node, shape, place)
    elif isinstance(shape, Choice):
        _check_choice(node, shape, place)
    else:
        _check_sequence(node, shape, place)


def _check_attributes(node: etree._Element, shape: Shape, place: str) -> None:
    money = isinstance(shape, Leaf) and shape.money
    for name in map(str, node.attrib):
        if not (money and name == "Ccy"):
            raise ElementRefused(place=f"{place}/@{name[:80]}", right="@Ccy" if money else "–")
    if money and node.get("Ccy") != "VND":
        raise ValueRefused(place=f"{place}/@Ccy", right="VND")


def _check_leaf(node: etree._Element, shape: Leaf, place: str) -> None:
    if len(node):
        raise ElementRefused(place=f"{place}/{local(node[0])[:80]}", right="text()")
    if shape.pattern.fullmatch(node.text or "") is None:
        raise ValueRefused(place=place, right=shape.right)


def _check_foreign(node: etree._Element, shape: Foreign, place: str) -> None:
    if not len(node):
        raise ElementMissing(place=f"{place}/{shape.schema.root}")
    if len(node) > 1:
        raise ElementRefused(place=f"{place}/{local(node[1])[:80]}", right=shape.schema.root)
    shape.schema.check(node[0], f"{place}/{local(node[0])[:80]}")


def _check_choice(node: etree._Element, shape: Choice, place: str) -> None:
    names = " | ".join(part.name for part in shape.parts)
    if not len(node):
        raise ElementMissing(place=f"{place}/({names})")
    for part in shape.parts:
        if _is(node[0], node, part):
            _check_sequence(node, Sequence((part,)), place)
            return
    raise ElementRefused(place=f"{place}/{local(node[0])[:80]}", right=names)


def _check_sequence(node: etree._Element, shape: Sequence, place: str) -> None:
    children = list(node)
    at = 0
    for part in shape.parts:
        inside = f"{place}/{part.name}"
        found = 0
        while at < len(children) and found < part.most and _is(children[at], node, part):
            check(children[at], part.shape, inside)
            at, found = at + 1, found + 1
        if found < part.least:
            raise ElementMissing(place=inside)
    if at < len(children):
        right = " | ".join(part.name for part in shape.parts)
        raise ElementRefused(place=f"{place}/{local(children[at])[:80]}", right=right)


def _is(child: etree._Element, parent: etree._Element, part: Part) -> bool:
    return local(child) == part.name and space(child) == space(parent)
