"""A fresh scam in a country that runs already: its lines are appended to the members' ledgers.

It uses the accounts that the country kept in reserve, so nothing but lines is added. Connectors pick
them up by themselves; a trace begun before keeps its position and does not see them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from lachan.adapters.ledgers.book import Book
from lachan.adapters.ledgers.opening import open_ledger
from lachan.adapters.ledgers.port import LINE_COLUMNS
from lachan.connector.simulator import names, registers, writing
from lachan.connector.simulator.cast import SimMember, cast
from lachan.kernel.time import to_ict, to_wire

MILLION: Final = 1_000_000
# (from, to, million đồng, seconds after the victim's transfer): five layers, seven institutions.
_MOVES: Final = (
    ("victim", "m1", 360, 0), ("m1", "m2a", 180, 50), ("m1", "m2b", 140, 70),
    ("m2a", "m3a", 110, 110), ("m2a", "@cash", 5, 120), ("m2a", "@cash", 5, 140),
    ("m2b", "m3b", 90, 130), ("m3a", "m4a", 70, 190), ("m4a", "m5a", 45, 260),
)  # fmt: skip


@dataclass(slots=True)
class _Planting:
    members: Mapping[str, SimMember]
    books: dict[str, Book]
    balances: dict[str, int]
    rows: defaultdict[str, list[dict[str, Any]]]


def new_scam(folder: Path, now: datetime, seed: int) -> dict[str, str]:
    """Plant one and answer what its victim would type into the report, as plain texts.

    Keys: name, phone, citizen_id, from_bank, from_account, to_bank, to_account, payee_name, amount,
    at (ICT), at_wire, contact_phone, contact_domain, contact_url.
    Raises: LookupError when the reserve is used up.
    """
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    random = Random(seed)
    members = {one.code: one for one in cast() if one.code}
    planting = _Planting(members, {}, {}, defaultdict(list))
    parts = _choose(truth["reserve"], list(members), random)
    start = now - timedelta(seconds=_MOVES[-1][3] + 90)
    name = f"new-{len(truth['scams'])}"
    moves = []
    for number, (src, dst, amount, after) in enumerate(_MOVES):
        at = int((start + timedelta(seconds=after)).timestamp())
        sum_ = amount * MILLION + random.randrange(100) * 1000 * (number == 0)
        ref = f"FT{seed % 10**9:09d}{number:02d}"
        _transfer(folder, planting, _Move(parts[src], parts.get(dst, dst), sum_, at, ref))
        wire = to_wire(start + timedelta(seconds=after))
        moves.append([wire, parts[src], parts.get(dst, dst), sum_])
    _append(folder, planting)
    told = {
        **_told(folder, planting, parts),
        "amount": str(moves[0][3]),
        "at": to_ict(start).strftime("%H:%M %d/%m/%Y"),
        "at_wire": to_wire(start),
        **_contacts(folder, random),
    }
    truth["scams"][name] = {
        "report": told,
        "accounts": parts,
        "innocent": [],
        "moves": moves,
    }
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1))
    for book in planting.books.values():
        book.close()
    return told


def _choose(reserve: dict[str, list[str]], codes: list[str], random: Random) -> dict[str, str]:
    """An unused account for each part, spread over the members; taken out of the reserve."""
    banks = [code for code in codes if code.startswith("970")]
    random.shuffle(banks)
    parts: dict[str, str] = {}
    for label, code in zip(
        ("victim", "m1", "m2a", "m2b", "m3a", "m4a", "m5a"), banks, strict=False
    ):
        parts[label] = f"{code}:{_take(reserve, 'victim' if label == 'victim' else 'mule', code)}"
    parts["m3b"] = f"{banks[-1]}:{_take(reserve, 'mule', banks[-1])}"
    return parts


def _take(reserve: dict[str, list[str]], role: str, code: str) -> str:
    left = reserve.get(f"{role}:{code}", [])
    if not left:
        raise LookupError(f"no {role} account is left at {code}: make a new country")
    return left.pop(0)


@dataclass(frozen=True, slots=True)
class _Move:
    """One transfer; `dst` beginning with @ is an exit."""

    src: str
    dst: str
    amount: int
    at: int
    ref: str


def _transfer(folder: Path, planting: _Planting, move: _Move) -> None:
    _line(folder, planting, move, move.src, -move.amount)
    if not move.dst.startswith("@"):
        _line(folder, planting, move, move.dst, move.amount)


def _line(folder: Path, planting: _Planting, move: _Move, account: str, amount: int) -> None:
    code, number = account.split(":")
    book = _book(folder, planting, code)
    before = planting.balances.get(account)
    if before is None:
        before = book.balance(number)
        if amount < 0:
            before = max(before, -amount + 3 * MILLION)  # a victim's savings: the opening balance
    planting.balances[account] = before + amount
    outside = move.dst.startswith("@")
    peer = move.src if amount > 0 else move.dst
    peer_bank, _, peer_account = (":" if outside else peer).partition(":")
    planting.rows[code].append(
        {
            "ord": book.position() + 1 + len(planting.rows[code]),
            "account": number,
            "ref": move.ref,
            "time": move.at,
            "amount": amount,
            "peer_bank": peer_bank,
            "peer_account": peer_account,
            "balance_after": before + amount,
            "kind": move.dst[1:] if outside else "transfer",
            "link": "",
            "reverses": "",
            "category": "",
        }
    )


def _book(folder: Path, planting: _Planting, code: str) -> Book:
    if code not in planting.books:
        member = planting.members[code]
        place = writing.place_of(member.ledger, folder / member.folder / "core")
        planting.books[code] = open_ledger(member.ledger, place, bank=code)
    return planting.books[code]


def _append(folder: Path, planting: _Planting) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only when something is written

    for code, rows in planting.rows.items():
        member = planting.members[code]
        core = folder / member.folder / "core"
        part = len(list(core.glob("lines-*"))) or 1
        columns = {name: pa.array([row[name] for row in rows]) for name in LINE_COLUMNS}
        writing.write_lines(member.ledger, core, columns, part=part)


def _contacts(folder: Path, random: Random) -> dict[str, str]:
    """A number, a domain and a page that the members' registers know."""
    contacts = {
        "PHONE": names.phone(random),
        "DOMAIN": f"xac-minh-{random.randrange(10**4):04d}.example.com",
        "URL": f"https://mxh.example.com/trang/ho-tro-{random.randrange(10**4):04d}",
    }
    for member in cast():
        if member.ledger == "register":
            records = registers.records_of(member.kind, contacts, random)
            writing.write_register(folder / member.folder / "core", records)
    return {
        "contact_phone": contacts["PHONE"],
        "contact_domain": contacts["DOMAIN"],
        "contact_url": contacts["URL"],
    }


def _told(folder: Path, planting: _Planting, parts: Mapping[str, str]) -> dict[str, str]:
    from_bank, from_account = parts["victim"].split(":")
    to_bank, to_account = parts["m1"].split(":")
    victim = _book(folder, planting, from_bank).account(from_account)
    payee = _book(folder, planting, to_bank).account(to_account)
    return {
        "name": "" if victim is None else victim.holder,
        "phone": "" if victim is None else victim.phone,
        "citizen_id": "" if victim is None else victim.id_no,
        "from_bank": from_bank,
        "from_account": from_account,
        "to_bank": to_bank,
        "to_account": to_account,
        "payee_name": "" if payee is None else payee.holder,
    }
