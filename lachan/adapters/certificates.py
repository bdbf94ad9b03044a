"""The private certificate authority of the exchange port: made by `lachan init`, known to members by their `ca.crt`.

TLS is transport only; who speaks is said by the signature on each call and message (exchange.md §3).
"""

import ipaddress
import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_LIFE = timedelta(days=5 * 365)
LEAF_LIFE = timedelta(days=2 * 365)
_BEFORE = timedelta(days=1)  # clocks of new members may run behind


def ends_at(file: Path) -> datetime | None:
    """The end of a PEM certificate's validity; None where there is no such file or it holds none."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None


class Authority:
    """A CA in a folder: `ca.crt`, `ca.key` (mode 0600), made when missing."""

    def __init__(self, folder: Path, *, now: datetime) -> None:
        self.folder = folder
        self.now = now
        if not (folder / "ca.crt").exists():
            self._make()
        self._key = serialization.load_pem_private_key(
            (folder / "ca.key").read_bytes(), password=None
        )
        self._certificate = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())

    @property
    def certificate(self) -> bytes:
        """PEM of the authority, for members."""
        return (self.folder / "ca.crt").read_bytes()

    def issue(
        self, name: str, *, folder: Path, server: bool = False, hosts: tuple[str, ...] = ()
    ) -> None:
        """Write `tls.crt` and `tls.key` for a member (a client), or for the exchange port (a server of `hosts`)."""
        key = ec.generate_private_key(ec.SECP256R1())
        usage = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = self._builder(name, key.public_key(), LEAF_LIFE).issuer_name(
            self._certificate.subject
        )
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if hosts:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_host(one) for one in hosts]), critical=False
            )
        signed = builder.sign(self._signing_key(), hashes.SHA256())
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "tls.crt").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        _write_secret(folder / "tls.key", key)
        (folder / "ca.crt").write_bytes(self.certificate)

    def _signing_key(self) -> ec.EllipticCurvePrivateKey:
        if not isinstance(self._key, ec.EllipticCurvePrivateKey):
            raise TypeError("the authority's key is not on a curve")
        return self._key

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lá Chắn exchange")])
        builder = self._builder("Lá Chắn exchange", key.public_key(), CA_LIFE).issuer_name(name)
        builder = builder.add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        builder = builder.add_extension(_signs_certificates(), critical=True)
        signed = builder.sign(key, hashes.SHA256())
        (self.folder / "ca.crt").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        _write_secret(self.folder / "ca.key", key)

    def _builder(
        self, name: str, key: ec.EllipticCurvePublicKey, life: timedelta
    ) -> x509.CertificateBuilder:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - _BEFORE)
            .not_valid_after(self.now + life)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write_secret(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
