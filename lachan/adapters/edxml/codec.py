"""Records to elements and back, as the table of elements.py says. Pure."""

from __future__ import annotations

from typing import Any

import msgspec
from lxml import etree

from lachan.adapters.edxml import spelling
from lachan.adapters.edxml.elements import MOST_READ, SPACE, Form, Group, Leaf
from lachan.adapters.foreign.errors import mismatch
from lachan.adapters.foreign.json_text import shaped
from lachan.adapters.foreign.xml_tree import Node, Place

FORM = "edXML"


def tag(name: str) -> str:
    return f"{{{SPACE}}}{name}"


def element(parent: Node, name: str, text: str = "") -> Node:
    """A child; empty text makes an empty element. Raises: ForeignMismatch for signs that XML cannot hold."""
    made = etree.SubElement(parent, tag(name))
    if text:
        try:
            made.text = text
        except ValueError as cause:
            raise mismatch(FORM, name, text, "no control signs") from cause
    return made


def emit(parent: Node, group: Group, record: msgspec.Struct) -> Node:
    """The record as one element; fields without a value are left out. Raises: ForeignMismatch (too long)."""
    made = element(parent, group.name)
    for member in group.members:
        value = getattr(record, member.field)
        if isinstance(member, Group):
            rows = value if member.many else () if value is None else (value,)
            for row in rows:
                emit(made, member, row)
        elif member.many:
            around = element(made, member.inside) if value else made
            for one in value:
                element(around, member.name, _out(member, one))
        elif value is not None and value != "":
            element(made, member.name, _out(member, value))
    return made


def take(place: Place, group: Group, unread: list[str]) -> Any:  # a record of the group's own type
    """The element as a record; elements that the table does not name are listed in `unread`.

    Raises: ForeignMismatch with the path.
    """
    values: dict[str, Any] = {}
    for member in group.members:
        if isinstance(member, Group):
            rows = [take(one, member, unread) for one in place.every(member.name)]
            if member.many:
                values[member.field] = tuple(rows)
            elif place.maybe(member.name) is not None:
                values[member.field] = rows[0]
        elif member.many:
            around = place.maybe(member.inside)
            found = around.every(member.name) if around else []
            texts = [one.own_text(most=MOST_READ) for one in found]
            values[member.field] = tuple(text for text in texts if text)
        else:
            text = place.text(member.name, most=MOST_READ)
            if text:
                values[member.field] = _in(member, text, place)
    known = {member.inside or member.name if isinstance(member, Leaf) else member.name for member in group.members}  # fmt: skip
    unread += [
        f"{place.path}/{etree.QName(child).localname}"
        for child in place.node
        if child.tag not in {tag(name) for name in known}
    ]
    try:
        return msgspec.convert(values, group.record, strict=True)
    except msgspec.ValidationError:
        plain = {name: msgspec.to_builtins(value) for name, value in values.items()}
        return shaped(group.record, plain, form=f"{FORM} {place.path}")


def _out(leaf: Leaf, value: Any) -> str:  # str or int, as the record's field is declared
    if leaf.form is Form.DAY:
        return spelling.day_out(value)
    if leaf.form is Form.INSTANT:
        return spelling.instant_out(value)
    text = str(value)
    if len(text) > leaf.most:
        raise mismatch(FORM, leaf.name, text, f"≤ {leaf.most}")
    return text


def _in(leaf: Leaf, text: str, place: Place) -> str | int:
    readers = {
        Form.DAY: spelling.day_in,
        Form.INSTANT: spelling.instant_in,
        Form.NUMBER: spelling.number_in,
    }
    reader = readers.get(leaf.form)
    value = reader(text) if reader else text
    if value is None:
        raise mismatch(FORM, f"{place.path}/{leaf.name}", text, leaf.form.value)
    return value
