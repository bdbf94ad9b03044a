"""A telecom that is not connected: its keys at the centre, its folder in the data folder."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from lachan.access.purposes import Purpose
from lachan.access.steps import step
from lachan.evidence.sequencer import sequence_once
from lachan.exchange import sending, writing
from lachan.exchange.catalogue import MandateUse, calendar_hash, catalogue
from lachan.exchange.crypto import new_encrypt_key, new_sign_key
from lachan.exchange.kinds import MessageType, Priority, kind
from lachan.exchange.letters import Letter
from lachan.exchange.services import DraftView, ask_by_shift
from lachan.kernel.time import to_wire
from lachan.members import services as members
from lachan.members.enrolment import enrol_key_row, key_row
from lachan.members.roles import Connection, KeyUse, MemberState
from tests.integration.members.conftest import A05, Deployment

PAPER = "vn/bank/970499"
WHY = "the test looks at everything"


def join(country: Deployment) -> None:
    """Register the bank, active, with a desk; publish the directory."""
    form = members.MemberForm(
        address=PAPER, name_vi="Ngân hàng Giấy", name_en="Paper Bank", connection=Connection.PAPER, bins=("970499",), participation=0,
    )  # fmt: skip
    members.register_member(country.system, form, clock=country.clock)
    enrol, at = country.safe.enrol_key(PAPER), country.clock.now()
    row = enrol_key_row(PAPER, enrol, signers=country.safe.root_keys()[:2], at=at)
    members.add_key(country.system, row, clock=country.clock)
    for use, key in ((KeyUse.SIGN, new_sign_key()), (KeyUse.ENCRYPT, new_encrypt_key())):
        members.add_key(
            country.system,
            key_row(PAPER, key, use, enrol=enrol, at=at),
            clock=country.clock,
            private=key,
        )
    members.add_unit(country.system, PAPER, "desk", "Bàn trực", clock=country.clock)
    members.change_state(
        country.system, PAPER, MemberState.TESTING, reason="applied", clock=country.clock
    )
    for name in ("Lê Thị Một", "Phạm Văn Hai"):
        members.activate(country.actor(name), PAPER, clock=country.clock, waiver=True)
    publish(country)


def publish(country: Deployment) -> None:
    members.publish_directory(
        country.system, clock=country.clock, mandates_hash=catalogue().hash, calendar_hash=calendar_hash(),
    )  # fmt: skip


@step
def ask_confirm(country: Deployment) -> tuple[Any, list[object]]:
    """An automatic question that the shift signs."""
    at = country.clock.now() - timedelta(minutes=5)
    question = kind("confirm_transfer").ask(
        ref="FT1", time=to_wire(at), amount=60_000_000, from_account="970499:1001001001", to_account="970418:2002002002",
    )  # fmt: skip
    made = ask_by_shift(
        asker=f"{A05}/duty", kind_name="confirm_transfer", question=question, receiver=f"{PAPER}/desk", stage="report",
        purpose=Purpose.GLD, case_ref="VA-26-000001", clock=country.clock,
    )  # fmt: skip
    assert isinstance(made, DraftView), made
    return made, []


@step
def ask_statement(country: Deployment) -> tuple[DraftView, list[object]]:
    """A statement, signed by the two officers whom its rows require."""
    from lachan.exchange.approvals import Act
    from lachan.members.roles import Role
    from tests.integration.members.conftest import PASSPHRASE

    now = country.clock.now()
    question = kind("provide_statement").ask(
        account="970499:1001001001", since=to_wire(now - timedelta(days=3)), until=to_wire(now)
    )
    letter = Letter(
        asker=f"{A05}/duty", kind_name="provide_statement", body=question, receiver=f"{PAPER}/desk",
        mandates=[MandateUse(code, "verify", subjects=1) for code in ("VN.BLTTHS.88", "VN.LCTCTD.13")],
        purpose=Purpose.INV, priority=Priority.P2, case_ref="VA-26-000001",
    )  # fmt: skip
    made = writing.draft(letter, now=now)
    people = {"unit_head": "Nguyễn Thị Trưởng", "investigator": "Trần Minh Trực"}
    for need in made.required:
        name = people[next(iter(need.roles & people.keys()))]
        officer = country.officers[name]
        with members.unlock_officer_key(
            officer.id, PASSPHRASE, country.code(name), clock=country.clock, machine=country.machine
        ) as unlocked:
            writing.approve(
                made.id, unlocked.key, officer=officer.id, role=next(role for role in Role if role.value in need.roles).value,
                unit="duty", act=Act.APPROVED, at=now,
            )  # fmt: skip
    writing.dispatch(made.id, now=now)
    return made, []


@step
def cancel(country: Deployment, made: DraftView, kind_name: str) -> tuple[DraftView, list[object]]:
    letter = Letter(
        asker=f"{A05}/duty", kind_name=kind_name, body=None, receiver=f"{PAPER}/desk", mandates=(),
        purpose=Purpose.GLD, priority=Priority.P0, case_ref="VA-26-000001", type_=MessageType.CANCEL,
        in_reply_to=made.h, conversation=made.conversation,
    )  # fmt: skip
    return writing.post(letter, now=country.clock.now()), []


def send(country: Deployment) -> list[str]:
    """Put what is ready on the wire and give it its place in the log."""
    done = [
        sending.send_one(outgoing_id=one, clock=country.clock)
        for one in sending.ready(now=country.clock.now())
    ]
    sequence_once(country.clock)
    return done


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []
