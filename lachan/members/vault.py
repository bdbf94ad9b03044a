"""Secrets of this deployment, each one file of the data folder: made once, readable by its owner only.

A secret never enters a log, a setting or the database.
"""

import os
import secrets
from pathlib import Path

from django.conf import settings

_BYTES = 32


def secret(name: str) -> bytes:
    """The 32 bytes called `name`, made at the first call. Two processes that race get the same bytes."""
    folder = Path(settings.LACHAN_DATA) / "keys"
    path = folder / f"{name}.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f".{name}.{os.getpid()}"
        draft.write_bytes(secrets.token_bytes(_BYTES))
        draft.chmod(0o600)
        try:
            os.link(
                draft, path
            )  # fails when another process was first; then its bytes are the secret
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
