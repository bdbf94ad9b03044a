"""SWIFT MT940 statements: `:25: :60F/M: :61: :86: :62F/M:`, own parser.

There is no time of day, so the line order is the order. `RC` takes back a credit and `RD` a debit;
expected entries (`EC`, `ED`) are not booked and do not count. Years have two digits.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from lachan.adapters.statements.csv_rows import decode
from lachan.adapters.statements.dates import read_time
from lachan.adapters.statements.errors import CurrencyNotDong, FormatUnknown, unreadable_time
from lachan.adapters.statements.lines import (
    BY_TEXT,
    EXACT,
    Line,
    Options,
    Reading,
    Reject,
    Statement,
)
from lachan.adapters.statements.numbers import whole_dong
from lachan.adapters.statements.tables import account_number, kind_of, peer_in
from lachan.kernel.errors import LachanError
from lachan.tracing.errors import AmountInvalid

NAME = "mt940"
SUFFIX = ".sta"
TAG = re.compile(r":(\d{2}[A-Z]?):(.*)\Z", re.DOTALL)
LINE = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<mark>R?[CD]|E[CD])(?P<funds>[A-Z])?"
    r"(?P<amount>\d[\d,]*)(?P<type>[A-Z][A-Z0-9]{3})(?P<ref>[^\n/]*(?:/(?!/)[^\n/]*)*)"
    r"(?://(?P<bank>[^\n]*))?(?:\n(?P<more>.*))?\Z",
    re.DOTALL,
)
BALANCE = re.compile(r"(?P<mark>[CD])\d{6}(?P<currency>[A-Z]{3})(?P<amount>\d[\d,]*)")
NO_REFERENCE = frozenset({"", "NONREF", "NOTPROVIDED"})
CENTURY = 80  # 79 is 2079, 80 is 1980
HALF_A_YEAR = 6


def sniff(head: bytes) -> bool:
    """An account tag and an opening balance, perhaps inside SWIFT's blocks."""
    return (
        re.search(rb"(?m)^:25:", head) is not None
        and re.search(rb"(?m)^:60[FM]:", head) is not None
    )


def read(path: Path, options: Options) -> Reading:
    """Raises: FormatUnknown when there is no statement in it."""
    reading = Reading(path=path, format=NAME)
    current: _Account | None = None
    for row, tag, body in _fields(decode(path.read_bytes(), path.name)):
        if tag == "25":
            current = _Account(options, body, path.stem)
            reading.statements.append(current.statement)
        elif current is not None:
            current.take(tag, body, row, reading)
    if not reading.statements:
        raise FormatUnknown(field="file", file=path.name, right="MT940")
    for statement in reading.statements:
        statement.lines = [replace(line, sequence=n) for n, line in enumerate(statement.lines)]
        statement.check_bridge()
    return reading


def _fields(text: str) -> list[tuple[int, str, str]]:
    """(row, tag, content with its continuation lines); blocks' braces and end marks left out."""
    found: list[tuple[int, str, str]] = []
    for row, line in enumerate(text.splitlines(), start=1):
        plain = re.sub(r"^(?:\{[^{}]*\}|\{4:)*", "", line)
        tag = TAG.match(plain)
        if tag:
            found.append((row, tag[1], tag[2]))
        elif found and plain.strip() not in {"", "-", "-}"}:
            at, name, body = found[-1]
            found[-1] = (at, name, f"{body}\n{plain}")
    return found


def _dong(text: str) -> int:
    whole, _, fraction = text.partition(",")
    if fraction.strip("0") or "," in fraction:
        raise AmountInvalid(field=":61:", value=text)
    return whole_dong(whole, ":61:")


class _Account:
    def __init__(self, options: Options, named: str, fallback: str) -> None:
        plain = re.sub(r"\s*VND\Z", "", named.strip().split("\n")[0])
        bank, slash, number = plain.rpartition("/")
        self.statement = Statement(
            options.account or account_number(number) or fallback,
            options.bank or (bank if slash else None),
        )
        self.currency = "VND"
        self.described = False

    def take(self, tag: str, body: str, row: int, reading: Reading) -> None:
        if tag in {"60F", "60M", "62F", "62M"}:
            self._balance(tag, body)
        elif tag == "61":
            self.described = False
            found = LINE.match(body)
            if found and found["mark"].startswith("E"):
                return
            reading.rows += 1
            try:
                self.statement.lines.append(self._line(found, body, row))
                self.described = True
            except LachanError as wrong:
                wrong.row = row
                reading.rejects.append(Reject(row, (body,), wrong))
        elif tag == "86" and self.described:
            self.statement.lines[-1] = _describe(self.statement.lines[-1], " ".join(body.split()))
            self.described = False  # the next :86: is of the whole statement

    def _balance(self, tag: str, body: str) -> None:
        found = BALANCE.match(body)
        if found is None:
            return
        self.currency = found["currency"]
        if self.currency != "VND":
            return
        try:
            amount = _dong(found["amount"]) * (1 if found["mark"] == "C" else -1)
        except AmountInvalid:
            return  # an unreadable balance bridges nothing; the lines stand
        if tag.startswith("60"):
            self.statement.opening = amount
        else:
            self.statement.closing = amount

    def _line(self, found: re.Match[str] | None, body: str, row: int) -> Line:
        if self.currency != "VND":
            raise CurrencyNotDong(field=":60F:", got=self.currency)
        if found is None:
            raise AmountInvalid(field=":61:", value=body[:60])
        amount = _dong(found["amount"])
        if amount == 0:
            raise AmountInvalid(field=":61:", value=found["amount"])
        ref = found["ref"].strip()
        more = " ".join((found["more"] or "").split())
        line = Line(
            account=self.statement.account,
            time=_day(found["value"], found["entry"]),
            amount=amount if found["mark"] in {"C", "RD"} else -amount,
            row=row,
            has_clock=False,
            kind="reversal" if found["mark"].startswith("R") else "transfer",
            ref=None if ref.upper() in NO_REFERENCE else ref,
            local_ref=(found["bank"] or "").strip() or None,
        )
        return _describe(line, more) if more else line


def _describe(line: Line, words: str) -> Line:
    peer = line.peer or peer_in(words)
    kind = line.kind if line.kind == "reversal" or peer else kind_of(words)
    quality = BY_TEXT if peer else EXACT
    return replace(line, text=f"{line.text} {words}".strip(), peer=peer, kind=kind, quality=quality)


def _day(value: str, entry: str | None) -> int:
    """The booking day where there is one: its year is the value day's, or the neighbouring one."""
    year = int(value[:2])
    year += 2000 if year < CENTURY else 1900
    month, day = (entry[:2], entry[2:]) if entry else (value[2:4], value[4:])
    apart = int(month) - int(value[2:4])
    if apart > HALF_A_YEAR:
        year -= 1
    elif apart < -HALF_A_YEAR:
        year += 1
    when = read_time(f"{day}/{month}/{year}", field=":61:")
    if when is None:
        raise unreadable_time(value, field=":61:")
    return when.seconds


def write_rejects(path: Path, reading: Reading) -> None:
    """The `:61:` lines as they were, each with its reason in `:86:`."""
    lines = [":20:REJECTED"]
    for one in reading.rejects:
        reason = f"{one.error.code}: {one.error.message('vi')} / {one.error.message('en')}"
        lines += [f":61:{one.cells[0]}", f":86:{reason}"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
