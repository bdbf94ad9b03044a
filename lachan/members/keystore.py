"""Private halves that the centre keeps, never in the clear.

Two wrappings, both AES-256-GCM with the key's name as associated data: under the data folder's own
key (members that the centre hosts, shift keys, authenticator secrets), and under an officer's signing
passphrase through Argon2id, which nobody at the centre can open without that passphrase.
"""

from __future__ import annotations

import base64
import json
import os

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from lachan.members.errors import KeyDamaged, PassphraseWrong
from lachan.members.vault import secret

# RFC 9106's second recommended option (3 passes, 64 MiB, 4 lanes); about 0.1 s on a server.
COST = (3, 65_536, 4)


def wrap_under_data_key(plain: bytes, name: str) -> str:
    """Wrap for the centre's own use; `name` binds it to its owner."""
    nonce = os.urandom(12)
    sealed = AESGCM(secret("wrap")).encrypt(nonce, plain, name.encode())
    return json.dumps({"form": "data", "nonce": _b64(nonce), "sealed": _b64(sealed)})


def unwrap_under_data_key(text: str, name: str) -> bytes:
    """Raises: KeyDamaged when the text or its owner was changed, or the data folder is another."""
    try:
        read = json.loads(text)
        return AESGCM(secret("wrap")).decrypt(
            _raw(read["nonce"]), _raw(read["sealed"]), name.encode()
        )
    except (ValueError, KeyError, TypeError, InvalidTag) as cause:
        raise KeyDamaged(name=name) from cause


def wrap_under_passphrase(plain: bytes, name: str, passphrase: str) -> str:
    """Wrap so that only who knows the passphrase can open it; the cost stands beside it."""
    salt, nonce = os.urandom(16), os.urandom(12)
    cost = dict(
        zip(("t", "m", "p"), getattr(settings, "LACHAN_PASSPHRASE_COST", COST), strict=True)
    )
    sealed = AESGCM(_stretch(passphrase, salt, cost)).encrypt(nonce, plain, name.encode())
    return json.dumps(
        {
            "form": "argon2id",
            "salt": _b64(salt),
            "nonce": _b64(nonce),
            "sealed": _b64(sealed),
            **cost,
        }
    )


def unwrap_under_passphrase(text: str, name: str, passphrase: str) -> bytes:
    """Raises: PassphraseWrong, KeyDamaged."""
    try:
        read = json.loads(text)
        cost = {one: int(read[one]) for one in ("t", "m", "p")}
        salt, nonce, sealed = (_raw(read[one]) for one in ("salt", "nonce", "sealed"))
    except (ValueError, KeyError, TypeError) as cause:
        raise KeyDamaged(name=name) from cause
    try:
        return AESGCM(_stretch(passphrase, salt, cost)).decrypt(nonce, sealed, name.encode())
    except InvalidTag as cause:
        raise PassphraseWrong from cause


def _stretch(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=cost["t"],
        memory_cost=cost["m"],
        parallelism=cost["p"],
        hash_len=32,
        type=Type.ID,
    )


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
