"""The bundle: a ZIP that is byte-identical whenever it is made from the same facts. Pure.

Entries are sorted, stored uncompressed (compressors differ between machines) and dated 1980-01-01.
`BUNDLE.json` lists the SHA-256 of every file under the log key's signature. What may be withheld
afterwards, parts and rows, is not bound to that list but to the commitments in the signed manifests:
whoever hands the bundle on can leave a part out without any key, and can alter nothing.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lachan.evidence.commitments import prove_row, split_rows
from lachan.evidence.errors import BundleUnreadable, CannotWithhold
from lachan.evidence.signing import BUNDLE, LogKey
from lachan.kernel.canonical import NotCanonical, canonical, parse_canonical

LIST = "BUNDLE.json"
VERSION = "lachan-bundle/1"
MAX_BYTES = 2 * 2**30  # all files together: a ZIP may claim to unpack to anything
MAX_FILES = 200_000
EPOCH = (1980, 1, 1, 0, 0, 0)

_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*(/[A-Za-z0-9_-][A-Za-z0-9._@-]*){0,4}", re.ASCII)
_PART = re.compile(r"(messages/[^/]+)/parts/([^/]+?)(\.salt|\.withheld)?", re.ASCII)
_ROWS = re.compile(r"(messages/[^/]+)/rows/([^/]+?)(\.jsonl|\.proof\.json)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle's files, path → bytes; `damaged` names members whose stored check sum is wrong."""

    files: Mapping[str, bytes]
    damaged: frozenset[str] = field(default=frozenset())


def seal_list(
    files: Mapping[str, bytes], *, case: str, as_of: str, hashes: Mapping[str, str], key: LogKey
) -> bytes:
    """`BUNDLE.json`: {"bundle": {v, case, as_of, files}, "jws": detached}, canonical."""
    body = {"as_of": as_of, "case": case, "files": dict(hashes), "v": VERSION}
    if not hashes.keys() <= files.keys():
        msg = "a hash of a file that is not there"
        raise ValueError(msg)
    head, _, signature = key.sign(canonical(body), typ=BUNDLE).split(".")
    return canonical({"bundle": body, "jws": f"{head}..{signature}"})


def write(files: Mapping[str, bytes]) -> bytes:
    """The ZIP of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = (0o755 if path.endswith(".sh") else 0o644) << 16
            archive.writestr(entry, files[path])
    return out.getvalue()


def read(data: bytes) -> Bundle:
    """Read a bundle, damaged members included.

    Raises: BundleUnreadable, for what is no ZIP, has a file twice, an unsafe path or no BUNDLE.json.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as cause:
        raise BundleUnreadable(
            why_vi="không phải tệp ZIP nguyên vẹn", why="not an intact ZIP"
        ) from cause


def _read(archive: zipfile.ZipFile) -> Bundle:
    members = [one for one in archive.infolist() if not one.is_dir() or one.file_size]
    names = [member.filename for member in members]
    if len(names) != len(set(names)) or any(_PATH.fullmatch(name) is None for name in names):
        raise BundleUnreadable(
            why_vi="có tệp trùng tên hoặc đường dẫn lạ", why="a file twice, or an unsafe path"
        )
    if len(names) > MAX_FILES or sum(member.file_size for member in members) > MAX_BYTES:
        raise BundleUnreadable(why_vi="quá lớn", why="too large")
    if LIST not in names:
        raise BundleUnreadable(why_vi=f"thiếu {LIST}", why=f"{LIST} is missing")
    files: dict[str, bytes] = {}
    damaged: set[str] = set()
    for member in members:
        try:
            files[member.filename] = archive.read(member)
        except (zipfile.BadZipFile, zlib.error):
            files[member.filename] = b""
            damaged.add(member.filename)
    return Bundle(files, frozenset(damaged))


def container_fault(data: bytes, files: Mapping[str, bytes]) -> str | None:
    """Where the ZIP differs from the one spelling of its files: a member's path, or `ZIP` for its own tables.

    Headers and tables hold nothing that is signed; a bundle has one spelling, so that no byte of it may be turned.
    """
    right = write(files)
    if right == data:
        return None
    at = next(
        (n for n, pair in enumerate(zip(right, data, strict=False)) if pair[0] != pair[1]),
        len(right),
    )
    with zipfile.ZipFile(io.BytesIO(right)) as archive:
        starts = [(one.header_offset, one.filename) for one in archive.infolist()]
        if at >= archive.start_dir:
            return "ZIP"
    return max(one for one in starts if one[0] <= at)[1]


def is_withholdable(path: str) -> bool:
    """A file that the redaction rule lets be absent."""
    return _PART.fullmatch(path) is not None or _ROWS.fullmatch(path) is not None


def is_bound_by_commitment(path: str) -> bool:
    """A file that is made when something is withheld, so that no list made before can name it."""
    part = _PART.fullmatch(path)
    return _ROWS.fullmatch(path) is not None or (part is not None and part[3] == ".withheld")


def marker(name: str, commit: str) -> bytes:
    """What stands in place of a withheld part: its commitment."""
    return canonical({"commit": commit, "name": name, "withheld": True})


def withhold(
    files: Mapping[str, bytes], paths: Iterable[str], *, keep_rows: Mapping[str, Iterable[int]] = {}
) -> dict[str, bytes]:
    """The same bundle without these parts (`messages/…/parts/<name>`); needs no key.

    keep_rows: for a part in form `rows`, the row numbers that stay, each with its own proof.
    Raises: CannotWithhold, for anything that is not a part of this bundle.
    """
    left = dict(files)
    for path in paths:
        found = _PART.fullmatch(path)
        if found is None or found[3] or path not in left:
            raise CannotWithhold(path=path)
        folder, name = found[1], found[2]
        part = part_of(left, folder, name)
        if part is None:
            raise CannotWithhold(path=path)
        content, salt = left.pop(path), left.pop(f"{path}.salt", b"")
        left[f"{path}.withheld"] = marker(name, str(part["commit"]))
        kept = sorted(set(keep_rows.get(path, ())))
        if kept:
            if part.get("form") != "rows":
                raise CannotWithhold(path=path)
            left.update(_rows(f"{folder}/rows/{name}", salt, split_rows(content), kept))
    return left


def part_of(files: Mapping[str, bytes], folder: str, name: str) -> dict[str, Any] | None:
    """The manifest's row of a part, or None when the manifest names no such part or is unreadable."""
    return next((part for part in parts_of(files, folder) if part.get("name") == name), None)


def parts_of(files: Mapping[str, bytes], folder: str) -> list[dict[str, Any]]:
    """The manifest's rows about parts; empty when the manifest is unreadable (V4 says so)."""
    try:
        manifest = parse_canonical(files.get(f"{folder}/manifest.json", b""))
    except NotCanonical:
        return []
    parts = manifest.get("parts") if isinstance(manifest, dict) else None
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _rows(path: str, salt: bytes, rows: list[bytes], kept: list[int]) -> dict[str, bytes]:
    try:
        proofs = [prove_row(salt, rows, i) for i in kept]
    except IndexError as cause:
        raise CannotWithhold(path=path) from cause
    shown = [
        {"i": one.i, "path": [step.hex() for step in one.path], "salt": one.salt.hex()}
        for one in proofs
    ]
    return {
        f"{path}.jsonl": b"".join(rows[i] + b"\n" for i in kept),
        f"{path}.proof.json": canonical({"rows": shown, "size": len(rows)}),
    }
