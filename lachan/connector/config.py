"""`connector.toml`: what a member's own administrator decides. Unknown keys are errors naming the line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from lachan.kernel.errors import LachanError, Text


class ConfigWrong(LachanError):
    """The configuration cannot be used; nothing was started."""

    code = "connector.config"
    text = Text(
        vi="{file}, dòng {line}: {why}. Đúng là: {right}.",
        en="{file}, line {line}: {why}. Right would be: {right}.",
    )
    file: str
    line: int
    why: str
    right: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file."""


class Member(_Table, frozen=True):
    """`code` is the NAPAS BIN or provider code of accounts held here; empty: holds none."""

    address: str
    code: str = ""
    name_vi: str = ""
    name_en: str = ""


class Centre(_Table, frozen=True):
    """`root_file` came out of band: it is the only thing that is believed without proof."""

    url: str
    root_file: str
    proxy: str = ""


class Keys(_Table, frozen=True):
    """Files: private JWKs, PEM certificates. `log` signs the member's own evidence log."""

    sign: str
    encrypt: str
    log: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    ca: str = ""


class Store(_Table, frozen=True):
    """`path` is the connector's own SQLite file; `core` where effects on accounts are booked."""

    path: str
    core: str = "effects.db"


class Adapter(_Table, frozen=True):
    """How the member's own records are read (sql, parquet, csv, register: `place`), or its core is reached (http, exec)."""

    type: str
    place: str = ""
    kind: tuple[str, ...] = ()  # empty: all kinds
    url: str = ""
    ca: str = ""  # who vouches for the core; empty: whom the system believes
    cert: str = ""
    key: str = ""
    program: tuple[str, ...] = ()


class PolicyRow(_Table, frozen=True):
    """The member's own rule for a kind; the first that fits counts. `hours` is "HH-HH" in ICT."""

    kind: str
    action: str  # auto, desk, two_desk; by_hand: a person acts in the core
    mandates: tuple[str, ...] = ()
    max_vnd: int | None = None
    hours: str = ""


class Desk(_Table, frozen=True):
    """The desk page; `people_file` holds names and Argon2id hashes."""

    listen: str = ""
    people_file: str = "desk.json"
    oidc: str = ""


class Limits(_Table, frozen=True):
    capacity: int = 50  # messages taken from the centre at once
    wait_seconds: int = 25  # a long poll
    pause_hours: int = 24  # the member's own longest pause
    clock_warn_seconds: int = 2
    clock_stop_seconds: int = 60


class Simulator(_Table, frozen=True):
    """Only for simulated members: faults, and people at the desk who are not there."""

    desk_seconds: int = 0
    delay_seconds: float = 0.0
    silent: bool = False
    wrong_sums: bool = False


class _File(_Table, frozen=True):
    member: Member
    centre: Centre
    keys: Keys
    store: Store
    adapter: tuple[Adapter, ...]
    policy: tuple[PolicyRow, ...] = ()
    desk: Desk = Desk()
    limits: Limits = Limits()
    simulator: Simulator | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """The file as read; `path` resolves what it names."""

    file: Path
    read: _File

    def path(self, name: str) -> Path:
        """A path of the file, relative to it."""
        return (self.file.parent / name).resolve()

    @property
    def address(self) -> str:
        return self.read.member.address


BY_HAND: Final = "by_hand"
ACTIONS: Final = ("auto", "desk", "two_desk", BY_HAND)
HANDED: Final = ("pause", "hold", "renew", "release", "notify_holder")  # what a core does
_RECORDS = (frozenset({"place"}), frozenset({"kind"}))
ADAPTERS: Final = {  # type → what it needs, what it may have besides
    "sql": _RECORDS, "parquet": _RECORDS, "csv": _RECORDS, "register": _RECORDS,
    "http": (frozenset({"url"}), frozenset({"ca", "cert", "key"})),
    "exec": (frozenset({"program"}), frozenset()),
}  # fmt: skip


