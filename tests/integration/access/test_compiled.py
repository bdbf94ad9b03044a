"""Statements written once answer as the queryset of the same words does, on both databases."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lachan.access.compiled import LookUp, fresh, insert, insert_later, update, update_later
from lachan.access.steps import step
from lachan.exchange.models import (
    ConversationRecord,
    DeliveryRecord,
    MessageRecord,
    OutgoingRecord,
)
from lachan.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
WHY = "the test looks at everything"
AT = datetime(2026, 11, 22, 3, 4, 5, 678_000, tzinfo=UTC)


def _talk(**changed: object) -> ConversationRecord:
    given = {
        "id": uuid7(), "kind": "pause", "asker": "vn/police/a05", "answerer": "vn/bank/970436",
        "asker_member": "vn/police/a05", "answerer_member": "vn/bank/970436", "case_ref": "VA-26-000001",
        "purpose": "GLD", "priority": "P0", "ask_h": uuid7().hex * 2, "question": b"\x00\xff", "answer": None,
        "state": {"messages": [{"chữ": "Nguyễn", "n": 1}]}, "status": "AwaitingDisclosure", "substate": "queued",
        "created_at": AT,
    }  # fmt: skip
    return ConversationRecord(**{**given, **changed})


def _message(talk: ConversationRecord, seq: int) -> MessageRecord:
    return MessageRecord(
        message_id=uuid7(), h=uuid7().hex * 2, conversation=talk.pk, sender=talk.asker, receiver=talk.answerer,
        type="ask", kind="pause", seq=seq, case_ref="VA-26-000001", envelope=b"{}", receipt="r", entry=uuid7(),
        directory_version=1, logged_at=AT,
    )  # fmt: skip


def _values(record: object) -> dict[str, object]:
    kept = {name: value for name, value in vars(record).items() if not name.startswith("_")}
    return {name: bytes(one) if isinstance(one, memoryview) else one for name, one in kept.items()}


def test_what_is_inserted_reads_back_as_the_queryset_reads_it() -> None:
    talk = _talk()
    insert(talk)
    found = LookUp(ConversationRecord, "id", reason=WHY, lock=True).first(talk.pk)
    assert found is not None
    assert _values(found) == _values(
        ConversationRecord.objects.unscoped(reason=WHY).get(pk=talk.pk)
    )
    assert (bytes(found.question or b""), found.state, found.created_at) == (
        b"\x00\xff", talk.state, AT,
    )  # fmt: skip


def test_nothing_fits_is_none() -> None:
    assert LookUp(ConversationRecord, "id", reason=WHY).first(uuid7()) is None


def test_what_is_written_later_is_there_when_the_transaction_ends() -> None:
    talk = _talk()
    message = _message(talk, 1)

    @step
    def act() -> tuple[int, list[object]]:
        insert(talk)
        insert(message)
        insert_later(
            fresh(
                DeliveryRecord,
                message_id=message.pk,
                receiver_member="vn/bank/970436",
                hosted=False,
            )
        )
        talk.status = "Disclosed"
        update_later(talk, "status")
        return DeliveryRecord.objects.unscoped(reason=WHY).count(), []

    assert act() == 0
    kept = DeliveryRecord.objects.unscoped(reason=WHY).get()
    assert (kept.message_id, kept.receipted_at, kept.overtakes) == (message.pk, None, False)
    assert ConversationRecord.objects.unscoped(reason=WHY).get().status == "Disclosed"


def test_what_was_to_be_written_later_is_undone_with_its_transaction() -> None:
    talk = _talk()

    @step
    def act() -> tuple[None, list[object]]:
        insert_later(talk)
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        act()
    assert not ConversationRecord.objects.unscoped(reason=WHY).exists()


def test_outside_of_a_step_it_is_written_at_once() -> None:
    insert_later(_talk())
    assert ConversationRecord.objects.unscoped(reason=WHY).exists()


def test_a_fresh_record_has_the_models_defaults_and_no_other_names() -> None:
    given = {"message_id": uuid7(), "receiver_member": "vn/bank/970436"}
    made, usual = fresh(DeliveryRecord, **given), DeliveryRecord(**given)
    for field in DeliveryRecord._meta.concrete_fields:
        assert getattr(made, field.attname) == getattr(usual, field.attname)
    assert fresh(OutgoingRecord).approvals is not fresh(OutgoingRecord).approvals
    with pytest.raises(TypeError, match="messages"):
        fresh(DeliveryRecord, messages=1)


def test_a_key_that_the_database_gives_is_on_the_record() -> None:
    talk = _talk()
    insert(talk)
    message = _message(talk, 1)
    insert(message)
    rows = [DeliveryRecord(message=message, receiver_member="vn/bank/970436", hosted=False)]
    insert(rows[0])
    assert rows[0].pk == DeliveryRecord.objects.unscoped(reason=WHY).get().pk


def test_an_update_changes_the_named_columns_and_no_other() -> None:
    talk = _talk()
    insert(talk)
    talk.status, talk.substate, talk.kind = "Disclosed", "complete", "hold"
    update(talk, "status", "substate")
    kept = ConversationRecord.objects.unscoped(reason=WHY).get(pk=talk.pk)
    assert (kept.status, kept.substate, kept.kind) == ("Disclosed", "complete", "pause")


def test_an_update_of_a_row_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        update(_talk(), "status")


def test_a_second_row_of_the_same_key_is_refused() -> None:
    talk = _talk()
    insert(talk)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(_talk(id=talk.pk))


def test_a_look_up_is_one_statement() -> None:
    look_up = LookUp(ConversationRecord, "id", reason=WHY)
    with CaptureQueriesContext(connection) as seen:
        look_up.first(uuid7())
        look_up.first(uuid7())
    assert len(seen) == 2


def test_without_a_reason_nobody_looks() -> None:
    with pytest.raises(ValueError, match="say why"):
        LookUp(ConversationRecord, "id", reason="")
