"""Files of an edXML document: by content, or by digest alone. Pure.

Out: SHA-256, always. In: the digests of a signature's references and of our own attribute; one that
differs is refused, SHA-1 alone is marked. A file is never opened, unpacked or run here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence

from lxml import etree

from lachan.adapters.edxml.codec import FORM, element, tag
from lachan.adapters.edxml.elements import NAMES, OURS, SPACE, XLINK, XMLDSIG
from lachan.adapters.edxml.errors import EdxmlAttachment
from lachan.adapters.edxml.records import Attachment, Stated
from lachan.adapters.foreign.errors import mismatch
from lachan.adapters.foreign.xml_tree import Node, Place

MOST_FILES = 100
MOST_SIGNS = 20 * 2**20  # of one file in base64; the whole document has the same bound
_ALGORITHMS = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_CID = "cid:"

Digest = tuple[str, str]  # algorithm, hex
Digests = dict[str, set[Digest]]  # by content id; two that speak of one file must both fit


def attach(envelope: Node, root: Node, files: Sequence[Attachment]) -> None:
    """The body with its manifest, and the files' content behind the envelope.

    Raises: EdxmlAttachment for content that is not of the digest, or neither content nor digest.
    """
    manifest = element(element(envelope, NAMES.body), NAMES.manifest)
    manifest.set("version", "1.0")
    for file in files:
        digest = hashlib.sha256(file.content).hexdigest() if file.content is not None else ""
        if (digest and file.sha256 and digest != file.sha256) or not (digest or file.sha256):
            raise EdxmlAttachment(field="sha256", name=file.name, why="SHA-256")
        reference = etree.SubElement(
            manifest, tag(NAMES.reference), nsmap={"xlink": XLINK, "lachan": OURS}
        )
        reference.set(f"{{{XLINK}}}href", f"{_CID}{file.content_id}")
        reference.set(f"{{{XLINK}}}type", "simple")
        reference.set(f"{{{OURS}}}digest", f"sha256:{digest or file.sha256}")
        if file.description:
            element(reference, NAMES.description, file.description)
        element(reference, NAMES.attachment_name, file.name)
        element(reference, NAMES.content_type, file.media_type)
        element(reference, NAMES.content_id, f"{_CID}{file.content_id}")
    contents = [file for file in files if file.content is not None]
    if contents:
        encoded = element(root, NAMES.encoded)
        for file in contents:
            one = element(encoded, NAMES.attachment)
            element(one, NAMES.content_type, file.media_type)
            element(one, NAMES.content_id, file.content_id)
            if file.description:
                element(one, NAMES.description, file.description)
            element(one, NAMES.content, base64.b64encode(file.content or b"").decode())
            element(one, NAMES.attachment_name, file.name)


def detach(envelope: Place, root: Place, header: Place) -> tuple[Attachment, ...]:
    """The files in the manifest's order. Raises: EdxmlAttachment, ForeignMismatch."""
    body = envelope.maybe(NAMES.body)
    manifest = body.maybe(NAMES.manifest) if body else None
    references = manifest.every(NAMES.reference) if manifest else []
    if len(references) > MOST_FILES:
        raise mismatch(FORM, NAMES.manifest, f"×{len(references)}", f"≤ {MOST_FILES}")
    contents = _contents(root)
    stated = _signed_digests(header)
    files: list[Attachment] = []
    for reference in references:
        content_id = _content_id(reference)
        if any(file.content_id == content_id for file in files):
            raise mismatch(FORM, NAMES.content_id, content_id, "×1")
        digests = stated.get(content_id, set()) | _own_digest(reference)
        files.append(_file(reference, content_id, contents.pop(content_id, None), digests))
    if contents:
        raise EdxmlAttachment(field=NAMES.attachment, name=next(iter(contents)), why="not in the manifest")  # fmt: skip
    return tuple(files)


def _file(
    reference: Place, content_id: str, content: bytes | None, digests: set[Digest]
) -> Attachment:
    name = reference.needed(NAMES.attachment_name, most=200)
    if content is not None:
        for algorithm, given in digests:
            if hashlib.new(algorithm, content, usedforsecurity=False).hexdigest() != given:
                raise EdxmlAttachment(field=NAMES.reference, name=name, why=f"{algorithm} differs")
    longer = [given for algorithm, given in digests if algorithm == "sha256"]
    if content is None and len(longer) > 1:
        raise EdxmlAttachment(field=NAMES.reference, name=name, why="two SHA-256")
    strong = any(algorithm != "sha1" for algorithm, _ in digests)
    return Attachment(
        content_id=content_id,
        name=name,
        media_type=reference.text(NAMES.content_type, most=200) or "application/octet-stream",
        description=reference.text(NAMES.description, most=500),
        content=content,
        sha256="".join(longer) if content is None else hashlib.sha256(content).hexdigest(),
        stated=Stated.STRONG if strong else Stated.WEAK if digests else Stated.ABSENT,
    )


def _content_id(reference: Place) -> str:
    text = reference.text(NAMES.content_id, most=200)
    found = (text or reference.node.get(f"{{{XLINK}}}href") or "").removeprefix(_CID)
    if not found:
        raise mismatch(FORM, f"{reference.path}/{NAMES.content_id}", "", "cid:…")
    return found


def _contents(root: Place) -> dict[str, bytes]:
    """Content id → bytes."""
    encoded = root.maybe(NAMES.encoded)
    found: dict[str, bytes] = {}
    for one in encoded.every(NAMES.attachment) if encoded else []:
        content_id = one.needed(NAMES.content_id, most=200).removeprefix(_CID)
        if content_id in found:
            raise mismatch(FORM, NAMES.content_id, content_id, "×1")
        text = one.text(NAMES.content, most=MOST_SIGNS)
        try:
            found[content_id] = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError) as cause:
            raise EdxmlAttachment(field=NAMES.content, name=content_id, why="not base64") from cause
    return found


def _own_digest(reference: Place) -> set[Digest]:
    given = reference.node.get(f"{{{OURS}}}digest")
    if given is None:
        return set()
    algorithm, _, value = given.partition(":")
    if algorithm != "sha256" or not _is_hex(value):
        raise mismatch(FORM, f"{reference.path}/@digest", given, "sha256:…")
    return {(algorithm, value)}


def _signed_digests(header: Place) -> Digests:
    """From the references of a signature, in either namespace; the signature itself is not verified here."""
    found: Digests = {}
    for space in (SPACE, XMLDSIG):
        for signature in (
            one for name in NAMES.signatures for one in header.every(name, space=space)
        ):
            for info in signature.every("SignedInfo"):
                _gather(info.every("Reference"), found)
    return found


def _gather(references: Iterable[Place], found: Digests) -> None:
    for reference in references:
        address = reference.node.get("URI") or ""
        method = reference.maybe("DigestMethod")
        algorithm = _ALGORITHMS.get((method.node.get("Algorithm") or "") if method else "")
        if not address.startswith(_CID) or algorithm is None:
            continue
        text = reference.text("DigestValue", most=200)
        try:
            value = base64.b64decode("".join(text.split()), validate=True).hex()
        except (binascii.Error, ValueError) as cause:
            raise mismatch(FORM, f"{reference.path}/DigestValue", text, "base64") from cause
        found.setdefault(address.removeprefix(_CID), set()).add((algorithm, value))


def _is_hex(value: str) -> bool:
    return len(value) == 64 and not set(value) - set("0123456789abcdef")  # noqa: PLR2004 - SHA-256
