"""The signed wrapper of every message: `ApplicationRequest` of our namespace, holding one `AppHdr` and one `Document`.

One XMLDSig signature stands in `AppHdr/Sgntr`, enveloped, with exclusive canonicalisation and SHA-256, over the whole wrapper: its
only reference is the empty URI, the document itself. A reference by an identifier would let the signed part be moved aside and
another put in its place (signature wrapping); here there is nothing to point at. What is handed on is read from the bytes that
were digested, never from those that arrived (W3C XML Signature Best Practices, 2013, practice 12 and 14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from lachan.adapters.iso20022.errors import (
    Contradiction,
    ElementMissing,
    ElementRefused,
    KeyRefused,
    SignatureRefused,
)
from lachan.adapters.iso20022.header import DEFINITIONS, Header, header_element, read_header
from lachan.adapters.iso20022.markup import build, parse, serialise
from lachan.adapters.iso20022.national import OURS
from lachan.adapters.iso20022.shapes import ISO, check_root, local, space
from lachan.adapters.iso20022.signature_form import DS, check_form

SigningKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

SPACE = OURS + "lc.req.001.001.01"
ROOT = "ApplicationRequest"
LEAST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A header and the bytes of the document that it announces; `header.definition` says which reader takes them."""

    header: Header
    document: bytes


def sign(delivery: Delivery, *, key: SigningKey, certificate: x509.Certificate) -> bytes:
    """The wrapper in UTF-8, signed. The certificate travels in KeyInfo for those who look it up; who verifies brings their own.

    Raises: KeyRefused, Contradiction when the header announces another document, Iso20022Error for a header that is none.
    """
    method = _method(certificate)
    if key.public_key() != certificate.public_key():
        raise KeyRefused(given="≠ certificate")
    header, document = header_element(delivery.header), parse(delivery.document)
    _check_announced(delivery.header, document)
    holder = etree.SubElement(header, f"{{{space(header)}}}Sgntr")
    etree.SubElement(holder, f"{{{DS}}}Signature", nsmap={"ds": DS}, Id="placeholder")
    root = build(SPACE, (ROOT, []))
    root.extend([header, document])
    signer = XMLSigner(
        signature_algorithm=method,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return serialise(signer.sign(root, key=key, cert=[certificate]))


def verify(data: bytes, *, certificate: x509.Certificate, now: datetime) -> Delivery:
    """Hold a wrapper against the certificate that the directory has for its sender, at that instant (aware).

    Raises: KeyRefused, SignatureRefused, Contradiction, Iso20022Error naming the place.
    """
    method = _method(certificate)
    root = parse(data)
    check_root(root, ROOT, (SPACE,))
    check_form(root, method.value)
    config = SignatureConfiguration(
        location="./*/*/",
        expect_references=1,
        signature_methods=frozenset({method}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        verification_time=now,
    )
    try:
        # The tree that was looked at, not the bytes: another reading of them would be another document.
        result = XMLVerifier().verify(serialise(root), x509_cert=certificate, expect_config=config)
    except SignXMLException as cause:
        raise SignatureRefused(problem=type(cause).__name__) from cause
    except (
        ValueError,
        etree.LxmlError,
    ) as cause:  # base64 that is none, a signature that its schema refuses
        raise SignatureRefused(problem="ds:Signature") from cause
    if not isinstance(result, VerifyResult):
        raise SignatureRefused(problem="ds:Reference")
    return _open(parse(result.signed_data))


def _open(root: etree._Element) -> Delivery:
    check_root(root, ROOT, (SPACE,))
    if root.attrib:
        raise ElementRefused(place=f"{ROOT}/@*", right="–")
    if len(root) < 2:  # noqa: PLR2004 - a header and a document
        raise ElementMissing(place=f"{ROOT}/AppHdr + Document")
    if len(root) > 2:  # noqa: PLR2004 - one document
        raise ElementRefused(place=f"{ROOT}/{local(root[2])[:80]}", right="AppHdr + Document")
    if any((one or "").strip() for one in (root.text, root[0].tail, root[1].tail)):
        raise ElementRefused(place=f"{ROOT}/text()", right="AppHdr + Document")
    header = read_header(root[0])
    _check_announced(header, root[1])
    return Delivery(header=header, document=serialise(root[1]))


def _check_announced(header: Header, document: etree._Element) -> None:
    """`MsgDefIdr` names the message whose namespace the document is in; a header is no document."""
    known = space(document) in {ISO + header.definition, OURS + header.definition}
    if not known or local(document) != "Document" or header.definition in DEFINITIONS:
        raise Contradiction(place="AppHdr/MsgDefIdr", other=local(document)[:80])


def _method(certificate: x509.Certificate) -> SignatureMethod:
    """The one algorithm for a certificate's key. Raises: KeyRefused."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return SignatureMethod.ECDSA_SHA256
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        return SignatureMethod.RSA_SHA256
    raise KeyRefused(given=type(key).__name__)
