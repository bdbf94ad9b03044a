"""Directory rows as versions: a change closes the open row and adds another; nothing is overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from lachan.kernel.canonical import canonical
from lachan.kernel.time import to_wire
from lachan.members.directory_rows import KeyRow, MemberRow, OfficerRow, UnitRow
from lachan.members.models.organisations import Member, Unit
from lachan.members.models.published import RowVersion
from lachan.members.roles import Connection, MemberKind, MemberState

Row = MemberRow | UnitRow | OfficerRow | KeyRow
_REASON = "the directory is built of all rows"


def put(table: str, subject: str, row: Row, at: datetime) -> None:
    """Close the subject's open row and open this one."""
    versions = RowVersion.objects.unscoped(reason=_REASON)
    versions.filter(table=table, subject=subject, valid_to=None).update(valid_to=at)
    RowVersion.objects.create(
        table=table,
        subject=subject,
        row=canonical(msgspec.to_builtins(row)).decode(),
        valid_from=at,
    )


def put_member(member: Member, at: datetime) -> None:
    """A member's row as its record is now."""
    put("member", str(member.id), member_row(member, at), at)


def put_unit(unit: Unit, at: datetime) -> None:
    """A unit's row as its record is now."""
    row = UnitRow(
        member=unit.member.address,
        slug=unit.slug,
        name_vi=unit.name_vi,
        parent=unit.parent.slug if unit.parent else None,
        area=unit.area or None,
        kinds=tuple(unit.kinds),
    )
    put("unit", str(unit.id), row, at)


def member_row(member: Member, at: datetime) -> MemberRow:
    """The directory's row; `valid_from` is when this version began."""
    return MemberRow(
        id=str(member.id),
        address=member.address,
        kind=MemberKind(member.kind),
        name_vi=member.name_vi,
        name_en=member.name_en,
        state=MemberState(member.state),
        connection=Connection(member.connection),
        valid_from=to_wire(at),
        valid_to=None,
        regulator=member.regulator or None,
        official_id=member.official_id or None,
        bins=tuple(member.bins),
        msisdn_prefixes=tuple(member.msisdn_prefixes),
        asns=tuple(member.asns),
        participation=member.participation,
    )


def published(table: str, kind: type[Any]) -> list[Any]:
    """All rows of a table for the directory, oldest first.

    Members keep their history (who was ACTIVE when), with the end set; officers' and keys' rows are
    published exactly as their agency signed them, a newer one winning; of units only the open row.
    """
    rows = (
        RowVersion.objects.unscoped(reason=_REASON).filter(table=table).order_by("valid_from", "id")
    )
    if table == "unit":
        rows = rows.filter(valid_to=None)
    found = []
    for version in rows:
        value = version.value()
        if table == "member" and version.valid_to is not None:
            value["valid_to"] = to_wire(version.valid_to)
        found.append(msgspec.convert(value, kind))
    return found
