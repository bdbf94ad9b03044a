"""XML read and written without giving it any power: no document type, no entity, no network, bounded in size and depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from lachan.adapters.iso20022.errors import ElementMissing, ValueRefused, XmlRefused

MOST_BYTES = 1_048_576  # the longest of these documents is some 40 kB: 2,000 characters of reason, three mandates, devices
MOST_NAMESPACES = 500  # declarations cost their square wherever a part is taken out: 35,000 of them took 15 seconds


@dataclass(frozen=True, slots=True)
class Money:
    """Whole đồng of an amount element."""

    dong: int


Content: TypeAlias = "str | Money | etree._Element | Sequence[Branch | None]"  # noqa: SLF001 - lxml names its element class so
Branch: TypeAlias = tuple[str, Content]


def parse(data: bytes) -> etree._Element:
    """The root element. Raises: XmlRefused."""
    if len(data) > MOST_BYTES:
        raise _refused(f"{len(data)} byte")
    try:
        # Held to one encoding, so that the search below sees what the parser sees.
        plain = data.decode("utf-8")
    except UnicodeDecodeError as cause:
        raise _refused("UTF-8") from cause
    if "<!DOCTYPE" in plain:
        raise _refused("DOCTYPE")
    if plain.count("xmlns") > MOST_NAMESPACES:
        raise _refused(f"xmlns > {MOST_NAMESPACES}")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        at = getattr(cause, "lineno", None)  # the parser's own words repeat the input
        raise _refused(f"XML, line {at or 1}") from cause
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("DOCTYPE")
    for node in root.iter(etree.Comment, etree.PI, etree.Entity):
        raise _refused(f"{type(node).__name__.strip('_')}, line {node.sourceline}")
    return root


def _refused(problem: str) -> XmlRefused:
    return XmlRefused(problem=problem, most=MOST_BYTES)


def build(space: str, branch: Branch, *, place: str = "") -> etree._Element:
    """An element and all below it in one namespace; a branch that is None is left out.

    Raises: ValueRefused for a text with a character that XML cannot carry.
    """
    node: etree._Element = etree.Element(f"{{{space}}}{branch[0]}", nsmap={None: space})  # type: ignore[dict-item]  # the stubs miss the default namespace
    _fill(node, space, branch[1], f"{place}/{branch[0]}".lstrip("/"))
    return node


def _fill(node: etree._Element, space: str, content: Content, place: str) -> None:
    if isinstance(content, Money):
        node.set("Ccy", "VND")
        node.text = str(content.dong)
    elif isinstance(content, str):
        try:
            node.text = content
        except ValueError as cause:
            raise ValueRefused(place=place, right="XML 1.0 Char") from cause
    elif isinstance(content, etree._Element):  # noqa: SLF001 - lxml names its element class so
        node.append(content)
    else:
        for one in content:
            if one is not None:
                child = etree.SubElement(node, f"{{{space}}}{one[0]}")
                _fill(child, space, one[1], f"{place}/{one[0]}")


def serialise(root: etree._Element) -> bytes:
    """UTF-8 with its declaration, without added blanks: a text is what was given."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, with_tail=False)


def at(node: etree._Element, path: str) -> etree._Element | None:
    """The first descendant by local names, each step a child in its parent's namespace."""
    found: etree._Element | None = node
    for step in path.split("/"):
        if found is None:
            return None
        found = found.find(f"{{{etree.QName(found).namespace}}}{step}")
    return found


def every(node: etree._Element, path: str) -> list[etree._Element]:
    """All children of that name under the first descendant that the path before it names."""
    above, _, name = path.rpartition("/")
    parent = at(node, above) if above else node
    if parent is None:
        return []
    return parent.findall(f"{{{etree.QName(parent).namespace}}}{name}")


def maybe(node: etree._Element, path: str) -> str | None:
    """The text there, or nothing."""
    found = at(node, path)
    return None if found is None else found.text or ""


def must(node: etree._Element, path: str) -> str:
    """The text there. Raises: ElementMissing."""
    found = maybe(node, path)
    if found is None:
        raise ElementMissing(place=path)
    return found


def only(node: etree._Element, path: str) -> etree._Element:
    """The one element of another namespace inside. Raises: ElementMissing."""
    found = at(node, path)
    if found is None or not len(found):
        raise ElementMissing(place=path)
    return found[0]
