"""What a member that is not connected brings: files of its folder `in/`, each hostile until it is read.

A name is only compared, never followed: files are opened beneath the folder's own handle, without links, and must be
plain, of one name, within the limit, and at rest. What is taken is kept in `.taken/`, what is not goes back to
`out/tra-lai/` with its reasons beside it. Both are repeatable after a cut at any moment.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lachan.adapters.drop.errors import DropFileTooLarge, DropFileUnfit
from lachan.adapters.drop.outgoing import FOLDER_MODE, member_folder, put_whole
from lachan.kernel.codes import ALPHABET
from lachan.kernel.errors import LachanError

MAX_BYTES = 10 * 2**20
MOST_FILES = 500  # looked at in one turn
QUIET_SECONDS = 10.0  # unchanged for so long: it has arrived
_ARRIVING = (".part", ".tmp", ".crdownload")
_NAME = re.compile(
    rf"(LC1-[0-9]{{1,15}}-[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}})(?:\.(csv|xlsx|json)|-quet\.(pdf|jpg|png))"
)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Brought:
    """One file at rest, not read yet. `code` and `form` (csv, xlsx, json, scan) from its name; `error` when it is unfit."""

    name: str
    mark: str  # tells it from another file of the same name
    code: str = ""
    form: str = ""
    error: LachanError | None = None


class Incoming:
    """The folders of all members under one root."""

    def __init__(self, root: Path, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        self.root, self.quiet_seconds = root, quiet_seconds

    def files(self, member: str) -> list[Brought]:
        """What lies in `in/`, by name; what still arrives and what is no file is left alone."""
        folder = member_folder(self.root, member) / "in"
        folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        with _opened(folder) as handle:
            names = sorted(os.listdir(handle))[:MOST_FILES]  # noqa: PTH208 - by its handle
            return list(self._look(handle, names))

    def read(self, member: str, one: Brought) -> bytes:
        """Its bytes; looked at again, since a file may have been exchanged. Raises: DropFileTooLarge, DropFileUnfit."""
        with _opened(member_folder(self.root, member) / "in") as handle:
            try:
                return _bytes(handle, one.name)
            except OSError as cause:
                right = f"a readable file / một tệp đọc được ({type(cause).__name__})"
                raise DropFileUnfit(right=right) from cause

    def keep(self, member: str, one: Brought) -> None:
        """Out of the way of the next turn, for the file."""
        self._move(member, one, ".taken")

    def give_back(self, member: str, one: Brought, error: LachanError) -> None:
        """To the member, with what is wrong and what would be right beside it."""
        back = member_folder(self.root, member) / "out" / "tra-lai"
        reasons = (
            f"{one.name!r}\n\n{error.message('vi')}\n\n{error.message('en')}\n\n{error.code}\n"
        )
        put_whole(back, f"{_kept_name(one)}.ly-do.txt", reasons.encode("utf-8", "replace"))
        self._move(member, one, "out/tra-lai")

    def _look(self, handle: int, names: list[str]) -> Iterator[Brought]:
        for name in names:
            if name.startswith(".") or name.lower().endswith(_ARRIVING):
                continue
            told = os.stat(name, dir_fd=handle, follow_symlinks=False)
            mark = f"{told.st_size}-{told.st_mtime_ns}"
            if stat.S_ISLNK(told.st_mode):
                yield Brought(
                    name, mark, error=DropFileUnfit(right="a plain file / một tệp thường")
                )
            elif stat.S_ISREG(told.st_mode) and time.time() - told.st_mtime >= self.quiet_seconds:
                yield _brought(name, mark, told)

    def _move(self, member: str, one: Brought, where: str) -> None:
        home = member_folder(self.root, member)
        (home / where).mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        source = home / "in" / one.name
        if source.is_symlink():
            source.unlink()  # the link alone; where it leads is nobody's reply
        elif source.exists():
            source.rename(home / where / _kept_name(one))


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """A folder's handle, beneath which names are opened."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield handle
    finally:
        os.close(handle)


def _brought(name: str, mark: str, told: os.stat_result) -> Brought:
    named = _NAME.fullmatch(name)
    if named is None:
        return Brought(name, mark, error=DropFileUnfit(right="LC1-4182-XXXXX-XXXXX.csv"))
    try:
        _ensure_fit(told)
    except LachanError as error:
        return Brought(name, mark, error=error)
    return Brought(name, mark, named[1], named[2] or "scan")


def _ensure_fit(told: os.stat_result) -> None:
    """Raises: DropFileTooLarge, DropFileUnfit."""
    if not stat.S_ISREG(told.st_mode) or told.st_nlink != 1:
        raise DropFileUnfit(right="a plain file of one name / một tệp thường, một tên")
    if told.st_size > MAX_BYTES:
        raise DropFileTooLarge(right=MAX_BYTES)


def _bytes(handle: int, name: str) -> bytes:
    """Raises: DropFileTooLarge, DropFileUnfit, OSError."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with os.fdopen(os.open(name, flags, dir_fd=handle), "rb") as file:
        _ensure_fit(os.fstat(file.fileno()))
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise DropFileTooLarge(right=MAX_BYTES)
    return data


def _kept_name(one: Brought) -> str:
    """A name of letters that nobody chose alone: two files of one name lie side by side."""
    mark = hashlib.sha256(f"{one.name!r}{one.mark}".encode()).hexdigest()[:10]
    return f"{mark}-{_UNSAFE.sub('_', one.name)[-80:]}"
