"""edXML documents and status messages (QCVN 102:2016/BTTTT, Decision 28/2018/QĐ-TTg): written and read. Pure.

The prefix `edXML:` stands before every element inside the envelope, as in the samples that are
exchanged: some readers look for the prefix and not for the namespace.
"""

from __future__ import annotations

from typing import cast

from lxml import etree

from lachan.adapters.edxml.attachments import attach, detach
from lachan.adapters.edxml.codec import FORM, element, emit, tag, take
from lachan.adapters.edxml.elements import HEADER, NAMES, SPACE, STATUS, TRACES, XMLDSIG
from lachan.adapters.edxml.errors import EdxmlOldNamespace
from lachan.adapters.edxml.records import Document, StatusMessage, Traces
from lachan.adapters.foreign.errors import mismatch
from lachan.adapters.foreign.xml_tree import Node, Place, read_root

MAX_BYTES = 20 * 2**20


def write_document(document: Document) -> bytes:
    """UTF-8 with a declaration. `signed` and `unread` are what reading found and are not written.

    Raises: ForeignMismatch for a text longer than the table allows, EdxmlAttachment.
    """
    root, envelope = _frame()
    header = element(envelope, NAMES.header)
    emit(header, HEADER, document.header)
    emit(header, TRACES, document.traces)
    attach(envelope, root, document.attachments)
    return _bytes(root)


def read_document(data: bytes) -> Document:
    """Raises: ForeignTooLarge, ForeignUnreadable, ForeignMismatch, EdxmlOldNamespace, EdxmlAttachment."""
    root, envelope, header = _opened(data)
    unread: list[str] = []
    traces = header.maybe(TRACES.name)
    return Document(
        header=take(header.one(HEADER.name), HEADER, unread),
        traces=take(traces, TRACES, unread) if traces else Traces(),
        attachments=detach(envelope, root, header),
        signed=any(
            len(one.node)
            for space in (SPACE, XMLDSIG)
            for name in NAMES.signatures
            for one in header.every(name, space=space)
        ),
        unread=tuple(unread),
    )


def write_status(status: StatusMessage) -> bytes:
    """Raises: ForeignMismatch for a text longer than the table allows."""
    root, envelope = _frame()
    emit(element(envelope, NAMES.header), STATUS, status)
    element(envelope, NAMES.body)
    return _bytes(root)


def read_status(data: bytes) -> StatusMessage:
    """Raises: ForeignTooLarge, ForeignUnreadable, ForeignMismatch, EdxmlOldNamespace."""
    _, _, header = _opened(data)
    place = header.maybe(STATUS.name) or header.one(STATUS.also)
    found: StatusMessage = take(place, STATUS, [])
    return found


def _frame() -> tuple[Node, Node]:
    default = cast("dict[str, str]", {None: SPACE})  # the stub knows no default namespace
    root = etree.Element(tag(NAMES.root), nsmap=default)
    return root, etree.SubElement(root, tag(NAMES.envelope), nsmap={"edXML": SPACE})


def _bytes(root: Node) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _opened(data: bytes) -> tuple[Place, Place, Place]:
    """Root, envelope and header; the envelope may be the root itself."""
    node = read_root(data, form=FORM, limit=MAX_BYTES)
    name = etree.QName(node)
    if name.namespace != SPACE:
        raise EdxmlOldNamespace(field="xmlns", given=(name.namespace or "–")[:120], right=SPACE)
    root = Place(node, space=SPACE, form=FORM)
    if name.localname not in {NAMES.root, NAMES.envelope}:
        raise mismatch(FORM, name.localname, name.localname, NAMES.root)
    envelope = root if name.localname == NAMES.envelope else root.one(NAMES.envelope)
    return root, envelope, envelope.one(NAMES.header)
