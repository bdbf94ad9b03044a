"""The anchor of a deployment: its keys and thresholds, signed by two of three offline root keys. Pure (protocol §1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from lachan.exchange.crypto import Jws, PrivateKey, kid_of, sign, verify
from lachan.exchange.errors import DirectoryRollback, Malformed
from lachan.exchange.signer_errors import SignatureBad
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire
from lachan.members.directory_rows import ReadRow, Row

ROOT = "lachan-root+jws"


class RootKey(Row, frozen=True, kw_only=True):
    kid: str
    jwk: dict[str, str]


class RootBody(Row, frozen=True, kw_only=True):
    v: str
    country: str
    version: int
    issued_at: str
    valid_to: str
    threshold: int
    root_keys: tuple[RootKey, ...]
    directory_keys: tuple[RootKey, ...]
    log_keys: tuple[RootKey, ...]


@dataclass(frozen=True, slots=True)
class Root:
    """The offline anchor: keys and thresholds, delivered out of band."""

    body: bytes
    signatures: tuple[str, ...]
    country: str
    version: int
    threshold: int
    root_keys: Mapping[str, dict[str, str]]
    directory_keys: Mapping[str, dict[str, str]]
    log_keys: Mapping[str, dict[str, str]]

    @classmethod
    def from_bytes(
        cls, body: bytes, signatures: Sequence[str], *, trusted: Root | None = None
    ) -> Root:
        """Read a root; `trusted` is the one held so far: a new one needs its threshold too.

        Raises: Malformed, SignatureBad, DirectoryRollback.
        """
        read = decode_body(body, RootBody)
        keys = _keys(read.root_keys)
        root = cls(
            body=body,
            signatures=tuple(signatures),
            country=read.country,
            version=read.version,
            threshold=read.threshold,
            root_keys=keys,
            directory_keys=_keys(read.directory_keys),
            log_keys=_keys(read.log_keys),
        )
        if read.v != "lachan-root/1" or not 1 <= read.threshold <= len(keys):
            raise Malformed(why="a root whose threshold its keys cannot reach")
        root.require(body, signatures, typ=ROOT)
        if trusted is not None and trusted.body != body:
            if root.version <= trusted.version:
                raise DirectoryRollback(got=root.version, seen=trusted.version)
            trusted.require(body, signatures, typ=ROOT)
        return root

    def require(self, payload: bytes, signatures: Sequence[str], *, typ: str) -> None:
        """At least `threshold` distinct root keys signed it. Raises: SignatureBad."""
        good = {
            kid for text in signatures if (kid := signer_of(text, payload, self.root_keys, typ))
        }
        if len(good) < self.threshold:
            raise SignatureBad.because(f"{len(good)} of {self.threshold} root signatures")

    def to_json(self) -> dict[str, Any]:
        """`root.json`: body text and signatures."""
        return {"root": self.body.decode(), "signatures": list(self.signatures)}

    @classmethod
    def from_json(cls, file: Mapping[str, Any], *, trusted: Root | None = None) -> Root:
        """Read `root.json`. Raises: as from_bytes."""
        try:
            return cls.from_bytes(
                str(file["root"]).encode(), [str(s) for s in file["signatures"]], trusted=trusted
            )
        except (KeyError, TypeError) as cause:
            raise Malformed(why="not a root file") from cause


def make_root(
    root_keys: Sequence[PrivateKey],
    *,
    directory_keys: Sequence[Mapping[str, Any]],
    log_keys: Sequence[Mapping[str, Any]],
    country: str,
    issued_at: datetime,
    version: int = 1,
    threshold: int = 2,
    years: int = 5,
) -> Root:
    """Sign a root with all given root keys; public JWKs of the directory and log keys go in."""
    body = canonical(
        {
            "v": "lachan-root/1",
            "country": country,
            "version": version,
            "issued_at": to_wire(issued_at),
            "valid_to": to_wire(issued_at + timedelta(days=365 * years)),
            "threshold": threshold,
            "root_keys": [root_key(key.as_dict(private=False)) for key in root_keys],
            "directory_keys": [root_key(jwk) for jwk in directory_keys],
            "log_keys": [root_key(jwk) for jwk in log_keys],
        }
    )
    return Root.from_bytes(body, [sign(body, key, typ=ROOT).text for key in root_keys])


def root_key(jwk: Mapping[str, Any]) -> dict[str, Any]:
    public = {name: jwk[name] for name in ("kty", "crv", "x", "y") if name in jwk}
    return {"kid": kid_of(public), "jwk": public}


def _keys(rows: Sequence[RootKey]) -> dict[str, dict[str, str]]:
    if any(kid_of(row.jwk) != row.kid for row in rows):
        raise Malformed(why="a kid that is not its key's thumbprint")
    return {row.kid: row.jwk for row in rows}


def signer_of(
    text: str, payload: bytes, keys: Mapping[str, Mapping[str, str]], typ: str
) -> str | None:
    """The kid among `keys` that signed it, or nothing."""
    try:
        kid = str(Jws.parse(text).header.get("kid"))
    except LachanError:
        return None
    jwk = keys.get(kid)
    if jwk is None:
        return None
    return kid if good_signature(text, payload, tuple(sorted(jwk.items())), typ) else None


@lru_cache(maxsize=16_384)  # rows live through thousands of versions; each is checked once
def good_signature(text: str, payload: bytes, jwk: tuple[tuple[str, str], ...], typ: str) -> bool:
    try:
        verify(Jws.parse(text), payload, dict(jwk), typ=typ)
    except LachanError:
        return False
    return True


def decode_body(body: bytes, kind: type[ReadRow]) -> ReadRow:
    try:
        return msgspec.convert(parse_canonical(body), kind)
    except msgspec.ValidationError as cause:
        raise Malformed(why=str(cause)) from cause
