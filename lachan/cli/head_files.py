"""Heads, keys, proofs and states of `lachan evidence witness` and `compare`, as files or from a centre."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from lachan.cli.evidence import FileUnreadable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from lachan.adapters.centre_log import CentreLog
    from lachan.evidence.heads import SignedHead
    from lachan.evidence.signing import LogKey


def write_whole(path: Path, value: dict[str, Any]) -> None:
    """Whole or not at all."""
    from lachan.kernel.canonical import canonical

    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(canonical(value))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as cause:
        raise FileUnreadable(field=str(path), path=str(path), why=type(cause).__name__) from cause


def head_text(place: str, own: "LogKey | None", tls: Path | None) -> str:
    """A head as compact JWS, from a centre or a file: the JWS itself, or JSON {sth} or {head}."""
    if is_url(place):
        return log_at(place, own, tls).head()
    text = read_bytes(Path(place)).decode("utf-8", errors="replace").strip()
    if not text.startswith("{"):
        return text
    try:
        given = json.loads(text)
        return str(given.get("sth") or given["head"])
    except (ValueError, KeyError, RecursionError) as cause:
        raise FileUnreadable(field=place, path=place, why="JSON {sth}") from cause


def path_between(
    found: "list[SignedHead]",
    urls: list[str],
    proof: Path | None,
    own: "LogKey | None",
    tls: Path | None,
) -> tuple[bytes, ...]:
    """The proof between the two: the given file's, else from the centre that is named. Raises: ProofNeeded."""
    from lachan.evidence.errors import ProofNeeded
    from lachan.evidence.watching import proof_between

    small, large = sorted(each.head.size for each in found)
    if proof is not None:
        try:
            return tuple(bytes.fromhex(step) for step in json.loads(read_bytes(proof))["path"])
        except (ValueError, KeyError, TypeError, RecursionError) as cause:
            raise FileUnreadable(field=str(proof), path=str(proof), why="JSON {path}") from cause
    for url in reversed(urls):
        path = proof_between(log_at(url, own, tls), found[0].head, found[1].head)
        if path or small in {0, large}:
            return path
    if small in {0, large} or urls:
        return ()
    raise ProofNeeded(small=small, large=large)


def log_at(url: str, own: "LogKey | None", tls: Path | None) -> "CentreLog":
    from lachan.adapters.centre_log import CentreLog
    from lachan.kernel.time import clock_from_env

    if own is None:
        raise typer.BadParameter(f"--key: {url}")
    return CentreLog(url, own, tls=tls, clock=clock_from_env())


def log_keys_of(anchor: Path) -> "dict[str, Ed25519PublicKey]":
    from lachan.evidence.verify_files import log_keys

    keys = log_keys({"anchor/root.json": read_bytes(anchor)})
    if not keys:
        raise FileUnreadable(field=str(anchor), path=str(anchor), why="root.json")
    return keys


def read_key(path: Path) -> "LogKey":
    from lachan.evidence.signing import LogKey

    try:
        return LogKey.from_jwk(json.loads(read_bytes(path)))
    except (ValueError, AttributeError, TypeError) as cause:
        raise FileUnreadable(field=str(path), path=str(path), why="JWK Ed25519") from cause


def is_url(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        raise FileUnreadable(field=str(path), path=str(path), why=type(cause).__name__) from cause
