"""Which column means what: `headers.toml`, a folded comparison, and the row that fits best."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lachan.adapters.statements.errors import HeaderUnreadable

HEADER_ROWS = 30  # a header further down is not looked for
PARTS = re.compile(r"[/\n\r|]+")
UNIT = re.compile(r"\((?:vn[dđ]|đồng|đ|₫)\)", re.IGNORECASE)
STRIPPED_TOO_SHORT = frozenset({"no", "co"})  # "No" is also a row number, so it needs its partner


@cache
def wordings() -> dict[str, Any]:
    """The data file, read once."""
    return tomllib.loads(Path(__file__).with_name("headers.toml").read_text("utf-8"))


def fold(text: str) -> str:
    """NFC, lower case, one space between words; marks are kept."""
    plain = UNIT.sub(" ", unicodedata.normalize("NFC", text)).replace("\u00a0", " ")
    return " ".join(plain.lower().strip(" :*.").split())


def bare(text: str) -> str:
    """As `fold`, without Vietnamese marks."""
    split = unicodedata.normalize("NFD", fold(text)).replace("đ", "d")
    return "".join(sign for sign in split if not unicodedata.combining(sign))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands, from 0; a missing field is not there."""

    row: int  # of the header, from 0
    at: Mapping[str, int]

    def cell(self, row: Sequence[object], field: str) -> object:
        """The cell of a field; None where the row is too short or the field unknown."""
        place = self.at.get(field)
        return row[place] if place is not None and place < len(row) else None

    def text(self, row: Sequence[object], field: str) -> str:
        """The cell as text; whole floats of a spreadsheet lose their ".0"."""
        cell = self.cell(row, field)
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return "" if cell is None else " ".join(str(cell).split())


def _lookup(own: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], dict[str, str]]:
    kept: dict[str, str] = {}
    stripped: dict[str, str] = {}
    for source in (own, wordings()["columns"]):
        for field, headings in source.items():
            for heading in headings:
                kept.setdefault(fold(heading), field)
                stripped.setdefault(bare(heading), field)
    return kept, stripped


def _match(
    row: Sequence[object], kept: Mapping[str, str], stripped: Mapping[str, str]
) -> dict[str, int]:
    """Fields of a row; a whole heading wins over its parts, marks kept over marks stripped."""
    found: dict[str, int] = {}
    cells = [(place, str(cell)) for place, cell in enumerate(row) if isinstance(cell, str) and cell]
    for table, key in ((kept, fold), (stripped, bare)):
        for apart in (False, True):
            for place, cell in cells:
                if place in found.values():
                    continue
                for piece in PARTS.split(cell) if apart else [cell]:
                    field = table.get(key(piece))
                    if field is not None and field not in found:
                        found[field] = place
                        break
    for field, partner in (("debit", "credit"), ("credit", "debit")):
        if field in found and partner not in found:
            heading = fold(str(row[found[field]]))
            if heading in STRIPPED_TOO_SHORT:
                del found[field]
    return found


def find_columns(
    rows: Sequence[Sequence[object]], own: Mapping[str, Sequence[str]], file: str
) -> Columns:
    """The header row: most fields in the first 30 rows, with a time and an amount.

    own: a bank's own headings by field (`--map`), tried before ours.
    Raises: HeaderUnreadable, with the headings of the widest row.
    """
    kept, stripped = _lookup(own)
    best: Columns | None = None
    for number, row in enumerate(rows[:HEADER_ROWS]):
        found = _match(row, kept, stripped)
        usable = "time" in found and ("amount" in found or "debit" in found or "credit" in found)
        if usable and (best is None or len(found) > len(best.at)):
            best = Columns(number, found)
    if best is None:
        widest = max(
            rows[:HEADER_ROWS], key=lambda row: sum(bool(cell) for cell in row), default=()
        )
        seen = ", ".join(str(cell)[:40] for cell in widest if cell) or "–"
        raise HeaderUnreadable(field="header", file=file, seen=seen)
    return best
