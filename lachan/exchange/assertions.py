"""An officer's approval by a security key: one assertion over every message of a sheet. Pure (protocol §4).

The key signs authenticatorData ‖ SHA-256(clientDataJSON) (Web Authentication Level 2, §7.2). The client data
names a challenge, the challenge commits to `context`, `context.root` commits to the H of every message of the
sheet (RFC 9162), and `proof` shows one H under it. The tree does not commit to its own size, so the context does
too: else a proof for 3 leaves would also pass as one for 4. Nothing here needs a network: which relying party and
origin are right stands in the key's row, under the agency's enrolment signature.

The signature counter is not looked at: it tells of a copied key only where one server sees every use, and keys that
are synchronised always send 0.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from lachan.evidence import tree
from lachan.exchange.acts import FIELDS, Signed
from lachan.exchange.crypto import Jwk, b64decode, b64encode, load_key, rsa_public_key
from lachan.exchange.errors import Malformed
from lachan.exchange.signer_errors import SignatureBad
from lachan.exchange.strict_json import read_json
from lachan.kernel.canonical import canonical
from lachan.members.directory_rows import RelyingParty

TAG = b"lachan-approval/1"
MAX_SHEET = 65_536  # messages under one signature
_MAX_CLIENT_DATA = 4096
_MAX_SIGNATURE = 1024  # RSA of 8,192 bits
_MAX_PATH = 17  # steps in a tree of MAX_SHEET leaves
_AUTHENTICATOR_DATA = 37  # hash of the relying party, flags, counter; no extension is asked for
_USER_PRESENT, _USER_VERIFIED = 0x01, 0x04
_ATTESTED, _EXTENDED = 0x40, 0x80
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MEMBERS = frozenset({"context", "authenticatorData", "clientDataJSON", "signature", "proof"})


@dataclass(frozen=True)
class Proof:
    """That a message is one of the sheet: its place, how many there are, the hashes beside its way to the root."""

    index: int
    size: int
    path: tuple[bytes, ...]

    def to_json(self) -> dict[str, Any]:
        return {"index": self.index, "size": self.size, "path": [one.hex() for one in self.path]}

    @classmethod
    def from_json(cls, data: object) -> Proof:
        """Raises: Malformed."""
        if not isinstance(data, dict) or set(data) != {"index", "size", "path"}:
            raise Malformed(why="a proof has index, size and path")
        index, size, path = data["index"], data["size"], data["path"]
        if type(index) is not int or type(size) is not int or not 0 <= index < size <= MAX_SHEET:
            raise Malformed(why="a proof of a place that is not on the sheet")
        if not isinstance(path, list) or len(path) > _MAX_PATH:
            raise Malformed(why="a proof whose path is none")
        if not all(isinstance(one, str) and _HASH.fullmatch(one) for one in path):
            raise Malformed(why="a proof whose path is no hashes")
        return cls(index, size, tuple(bytes.fromhex(one) for one in path))


@dataclass(frozen=True)
class AssertionApproval(Signed):
    """An officer's approval (form `webauthn`): a security key's assertion over the sheet of this message."""

    context: Mapping[str, Any]
    authenticator_data: bytes
    client_data: bytes
    signature: bytes
    proof: Proof

    form = "webauthn"

    @property
    def header(self) -> Mapping[str, Any]:
        return self.context

    @property
    def digest(self) -> str:
        """SHA-256 of the signature bytes, hex: what the seal lists."""
        return hashlib.sha256(self.signature).hexdigest()

    @property
    def signing_input(self) -> bytes:
        """What the security key signed: authenticatorData ‖ SHA-256(clientDataJSON)."""
        return self.authenticator_data + hashlib.sha256(self.client_data).digest()

    def to_json(self) -> dict[str, Any]:
        return {
            "context": dict(self.context),
            "authenticatorData": b64encode(self.authenticator_data),
            "clientDataJSON": b64encode(self.client_data),
            "signature": b64encode(self.signature),
            "proof": self.proof.to_json(),
        }

    @classmethod
    def from_json(cls, data: object) -> AssertionApproval:
        """Raises: Malformed."""
        if not isinstance(data, dict) or set(data) != _MEMBERS:
            raise Malformed(why="an approval that is no assertion")
        context = data["context"]
        if not isinstance(context, dict) or set(context) != {*FIELDS, "root", "size"}:
            raise Malformed(why="an assertion whose context says less or more than it must")
        if not isinstance(context["root"], str) or not _HASH.fullmatch(context["root"]):
            raise Malformed(why="an assertion over no root")
        one = cls(
            context=context,
            authenticator_data=_bytes(data["authenticatorData"], _AUTHENTICATOR_DATA),
            client_data=_bytes(data["clientDataJSON"], _MAX_CLIENT_DATA),
            signature=_bytes(data["signature"], _MAX_SIGNATURE),
            proof=Proof.from_json(data["proof"]),
        )
        one.ensure_says_who()
        if type(context["size"]) is not int or context["size"] != one.proof.size:
            raise Malformed(why="a proof of another size than the context's")
        return one

    def check(self, manifest: bytes, jwk: Jwk, party: RelyingParty | None) -> None:
        """That the security key of `jwk` signed this message, for this relying party, its user verified.

        Raises: SignatureBad, for every cause alike (the detail goes to the log); Malformed.
        """
        if party is None:
            raise SignatureBad.because("an assertion by a key that is no security key")
        leaf = tree.leaf_hash(hashlib.sha256(manifest).digest())
        if not tree.inclusion_holds(
            leaf, idx=self.proof.index, size=self.proof.size, path=self.proof.path,
            head=bytes.fromhex(self.context["root"]),
        ):  # fmt: skip
            raise SignatureBad.because("the message is not under the root that was signed")
        _check_client(self.client_data, challenge(self.context), party.origin)
        _check_authenticator(self.authenticator_data, party.id)
        if not _verifies(self.signing_input, self.signature, jwk):
            raise SignatureBad.because("assertion does not verify")


def challenge(context: Mapping[str, Any]) -> bytes:
    """What the security key is asked to sign: SHA-256("lachan-approval/1" ‖ 0x00 ‖ canonical context)."""
    return hashlib.sha256(TAG + b"\0" + canonical(dict(context))).digest()


def sheet_context(
    hashes_: Sequence[str], *, kid: str, officer: str, role: str, unit: str, act: str, at: str
) -> dict[str, Any]:
    """The context of one signature over the messages H1, H2, … of a sheet, in its order. at: wire time."""
    return {
        "kid": kid, "officer": officer, "role": role, "unit": unit, "act": act, "at": at,
        "root": tree.root_of(_leaves(hashes_)).hex(), "size": len(hashes_),
    }  # fmt: skip


def sheet_proofs(hashes_: Sequence[str]) -> list[Proof]:
    """The proof of each message of a sheet, in its order."""
    leaves = _leaves(hashes_)
    nodes = {(level, i): found for level, i, found in tree.grow(0, leaves, ())}
    size = len(leaves)
    return [
        Proof(i, size, tuple(tree.inclusion(i, size, lambda level, at: nodes[level, at])))
        for i in range(size)
    ]


def _leaves(hashes_: Sequence[str]) -> list[bytes]:
    return [tree.leaf_hash(bytes.fromhex(h)) for h in hashes_]


def _bytes(text: object, limit: int) -> bytes:
    if not isinstance(text, str) or len(text) > 4 * limit:
        raise Malformed(why="an assertion with a part that is no text, or too long")
    data = b64decode(text)
    if len(data) > limit:
        raise Malformed(why="an assertion with a part that is too long")
    return data


def _check_client(data: bytes, expected: bytes, origin: str) -> None:
    """Browsers may add members of their own (Level 2, §5.8.1), so only those that matter are held against."""
    said = read_json(data, limit=_MAX_CLIENT_DATA, depth=4)
    if not isinstance(said, dict):
        raise Malformed(why="client data that is no object")
    if said.get("type") != "webauthn.get" or said.get("challenge") != b64encode(expected):
        raise SignatureBad.because("client data of another ceremony")
    if said.get("origin") != origin:
        raise SignatureBad.because(f"origin {said.get('origin')!r}")
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        raise SignatureBad.because("signed inside another site's frame")


def _check_authenticator(data: bytes, relying_party: str) -> None:
    if len(data) != _AUTHENTICATOR_DATA or data[32] & (_ATTESTED | _EXTENDED):
        raise SignatureBad.because("authenticator data of another form")
    if data[:32] != hashlib.sha256(relying_party.encode()).digest():
        raise SignatureBad.because("another relying party")
    if not data[32] & _USER_PRESENT or not data[32] & _USER_VERIFIED:
        raise SignatureBad.because("user not present or not verified")


def _verifies(signed: bytes, signature: bytes, jwk: Jwk) -> bool:
    key: Any = rsa_public_key(jwk) if jwk.get("kty") == "RSA" else load_key(jwk).public_key
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, signed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1":
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True
