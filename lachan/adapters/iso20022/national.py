"""Our own namespaces: what ISO 20022 has no element for, under schemas that are ours and shipped.

A schema is loaded once, from this package and from nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml import etree

from lachan.adapters.iso20022.errors import MessageUnexpected, ValueRefused

OURS = "urn:lachan:xsd:"


@dataclass(frozen=True, slots=True)
class NationalSchema:
    """One schema of ours: `name` is the file and the end of the namespace, `root` its one global element."""

    name: str
    root: str

    @property
    def space(self) -> str:
        return OURS + self.name

    def check(self, node: etree._Element, place: str) -> None:
        """Raises: MessageUnexpected for another root, ValueRefused with the place of the first fault."""
        if node.tag != f"{{{self.space}}}{self.root}":
            name = etree.QName(node)
            raise MessageUnexpected(
                place=place, got=(name.namespace or "–")[:120], right=f"{self.space} {self.root}"
            )
        # A copy by its text: a schema location or namespace declared further out has no say here.
        alone = etree.fromstring(etree.tostring(node), _parser())
        _refuse_instance_attributes(alone, place)
        schema = _load(self.name)
        if not schema.validate(alone):
            raise ValueRefused(place=_place(schema, alone, place), right=f"{self.name}.xsd")


INQUIRY = NationalSchema("lc.inq.001.001.01", "Inquiry")
HOLDER = NationalSchema("lc.hld.001.001.01", "HolderRecord")
FREEZE = NationalSchema("lc.frz.001.001.01", "Document")
VERIFICATION = NationalSchema("lc.vrf.001.001.01", "Verification")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


@cache
def _load(name: str) -> etree.XMLSchema:
    data = files("lachan.adapters.iso20022").joinpath("schemas", f"{name}.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(data, _parser()))


def _refuse_instance_attributes(node: etree._Element, place: str) -> None:
    """libxml2 would load what xsi:schemaLocation names, and xsi:type would change a type."""
    for one in node.iter("*"):
        if one.attrib:
            raise ValueRefused(place=f"{place}//{etree.QName(one).localname}/@*", right="–")


def _place(schema: etree.XMLSchema, node: etree._Element, place: str) -> str:
    """The names on the way to the first fault; libxml2's own sentence would repeat the value."""
    # By the prefixes of the document: libxml2 names the way with them.
    spaces = {key: value for one in node.iter() for key, value in one.nsmap.items() if key}
    path = next(iter(schema.error_log)).path  # type: ignore[call-overload]  # the stubs miss its iterator
    found = node.getroottree().xpath(path, namespaces=spaces) if path else []
    if not (isinstance(found, list) and found and isinstance(found[0], etree._Element)):  # noqa: SLF001 - lxml's name
        return place
    names = [etree.QName(one).localname for one in (*reversed(list(found[0].iterancestors())), found[0])]  # fmt: skip
    return "/".join([place, *names[1:]])
