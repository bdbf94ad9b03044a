"""Several items in one transaction: none is lost, none is done twice, none takes another with it."""

from uuid import UUID

import pytest

from lachan.access import steps
from lachan.evidence import services as evidence
from lachan.evidence.models import Entry, Pending
from lachan.kernel.events import Event
from lachan.kernel.time import from_wire

pytestmark = pytest.mark.django_db
AT = from_wire("2026-11-24T03:00:00.000Z")
BROKEN = "vn/bank/broken"


class Act:
    """Leaves a log entry for each item, and stops at the broken one after its entry."""

    def __init__(self) -> None:
        self.begun: list[str] = []

    def __call__(self, who: str) -> tuple[str, list[Event]]:
        self.begun.append(who)
        evidence.append("access", who, AT)
        if who == BROKEN:
            raise ValueError(who)
        return f"done {who}", []


def _failed(who: str, fault: Exception) -> str:
    return f"{type(fault).__name__} {who}"


def _actors() -> list[str]:
    return sorted(
        bytes(one.bytes).split(b'"actor":"')[1].split(b'"')[0].decode()
        for one in Entry.objects.all()
    )


def test_what_is_done_together_has_its_entries_in_the_queue_of_the_log() -> None:
    act, who = Act(), ["vn/bank/a", "vn/bank/b", "vn/bank/c"]
    assert steps.together(act, who, failed=_failed) == [f"done {one}" for one in who]
    assert act.begun == who
    assert _actors() == who
    assert Pending.objects.count() == len(who)


def test_one_that_fails_takes_none_with_it_and_is_told_once() -> None:
    act = Act()
    results = steps.together(act, ["vn/bank/a", BROKEN, "vn/bank/c"], failed=_failed)
    assert results == ["done vn/bank/a", f"ValueError {BROKEN}"]
    assert _actors() == ["vn/bank/a"]
    assert steps.together(act, ["vn/bank/c"], failed=_failed) == ["done vn/bank/c"]
    assert _actors() == ["vn/bank/a", "vn/bank/c"]


def test_one_alone_that_fails_is_not_begun_twice() -> None:
    act = Act()
    assert steps.together(act, [BROKEN], failed=_failed) == [f"ValueError {BROKEN}"]
    assert act.begun == [BROKEN]
    assert _actors() == []


def test_a_transaction_is_short_and_the_rest_waits_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "LONGEST", 0.0)
    act = Act()
    assert steps.together(act, ["vn/bank/a", "vn/bank/b"], failed=_failed) == ["done vn/bank/a"]
    assert _actors() == ["vn/bank/a"]


def test_an_entry_outside_a_step_is_there_at_once() -> None:
    logged = evidence.append("access", "vn/bank/a", AT)
    assert isinstance(logged.id, UUID)
    assert Entry.objects.filter(pk=logged.id, pending__isnull=False).exists()
