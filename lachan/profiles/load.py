"""Reads a country profile: one folder of data. Nothing in code names a statute; the folder does.

`demo` is an overlay: `profile.toml` names the profile under it, a document marked TRÌNH DIỄN by which
its rows are adopted, and the forms of signature that it admits beside those of each row.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import resources
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from lachan.exchange.deadlines import WorkCalendar
from lachan.exchange.mandate_rows import CatalogueWrong, MandateRow, ensure_rows, read_rows
from lachan.exchange.mandates import Catalogue
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError, Text


class ProfileUnknown(LachanError):
    """No such folder of data."""

    code = "profiles.unknown"
    text = Text(vi="Không có hồ sơ quốc gia “{name}”.", en="There is no country profile “{name}”.")
    name: str


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a profile's file."""


_T = TypeVar("_T", bound=_Data)


class PurposeRow(_Data, frozen=True, kw_only=True):
    code: str
    title_vi: str
    title_en: str
    roles: tuple[str, ...]


class RetentionRow(_Data, frozen=True, kw_only=True):
    record: str
    kept: str  # ISO 8601, or "permanent"
    from_event: str
    then: str
    grade: str
    verified: bool
    note: str = ""


class LegalDeadline(_Data, frozen=True, kw_only=True):
    """A statutory or procedural period; law.md §2 says how it is counted."""

    code: str
    title_vi: str
    title_en: str
    statute: str
    article: str
    clock: str  # statutory_days, statutory_months, elapsed, working_days
    length: int | str
    grade: str
    verified: bool
    check: str
    strict: str
    owner: str  # authority, member, software
    warn_days: tuple[int, ...] = ()


class _Identity(_Data, frozen=True, kw_only=True):
    country: str
    title_vi: str
    title_en: str
    languages: tuple[str, ...]
    time_zone: str
    currency: str
    minor_unit: int
    kinds: tuple[str, ...] | None = None  # which are on; without it, every one
    base: str | None = None
    admit_forms: tuple[str, ...] = ()
    only_demo: bool = False


class _Adoption(_Data, frozen=True, kw_only=True):
    by: str
    at: str
    document: str
    codes: tuple[str, ...]


class _Year(_Data, frozen=True, kw_only=True):
    year: int
    holidays: tuple[date, ...]
    working_days: tuple[date, ...] = ()
    source: str = ""
    verified: bool = False


class _Calendar(_Data, frozen=True, kw_only=True):
    years: tuple[_Year, ...] = ()


class _File(_Data, frozen=True, kw_only=True):
    profile: _Identity
    calendar: _Calendar = msgspec.field(default_factory=_Calendar)
    adoption: _Adoption | None = None
    kind_mandates: dict[str, tuple[tuple[str, ...], ...]] | None = None


@dataclass(frozen=True)
class Profile:
    """A country as the software sees it."""

    name: str
    country: str
    title: Text
    languages: tuple[str, ...]
    time_zone: str
    currency: str
    minor_unit: int
    kinds: frozenset[str] | None  # which are on; None: every one that is installed
    catalogue: Catalogue
    calendar: WorkCalendar
    deadlines: Mapping[str, LegalDeadline]
    purposes: Mapping[str, PurposeRow]
    retention: Mapping[str, RetentionRow]
    only_demo: bool

    @property
    def calendar_bytes(self) -> bytes:
        """Canonical; the directory carries its hash."""
        return canonical(self.calendar.to_json())

    @property
    def calendar_hash(self) -> str:
        return hashlib.sha256(self.calendar_bytes).hexdigest()

    def adopted(self, at: datetime) -> list[MandateRow]:
        """Rows that may carry a live order now."""
        return [row for row in self.catalogue.rows if row.in_force(at) and row.usable(at)]

    def missing(self, at: datetime) -> list[MandateRow]:
        """Rows in force that may not, yet: the board says which."""
        return [row for row in self.catalogue.rows if row.in_force(at) and not row.usable(at)]


