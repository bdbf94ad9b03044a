"""XML of another organisation: no document type, no entities, no network, bounded size and depth. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

from lachan.adapters.foreign.errors import ForeignTooLarge, ForeignUnreadable, mismatch
from lachan.adapters.foreign.json_text import ensure_nfc

Node = etree._Element  # noqa: SLF001 - the name lxml gives the type of every element
MAX_DEPTH = 32
MAX_ELEMENTS = 20_000
_PIECE = 65_536  # bytes
RIGHT = "XML 1.0, UTF-8, NFC, no DOCTYPE"


def read_root(data: bytes, *, form: str, limit: int) -> Node:
    """The root element. Raises: ForeignTooLarge, ForeignUnreadable.

    Only UTF-8 is read, whatever the declaration says, so that a document type cannot hide from the
    look that comes before the parser; comments and processing instructions are dropped.
    """
    if len(data) > limit:
        raise ForeignTooLarge(format=form, right=limit)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as cause:
        raise _unreadable(form, "not UTF-8") from cause
    if b"<!DOCTYPE" in data:
        raise _unreadable(form, "DOCTYPE")
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        return _bounded(_events(parser, data), form)
    except etree.XMLSyntaxError as cause:
        raise _unreadable(form, str(cause.msg)) from cause


def _events(parser: etree.XMLPullParser, data: bytes) -> Iterator[tuple[str, Node]]:
    """Fed by pieces, so that a document of too many elements is left before they are all in memory."""
    for start in range(0, len(data), _PIECE):
        parser.feed(data[start : start + _PIECE])
        # two kinds of events were asked for, the stub knows six
        yield from cast("Iterator[tuple[str, Node]]", parser.read_events())
    parser.close()
    yield from cast("Iterator[tuple[str, Node]]", parser.read_events())


def _bounded(events: Iterator[tuple[str, Node]], form: str) -> Node:
    root: Node | None = None
    depth = count = 0
    for event, node in events:
        if root is None:
            root = node
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise _unreadable(form, f"deeper than {MAX_DEPTH} or more than {MAX_ELEMENTS} elements")
        if event == "end":
            _ensure_plain(node, form)
    if root is None:
        raise _unreadable(form, "no element")
    return root


def _ensure_plain(node: Node, form: str) -> None:
    """The element's own texts, and those between its children; they are all there when it ends."""
    for text in (node.text, *node.attrib.values(), *(child.tail for child in node)):
        if text and not text.isascii():
            ensure_nfc(str(text), form=form)


def _unreadable(form: str, why: str) -> ForeignUnreadable:
    return ForeignUnreadable(format=form, why=why[:200], right=RIGHT)


class Place:
    """An element while it is read: children by name in one namespace, each at most as often as is said."""

    __slots__ = ("_form", "_node", "_path", "_space")

    def __init__(self, node: Node, *, space: str, form: str, path: str = "") -> None:
        self._node, self._space, self._form = node, space, form
        self._path = path or etree.QName(node).localname

    @property
    def node(self) -> Node:
        return self._node

    @property
    def path(self) -> str:
        """`edXMLHeader/MessageHeader/From`, for an error."""
        return self._path

    def every(self, name: str, *, space: str | None = None) -> list[Place]:
        """All children of this name."""
        tag = f"{{{self._space if space is None else space}}}{name}"
        return [self._below(one, name, space) for one in self._node if one.tag == tag]

    def maybe(self, name: str, *, space: str | None = None) -> Place | None:
        """The child of this name. Raises: ForeignMismatch when there are two."""
        found = self.every(name, space=space)
        if len(found) > 1:
            raise mismatch(self._form, f"{self._path}/{name}", f"×{len(found)}", "≤ 1")
        return found[0] if found else None

    def one(self, name: str, *, space: str | None = None) -> Place:
        """The child of this name. Raises: ForeignMismatch when there is none or two."""
        found = self.maybe(name, space=space)
        if found is None:
            raise mismatch(self._form, f"{self._path}/{name}", "–", f"{{{self._space}}}{name}")
        return found

    def text(self, name: str, *, most: int, space: str | None = None) -> str:
        """The child's text without white space around it, "" when there is none."""
        found = self.maybe(name, space=space)
        return found.own_text(most=most) if found else ""

    def needed(self, name: str, *, most: int, space: str | None = None) -> str:
        """As `text`, and not empty. Raises: ForeignMismatch."""
        text = self.one(name, space=space).own_text(most=most)
        if not text:
            raise mismatch(self._form, f"{self._path}/{name}", "", "1 …")
        return text

    def own_text(self, *, most: int) -> str:
        """Raises: ForeignMismatch for text of more than `most` signs, or with elements inside."""
        if len(self._node):
            raise mismatch(self._form, self._path, "<…>", "text")
        text = (self._node.text or "").strip()
        if len(text) > most:
            raise mismatch(self._form, self._path, text, f"≤ {most}")
        return text

    def wrong(self, given: object, right: str) -> Exception:
        """The error of this element's value."""
        return mismatch(self._form, self._path, given, right)

    def _below(self, node: Node, name: str, space: str | None) -> Place:
        return Place(
            node, space=self._space if space is None else space, form=self._form,
            path=f"{self._path}/{name}",
        )  # fmt: skip
