"""The signed directory: built of rows, chained, published. And the deployment's own anchor.

`root.json` stands in the data folder and goes to members out of band; the root's private keys lie in
offline safes. The directory key is a file of the data folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from lachan.evidence import services as evidence
from lachan.evidence.driver import forget, once, query
from lachan.evidence.keys import log_key
from lachan.exchange.crypto import PrivateKey, load_key, new_sign_key, private_jwk, public_jwk
from lachan.kernel.canonical import canonical
from lachan.kernel.time import Clock, to_wire
from lachan.members.directory import Directory, build_directory
from lachan.members.directory_rows import (
    Agreement,
    KeyRow,
    MemberRow,
    OfficerRow,
    Revocation,
    UnitRow,
)
from lachan.members.enrolment import Safe
from lachan.members.errors import NoKey
from lachan.members.models.keys import Key
from lachan.members.models.published import DirectoryVersion
from lachan.members.root import Root, make_root
from lachan.members.rows import published

_REASON = "the directory is one file for everybody"
_T = TypeVar("_T")
CENTRE = "centre"  # who the log says published
_CURRENT = "members.current_directory"


def make_deployment(safe: Safe, *, clock: Clock, country: str = "vn") -> Root:
    """The first root: three keys in the safe, two of which must sign; directory and log keys in the data folder.

    A root that is there already is kept.
    """
    path = _root_path()
    if not path.exists():
        _write_new(_directory_key_path(), json.dumps(private_jwk(new_sign_key())))
        root = make_root(
            safe.root_keys(),
            directory_keys=[public_jwk(directory_key())],
            log_keys=[log_key().public_jwk()],
            country=country,
            issued_at=clock.now(),
        )
        _write_new(path, canonical(root.to_json()).decode())
    return deployment_root()


def deployment_root() -> Root:
    """The anchor of this deployment. Raises: NoKey when it was never made."""
    return once("root", _root)


def _root() -> Root:
    name = f"{settings.LACHAN_DATA}/root.json"  # plain text: this is asked for in every transaction
    try:
        status = os.stat(name)  # noqa: PTH116 - as above
    except FileNotFoundError as cause:
        raise NoKey(holder=CENTRE, use="root") from cause
    return _read_root(name, status.st_mtime_ns)


def directory_key() -> PrivateKey:
    """The key that signs directories. Raises: NoKey."""
    path = _directory_key_path()
    if not path.exists():
        raise NoKey(holder=CENTRE, use="directory")
    return load_key(json.loads(path.read_text(encoding="utf-8")))


def publish_directory(
    *,
    clock: Clock,
    mandates_hash: str | None = None,
    calendar_hash: str | None = None,
    kinds_hash: str | None = None,
    never_block_hash: str | None = None,
    agreements: Sequence[Agreement] | None = None,
) -> Directory:
    """Build, chain, sign and store the next version from the rows as they stand; call it inside a verb.

    A hash or list that is not given stays as in the version before (empty in the first).
    """
    now = clock.now()
    versions = DirectoryVersion.objects.unscoped(reason=_REASON)
    # Whoever publishes holds the first row: two at once would give two directories one number.
    versions.select_for_update().filter(version=1).first()
    newest = versions.order_by("-version").first()
    root = deployment_root()
    before = None if newest is None else _read(root, newest)
    directory = build_directory(
        directory_key(),
        root=root,
        version=1 if before is None else before.version + 1,
        prev_hash=None if before is None else before.hash,
        issued_at=now,
        members=published("member", MemberRow),
        units=published("unit", UnitRow),
        officers=published("officer", OfficerRow),
        keys=published("key", KeyRow),
        revocations=_revocations(),
        agreements=_kept(agreements, () if before is None else before.read.agreements),
        mandates_hash=_kept(mandates_hash, "" if before is None else before.read.mandates_hash),
        calendar_hash=_kept(calendar_hash, "" if before is None else before.read.calendar_hash),
        kinds_hash=_kept(kinds_hash, "" if before is None else before.read.kinds_hash),
        never_block_hash=never_block_hash
        if never_block_hash is not None or before is None
        else before.read.never_block_hash,
    )
    DirectoryVersion.objects.create(
        version=directory.version,
        body=directory.body,
        jws=directory.jws,
        hash=directory.hash,
        issued_at=now,
    )
    forget(_CURRENT)
    evidence.append(
        "directory", CENTRE, now, code=f"v{directory.version}", extra_hash=directory.hash
    )
    return directory


def current_directory() -> Directory:
    """The newest version, read and checked (kept in memory by its hash). Raises: NoKey before the first.

    One transaction is judged by one version: it is asked for once in each.
    """
    return once(_CURRENT, _newest)


def _newest() -> Directory:
    rows = query(_NEWEST, [])
    if not rows:
        raise NoKey(holder=CENTRE, use="directory")
    return directory_version(*rows[0])


_NEWEST = "SELECT version, hash FROM members_directory ORDER BY version DESC LIMIT 1"


def directory_version(version: int, hash_: str | None = None) -> Directory:
    """A version by its number. Raises: NoKey when there is none."""
    root = deployment_root()
    kept = _CHECKED.get((root.body, version, hash_ or ""))
    if kept is not None:
        return kept
    row = DirectoryVersion.objects.unscoped(reason=_REASON).filter(version=version).first()
    if row is None:
        raise NoKey(holder=CENTRE, use="directory")
    read = _read(root, row)
    if len(_CHECKED) > 8:  # noqa: PLR2004 - the newest and a few that bundles ask for
        _CHECKED.clear()
    _CHECKED[(root.body, version, row.hash)] = read
    return read


_CHECKED: dict[tuple[bytes, int, str], Directory] = {}


def _read(root: Root, row: DirectoryVersion) -> Directory:
    return Directory.from_bytes(root, bytes(row.body), row.jws)


def _kept(given: _T | None, before: _T) -> _T:
    return before if given is None else given


def _revocations() -> list[Revocation]:
    rows = Key.objects.unscoped(reason=_REASON).exclude(revoked_from=None).order_by("kid")
    return [
        Revocation(kid=row.kid, revoked_from=to_wire(row.revoked_from), reason=row.reason)
        for row in rows
        if row.revoked_from is not None
    ]


@lru_cache(maxsize=2)
def _read_root(path: str, _changed: int) -> Root:
    return Root.from_json(json.loads(Path(path).read_text(encoding="utf-8")))


def _root_path() -> Path:
    return Path(settings.LACHAN_DATA) / "root.json"


def _directory_key_path() -> Path:
    return Path(settings.LACHAN_DATA) / "keys" / "directory.jwk"


def _write_new(path: Path, text: str) -> None:
    """Never over an existing file: a lost directory key cannot be had back."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
