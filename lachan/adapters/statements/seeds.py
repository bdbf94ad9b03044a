"""Which line of the statements was the victim's money (tracing.md §11).

A seed is found by account, amount and time within ten minutes; a reference decides between several.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lachan.adapters.statements.csv_rows import decode
from lachan.adapters.statements.dates import ICT, read_time
from lachan.adapters.statements.errors import FormatUnknown, unreadable_time
from lachan.kernel.errors import LachanError
from lachan.kernel.money import Vnd
from lachan.tracing.errors import AmountInvalid, SeedAmbiguous, SeedExceeds, SeedNotFound

TOLERANCE = 600  # seconds: a victim reads the time off a message, not off the bank's clock
NEAREST = 3
SHOWN = 8
EARLY = 10**8  # seconds below 1973: the small numbers of a ledger made by hand, not a date


@dataclass(frozen=True, slots=True)
class SeedQuery:
    """What the victim says. `time` in Unix seconds (or the ledger's own), None: any."""

    victim: str
    account: str
    amount: int
    time: int | None
    ref: str | None = None


def read_moment(text: str, *, field: str = "time") -> int:
    """RFC 3339 or the spellings of statements (ICT without a zone); digits alone are seconds.

    Raises: TimeInvalid.
    """
    if text.strip().isdecimal():
        return int(text)
    when = read_time(text, field=field)
    if when is None:
        raise unreadable_time(text, field=field)
    return when.seconds


def read_dong(text: str, *, field: str = "amount") -> int:
    """Read 1200000000, 1.200.000.000 or 1,2 tỷ. Raises: AmountInvalid."""
    try:
        dong = Vnd.parse(text).dong
    except LachanError as wrong:
        raise AmountInvalid(field=field, value=text) from wrong
    if dong <= 0:
        raise AmountInvalid(field=field, value=text)
    return dong


def read_seed_file(path: Path) -> list[SeedQuery]:
    """JSON (a list of objects) or CSV with victim, account, time, amount, ref.

    Raises: FormatUnknown, AmountInvalid, TimeInvalid, with the row.
    """
    rows: Sequence[Any]
    text = decode(path.read_bytes(), path.name)
    try:
        if text.lstrip().startswith("["):
            rows = json.loads(text)
        else:
            rows = list(csv.DictReader(text.splitlines()))
    except (ValueError, csv.Error) as wrong:
        raise FormatUnknown(field="seeds", file=path.name, right="JSON, CSV") from wrong
    found: list[SeedQuery] = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping) or not {"account", "amount"} <= row.keys():
            right = "victim, account, time, amount, ref"
            raise FormatUnknown(field="seeds", row=number, file=path.name, right=right)
        try:
            told = str(row.get("time") if row.get("time") is not None else "").strip()
            found.append(
                SeedQuery(
                    victim=str(row.get("victim") or "v1"),
                    account=str(row["account"]),
                    amount=read_dong(str(row["amount"])),
                    time=read_moment(told) if told else None,
                    ref=str(row.get("ref") or "") or None,
                )
            )
        except LachanError as wrong:
            wrong.row = number
            raise
    return found


def find_seeds(
    ledger: Mapping[str, Any], refs: Mapping[str, str], queries: Sequence[SeedQuery]
) -> list[dict[str, Any]]:
    """Seed objects of the ledger form, one per query.

    refs: event → reference, where it differs from the event's id.
    Raises: SeedNotFound with the three nearest lines, SeedAmbiguous with the candidates.
    """
    spent: dict[str, int] = {}
    seeds: list[dict[str, Any]] = []
    for query in queries:
        event = _find(ledger, refs, query)
        key = str(event["id"])
        spent[key] = spent.get(key, 0) + query.amount
        if spent[key] > event["amount"]:
            raise SeedExceeds(
                field="amount", event=key, asked=spent[key], amount=int(event["amount"])
            )
        seeds.append({"victim": query.victim, "event": key, "amount": query.amount})
    return seeds


def _find(
    ledger: Mapping[str, Any], refs: Mapping[str, str], query: SeedQuery
) -> Mapping[str, Any]:
    number = query.account.rpartition(":")[2]

    def of_account(event: Mapping[str, Any]) -> bool:
        sides = (str(event[side]) for side in ("src", "dst") if event[side] is not None)
        # A statement that does not say its bank names the account by its number alone.
        return any(
            name in {query.account, number} or name.endswith(f":{query.account}") for name in sides
        )

    mine: list[Mapping[str, Any]] = [one for one in ledger["events"] if of_account(one)]
    if query.ref:
        fits = [
            event
            for event in mine
            if query.ref in {event["id"], refs.get(event["id"])} and event["amount"] >= query.amount
        ]
    else:
        fits = [
            event
            for event in mine
            if event["amount"] == query.amount
            and (query.time is None or abs(event["time"] - query.time) <= TOLERANCE)
        ]
    if len(fits) == 1:
        return fits[0]
    if fits:
        shown = "; ".join(_shown(event, refs) for event in fits[:SHOWN])
        raise SeedAmbiguous(field="ref", candidates=shown)
    near = sorted(
        mine,
        key=lambda event: (
            abs(event["time"] - (query.time if query.time is not None else event["time"])),
            abs(event["amount"] - query.amount),
            event["id"],
        ),
    )
    asked = f"{query.account} · {query.amount} · {moment(query.time)}" + (
        f" · {query.ref}" if query.ref else ""
    )
    nearest = "; ".join(_shown(event, refs) for event in near[:NEAREST]) or _named(ledger)
    raise SeedNotFound(field="account", event=asked, nearest=nearest)


def _named(ledger: Mapping[str, Any]) -> str:
    """The accounts that the statements do speak of, for who has mistyped one."""
    names = sorted(
        {str(one[side]) for one in ledger["events"] for side in ("src", "dst") if one[side]}
    )
    more = f" … ({len(names)})" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more if names else "–"


def _shown(event: Mapping[str, Any], refs: Mapping[str, str]) -> str:
    ref = refs.get(event["id"], event["id"])
    return f"{moment(event['time'])} {event['src']} → {event['dst']} {event['amount']} ({ref})"


def moment(seconds: int | None) -> str:
    """A ledger's time as people read it: ICT for real times, the number for small ones."""
    if seconds is None:
        return "–"
    if abs(seconds) < EARLY:
        return str(seconds)
    return datetime.fromtimestamp(seconds, UTC).astimezone(ICT).strftime("%H:%M:%S %d/%m/%Y")
