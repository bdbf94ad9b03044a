"""A delivery is taken from the one who is expected to have signed it, whole, or not at all.

xmlsec1 (libxmlsec, another implementation than signxml) verifies what we sign, and signs what we verify.
"""

import base64
import copy
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from lachan.adapters.iso20022 import auth001, auth003, freeze
from lachan.adapters.iso20022.auth001 import Edition
from lachan.adapters.iso20022.delivery import ROOT, SPACE, Delivery, SigningKey, sign, verify
from lachan.adapters.iso20022.errors import (
    Contradiction,
    Iso20022Error,
    KeyRefused,
    SignatureRefused,
    XmlRefused,
)
from lachan.adapters.iso20022.port import header_of
from lachan.adapters.iso20022.signature_form import DS, ENVELOPED, EXCLUSIVE
from tests.needs import missing
from tests.oracles import iso20022_values as values

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
REQUEST = values.request()
DELIVERY = Delivery(
    header=header_of(REQUEST.inquiry, "auth.001.001.02", values.DEADLINE),
    document=auth001.write(REQUEST, Edition.V02),
)
Pair = tuple[SigningKey, x509.Certificate]


def certified(key: SigningKey, name: str = "970436", signer: SigningKey | None = None) -> Pair:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=30))
    )
    return key, builder.sign(signer or key, hashes.SHA256())


P256 = certified(ec.generate_private_key(ec.SECP256R1()))
RSA = certified(rsa.generate_private_key(65537, 2048))
STRANGER = certified(ec.generate_private_key(ec.SECP256R1()))
SIGNED = sign(DELIVERY, key=P256[0], certificate=P256[1])
BOTH = pytest.mark.parametrize("pair", [P256, RSA], ids=["P-256", "RSA"])


@pytest.fixture(scope="module")
def xmlsec1() -> str:
    found = which("xmlsec1")
    if found is None:
        missing("xmlsec1 is not installed: apt-get install xmlsec1")
        raise AssertionError
    return found


