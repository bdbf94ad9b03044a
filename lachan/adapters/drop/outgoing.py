"""What leaves for a member that is not connected: files of its folder `out/`, each put there exactly once.

    <root>/vn-telecom-mot/out/…        what the member's courier takes away
                         /in/…         what it brings (incoming.py)
                         /.staged/<n>/ complete files that are not due yet

A delivery is staged (written whole, flushed to the disk), then remembered as done by the caller, then published. Publishing
renames, and a renamed file is no longer staged: whatever is interrupted is repeated, nothing appears twice or half.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from lachan.members.directory_rows import is_address

FOLDER_MODE = 0o700
FILE_MODE = 0o600


class Outgoing:
    """The folders of all members under one root."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stage(self, member: str, delivery: int, files: Mapping[str, bytes]) -> None:
        """Write the files of one delivery where nobody takes them yet; again the same is the same."""
        folder = self._staged(member) / str(delivery)
        if folder.exists():  # from a turn that ended before it was remembered
            shutil.rmtree(folder)
        _make(folder)
        for name, data in files.items():
            _write(folder / name, data)
        _flush(folder)
        _flush(folder.parent)

    def staged(self, member: str) -> Iterator[int]:
        """The deliveries that wait to be published, oldest first."""
        folder = self._staged(member)
        names = [one.name for one in folder.iterdir()] if folder.is_dir() else []
        yield from sorted(int(name) for name in names if name.isdecimal())

    def publish(self, member: str, delivery: int) -> None:
        """Move the files of a delivery into `out/`; what was moved before stays moved."""
        folder, out = self._staged(member) / str(delivery), member_folder(self.root, member) / "out"
        _make(out)
        for one in sorted(folder.iterdir()):
            one.rename(out / one.name)
        _flush(out)
        folder.rmdir()

    def _staged(self, member: str) -> Path:
        return member_folder(self.root, member) / ".staged"


def member_folder(root: Path, member: str) -> Path:
    """`<root>/vn-telecom-mot`. Raises: ValueError for what is no address, so that no name leads out of the root."""
    if not is_address(member):
        raise ValueError(member)
    return root / member.replace("/", "-")


def put_whole(folder: Path, name: str, data: bytes) -> None:
    """One file that appears complete or not at all."""
    _make(folder)
    draft = folder / f".{name}.part"
    _write(draft, data)
    draft.rename(folder / name)
    _flush(folder)


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """The names in a folder, onto the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
