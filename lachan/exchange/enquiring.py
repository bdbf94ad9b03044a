"""Asks outside a case: what one officer of a hosted member may ask and sign alone under adopted rows (exchange.md §4, §5).

A kind that needs two signers, a document, a sum, a lease or an order before it is asked from a case; it is not offered here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose, purposes_of
from lachan.access.verbs import verb
from lachan.exchange import catalogue, writing
from lachan.exchange.approvals import Act
from lachan.exchange.askable import Askable, named
from lachan.exchange.catalogue import MandateUse
from lachan.exchange.desk_errors import NotAskable, ReceiverUnfit
from lachan.exchange.desks import DESKS, SERVED
from lachan.exchange.forms.declared import typed as can_be_typed
from lachan.exchange.forms.reading import read_form
from lachan.exchange.kinds import MessageKind, all_kinds
from lachan.exchange.letters import Letter
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, SystemClock
from lachan.members import services as members
from lachan.members.roles import Connection, MemberKind, MemberState, Role

STAGE = "none"  # of a case there is none
_FORM = "jws"  # a software key, unlocked by its passphrase


def possible(actor: Actor, *, now: datetime) -> dict[str, Askable]:
    """By name, the kinds that the actor may ask now; nothing for a member that runs its own connector or is suspended."""
    member = members.current_directory().member(actor.agency)
    if (
        member is None
        or member.connection is not Connection.HOSTED
        or member.state is not MemberState.ACTIVE
    ):
        return {}
    found = {one.name: _under(one, actor, now) for one in all_kinds().values() if _plain(one)}
    return {name: one for name, one in found.items() if one is not None}


def receivers(found: Askable, *, but: str) -> list[tuple[str, str, str]]:
    """Live members that a kind may be sent to under its rows, as (address, name, name in English); never the asker."""
    return [(one.address, one.name_vi, one.name_en) for one in _fitting(found, but)]


@verb(
    "enquiry.send",
    roles=DESKS,
    purposes=SERVED,
    title=Text(vi="Gửi yêu cầu ngoài vụ việc", en="Ask outside a case"),
)
def ask_alone(
    *, actor: Actor, kind_name: str, receiver: str, typed: Mapping[str, str], passphrase: str, totp: str,
    clock: Clock, machine: Clock | None = None,
) -> tuple[UUID, Sequence[Event]]:  # fmt: skip
    """Read the form, sign with one unlock of the officer's key, and send; answers the conversation.

    receiver: a member's address. machine: the time of the person's authenticator.
    Raises: NotAskable, ReceiverUnfit, FormWrong, PassphraseWrong, LockedOut, NoKey, EvidenceStopped.
    """
    now = clock.now()
    found = possible(actor, now=now).get(kind_name)
    if found is None or actor.officer_id is None:
        raise NotAskable(kind=kind_name[:40])
    question = read_form(found.kind.ask, typed)
    member = next((one for one in _fitting(found, actor.agency) if one.address == receiver), None)
    if member is None:
        raise ReceiverUnfit(field="receiver")
    name = found.kind.subjects
    subjects = 1 if name is None else len(getattr(question, name))
    letter = Letter(
        asker=actor.agency,
        kind_name=kind_name,
        body=question,
        receiver=members.desk_address(member, kind_name),
        mandates=[MandateUse(row.code, STAGE, subjects=subjects) for row in found.rows],
        purpose=found.purpose,
        priority=found.priority,
        case_ref="",
    )
    with members.unlock_officer_key(
        actor.officer_id, passphrase, totp, clock=clock, machine=machine or SystemClock()
    ) as key:
        made = writing.draft(letter, now=now)
        writing.approve(
            made.id, key.key, officer=actor.officer_id, role=_signs_as(found, actor).value, unit=actor.unit,
            act=Act.APPROVED, at=now,
        )  # fmt: skip
    writing.dispatch(made.id, now=now)
    return made.conversation, ()


def _plain(declared: MessageKind) -> bool:
    """A question that a form can hold and that binds nobody's money, number or page."""
    bound = declared.order or declared.sheet or declared.money or declared.lease
    return not bound and not declared.follows and can_be_typed(declared.ask)


def _under(declared: MessageKind, actor: Actor, now: datetime) -> Askable | None:
    if actor.roles.isdisjoint(declared.askers):
        return None
    sender = MemberKind(actor.agency.split("/")[1])
    for purpose in _purposes(actor):
        alternatives = catalogue.usable_all(
            declared.name, stage=STAGE, priority=declared.priority, purpose=purpose.value, sender_kind=sender, now=now,
        )  # fmt: skip
        for rows in alternatives:
            found = Askable(declared, purpose, declared.priority, rows)
            if _fits(found, actor) and named(rows, actor.agency):
                return found
    return None


def _purposes(actor: Actor) -> list[Purpose]:
    """That for which the actor is here, then those of his roles; else a row's own, for its law says why the member is asked."""
    own = purposes_of(actor.roles)

    def distance(one: Purpose) -> tuple[bool, bool]:
        return one is not actor.purpose, one not in own

    return sorted(SERVED, key=lambda one: (*distance(one), one))


def _fits(found: Askable, actor: Actor) -> bool:
    plain = all(not row.document_required and _FORM in row.signer_forms for row in found.rows)
    return plain and _signers(found, actor) != frozenset()


def _signers(found: Askable, actor: Actor) -> frozenset[Role]:
    """The actor's roles of which one signature is all that the rows ask for."""
    needs = catalogue.required(
        found.kind.name, [row.code for row in found.rows], priority=found.priority,
        sender_kind=MemberKind(actor.agency.split("/")[1]),
    )  # fmt: skip
    if len(needs) != 1 or needs[0].distinct_unit_from is not None:
        return frozenset()
    return actor.roles & frozenset(Role(one) for one in needs[0].roles)


def _signs_as(found: Askable, actor: Actor) -> Role:
    return min(_signers(found, actor))


def _fitting(found: Askable, but: str) -> list[members.Member]:
    kinds = found.kind.answerers.intersection(*(row.answerers for row in found.rows))
    directory = members.current_directory()
    rows = members.members_of_kind(*kinds)
    reached = {row.address for row in directory.members() if row.connection is not Connection.PAPER}
    return [one for one in rows if one.address != but and one.address in reached]
