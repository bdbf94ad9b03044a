"""Encryption of parts: JWE in general JSON form (RFC 7516 §7.2.1), `ECDH-ES+A256KW` (RFC 7518 §4.6) and `A256GCM`. Pure.

Agreement, derivation, wrapping and cipher are those of `cryptography`; the form is ours, since joserfc spends more on it
than on all four. The tests let joserfc open what is written here, and the other way round.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lachan.exchange.crypto import (
    Jwk,
    PrivateKey,
    b64decode,
    b64encode,
    kid_of,
    load_key,
    public_jwk,
)
from lachan.exchange.errors import Malformed
from lachan.exchange.strict_json import read_json
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError

_ALG = "ECDH-ES+A256KW"
_PROTECTED = b64encode(canonical({"enc": "A256GCM"}))
# RFC 7518 §4.6.2: AlgorithmID, no PartyUInfo, no PartyVInfo, the length of a 256-bit key.
_NAME = struct.pack(">I", len(_ALG)) + _ALG.encode()
_LENGTH = struct.pack(">I", 256)
_OTHER_INFO = _NAME + bytes(8) + _LENGTH
_TAG = 16  # bytes
_MAX_HEADER = 16_384


def encrypt(plaintext: bytes, keys: Sequence[PrivateKey | Jwk]) -> bytes:
    """One content for several readers, each named by its `kid`. keys: their encryption keys, X25519 or P-256.

    Raises: Malformed for another kind of key.
    """
    content, iv = AESGCM.generate_key(256), os.urandom(12)
    sealed = AESGCM(content).encrypt(iv, plaintext, _PROTECTED.encode())
    readers = dict(map(_reader, keys))  # one reader may be both
    return canonical(
        {
            "ciphertext": b64encode(sealed[:-_TAG]),
            "iv": b64encode(iv),
            "protected": _PROTECTED,
            "recipients": [_recipient(kid, key, content) for kid, key in readers.items()],
            "tag": b64encode(sealed[-_TAG:]),
        }
    )


_Public = X25519PublicKey | ec.EllipticCurvePublicKey


def _reader(key: PrivateKey | Jwk) -> tuple[str, _Public]:
    return _read(tuple(_public(key if isinstance(key, Mapping) else public_jwk(key)).items()))


@lru_cache(maxsize=4096)  # a member is written to again and again
def _read(jwk: tuple[tuple[str, str], ...]) -> tuple[str, _Public]:
    loaded = load_key(dict(jwk))
    public = loaded.public_key
    if not isinstance(public, X25519PublicKey | ec.EllipticCurvePublicKey):
        raise Malformed(why="a key that parts cannot be encrypted to")
    return kid_of(loaded), public


def _public(jwk: Jwk) -> dict[str, Any]:
    return {name: jwk[name] for name in ("kty", "crv", "x", "y") if name in jwk}


def _recipient(kid: str, key: _Public, content: bytes) -> dict[str, Any]:
    """A fresh ephemeral key for each reader, so that nothing links them but the content."""
    shared, shown = _agree(key)
    wrapping = ConcatKDFHash(SHA256(), 32, _OTHER_INFO).derive(shared)
    return {
        "encrypted_key": b64encode(aes_key_wrap(wrapping, content)),
        "header": {"alg": _ALG, "epk": shown, "kid": kid},
    }


def _agree(key: _Public) -> tuple[bytes, dict[str, str]]:
    """The shared secret, and the public half of the ephemeral key as a JWK."""
    if isinstance(key, X25519PublicKey):
        own = X25519PrivateKey.generate()
        x = own.public_key().public_bytes_raw()
        return own.exchange(key), {"crv": "X25519", "kty": "OKP", "x": b64encode(x)}
    curve = ec.generate_private_key(ec.SECP256R1())
    point = curve.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return curve.exchange(ec.ECDH(), key), {
        "crv": "P-256", "kty": "EC", "x": b64encode(point[1:33]), "y": b64encode(point[33:]),
    }  # fmt: skip


def decrypt(ciphertext: bytes, key: PrivateKey) -> bytes:
    """Open a JWE with one reader's private key. Raises: ValueError."""
    body = read_json(ciphertext, limit=len(ciphertext))
    if not isinstance(body, dict) or not isinstance(body.get("recipients"), list):
        raise ValueError("not a JWE in general JSON form")  # noqa: TRY004 - one kind of failure
    mine = [
        one
        for one in body["recipients"]
        if isinstance(one, dict)
        and isinstance(one.get("header"), dict)
        and one["header"].get("kid") == kid_of(key)
    ]
    if len(mine) != 1:
        raise ValueError("no recipient entry for this key")
    try:
        return _open(body, mine[0], key)
    except (
        LachanError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        InvalidUnwrap,
        InvalidTag,
    ) as cause:
        raise ValueError("cannot be opened") from cause


def _open(body: dict[str, Any], recipient: dict[str, Any], key: PrivateKey) -> bytes:
    protected = read_json(b64decode(body["protected"]), limit=_MAX_HEADER)
    headers = [protected, body.get("unprotected", {}), recipient["header"]]
    header = {name: value for one in headers for name, value in one.items()}
    if len(header) != sum(map(len, headers)):
        raise ValueError("a header parameter in two places")
    if (header["alg"], header["enc"]) != (_ALG, "A256GCM") or {"crit", "zip"} & set(header):
        raise ValueError("another algorithm, or an extension that is not understood")
    parties = b"".join(_counted(b64decode(header.get(name, ""))) for name in ("apu", "apv"))
    wrapping = ConcatKDFHash(SHA256(), 32, _NAME + parties + _LENGTH)
    content = aes_key_unwrap(
        wrapping.derive(_shared(key, header["epk"])), b64decode(recipient["encrypted_key"])
    )
    iv, tag = b64decode(body["iv"]), b64decode(body["tag"])
    if (len(content), len(iv), len(tag)) != (32, 12, _TAG):
        raise ValueError("a key, vector or tag of another length")
    read_with = body["protected"] + (f".{body['aad']}" if "aad" in body else "")
    return AESGCM(content).decrypt(iv, b64decode(body["ciphertext"]) + tag, read_with.encode())


def _shared(key: PrivateKey, shown: Jwk) -> bytes:
    """The secret agreed with an ephemeral key. Raises: ValueError, for one of another curve too."""
    own = key.private_key
    if isinstance(own, X25519PrivateKey) and shown["crv"] == "X25519":
        return own.exchange(X25519PublicKey.from_public_bytes(b64decode(shown["x"])))
    if isinstance(own, ec.EllipticCurvePrivateKey) and shown["crv"] == "P-256":
        point = b"\x04" + b64decode(shown["x"]) + b64decode(shown["y"])
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        return own.exchange(ec.ECDH(), theirs)
    raise ValueError("an ephemeral key of another curve")


def _counted(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data
