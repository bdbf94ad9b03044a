"""Conversations of a month planted as rows, for pages that count them; and officers of every sort who look."""

from datetime import datetime, timedelta
from typing import Any

from lachan.access.actors import Actor
from lachan.exchange.models import ConversationRecord
from lachan.kernel.ids import uuid7
from lachan.members import services as members
from lachan.members.roles import Connection, Role
from tests.integration.members.conftest import A05, BANK, CENTRE, Deployment

SBV = "vn/supervisor/sbv"
OTHERS = tuple(f"vn/bank/97040{n}" for n in range(5))


def plant(at: datetime, member: str = BANK, **changes: Any) -> ConversationRecord:
    """One ask of that time, answered in a minute unless told otherwise."""
    given = {
        "id": uuid7(), "kind": "trace_credit", "asker": f"{A05}/duty", "answerer": f"{member}/fraud-desk",
        "asker_member": A05, "answerer_member": member, "case_ref": "VA-26-000001", "purpose": "GLD", "priority": "P0",
        "ask_h": (uuid7().hex * 2), "state": {}, "status": "Disclosed", "substate": "complete", "asked_at": at,
        "due_at": at + timedelta(minutes=5), "ended_at": at + timedelta(minutes=1), "ending": "ANSWERED",
        "worked_seconds": 60, "created_at": at,
    }  # fmt: skip
    return ConversationRecord.objects.create(**given | changes)


def open_ask(at: datetime, member: str = BANK, **changes: Any) -> ConversationRecord:
    """One that nobody has answered."""
    return plant(at, member, **{"ended_at": None, "ending": "", "worked_seconds": None, "status": "AwaitingDisclosure", "substate": "accepted"} | changes)  # fmt: skip


def watchers(country: Deployment) -> dict[str, Actor]:
    """A supervisor of the centre, of the banks' regulator (BANK and one other), a desk head and a mere investigator."""
    country.register(SBV, Connection.HOSTED)
    for n, address in enumerate(OTHERS):
        country.register(
            address, Connection.CONNECTED, bins=(address[-6:],), regulator=SBV if n == 0 else ""
        )
    country.clock.advance(1)
    members.add_unit(country.system, SBV, "office", "Thanh tra", clock=country.clock)
    country.enrol("Vũ Thị Giám", CENTRE, "office", Role.SUPERVISOR)
    country.enrol("Đỗ Văn Quản", SBV, "office", Role.SUPERVISOR)
    country.enrol("Hồ Thị Bàn", BANK, "fraud-desk", Role.DESK_HEAD)
    country.enrol("Lý Văn Tra", A05, "duty", Role.INVESTIGATOR)
    country.clock.advance(1)
    members.publish_directory(country.system, clock=country.clock)
    names = {"centre": "Vũ Thị Giám", "regulator": "Đỗ Văn Quản", "member": "Hồ Thị Bàn", "asker": "Lý Văn Tra"}  # fmt: skip
    return {sort: country.actor(name) for sort, name in names.items()}