def load_profile(name: str, *, at: datetime | None = None) -> Profile:
    """Read and check a profile; `at` is the time at which two rows of one code would collide.

    Raises: ProfileUnknown, CatalogueWrong (file, row, reason, what is right).
    """
    file = _read(name)
    own = file.profile
    data = own.base or name
    below = _read(data) if own.base else file
    rows = read_rows(_toml(data, "mandates.toml").get("row", []), file=f"{data}/mandates.toml")
    rows = _overlay(rows, file, name)
    calendar = _calendar((file if file.calendar.years else below).calendar)
    ensure_rows(
        rows,
        file=f"{data}/mandates.toml",
        at=at or datetime.now(UTC),
        jws_admitted=own.only_demo,
    )
    purposes = _rows(data, "purposes.toml", "purpose", PurposeRow)
    for row in rows:
        for code in sorted(set(row.purposes) - {one.code for one in purposes}):
            raise CatalogueWrong(
                file=f"{data}/mandates.toml",
                mandate=row.code,
                why=f"unknown purpose {code}",
                right=", ".join(sorted(one.code for one in purposes)),
            )
    codes = file.kind_mandates or below.kind_mandates
    return Profile(
        name=name,
        country=own.country,
        title=Text(vi=own.title_vi, en=own.title_en),
        languages=own.languages,
        time_zone=own.time_zone,
        currency=own.currency,
        minor_unit=own.minor_unit,
        kinds=None if own.kinds is None else frozenset(own.kinds),
        catalogue=Catalogue(rows, calendar, _codes(codes)),
        calendar=calendar,
        deadlines=MappingProxyType(
            {one.code: one for one in _rows(data, "deadlines.toml", "deadline", LegalDeadline)}
        ),
        purposes=MappingProxyType({one.code: one for one in purposes}),
        retention=MappingProxyType(
            {one.record: one for one in _rows(data, "retention.toml", "retention", RetentionRow)}
        ),
        only_demo=own.only_demo,
    )


def _codes(
    table: Mapping[str, Sequence[Sequence[str]]] | None,
) -> Mapping[str, tuple[frozenset[str], ...]] | None:
    if table is None:
        return None
    return {kind: tuple(frozenset(one) for one in codes) for kind, codes in table.items()}


def _overlay(rows: tuple[MandateRow, ...], file: _File, name: str) -> tuple[MandateRow, ...]:
    """Adoption and forms of the overlay, on the rows that it names."""
    adoption, forms = file.adoption, file.profile.admit_forms
    if adoption is None and not forms:
        return rows
    unknown = set(adoption.codes if adoption else ()) - {row.code for row in rows}
    for code in sorted(unknown):
        raise CatalogueWrong(
            file=f"{name}/profile.toml", mandate=code, why="adopts no row", right="a code"
        )
    made = []
    for row in rows:
        given: dict[str, Any] = {"signer_forms": tuple(sorted({*row.signer_forms, *forms}))}
        if adoption is not None and row.code in adoption.codes:
            given |= {
                "adopted_by": adoption.by,
                "adopted_at": adoption.at,
                "adoption_document": adoption.document,
            }
        made.append(msgspec.structs.replace(row, **given))
    return tuple(made)


def _calendar(table: _Calendar) -> WorkCalendar:
    return WorkCalendar(
        holidays=frozenset(day for year in table.years for day in year.holidays),
        working_days=frozenset(day for year in table.years for day in year.working_days),
        years=frozenset(year.year for year in table.years),
    )


def _read(name: str) -> _File:
    table = _toml(name, "profile.toml")
    try:
        return msgspec.convert(table, _File)
    except msgspec.ValidationError as cause:
        raise CatalogueWrong(
            file=f"{name}/profile.toml", mandate="-", why=str(cause), right="law §5"
        ) from cause


def _rows(name: str, file: str, table: str, kind: type[_T]) -> tuple[_T, ...]:
    try:
        return msgspec.convert(_toml(name, file).get(table, []), tuple[kind, ...])  # type: ignore[valid-type]
    except msgspec.ValidationError as cause:
        raise CatalogueWrong(
            file=f"{name}/{file}", mandate="-", why=str(cause), right="law §1"
        ) from cause


def _toml(name: str, file: str) -> dict[str, Any]:
    place = resources.files("lachan.profiles") / name / file
    if not name.isidentifier() or not place.is_file():
        raise ProfileUnknown(name=f"{name}/{file}"[:60])
    try:
        return tomllib.loads(place.read_text("utf-8"))
    except tomllib.TOMLDecodeError as cause:
        raise CatalogueWrong(
            file=f"{name}/{file}", mandate="-", why=str(cause), right="TOML 1.0"
        ) from cause
