"""Which parser reads a file: the modules of this folder that declare NAME and sniff, by the first 4 KiB."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import cast

import lachan.adapters.statements as package
from lachan.adapters.statements.errors import FormatUnknown
from lachan.adapters.statements.lines import Format, Options, Reading
from lachan.tracing.errors import LimitReached

HEAD = 4096
MAX_BYTES = 2 << 30  # tracing.md §11; larger inputs belong in the columnar store
MAX_ROWS = 20_000_000
LAST = "csv"  # almost any text looks like CSV


@cache
def formats() -> dict[str, Format]:
    """Every format by name, in the order in which they are asked."""
    found: dict[str, ModuleType] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        if hasattr(module, "NAME") and hasattr(module, "sniff"):
            found[module.NAME] = module
    ordered = sorted(found, key=lambda name: (name == LAST, name))
    return {name: cast("Format", found[name]) for name in ordered}  # checked by a test


def format_of(path: Path) -> Format:
    """Raises: FormatUnknown, LimitReached."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitReached(
            field="file", what=f"{path.name} (`lachan ledger build`)", limit=MAX_BYTES
        )
    with path.open("rb") as file:
        head = file.read(HEAD)
    for one in formats().values():
        if one.sniff(head):
            return one
    raise FormatUnknown(field="file", file=path.name, right=", ".join(formats()))


def read_statement(path: Path, options: Options) -> Reading:
    """Read one file with the parser that recognises it, and digest it.

    Raises: StatementError when the file as a whole is unreadable.
    """
    reading = format_of(path).read(path, options)
    if reading.rows > MAX_ROWS:
        raise LimitReached(
            field="file", what=f"{path.name} (`lachan ledger build`)", limit=MAX_ROWS
        )
    with path.open("rb") as file:
        reading.blake2b = hashlib.file_digest(
            file, lambda: hashlib.blake2b(digest_size=32)
        ).hexdigest()
    return reading


def files_in(paths: list[Path]) -> list[Path]:
    """Files as given; of a folder, its files in name order, hidden ones left out."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in sorted(path.rglob("*")) if one.is_file())
            found += [one for one in inside if not one.name.startswith((".", "~"))]
        else:
            found.append(path)
    return list(dict.fromkeys(found))
