"""The connector's configuration for a simulated member; keys and certificates are put beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
