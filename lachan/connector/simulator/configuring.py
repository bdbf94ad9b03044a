"""The connector's configuration for a simulated member; keys and certificates are put beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from argon2 import Type
from argon2.low_level import hash_secret

from lachan.connector.simulator.cast import SimMember
from lachan.connector.simulator.writing import place_of


@dataclass(frozen=True, slots=True)
class Faults:
    """How a simulated member misbehaves."""

    delay_seconds: float = 0.0  # before each answer
    silent: bool = False  # receipts, and never an answer
    wrong_sums: bool = False  # answers traces with a changed amount


def write_config(
    folder: Path,
    member: SimMember,
    *,
    port: int,
    faults: Faults | None = None,
    desk_seconds: int = 0,
    centre_url: str = "https://127.0.0.1:8443",
) -> Path:
    """`connector.toml` and empty `keys/`; returns the configuration's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "keys").mkdir(exist_ok=True)
    place = place_of(member.ledger, folder / "core").relative_to(folder)
    lines = [
        "# A simulated member. Paths are relative to this file.",
        "[member]",
        f'address = "{member.address}"',
        f'code = "{member.code}"',
        f'name_vi = "{member.name_vi}"',
        f'name_en = "{member.name_en}"',
        "",
        "[centre]",
        f'url = "{centre_url}"',
        'root_file = "keys/root.json"',
        "",
        "[keys]",
        'sign = "keys/sign.jwk"',
        'encrypt = "keys/encrypt.jwk"',
        'log = "keys/log.jwk"',
        'tls_cert = "keys/tls.crt"',
        'tls_key = "keys/tls.key"',
        'ca = "keys/ca.crt"',
        "",
        "[store]",
        'path = "store.db"',
        'core = "effects.db"',
        "",
        "[[adapter]]",
        f'type = "{member.ledger}"',
        f'place = "{place}"',
        "",
        "[desk]",
        f'listen = "127.0.0.1:{port}"',
        'people_file = "desk.json"',
        "",
        "[simulator]",
        f"desk_seconds = {desk_seconds}",
    ]
    if faults is not None:
        lines += [
            f"delay_seconds = {faults.delay_seconds}",
            f"silent = {str(faults.silent).lower()}",
            f"wrong_sums = {str(faults.wrong_sums).lower()}",
        ]
    path = folder / "connector.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


DESK_PASSWORD = "trinh dien la chan 2026"  # noqa: S105 - published: a simulated desk protects nothing
DESK_PEOPLE = (("ban1", "Người trực thứ nhất", "desk"), ("ban2", "Trưởng bàn trực", "desk_head"))


def write_people(folder: Path, members: Sequence[SimMember], seed: int) -> None:
    """Two people at each simulated desk, `ban1` and `ban2`, with the published password."""
    salt = hashlib.sha256(f"desk {seed}".encode()).digest()[:16]
    hashed = hash_secret(
        DESK_PASSWORD.encode(),
        salt,
        time_cost=3,
        memory_cost=65_536,
        parallelism=4,
        hash_len=32,
        type=Type.ID,
    ).decode()
    people = [
        {"login": login, "name": name, "role": role, "hash": hashed}
        for login, name, role in DESK_PEOPLE
    ]
    for member in members:
        text = json.dumps({"people": people}, ensure_ascii=False)
        (folder / member.folder / "desk.json").write_text(text, encoding="utf-8")
