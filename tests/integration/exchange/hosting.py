"""Hosted members beside the small country: a border guard and customs, a telecom without a connector, and who sits there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.steps import step
from lachan.exchange import receiving, sending, writing
from lachan.exchange.approvals import Act
from lachan.exchange.catalogue import MandateUse, calendar_hash, catalogue
from lachan.exchange.kinds import Priority, Question, kind
from lachan.exchange.letters import Letter
from lachan.exchange.messages import provide_call_records
from lachan.exchange.models import ConversationRecord
from lachan.kernel.time import Clock, to_wire
from lachan.members import services as members
from lachan.members.roles import Connection, MemberState, Role
from tests.integration.members.conftest import A05, PASSPHRASE, Deployment

BORDER, CUSTOMS, TELECOM = "vn/border/bdbp", "vn/customs/tchq", "vn/telecom/nho"
NEIGHBOUR = "vn/telecom/nho2"  # its address begins with the other's
PEOPLE = {
    "Lò Văn Biên": (BORDER, Role.BORDER_CHECK),
    "Trịnh Thị Hải": (CUSTOMS, Role.DESK_HEAD),
    "Mạc Thị Viễn": (TELECOM, Role.DESK),
    "Cao Văn Thông": (TELECOM, Role.DESK_HEAD),
    "Đỗ Thị Bên": (NEIGHBOUR, Role.DESK),
}
INVESTIGATOR, HEAD = "Trần Minh Trực", "Nguyễn Thị Trưởng"
NUMBER = "+84912345678"
WHY = "a test looks at everything"


def host(country: Deployment) -> None:
    """Register and activate them, and publish."""
    for address in (BORDER, CUSTOMS, TELECOM, NEIGHBOUR):
        country.register(address, Connection.HOSTED)
        members.add_unit(country.system, address, "desk", "Bàn trực", clock=country.clock)
    for name, (address, role) in PEOPLE.items():
        country.enrol(name, address, "desk", role)
    for address in (BORDER, CUSTOMS, TELECOM, NEIGHBOUR):
        members.change_state(
            country.system, address, MemberState.TESTING, reason="applied", clock=country.clock
        )
        for name in ("Lê Thị Một", "Phạm Văn Hai"):
            members.activate(country.actor(name), address, clock=country.clock, waiver=True)
    members.publish_directory(
        country.system,
        clock=country.clock,
        mandates_hash=catalogue().hash,
        calendar_hash=calendar_hash(),
    )


def at(country: Deployment, name: str, purpose: Purpose = Purpose.GLD) -> Actor:
    return country.actor(name, purpose)


def deliver(clock: Clock) -> None:
    """Everything on its way arrives, as the centre's processes do it."""
    for _ in range(3):
        for one in sending.ready(now=clock.now()):
            assert sending.send_one(outgoing_id=one, clock=clock) == "SENT"
        assert set(receiving.take_all(receiving.waiting(now=clock.now()), clock=clock)) <= {"taken"}


@step
def _asked(country: Deployment, kind_name: str, question: Question, receiver: str) -> tuple[UUID, list[Any]]:  # fmt: skip
    now = country.clock.now()
    codes = sorted(next(iter(kind(kind_name).mandates)).codes)
    letter = Letter(
        asker=A05, kind_name=kind_name, body=question, receiver=receiver,
        mandates=[MandateUse(code, "verify") for code in codes], purpose=Purpose.GLD, priority=Priority.P2,
        case_ref="VA-26-000007",
    )  # fmt: skip
    made = writing.draft(letter, now=now)
    for name, role in ((INVESTIGATOR, Role.INVESTIGATOR), (HEAD, Role.UNIT_HEAD)):
        with members.unlock_officer_key(
            country.officers[name].pk, PASSPHRASE, country.code(name), clock=country.clock, machine=country.machine,
        ) as key:  # fmt: skip
            writing.approve(
                made.id, key.key, officer=country.officers[name].pk, role=role.value, unit="duty", act=Act.APPROVED, at=now,
            )  # fmt: skip
    writing.dispatch(made.id, now=now)
    return made.conversation, []


def ask_for_calls(country: Deployment, receiver: str = f"{TELECOM}/desk") -> UUID:
    """A05 asks a telecom for call records, signed by two: a kind that two persons answer, with lines."""
    now = country.clock.now()
    question = provide_call_records.Ask(
        number=NUMBER, since=to_wire(now - timedelta(days=9)), until=to_wire(now), reason="Xác minh tin báo",
    )  # fmt: skip
    conversation = _asked(country, "provide_call_records", question, receiver)
    deliver(country.clock)
    return conversation


def talk(conversation: UUID) -> ConversationRecord:
    return ConversationRecord.objects.unscoped(reason=WHY).get(pk=conversation)


def calls(*parties: str) -> Mapping[str, str]:
    """An answer as it is typed, its lines as a table."""
    lines = "".join(f"10:0{n} 03/01/2026\tOUT\t{party}\n" for n, party in enumerate(parties))
    return {"number": "0912 345 678", "rows": f"Lúc\tChiều\tSố bên kia\n{lines}"}