def pem_files(folder: Path, pair: Pair) -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    key.write_bytes(
        pair[0].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    certificate.write_bytes(pair[1].public_bytes(serialization.Encoding.PEM))
    return key, certificate


@BOTH
def test_what_was_signed_is_what_is_handed_on(pair: Pair) -> None:
    found = verify(sign(DELIVERY, key=pair[0], certificate=pair[1]), certificate=pair[1], now=NOW)
    assert found.header == DELIVERY.header
    assert auth001.read(found.document) == REQUEST


@BOTH
def test_xmlsec1_verifies_what_we_sign(pair: Pair, xmlsec1: str, tmp_path: Path) -> None:
    _, certificate = pem_files(tmp_path, pair)
    file = tmp_path / "signed.xml"
    file.write_bytes(sign(DELIVERY, key=pair[0], certificate=pair[1]))
    command = [xmlsec1, "--verify", "--pubkey-cert-pem", str(certificate), str(file)]
    good = subprocess.run(command, capture_output=True, check=False, text=True)
    assert good.returncode == 0, good.stderr
    file.write_bytes(file.read_bytes().replace(b"0011223344", b"0011223345"))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@BOTH
def test_we_verify_what_xmlsec1_signs(pair: Pair, xmlsec1: str, tmp_path: Path) -> None:
    key, certificate = pem_files(tmp_path, pair)
    template, signed = tmp_path / "template.xml", tmp_path / "signed.xml"
    template.write_bytes(template_of(pair))
    subprocess.run(
        [xmlsec1, "--sign", "--privkey-pem", f"{key},{certificate}", "--output", str(signed), str(template)],
        capture_output=True, check=True,
    )  # fmt: skip
    found = verify(signed.read_bytes(), certificate=pair[1], now=NOW)
    assert auth001.read(found.document) == REQUEST
    with pytest.raises(SignatureRefused):
        verify(
            signed.read_bytes().replace(b"0011223344", b"0011223345"), certificate=pair[1], now=NOW
        )


def template_of(pair: Pair) -> bytes:
    """Our wrapper with everything that a signer fills in taken out."""
    root = etree.fromstring(sign(DELIVERY, key=pair[0], certificate=pair[1]))
    for name in ("DigestValue", "SignatureValue", "X509Certificate"):
        for node in root.iter(f"{{{DS}}}{name}"):
            node.text = None
    return etree.tostring(root)


def test_lc_frz_goes_under_the_same_head() -> None:
    order = freeze.Order(inquiry=values.inquiry(kind="hold"), ask=values.hold_ask())
    sent = Delivery(
        header=header_of(order.inquiry, freeze.DEFINITION, values.DEADLINE),
        document=freeze.write(order),
    )
    found = verify(sign(sent, key=P256[0], certificate=P256[1]), certificate=P256[1], now=NOW)
    assert freeze.read(found.document) == order


def test_another_key_is_refused_whatever_certificate_lies_in_the_message() -> None:
    by_stranger = sign(DELIVERY, key=STRANGER[0], certificate=STRANGER[1])
    with pytest.raises(SignatureRefused):
        verify(by_stranger, certificate=P256[1], now=NOW)
    ours, theirs = (
        base64.b64encode(one.public_bytes(serialization.Encoding.DER))
        for one in (P256[1], STRANGER[1])
    )
    flat = by_stranger.replace(b"\n", b"")
    assert theirs in flat
    dressed = flat.replace(theirs, ours)
    with pytest.raises(SignatureRefused):
        verify(dressed, certificate=P256[1], now=NOW)


@pytest.mark.parametrize("now", [NOW - timedelta(days=2), NOW + timedelta(days=31)])
def test_a_certificate_outside_its_time_is_refused(now: datetime) -> None:
    with pytest.raises(SignatureRefused):
        verify(SIGNED, certificate=P256[1], now=now)


def test_one_changed_character_anywhere_is_refused() -> None:
    for old, new in (
        (b"0011223344", b"0011223345"),
        (values.POLICE.encode(), b"vn/police/a06/duty"),
        (b"<CharSet>UTF-8</CharSet>", b""),
    ):
        assert old in SIGNED
        with pytest.raises(SignatureRefused):
            verify(SIGNED.replace(old, new), certificate=P256[1], now=NOW)


def test_an_unsigned_delivery_is_refused() -> None:
    root = etree.fromstring(SIGNED)
    signature = root.find(f".//{{{DS}}}Signature")
    signature.getparent().remove(signature)
    with pytest.raises(SignatureRefused):
        verify(etree.tostring(root), certificate=P256[1], now=NOW)


def _forged() -> etree._Element:
    """A document that the attacker would like to be believed."""
    return etree.fromstring(auth003.write(auth003.ConfidentialityChange(original="1", confidential=False)))  # fmt: skip


def around_a_new_root(root: etree._Element) -> etree._Element:
    """The signed wrapper inside another of the attacker's."""
    new = etree.Element(f"{{{SPACE}}}{ROOT}")
    new.extend([copy.deepcopy(root[0]), _forged(), root])
    signature = root.find(f".//{{{DS}}}Signature")
    signature.getparent().remove(signature)
    return new


def signature_moved_out(root: etree._Element) -> etree._Element:
    """The signature beside what it signed, the signed original inside ds:Object, by an identifier."""
    signature = root.find(f".//{{{DS}}}Signature")
    original = copy.deepcopy(root)
    original.set("Id", "original")
    signature.find(f".//{{{DS}}}Reference").set("URI", "#original")
    etree.SubElement(signature, f"{{{DS}}}Object").append(original)
    root.replace(root[1], _forged())
    return root


def signed_original_in_the_extension(root: etree._Element) -> etree._Element:
    """The forged document at the place that is read, the signed wrapper somewhere below it."""
    original = copy.deepcopy(root)
    forged = _forged()
    forged.append(original)
    root.replace(root[1], forged)
    return root


def second_signature(root: etree._Element) -> etree._Element:
    signature = root.find(f".//{{{DS}}}Signature")
    signature.addnext(copy.deepcopy(signature))
    return root


def second_document(root: etree._Element) -> etree._Element:
    root.append(_forged())
    return root


def second_head(root: etree._Element) -> etree._Element:
    root.insert(0, copy.deepcopy(root[0]))
    signature = root[0].find(f".//{{{DS}}}Signature")
    signature.getparent().remove(signature)
    return root


def second_reference(root: etree._Element) -> etree._Element:
    info = root.find(f".//{{{DS}}}SignedInfo")
    info.append(copy.deepcopy(info[2]))
    return root


def document_as_object(root: etree._Element) -> etree._Element:
    signature = root.find(f".//{{{DS}}}Signature")
    etree.SubElement(signature, f"{{{DS}}}Object").append(_forged())
    return root


@pytest.mark.parametrize(
    "attack",
    [
        around_a_new_root,
        signature_moved_out,
        signed_original_in_the_extension,
        second_signature,
        second_document,
        second_head,
        second_reference,
        document_as_object,
    ],
)
def test_no_wrapping_attack_passes(attack: Callable[[etree._Element], etree._Element]) -> None:
    wrapped = etree.tostring(attack(etree.fromstring(SIGNED)))
    with pytest.raises(Iso20022Error):
        verify(wrapped, certificate=P256[1], now=NOW)


@pytest.mark.parametrize(
    "uri", ["#original", "http://example.invalid/x", "file:///etc/passwd", "#xpointer(/)", None]
)
def test_a_reference_to_anything_but_the_whole_is_refused_before_it_is_followed(
    uri: str | None,
) -> None:
    root = etree.fromstring(SIGNED)
    reference = root.find(f".//{{{DS}}}Reference")
    del reference.attrib["URI"]
    if uri is not None:
        reference.set("URI", uri)
    with pytest.raises(SignatureRefused) as refused:
        verify(etree.tostring(root), certificate=P256[1], now=NOW)
    assert refused.value.problem == "ds:Reference/@*"


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("CanonicalizationMethod", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        ("CanonicalizationMethod", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        ("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        ("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        ("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
        ("DigestMethod", "http://www.w3.org/2000/09/xmldsig#sha1"),
        ("Transform", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        ("Transform", "http://www.w3.org/TR/1999/REC-xpath-19991116"),
        ("Transform", EXCLUSIVE),
    ],
)
def test_no_other_algorithm_is_taken(name: str, algorithm: str) -> None:
    root = etree.fromstring(SIGNED)
    root.find(f".//{{{DS}}}{name}").set("Algorithm", algorithm)
    with pytest.raises(SignatureRefused) as refused:
        verify(etree.tostring(root), certificate=P256[1], now=NOW)
    assert refused.value.problem == f"ds:{name}/@Algorithm"


def test_prefixes_declared_inclusive_are_refused() -> None:
    root = etree.fromstring(SIGNED)
    transform = root.findall(f".//{{{DS}}}Transform")[1]
    etree.SubElement(transform, f"{{{EXCLUSIVE}}}InclusiveNamespaces", PrefixList="ds")
    with pytest.raises(SignatureRefused):
        verify(etree.tostring(root), certificate=P256[1], now=NOW)


def test_the_enveloped_transform_comes_first() -> None:
    root = etree.fromstring(SIGNED)
    first, second = root.findall(f".//{{{DS}}}Transform")
    first.set("Algorithm", EXCLUSIVE)
    second.set("Algorithm", ENVELOPED)
    with pytest.raises(SignatureRefused):
        verify(etree.tostring(root), certificate=P256[1], now=NOW)


@pytest.mark.parametrize("value", ["", " ", "!!!!", "AAAA", "AAAAA", "A" * 88, "A" * 8000])
def test_a_signature_value_that_is_none_is_refused(value: str) -> None:
    root = etree.fromstring(SIGNED)
    root.find(f".//{{{DS}}}SignatureValue").text = value
    with pytest.raises(SignatureRefused):
        verify(etree.tostring(root), certificate=P256[1], now=NOW)


def test_keys_from_the_network_are_not_named() -> None:
    root = etree.fromstring(SIGNED)
    info = root.find(f".//{{{DS}}}KeyInfo")
    etree.SubElement(info, f"{{{DS}}}RetrievalMethod", URI="http://example.invalid/key")
    with pytest.raises(SignatureRefused):
        verify(etree.tostring(root), certificate=P256[1], now=NOW)


def test_a_document_type_before_a_signed_delivery_is_refused() -> None:
    bare = SIGNED.split(b"\n", 1)[1]
    with pytest.raises(XmlRefused):
        verify(b'<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">' + bare, certificate=P256[1], now=NOW)  # fmt: skip


def test_a_header_that_announces_another_document_is_refused() -> None:
    wrong = Delivery(
        header=header_of(REQUEST.inquiry, "auth.003.001.01", values.DEADLINE),
        document=DELIVERY.document,
    )
    with pytest.raises(Contradiction):
        sign(wrong, key=P256[0], certificate=P256[1])


def test_a_header_is_no_document() -> None:
    root = etree.fromstring(SIGNED)
    head = root[0]
    wrong = Delivery(
        header=header_of(REQUEST.inquiry, "head.001.001.02", values.DEADLINE),
        document=etree.tostring(head),
    )
    with pytest.raises(Contradiction):
        sign(wrong, key=P256[0], certificate=P256[1])


def test_weak_or_unknown_keys_are_not_used() -> None:
    small = certified(rsa.generate_private_key(65537, 1024))  # noqa: S505 - to be refused
    other = certified(ec.generate_private_key(ec.SECP384R1()))
    for pair in (small, other):
        with pytest.raises(KeyRefused):
            sign(DELIVERY, key=pair[0], certificate=pair[1])
        with pytest.raises(KeyRefused):
            verify(SIGNED, certificate=pair[1], now=NOW)
    with pytest.raises(KeyRefused):
        sign(DELIVERY, key=P256[0], certificate=STRANGER[1])


def test_damage_anywhere_in_a_signed_delivery_never_ends_in_a_traceback() -> None:
    whole = verify(SIGNED, certificate=P256[1], now=NOW)
    for at in range(1, len(SIGNED), 37):
        for byte in (b"<", b"&", b'"', b"\xff", bytes([SIGNED[at] ^ 1])):
            damaged = SIGNED[:at] + byte + SIGNED[at + 1 :]
            try:
                found = verify(damaged, certificate=P256[1], now=NOW)
            except Iso20022Error:
                continue
            assert found == whole  # the same byte, or one of KeyInfo, which nobody reads
