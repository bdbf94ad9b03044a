"""Files on a laptop into one ledger that can be replayed, with what a report must say beside it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lachan.adapters.statements.errors import FormatUnknown, HeaderUnreadable
from lachan.adapters.statements.headers import wordings
from lachan.adapters.statements.ledger_json import read_ledger_json
from lachan.adapters.statements.lines import Options, Reading
from lachan.adapters.statements.link import link
from lachan.adapters.statements.merge import Book
from lachan.adapters.statements.sniff import files_in, formats, read_statement


@dataclass(slots=True)
class Case:
    """One ledger object (tracing.md §1.1) and the facts about its accounts and sources."""

    ledger: dict[str, Any]
    sources: list[dict[str, Any]]
    readings: list[Reading] = field(default_factory=list)
    banks: dict[str, str] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    quality: dict[str, int] = field(default_factory=dict)  # event → hundredths
    covers: dict[str, tuple[int, int]] = field(default_factory=dict)
    assumed: set[str] = field(default_factory=set)  # accounts whose opening is a guess
    broken: set[str] = field(default_factory=set)  # accounts whose balances do not follow
    uncertain: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # vi, en

    @property
    def rejected(self) -> int:
        """Rows that were not taken."""
        return sum(len(one.rejects) for one in self.readings)


def options_from(path: Path | None) -> Options:
    """A bank's own headings: `[columns] time = ["…"]`, and whose statement it is (`account`, `bank`).

    Raises: FormatUnknown, HeaderUnreadable when a field is not one of ours.
    """
    if path is None:
        return Options()
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise FormatUnknown(field="map", file=path.name, right="TOML") from wrong
    columns = told.get("columns", {})
    known = wordings()["columns"]
    strange = sorted(set(columns) - set(known)) if isinstance(columns, dict) else ["columns"]
    if strange:
        raise HeaderUnreadable(field="map", file=path.name, seen=", ".join(strange))
    return Options(
        columns={key: [one] if isinstance(one, str) else list(one) for key, one in columns.items()},
        account=str(told["account"]) if "account" in told else None,
        bank=str(told["bank"]) if "bank" in told else None,
    )


def from_ledger(path: Path) -> Case:
    """A ledger file as it is."""
    data = path.read_bytes()
    digest = hashlib.blake2b(data, digest_size=32).hexdigest()
    ledger = read_ledger_json(data, path.name)
    events = ledger.get("events")
    rows = len(events) if isinstance(events, list) else 0
    source = {
        "file": path.name,
        "format": "ledger",
        "blake2b": digest,
        "rows": rows,
        "rejected": 0,
        "gaps": 0,
    }
    return Case(ledger=ledger, sources=[source])


def from_statements(
    paths: Sequence[Path],
    options: Options,
    *,
    openings: Mapping[str, int],
    kinds: Mapping[str, str],
    progress: Callable[[str, int, int], None] = lambda _name, _done, _all: None,
) -> Case:
    """Read every file, join the statements, build the ledger.

    openings, kinds: by account as told by the user. Raises: StatementError for a file as a whole.
    """
    files = files_in(list(paths))
    readings: list[Reading] = []
    for done, path in enumerate(files):
        progress(path.name, done, len(files))
        readings.append(read_statement(path, options))
    progress("", len(files), len(files))
    book = Book(readings, dict(openings))
    linked = link(book, dict(kinds))
    case = Case(
        ledger=linked.ledger,
        sources=[_source(one) for one in readings],
        readings=readings,
        banks=linked.banks,
        refs=linked.refs,
        quality=linked.quality,
        uncertain=linked.uncertain,
        assumed={name for name, one in book.accounts.items() if one.opening_assumed},
    )
    for name, account in book.accounts.items():
        covered = book.covers(name)
        if covered:
            case.covers[name] = covered
        if account.gaps:
            case.broken.add(name)
        for gap in account.gaps:
            case.notes.append((
                f"{name}: số dư không nối tiếp tại dòng {gap.row}, lệch {gap.difference} đồng (tracing.gap)",
                f"{name}: the balance does not follow at row {gap.row}, off by {gap.difference} đồng (tracing.gap)",
            ))  # fmt: skip
    for event in linked.unreversed:
        case.notes.append((
            f"{event}: dòng hoàn trả không tìm thấy giao dịch gốc, coi là giao dịch thường (tracing.reversal)",
            f"{event}: the reversal names no earlier transfer and is taken as an ordinary one (tracing.reversal)",
        ))  # fmt: skip
    _remarks(case)
    return case


def _remarks(case: Case) -> None:
    for name in sorted(case.assumed):
        case.notes.append((
            f"{name}: không biết số dư đầu kỳ, lấy số nhỏ nhất có thể (opening_assumed); cho biết bằng --opening",
            f"{name}: opening balance unknown, the smallest possible is taken (opening_assumed); give it by --opening",
        ))  # fmt: skip
    for event in case.uncertain:
        case.notes.append((
            f"{event}: thứ tự dòng giữa các sao kê mâu thuẫn (tracing.order_conflict)",
            f"{event}: the statements' line orders contradict each other (tracing.order_conflict)",
        ))  # fmt: skip
    for one in case.readings:
        if one.account_uncertain and one.statements:
            case.notes.append((
                f"{one.path.name}: sao kê không ghi số tài khoản, lấy theo tên tệp",
                f"{one.path.name}: the statement names no account; the file's name is taken",
            ))  # fmt: skip


def _source(reading: Reading) -> dict[str, Any]:
    return {
        "file": reading.path.name,
        "format": reading.format,
        "blake2b": reading.blake2b,
        "rows": reading.rows,
        "rejected": len(reading.rejects),
        "gaps": sum(len(one.gaps) for one in reading.statements),
    }


def write_rejects(case: Case, folder: Path) -> list[Path]:
    """One file per source with bad rows, in its own format: `<name>.rejected.<suffix>`."""
    written: list[Path] = []
    for number, reading in enumerate(case.readings, start=1):
        if reading.rejects:
            folder.mkdir(parents=True, exist_ok=True)
            form = formats()[reading.format]
            path = folder / f"{reading.path.stem}.rejected{form.SUFFIX}"
            if path in written:  # two folders may hold files of one name
                path = folder / f"{reading.path.stem}.{number}.rejected{form.SUFFIX}"
            form.write_rejects(path, reading)
            written.append(path)
    return written
