"""Makes the country: every member's core, the truth about it, and a configuration for each connector.

Equal (members, transfers, seed, now) give equal files. `truth.json` is for the demonstration's own
check: it is never read by a connector.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from lachan.connector.never_block import FILE
from lachan.connector.simulator import country, registers, writing
from lachan.connector.simulator.cast import SimMember, cast
from lachan.connector.simulator.configuring import Faults, write_config, write_people
from lachan.connector.simulator.country import Accounts, Transfers
from lachan.connector.simulator.lines import columns, lines_of
from lachan.connector.simulator.scenario import Scam, Stage, green, red
from lachan.connector.simulator.truth import describe
from lachan.kernel.time import to_wire

TRANSFERS: Final = 1_000_000
RESERVE: Final = 6  # mule accounts per member kept for scams planted later
_TOP_UPS: Final = 0.004  # share of transfers; each becomes two


@dataclass(frozen=True, slots=True)
class Country:
    """What was made. `scams` by name hold the victims' forms; `seconds` is how long it took."""

    folder: Path
    members: tuple[SimMember, ...]
    transfers: int
    lines: int
    scams: Mapping[str, Mapping[str, Any]]
    seconds: float

    def member_folder(self, member: SimMember) -> Path:
        """Where a member's configuration, keys, store and core lie."""
        return self.folder / member.folder


def generate(
    folder: Path,
    *,
    seed: int,
    now: datetime,
    transfers: int = TRANSFERS,
    members: tuple[SimMember, ...] | None = None,
    faults: Mapping[str, Faults] | None = None,
    desk_seconds: int = 0,
    desk_port: int = 9101,
) -> Country:
    """Write `<folder>/<member>/core/…`, `<folder>/<member>/connector.toml` and `<folder>/truth.json`.

    now: the scams end a few minutes before it. faults: by member address. desk_seconds: how long the
    simulated people at a desk take for what needs a person; 0: they leave it to real ones. desk_port: the first of as many ports as members.
    """
    began = time.monotonic()
    members = members or cast()
    random, rng = Random(seed), np.random.default_rng(seed)
    at = int(now.timestamp())
    accounts, roles = country.people(members, max(200, transfers // 25), at, random)
    folder.mkdir(parents=True, exist_ok=True)
    scams = [
        green(Stage(Scam("green", at - 25 * 60), accounts, members, random), roles),
        red(Stage(Scam("red", at - 18 * 60), accounts, members, random), roles),
    ]
    reserve = _reserve(accounts, members, at, random)
    events, links = country.planted([event for scam in scams for event in scam.events])
    tops = int(transfers * _TOP_UPS)
    ordinary = country.life(roles, int(transfers * 1.01) - 2 * tops + 100, at, rng)
    topped = country.top_ups(accounts, roles, members, count=tops, now=at, rng=rng)
    every = country.joined([ordinary, topped, events])
    count = _write(folder, members, accounts, every, links=links, rng=rng)
    registers.write(folder, members, scams, random)
    listed = _never_block(accounts, members, roles)
    for index, member in enumerate(members):
        (folder / member.folder / FILE).write_bytes(listed)
        write_config(
            folder / member.folder,
            member,
            port=desk_port + index,
            faults=(faults or {}).get(member.address),
            desk_seconds=desk_seconds,
        )
    described = {scam.name: describe(scam, accounts, members) for scam in scams}
    truth = {
        "seed": seed,
        "now": to_wire(now),
        "members": {one.code: one.address for one in members if one.code},
        "scams": described,
        "reserve": reserve,
        "innocent": sorted({name for one in described.values() for name in one["innocent"]}),
    }
    (folder / FILE).write_bytes(listed)
    write_people(folder, members, seed)
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1))
    return Country(folder, members, len(every.time), count, described, time.monotonic() - began)


def _never_block(
    accounts: Accounts, members: tuple[SimMember, ...], roles: dict[str, list[int]]
) -> bytes:
    """Pooled accounts and billers: what would stop far more than one person's money."""
    entries = [
        {
            "account": f"{members[accounts.member[index]].code}:{accounts.rows[index].number}",
            "reason": role,
        }
        for role in ("pool", "biller")
        for index in roles[role]
    ]
    return json.dumps({"entries": entries}, sort_keys=True).encode()


def _reserve(
    accounts: Accounts, members: tuple[SimMember, ...], now: int, random: Random
) -> dict[str, list[str]]:
    """Accounts that exist already and have no lines: the next scams' mules and victims, by role and member."""
    stage = Stage(Scam("reserve", now), accounts, members, random)
    found: dict[str, list[str]] = {}
    for index, member in enumerate(members):
        if not member.code:
            continue
        for role, make in (("mule", stage.mule), ("victim", stage.victim)):
            labels = [make(f"{role}{index}-{number}", index) for number in range(RESERVE)]
            names = [accounts.rows[one].number for one in labels]
            found[f"{role}:{member.code}"] = names
    return found


def _write(
    folder: Path,
    members: tuple[SimMember, ...],
    accounts: Accounts,
    every: Transfers,
    *,
    links: dict[int, str],
    rng: np.random.Generator,
) -> int:
    lines = lines_of(every, accounts, rng)
    owner = np.array(accounts.member)
    for index, member in enumerate(members):
        if not member.code:
            continue
        core = folder / member.folder / "core"
        rows = [accounts.rows[one] for one in np.flatnonzero(owner == index)]
        writing.write_lines(member.ledger, core, columns(lines, accounts, members, index, links))
        writing.write_accounts(member.ledger, core, rows)
    return len(lines.account)
