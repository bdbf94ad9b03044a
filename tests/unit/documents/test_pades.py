"""The signature in a printed order: judged by pyHanko's validator and, over the bytes that it covers, by openssl."""

import io
import re
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from lachan.adapters.documents.order_pdf import OrderDocument, order_pdf
from lachan.adapters.documents.pades import CertificateWrong, PdfSeal
from tests.needs import openssl

ORDER = OrderDocument(
    issuer="Cục A05", symbol="YC", place="Hà Nội", dated=date(2026, 2, 4), subject="cung cấp thông tin",
    to=["Nhà mạng Ví Dụ"], body=["Số điện thoại: 0912 345 678"], signers=[], number=1,
)  # fmt: skip
PEM = serialization.Encoding.PEM


def certificate(
    name: str,
    issuer: tuple[x509.Certificate, rsa.RSAPrivateKey] | None = None,
) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """An authority, or a signer of documents under one."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signs = issuer is not None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer[0].subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=not signs, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=signs, content_commitment=signs, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=not signs, crl_sign=not signs, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )  # fmt: skip
    return builder.sign(key if issuer is None else issuer[1], hashes.SHA256()), key


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pdf")
    root = certificate("Gốc thử")
    own, key = certificate("Trung tâm thử", root)
    (made / "ca.pem").write_bytes(root[0].public_bytes(PEM))
    (made / "pdf.crt").write_bytes(own.public_bytes(PEM) + root[0].public_bytes(PEM))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (made / "pdf.pem").write_bytes(key.private_bytes(PEM, *plain))
    (made / "other.pem").write_bytes(root[1].private_bytes(PEM, *plain))
    return made


@pytest.fixture(scope="module")
def signed(folder: Path) -> bytes:
    return PdfSeal(folder / "pdf.crt", folder / "pdf.pem").sign(
        order_pdf(ORDER), reason="LC1-1-AAAAA-BBBBB"
    )


def trusting(ca: Path) -> ValidationContext:
    return ValidationContext(
        trust_roots=[load_cert_from_pemder(str(ca))],
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def judged(data: bytes, ca: Path) -> tuple[bool, bool]:
    """(intact and valid over the whole file, trusted), as pyHanko says."""
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    status = validate_pdf_signature(signature, signer_validation_context=trusting(ca))
    return status.intact and status.valid and status.bottom_line, status.trusted


def test_the_validator_takes_it(signed: bytes, folder: Path) -> None:
    assert judged(signed, folder / "ca.pem") == (True, True)
    assert b"/ETSI.CAdES.detached" in signed
    assert signed.startswith(order_pdf(ORDER))  # appended; what was printed is not touched


def test_an_altered_byte_is_seen(signed: bytes, folder: Path) -> None:
    at = signed.index(b"/Producer") if b"/Producer" in signed else 200
    broken = signed[:at] + b"?" + signed[at + 1 :]
    (signature,) = PdfFileReader(io.BytesIO(broken), strict=False).embedded_signatures
    signature.compute_integrity_info()
    status = validate_pdf_signature(
        signature, signer_validation_context=trusting(folder / "ca.pem")
    )
    assert not status.intact


def test_what_is_added_afterwards_is_seen(signed: bytes, folder: Path) -> None:
    from pyhanko.pdf_utils.generic import NameObject, pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root[pdf_name("/PageLayout")] = NameObject("/SinglePage")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert judged(out.getvalue(), folder / "ca.pem")[0] is False


def test_openssl_verifies_the_bytes_that_it_covers(
    signed: bytes, folder: Path, tmp_path: Path
) -> None:
    found = re.search(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", signed)
    assert found is not None
    start, first, second, rest = (int(one) for one in found.groups())
    assert (start, second + rest) == (0, len(signed))
    (tmp_path / "covered").write_bytes(signed[:first] + signed[second:])
    der = bytes.fromhex(signed[first + 1 : second - 1].decode().rstrip("0") + "0" * 8)
    length = 4 + int.from_bytes(der[2:4])  # the hole for the signature is filled up with zeros
    whole = bytes.fromhex(signed[first + 1 : second - 1].decode())[:length]
    (tmp_path / "cms").write_bytes(whole)
    command = [
        openssl(), "cms", "-verify", "-binary", "-inform", "DER", "-in", str(tmp_path / "cms"), "-content", str(tmp_path / "covered"),
        "-CAfile", str(folder / "ca.pem"), "-purpose", "any", "-out", str(tmp_path / "out"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "covered").write_bytes(signed[:first] + signed[second:-1] + b"?")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize(
    ("crt", "key"),
    [("pdf.crt", "other.pem"), ("none.crt", "pdf.pem"), ("pdf.pem", "pdf.pem"), ("pdf.crt", "ca.pem")],
)  # fmt: skip
def test_files_that_do_not_belong_together_are_refused(folder: Path, crt: str, key: str) -> None:
    with pytest.raises(CertificateWrong):
        PdfSeal(folder / crt, folder / key).sign(order_pdf(ORDER), reason="x")
