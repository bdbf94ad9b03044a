"""The one form of an XML signature that is taken, looked at before any cryptography: what is not this form is not verified."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from lachan.adapters.iso20022.errors import SignatureRefused
from lachan.adapters.iso20022.header import DEFINITIONS
from lachan.adapters.iso20022.shapes import ISO

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED: Final = f"{DS}enveloped-signature"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
KEY_INFO: Final = frozenset(
    {"KeyName", "X509Data"}
)  # read by nobody here: the certificate is given

_BASE64: Final = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*", re.ASCII)


def check_form(root: etree._Element, method: str) -> None:
    """One signature, at its place, over the whole, by the algorithms of the profile. Raises: SignatureRefused with the place."""
    signatures = list(root.iter(f"{{{DS}}}Signature"))
    if len(signatures) != 1:
        raise SignatureRefused(problem=f"{len(signatures)} ds:Signature")
    signature = signatures[0]
    above = [one.tag for one in signature.iterancestors()]
    heads = [[f"{{{ISO}{one}}}Sgntr", f"{{{ISO}{one}}}AppHdr", root.tag] for one in DEFINITIONS]
    if above not in heads:
        raise SignatureRefused(problem="ds:Signature ∉ AppHdr/Sgntr")
    if len(list(root.iter(f"{{{DS}}}*"))) != len(list(signature.iter(f"{{{DS}}}*"))):
        raise SignatureRefused(problem="ds:* ∉ ds:Signature")
    _check_parts(signature)
    _check_signed_info(signature[0], method)


def _names(node: etree._Element) -> list[str]:
    return [str(one.tag).removeprefix(f"{{{DS}}}") for one in node]


def _check_parts(signature: etree._Element) -> None:
    if _names(signature) not in (
        ["SignedInfo", "SignatureValue"],
        ["SignedInfo", "SignatureValue", "KeyInfo"],
    ):
        raise SignatureRefused(problem="ds:Signature/*")
    if any(name not in KEY_INFO for info in list(signature)[2:] for name in _names(info)):
        raise SignatureRefused(problem="ds:KeyInfo/*")
    _check_base64(signature[1])


def _check_signed_info(info: etree._Element, method: str) -> None:
    if _names(info) != ["CanonicalizationMethod", "SignatureMethod", "Reference"]:
        raise SignatureRefused(problem="ds:SignedInfo/*")
    _check_algorithm(info[0], EXCLUSIVE)
    _check_algorithm(info[1], method)
    reference = info[2]
    if reference.items() != [("URI", "")]:
        raise SignatureRefused(problem="ds:Reference/@*")
    if _names(reference) != ["Transforms", "DigestMethod", "DigestValue"]:
        raise SignatureRefused(problem="ds:Reference/*")
    if _names(reference[0]) != ["Transform", "Transform"]:
        raise SignatureRefused(problem="ds:Transforms/*")
    _check_algorithm(reference[0][0], ENVELOPED)
    _check_algorithm(reference[0][1], EXCLUSIVE)
    _check_algorithm(reference[1], SHA256)
    _check_base64(reference[2])


def _check_base64(node: etree._Element) -> None:
    """A lenient decoder would pass over what is no base64, and so over a second spelling of the signature."""
    if len(node) or node.attrib or not _BASE64.fullmatch(node.text or ""):
        name = str(node.tag).removeprefix(f"{{{DS}}}")
        raise SignatureRefused(problem=f"ds:{name}")


def _check_algorithm(node: etree._Element, right: str) -> None:
    """That algorithm, and no parameter: prefixes declared inclusive would change what is digested."""
    if node.items() != [("Algorithm", right)] or len(node):
        name = str(node.tag).removeprefix(f"{{{DS}}}")
        raise SignatureRefused(problem=f"ds:{name}/@Algorithm")
