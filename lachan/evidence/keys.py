"""The log key's file in the data folder of the centre."""

import json
import os
from pathlib import Path

from django.conf import settings

from lachan.evidence.driver import once
from lachan.evidence.errors import LogKeyUnreadable
from lachan.evidence.signing import LogKey
from lachan.kernel.canonical import canonical

_read: dict[tuple[str, int, int], LogKey] = {}


def log_key_path() -> Path:
    return Path(settings.LACHAN_DATA) / "keys" / "log.jwk"


def log_key() -> LogKey:
    """The key that signs tree heads and receipts; made on first use.

    Raises: LogKeyUnreadable when the file is damaged: a new key would break the log's chain.
    """
    return once("log key", _log_key)


def _log_key() -> LogKey:
    name = (
        f"{settings.LACHAN_DATA}/keys/log.jwk"  # plain text: this is asked for with every receipt
    )
    try:
        status = os.stat(name)  # noqa: PTH116 - as above
    except FileNotFoundError:
        make_log_key(log_key_path())
        status = os.stat(name)  # noqa: PTH116
    version = (name, status.st_mtime_ns, status.st_ino)
    if version not in _read:
        try:
            _read[version] = LogKey.from_jwk(json.loads(log_key_path().read_bytes()))
        except (ValueError, KeyError, AttributeError) as cause:
            raise LogKeyUnreadable(path=log_key_path().name) from cause
    return _read[version]


def make_log_key(path: Path) -> None:
    """Write a new key for its owner's eyes only; keep the one that another process made first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(canonical(LogKey.new().jwk()))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)  # fails when the file exists; rename would replace it
    except FileExistsError:
        pass
    finally:
        draft.unlink()