def load_config(file: Path) -> Config:
    """Read a configuration. Raises: ConfigWrong with the line."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as cause:
        raise ConfigWrong(file=str(file), line=0, why=str(cause), right="a file") from cause
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        found = re.search(r"line (\d+)", str(cause))
        line = int(found[1]) if found else 0
        raise ConfigWrong(file=file.name, line=line, why=str(cause), right="TOML 1.0") from cause
    _ensure_known(file, text, data)
    try:
        read = msgspec.convert(data, _File)
    except msgspec.ValidationError as cause:
        line = _line_of(text, str(cause))
        raise ConfigWrong(
            file=file.name, line=line, why=str(cause), right="docs/connector.md"
        ) from cause
    for number, row in enumerate(read.policy):
        if row.action not in ACTIONS:
            raise _wrong(file, _find(text, "policy", number, "action"), "action", ACTIONS)
        if row.action == BY_HAND and row.kind not in HANDED:
            raise _wrong(file, _find(text, "policy", number, "kind"), "kind", HANDED)
    _ensure_adapters(file, text, data["adapter"])
    return Config(file, read)


def _ensure_known(file: Path, text: str, data: dict[str, Any]) -> None:
    tables = {
        "member": Member, "centre": Centre, "keys": Keys, "store": Store, "adapter": Adapter,
        "policy": PolicyRow, "desk": Desk, "limits": Limits, "simulator": Simulator,
    }  # fmt: skip
    for name, value in data.items():
        if name not in tables:
            line = _find(text, name, 0, None)
            right = ", ".join(tables)
            raise ConfigWrong(file=file.name, line=line, why=f"unknown table {name}", right=right)
        known = tables[name].__struct_fields__
        for number, table in enumerate(value if isinstance(value, list) else [value]):
            for key in table if isinstance(table, dict) else ():
                if key not in known:
                    line = _find(text, name, number, key)
                    why, right = f"unknown key {key} in [{name}]", ", ".join(known)
                    raise ConfigWrong(file=file.name, line=line, why=why, right=right)


def _ensure_adapters(file: Path, text: str, tables: list[dict[str, Any]]) -> None:
    """Each type has its own keys, and one core is enough."""
    cores = 0
    for number, table in enumerate(tables):
        if table["type"] not in ADAPTERS:
            raise _wrong(file, _find(text, "adapter", number, "type"), "type", tuple(ADAPTERS))
        needed, besides = ADAPTERS[table["type"]]
        for key in (one for one in table if one not in needed | besides | {"type"}):
            line = _find(text, "adapter", number, key)
            raise _wrong(file, line, key, tuple(sorted(needed | besides)))
        for key in sorted(needed):
            if not table.get(key):
                raise _wrong(file, _find(text, "adapter", number, None), key, ("a value",))
        if bool(table.get("cert")) != bool(table.get("key")):
            raise _wrong(file, _find(text, "adapter", number, None), "cert", ("cert and key",))
        if "url" in needed and not _is_https(table["url"]):
            raise _wrong(file, _find(text, "adapter", number, "url"), "url", ("https://…",))
        cores += table["type"] in {"http", "exec"}
        if cores > 1:
            raise _wrong(file, _find(text, "adapter", number, "type"), "type", ("one core",))


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    return parts.scheme == "https" and bool(parts.hostname) and plain and url.isascii()


def _wrong(file: Path, line: int, key: str, right: tuple[str, ...]) -> ConfigWrong:
    return ConfigWrong(file=file.name, line=line, why=f"value of {key}", right=", ".join(right))


def _find(text: str, table: str, number: int, key: str | None) -> int:
    """The line of a key in the nth table of a name; of the table itself when no key is asked for."""
    seen, inside = -1, False
    for count, line in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*\[+\s*([A-Za-z_.]+)\s*\]+", line)
        if head:
            inside = head[1].split(".")[0] == table
            seen += inside
            if inside and key is None and seen == number:
                return count
        elif inside and seen == number and key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return count
    return 0


def _line_of(text: str, why: str) -> int:
    """The line that a validation error's path (`$.member.address`, `$.adapter[0].type`) points at."""
    found = re.search(r"`\$\.([a-z_]+)(?:\[(\d+)\])?(?:\.([a-z_]+))?", why)
    if not found:
        return 0
    return _find(text, found[1], int(found[2] or 0), found[3]) or _find(text, found[1], 0, None)
