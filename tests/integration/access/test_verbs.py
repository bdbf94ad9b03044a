"""One act, one permission, one transaction, one log entry; a refusal is remembered although nothing happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from lachan.access import bus
from lachan.access.actors import Actor, ActorKind
from lachan.access.bus import on, publish
from lachan.access.errors import NotAllowed, PurposeNotServed, Remembered
from lachan.access.models import AccessRecord, Login
from lachan.access.purposes import Purpose
from lachan.access.records import record_view
from lachan.access.verbs import verb
from lachan.evidence.models import Entry
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.ids import uuid7
from lachan.kernel.time import Clock, FixedClock
from lachan.members.roles import Role

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CLOCK = FixedClock(NOW)
HEAD = Actor(
    ActorKind.OFFICER,
    name="Nguyễn Thị Trưởng",
    address="vn/police/a05/duty",
    officer_id=uuid7(),
    roles=frozenset({Role.UNIT_HEAD}),
    purpose=Purpose.GLD,
)
pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Happened(Event):
    what: str


@dataclass(frozen=True, slots=True)
class FollowedUp(Event):
    what: str


class Wrong(Remembered):
    """For these tests."""

    code = "zz_test.wrong"
    text = Text(vi="Sai.", en="Wrong.")

    def remember(self, at: datetime) -> None:
        Login.objects.create(username=f"wrong at {at:%H:%M}")


heard: list[str] = []


@on(Happened)
def follow_up(fact: Happened) -> Sequence[Event]:
    heard.append(fact.what)
    if fact.what == "boom":
        raise ValueError("a listener fails")
    return [FollowedUp(f"after {fact.what}")]


@on(FollowedUp, Happened)
def note(fact: Event) -> None:
    heard.append(type(fact).__name__)


@verb("zz.act", roles={Role.UNIT_HEAD}, purposes={Purpose.GLD}, system=True)
def act(actor: Actor, name: str, *, clock: Clock, case_code: str = "") -> tuple[str, list[Event]]:
    Login.objects.create(username=name)
    if name == "wrong":
        raise Wrong
    return f"done {name}", [Happened(name)]


@verb("zz.outer", system=True)
def outer(*, actor: Actor, name: str, clock: Clock) -> tuple[str, list[Event]]:
    return act.inside(actor.for_purpose(Purpose.GLD), name, clock=clock), []


@pytest.fixture(autouse=True)
def nothing_heard() -> None:
    heard.clear()


def entries() -> list[bytes]:
    return [bytes(one.bytes) for one in Entry.objects.order_by("id")]


def test_an_act_is_done_logged_and_heard_of() -> None:
    assert act(HEAD, "one", clock=CLOCK, case_code="VA-26-000001") == "done one"
    assert heard == ["one", "Happened", "FollowedUp"]
    record = AccessRecord.objects.get()
    assert (record.actor, record.permission, record.outcome, record.case, record.purpose, record.at) == (
        str(HEAD.officer_id), "zz.act", "done", "VA-26-000001", "GLD", NOW,
    )  # fmt: skip
    assert b'"code":"zz.act"' in entries()[0]


def test_a_denied_act_leaves_nothing_but_its_log_entry() -> None:
    stranger = Actor.public()
    with pytest.raises(NotAllowed):
        act(stranger, "one", clock=CLOCK)
    with pytest.raises(PurposeNotServed):
        act(HEAD.for_purpose(Purpose.REG), "one", clock=CLOCK)
    assert not Login.objects.exists()
    assert [one.outcome for one in AccessRecord.objects.order_by("id")] == [
        "access.not_allowed",
        "access.purpose",
    ]
    assert all(b'"code":"denied:zz.act"' in one for one in entries())


def test_what_fails_in_a_listener_undoes_the_act_and_its_entry() -> None:
    with pytest.raises(ValueError, match="listener"):
        act(HEAD, "boom", clock=CLOCK)
    assert not Login.objects.exists()
    assert not AccessRecord.objects.exists()
    assert entries() == []


def test_what_must_be_remembered_survives_the_rollback() -> None:
    with pytest.raises(Wrong):
        act(HEAD, "wrong", clock=CLOCK)
    assert [one.username for one in Login.objects.all()] == ["wrong at 03:00"]


def test_one_verb_may_be_a_step_of_another_in_its_transaction() -> None:
    assert outer(actor=Actor.system("vn/police/a05"), name="one", clock=CLOCK) == "done one"
    assert [one.permission for one in AccessRecord.objects.order_by("id")] == ["zz.act", "zz.outer"]
    with pytest.raises(Wrong):
        outer(actor=Actor.system("vn/police/a05"), name="wrong", clock=CLOCK)
    assert Login.objects.filter(username="wrong at 03:00").exists()


def test_a_verb_within_another_transaction_is_a_defect() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        act(HEAD, "one", clock=CLOCK)


def test_listeners_that_answer_each_other_for_ever_are_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @dataclass(frozen=True, slots=True)
    class Echo(Event):
        n: int

    @on(Echo)
    def echo(fact: Echo) -> list[Event]:
        return [Echo(fact.n + 1)]

    monkeypatch.setattr(bus, "MAX_FACTS", 50)
    with pytest.raises(RuntimeError, match="more than 50"):
        publish([Echo(0)])
    assert bus.listeners(Echo) == [echo]


def test_a_verb_without_an_actor_is_a_defect() -> None:
    with pytest.raises(TypeError, match="actor"):

        @verb("zz.nobody")
        def nobody() -> tuple[None, list[Event]]:
            return None, []


def test_without_a_clock_the_deployments_own_is_used() -> None:
    @verb("zz.timeless", system=True)
    def timeless(actor: Actor) -> tuple[int, list[Event]]:
        """Has a docstring."""
        return 1, []

    assert timeless(Actor.system("vn/police/a05")) == 1
    assert timeless.__doc__ == "Has a docstring."
    assert AccessRecord.objects.get().at - datetime.now(UTC) < timedelta(seconds=5)


def test_a_view_of_sensitive_fields_leaves_one_entry() -> None:
    record_view(HEAD, "case.read", at=NOW, action="search", subject_key="ab" * 32, count=0)
    record = AccessRecord.objects.get()
    assert (record.action, record.fields_class, record.count) == ("search", "S", 0)
    assert len(entries()) == 1
    assert ("ab" * 32).encode() not in entries()[0]
