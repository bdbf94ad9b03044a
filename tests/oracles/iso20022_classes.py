"""ISO 20022 messages as others read them: classes that two independent packages made from ISO's own schemas.

python-iso20022 0.3.0 has the business messages; its head.001 cannot be imported (a name is missing), so the header is
pyiso20022's. Both keep names, order, lengths, patterns and cardinalities as metadata of dataclasses, which `faults` walks.
Importing them takes seconds, hence in tests only.
"""

import dataclasses
import enum
import importlib
import re
import types
import typing
from functools import cache

from lxml import etree
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from lachan.adapters.iso20022.shapes import Choice, Leaf, Part, Sequence, Shape

MESSAGES = {
    "auth.001.001.02": ("python_iso20022.auth.auth_001_001_02.models", "Auth00100102"),
    "auth.002.001.02": ("python_iso20022.auth.auth_002_001_02.models", "Auth00200102"),
    "auth.003.001.01": ("python_iso20022.auth.auth_003_001_01.models", "Auth00300101"),
    "camt.056.001.11": ("python_iso20022.camt.camt_056_001_11.models", "Camt05600111"),
    "camt.029.001.13": ("python_iso20022.camt.camt_029_001_13.models", "Camt02900113"),
    "acmt.023.001.04": ("python_iso20022.acmt.acmt_023_001_04.models", "Acmt02300104"),
    "acmt.024.001.04": ("python_iso20022.acmt.acmt_024_001_04.models", "Acmt02400104"),
    "head.001.001.01": ("pyiso20022.head.head_001_001_01", "BusinessApplicationHeaderV01"),
    "head.001.001.02": ("pyiso20022.head.head_001_001_02", "BusinessApplicationHeaderV02"),
}


@cache
def class_of(definition: str) -> type:
    module, name = MESSAGES[definition]
    found: type = getattr(importlib.import_module(module), name)
    return found


def parsed(data: bytes) -> object:
    """The document as an instance; an unknown element, attribute or a value of the wrong type is an error."""
    named, parser = _parser(etree.QName(etree.fromstring(data)).namespace.rpartition(":")[2])
    return parser.from_bytes(data, named)


@cache
def _parser(definition: str) -> tuple[type, XmlParser]:
    """The class under its root element's name and namespace, which the packages leave to their callers."""
    config = ParserConfig(
        fail_on_unknown_properties=True,
        fail_on_unknown_attributes=True,
        fail_on_converter_warnings=True,
    )
    named = dataclasses.make_dataclass("Document", [], bases=(class_of(definition),))
    name = "AppHdr" if definition.startswith("head") else "Document"
    space = f"urn:iso:std:iso:20022:tech:xsd:{definition}"
    named.Meta = type("Meta", (), {"namespace": space, "name": name})
    return named, XmlParser(context=XmlContext(), config=config)


def faults(node: etree._Element, cls: type | None = None, place: str = "") -> list[str]:
    """What ISO's schema, as its class has it, would say against an element and all below it."""
    if cls is None:
        cls = class_of(etree.QName(node).namespace.rpartition(":")[2])
    fields, found, last = fields_of(cls), [], -1
    names = [name for name, _, _ in fields]
    seen: dict[str, int] = {}
    for child in node:
        name = etree.QName(child).localname
        here = f"{place}/{name}"
        if name not in names:
            if not any(meta.get("type") == "Wildcard" for _, _, meta in fields):
                found.append(f"{here}: unknown")
            continue
        at = names.index(name)
        if at < last:
            found.append(f"{here}: out of order")
        last, seen[name] = at, seen.get(name, 0) + 1
        found += _inside(child, fields[at][1], fields[at][2], here)
    if is_choice(cls) and len(seen) != 1:
        found.append(f"{place}: a choice with {sorted(seen)}")
    for name, kind, meta in fields:
        number = seen.get(name, 0)
        if number < least(meta, kind, cls) or number > most(meta, kind):
            found.append(f"{place}/{name}: {number}×")
    return found


