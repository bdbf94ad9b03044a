"""Rows of a table (CSV or spreadsheet) into statement lines. Bad rows are kept apart, with reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from lachan.adapters.statements.dates import When, read_time
from lachan.adapters.statements.errors import CurrencyNotDong, unreadable_time
from lachan.adapters.statements.headers import Columns, bare, find_columns, fold, wordings
from lachan.adapters.statements.lines import (
    BY_TEXT,
    EXACT,
    Line,
    Options,
    Reading,
    Reject,
    Statement,
    in_order,
)
from lachan.adapters.statements.numbers import Grouping, grouping_of, read_amount
from lachan.kernel.errors import LachanError
from lachan.tracing.errors import AmountInvalid

DONG = frozenset({"", "vnd", "vnđ", "đồng", "đ", "₫"})
MONEY = ("amount", "debit", "credit", "balance")
ACCOUNT = re.compile(r"[0-9A-Za-z]{4,34}\Z", re.ASCII)

Rows = Sequence[Sequence[object]]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one["pattern"]) for one in wordings()["peers"])


def kind_of(text: str) -> str:
    """What a line without a named other side is, from the start of its description."""
    start = bare(text)
    for rule in wordings()["kinds"]:
        if any(start.startswith(one) for one in rule["starts"]):
            return str(rule["kind"])
    return "transfer"


def peer_in(text: str) -> str | None:
    """An account number that the description names as the other side."""
    for pattern in _patterns():
        found = pattern.search(bare(text))
        if found:
            return str(found["account"])
    return None


def account_number(text: str) -> str:
    """An account as written, without spaces, dots and dashes between its digits."""
    return re.sub(r"[\s.\-]", "", text)


def _preamble(rows: Rows, name: str) -> str | None:
    """A value named above the header, in one cell or with the value in the next."""
    pattern = re.compile(wordings()["preamble"][name])
    for row in rows:
        line = " ".join(bare(str(cell)) for cell in row if cell not in {None, ""})
        found = pattern.search(line)
        if found:
            return str(found.groupdict().get("value", found[0])).replace(" ", "")
    return None


def _opening(rows: Rows, grouping: Grouping | None) -> int | None:
    """The opening balance named above the header: the last number of its row."""
    pattern = re.compile(wordings()["preamble"]["opening"] + r"[^0-9(+-]*(?P<value>[0-9(+-].*)")
    for row in rows:
        cells = [str(cell) for cell in row if cell not in {None, ""}]
        found = pattern.search(" ".join(map(bare, cells)))
        if found:
            try:
                return read_amount(found["value"], grouping, field="balance")
            except LachanError:
                continue  # two numbers, or a date beside it: the lines' own balances decide
    return None


def read_table(path: Path, name: str, rows: Rows, options: Options) -> Reading:
    """Find the header, read each row below it; rows of several accounts become several statements.

    Raises: HeaderUnreadable.
    """
    columns = find_columns(rows, options.columns, path.name)
    above, below = rows[: columns.row], rows[columns.row + 1 :]
    header = tuple("" if cell is None else str(cell) for cell in rows[columns.row])
    reading = Reading(path=path, format=name, header=header)
    fallback = options.account or _preamble(above, "account")
    reading.account_uncertain = fallback is None and "account" not in columns.at
    table = _Table(
        columns=columns,
        grouping=_groupings(columns, below),
        account=fallback or path.stem,
        bank=options.bank or _preamble(above, "bank"),
    )
    table.opening = _opening(above, table.grouping.get("balance"))
    for number, row in enumerate(below, start=columns.row + 2):
        table.take(row, number, reading)
    for account, lines in table.lines.items():
        statement = Statement(account, table.bank, in_order(lines), opening=table.opening)
        statement.check_bridge()
        reading.statements.append(statement)
    return reading


def _groupings(columns: Columns, below: Rows) -> dict[str, Grouping | None]:
    """One grouping sign per column; a column without proof takes that of its neighbours."""
    own = {
        field: grouping_of(columns.cell(row, field) for row in below)
        for field in MONEY
        if field in columns.at
    }
    proven = {one for one in own.values() if one is not None}
    shared = proven.pop() if len(proven) == 1 else None
    return {field: grouping or shared for field, grouping in own.items()}


class _Table:
    def __init__(
        self,
        *,
        columns: Columns,
        grouping: dict[str, Grouping | None],
        account: str,
        bank: str | None,
    ) -> None:
        self.columns, self.grouping, self.account, self.bank = columns, grouping, account, bank
        self.lines: dict[str, list[Line]] = {}
        self.opening: int | None = None
        self.footer = re.compile(wordings()["preamble"]["footer"])
        self.first = re.compile(wordings()["preamble"]["opening"])

    def take(self, row: Sequence[object], number: int, reading: Reading) -> None:
        """Add the row to its account's lines, or to the rejects; blank and total rows are neither."""
        if not any(str(cell).strip() for cell in row if cell is not None) or self._remark(row):
            return
        reading.rows += 1
        try:
            line = self._line(row, number)
        except LachanError as wrong:
            wrong.row = number
            reading.rejects.append(Reject(number, tuple(row), wrong))
        else:
            self.lines.setdefault(line.account, []).append(line)

    def _remark(self, row: Sequence[object]) -> bool:
        """Opening-balance, total and page rows have no date; the first gives the opening."""
        if self.columns.text(row, "time") and self._dated(row):
            return False
        words = " ".join(bare(str(cell)) for cell in row if isinstance(cell, str))
        if self.first.search(words):
            if self.opening is None and not self.lines:
                self.opening = self._money(row, "balance")
            return True
        if self.footer.match(words.strip()):
            return True
        return all(
            self._money_or_none(row, field) is None for field in ("amount", "debit", "credit")
        )

    def _dated(self, row: Sequence[object]) -> bool:
        try:
            return read_time(self.columns.cell(row, "time")) is not None
        except LachanError:
            return False

    def _money(self, row: Sequence[object], field: str) -> int | None:
        return read_amount(self.columns.cell(row, field), self.grouping.get(field), field=field)

    def _money_or_none(self, row: Sequence[object], field: str) -> int | None:
        try:
            return self._money(row, field)
        except LachanError:
            return 1  # unreadable, so there is something: the row is worth a rejection

    def _amount(self, row: Sequence[object]) -> int:
        debit, credit = self._money(row, "debit"), self._money(row, "credit")
        if debit and credit:
            raise AmountInvalid(field="debit", value=f"{debit} | {credit}")
        if debit:
            return -abs(debit)
        if credit:
            return abs(credit)
        amount = self._money(row, "amount")
        if not amount:
            raise AmountInvalid(field="amount", value=self.columns.text(row, "amount") or "0")
        mark = fold(self.columns.text(row, "sign")) or self.columns.text(row, "sign")
        signs = wordings()["signs"]
        if mark in signs["debit"]:
            return -abs(amount)
        return abs(amount) if mark in signs["credit"] else amount

    def _when(self, row: Sequence[object]) -> When:
        cell = self.columns.cell(row, "time")
        when = read_time(cell)
        clock = self.columns.text(row, "clock")
        if when is not None and not when.has_clock and clock:
            day = str(cell).split()[0] if isinstance(cell, str) else None
            parts = clock.split(":")
            if day is not None:
                when = read_time(f"{day} {clock}")
            elif all(part.isdigit() for part in parts) and len(parts) in {2, 3}:
                hours, minutes, seconds = (*map(int, parts), 0)[:3]
                when = When(when.seconds + 3600 * hours + 60 * minutes + seconds, has_clock=True)
        if when is None:
            raise unreadable_time("", field="time")
        return when

    def _line(self, row: Sequence[object], number: int) -> Line:
        text = self.columns.text
        currency = text(row, "currency").lower()
        if currency not in DONG:
            raise CurrencyNotDong(field="currency", got=currency.upper())
        when = self._when(row)
        amount = self._amount(row)
        account = account_number(text(row, "account")) or self.account
        peer, quality = account_number(text(row, "peer")), EXACT
        words = text(row, "text")
        if not (ACCOUNT.match(peer) and any(sign.isdigit() for sign in peer)):
            peer, quality = peer_in(words) or "", BY_TEXT
        return Line(
            account=account,
            time=when.seconds,
            amount=amount,
            row=number,
            has_clock=when.has_clock,
            balance_after=self._money(row, "balance"),
            peer=peer or None,
            peer_bank=text(row, "peer_bank") or None,
            kind="transfer" if peer else kind_of(words),
            ref=text(row, "ref") or None,
            text=words,
            quality=quality if peer else EXACT,
        )
