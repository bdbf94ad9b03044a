"""A security key made of `cryptography` alone: what an authenticator and its browser would answer."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PARTY, ORIGIN = "lachan.example", "https://lachan.example"


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _int(number: int, size: int = 0) -> bytes:
    return number.to_bytes(size or (number.bit_length() + 7) // 8)


@dataclass
class SecurityKey:
    """One credential of one relying party. `changed` fields say what this key or its browser does wrong."""

    alg: str = "ES256"
    party: str = PARTY
    origin: str = ORIGIN
    flags: int = 0x05  # user present, user verified
    extra: bytes = b""  # after the counter
    client: dict[str, Any] = field(default_factory=dict)
    counter: int = 0
    id: bytes = field(default_factory=lambda: os.urandom(16))

    def __post_init__(self) -> None:
        self.private: Any = {
            "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
            "Ed25519": ed25519.Ed25519PrivateKey.generate,
            "RS256": lambda: rsa.generate_private_key(65537, 2048),
        }[self.alg]()

    @property
    def jwk(self) -> dict[str, str]:
        public = self.private.public_key()
        if self.alg == "Ed25519":
            return {"kty": "OKP", "crv": "Ed25519", "x": b64(public.public_bytes_raw())}
        numbers = public.public_numbers()
        if self.alg == "ES256":
            return {"kty": "EC", "crv": "P-256", "x": b64(_int(numbers.x, 32)), "y": b64(_int(numbers.y, 32))}  # fmt: skip
        return {"kty": "RSA", "n": b64(_int(numbers.n)), "e": b64(_int(numbers.e))}

    @property
    def cose(self) -> bytes:
        public = self.private.public_key()
        if self.alg == "Ed25519":
            return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})
        numbers = public.public_numbers()
        if self.alg == "ES256":
            return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: _int(numbers.x, 32), -3: _int(numbers.y, 32)})  # fmt: skip
        return cbor2.dumps({1: 3, 3: -257, -1: _int(numbers.n), -2: _int(numbers.e)})

    def client_data(self, kind: str, challenge: bytes) -> bytes:
        said = {"type": kind, "challenge": b64(challenge), "origin": self.origin, "crossOrigin": False}  # fmt: skip
        return json.dumps({**said, **self.client}, separators=(",", ":")).encode()

    def sign(self, data: bytes) -> bytes:
        if self.alg == "Ed25519":
            return bytes(self.private.sign(data))
        if self.alg == "ES256":
            return bytes(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return bytes(self.private.sign(data, padding.PKCS1v15(), hashes.SHA256()))

    def get(self, challenge: bytes) -> dict[str, str]:
        """An assertion, as `navigator.credentials.get` would answer it: base64url."""
        self.counter += 1
        head = hashlib.sha256(self.party.encode()).digest()
        head += bytes([self.flags]) + self.counter.to_bytes(4) + self.extra
        client = self.client_data("webauthn.get", challenge)
        signature = self.sign(head + hashlib.sha256(client).digest())
        return {"authenticatorData": b64(head), "clientDataJSON": b64(client), "signature": b64(signature)}  # fmt: skip

    def create(self, challenge: bytes) -> dict[str, Any]:
        """A new credential without attestation, as `navigator.credentials.create` would answer it."""
        head = hashlib.sha256(self.party.encode()).digest() + bytes([self.flags | 0x40]) + bytes(4)
        head += bytes(16) + len(self.id).to_bytes(2) + self.id + self.cose
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": head})
        return {
            "id": b64(self.id),
            "rawId": b64(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": b64(self.client_data("webauthn.create", challenge)),
                "attestationObject": b64(made),
                "transports": ["usb"],
            },
        }
