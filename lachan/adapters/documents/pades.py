"""A printed order's own signature: PAdES (ETSI EN 319 142-1, level B-B) by pyHanko under the deployment's certificate.

The signature that binds is the officers' in the log; this one lets a reader of the file alone see that nobody altered it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lachan.kernel.errors import LachanError, Text

FIELD = "LaChan"
DIGEST = "sha256"


class CertificateWrong(LachanError):
    """A certificate for printed orders that cannot sign."""

    code = "documents.certificate"
    text = Text(
        vi="Không dùng được chứng thư ký văn bản in: {why}. Cần tệp PEM có chứng thư và chuỗi của nó (LACHAN_PDF_CERT), khóa của chính chứng thư đó ở keys/pdf.pem trong thư mục dữ liệu.",
        en="The certificate for printed orders cannot be used: {why}. A PEM file with the certificate and its chain is needed (LACHAN_PDF_CERT), its own key in keys/pdf.pem of the data folder.",
    )
    why: str


@dataclass(frozen=True, slots=True)
class PdfSeal:
    """The certificate's files; read anew for each document, so that a renewed one serves at once."""

    certificate: Path
    key: Path

    def check(self) -> None:
        """That the files belong together. Raises: CertificateWrong."""
        try:
            first = load_pem_x509_certificates(self.certificate.read_bytes())[0]
            key = load_pem_private_key(self.key.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as cause:
            raise CertificateWrong(why=type(cause).__name__) from cause
        if key.public_key() != first.public_key():
            raise CertificateWrong(why="key")

    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        """The document with its signature appended; nothing may change afterwards. Raises: CertificateWrong."""
        self.check()
        own, *chain = load_certs_from_pemder([str(self.certificate)])
        signer = signers.SimpleSigner(
            signing_cert=own,
            signing_key=load_private_key_from_pemder(str(self.key), passphrase=None),
            cert_registry=SimpleCertificateStore.from_certs(chain),
        )
        told = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=DIGEST,
            reason=reason,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        out = io.BytesIO()
        signers.PdfSigner(told, signer).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out
        )
        return out.getvalue()