def _inside(node: etree._Element, kind: object, meta: typing.Mapping, place: str) -> list[str]:
    inner = plain(kind)
    if isinstance(inner, type) and dataclasses.is_dataclass(inner):
        if any(field.metadata.get("name") is None and field.name == "value" for field in dataclasses.fields(inner)):  # fmt: skip
            return _amount(node, inner, place)
        return faults(node, inner, place)
    text = node.text or ""
    found = []
    if len(text) < meta.get("min_length", 0) or len(text) > meta.get("max_length", 10**9):
        found.append(f"{place}: {len(text)} characters")
    if "pattern" in meta and not re.fullmatch(meta["pattern"], text):
        found.append(f"{place}: pattern {meta['pattern']}")
    if (
        isinstance(inner, type)
        and issubclass(inner, enum.Enum)
        and text not in [e.value for e in inner]
    ):
        found.append(f"{place}: no such code")
    return found


def _amount(node: etree._Element, inner: type, place: str) -> list[str]:
    digits = next(f.metadata["total_digits"] for f in dataclasses.fields(inner) if f.name == "value")  # fmt: skip
    text = (node.text or "").replace(".", "")
    good = text.isdigit() and len(text) <= digits and re.fullmatch("[A-Z]{3}", node.get("Ccy", ""))
    return [] if good else [f"{place}: amount"]


def fields_of(cls: type) -> list[tuple[str, object, typing.Mapping]]:
    """Element name, type and metadata, in the schema's order."""
    hints = typing.get_type_hints(cls)
    return [
        (field.metadata.get("name", field.name), hints[field.name], field.metadata)
        for field in dataclasses.fields(cls)
    ]


def plain(kind: object) -> object:
    """The type inside Optional and list."""
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) in {typing.Union, types.UnionType, list}:
        return plain(next(one for one in arguments if one is not type(None)))
    return kind


def is_choice(cls: type) -> bool:
    return "Choice" in cls.__name__


def least(meta: typing.Mapping, kind: object, cls: type) -> int:
    if is_choice(cls):
        return 0
    return 1 if meta.get("required") or meta.get("min_occurs") else 0


def most(meta: typing.Mapping, kind: object) -> int:
    return meta.get("max_occurs", 10**9) if typing.get_origin(kind) is list else 1


def shape_faults(shape: Shape, cls: type, place: str = "") -> list[str]:
    """Where a declared shape would take what ISO does not, or leave out what ISO requires."""
    assert isinstance(shape, Sequence | Choice)
    fields = fields_of(cls)
    names = [name for name, _, _ in fields]
    given = [part.name for part in shape.parts]
    found = [f"{place}/{name}: no such element" for name in given if name not in names]
    if found:
        return found
    if is_choice(cls) and not isinstance(shape, Choice) and len(shape.parts) != 1:
        found.append(f"{place}: ISO has a choice")
    if isinstance(shape, Choice) and not is_choice(cls):
        found.append(f"{place}: ISO has no choice")
    order = [names.index(name) for name in given]
    if order != sorted(set(order)):
        found.append(f"{place}: order {given}")
    found += [
        f"{place}/{name}: required and not declared"
        for name, kind, meta in fields
        if least(meta, kind, cls) and name not in given
    ]
    for part, at in zip(shape.parts, order, strict=True):
        found += _part_faults(part, cls, fields[at], f"{place}/{part.name}")
    return found


def _part_faults(part: Part, cls: type, field: tuple, place: str) -> list[str]:
    _, kind, meta = field
    found = []
    if part.most > most(meta, kind) or part.least < least(meta, kind, cls):
        found.append(f"{place}: cardinality")
    inner = plain(kind)
    if isinstance(part.shape, Sequence | Choice):
        return found + shape_faults(part.shape, inner, place)
    if isinstance(part.shape, Leaf) and "max_length" in meta:
        takes = part.shape.pattern.fullmatch
        if takes("A" * (meta["max_length"] + 1)) or takes(""):
            found.append(f"{place}: length")
    return found
