"""A delivery from its draft to its acknowledgement, killed before each statement of the centre, then begun again.

Run as a program: folder, database (empty: SQLite in the folder). Each life is a forked process; SIGKILL ends it at the
n-th statement that it sends to its database, so every commit has a death on either side. Prints what was found.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.deployment import BANK, Deployment, small_deployment

MOST = 200


def main() -> None:
    """Every n from the first statement on, until a life is long enough to reach its end."""
    folder, database = Path(sys.argv[1]), sys.argv[2]
    made = small_deployment(folder, database=database)
    from django.db import connections

    listen()
    connections.close_all()  # a connection does not survive a fork
    lives = []
    for number in range(MOST):
        case = f"VA-26-{number:06d}"
        end = life(lambda case=case, number=number: deliver(made, folder, case, die_at=number))
        again = life(lambda case=case: deliver(made, folder, case, die_at=None))
        lives.append({"case": case, "killed": end == signal.SIGKILL, "end": end, "again": again})
        if end == 0:
            break
    life(lambda: (folder / "found.json").write_text(json.dumps(found())))
    sys.stdout.write(
        json.dumps({"lives": lives, "found": json.loads((folder / "found.json").read_text())})
    )


def life(act: Callable[[], object]) -> int:
    """One process; answers its exit code, or the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:  # noqa: BLE001 - told by the exit code, shown on standard error
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def listen() -> None:
    """An effect that is counted: one log entry for each answer heard."""
    from lachan.access.bus import on
    from lachan.evidence import services as evidence
    from lachan.exchange.events import Answered

    @on(Answered)
    def effect(fact: Answered) -> None:
        evidence.append("effect", "system", fact.at, h=fact.h, code="heard")


def deliver(made: Deployment, folder: Path, case: str, *, die_at: int | None) -> None:
    """What the parts of a deployment would do for this case, from wherever it stands, until it is acknowledged."""
    from django.db import connection

    left = [die_at]

    def die(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if left[0] is not None:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die):
        drive(made, folder, case)


def drive(made: Deployment, folder: Path, case: str) -> None:
    from lachan.exchange import receiving, sending
    from lachan.exchange.models import ConversationRecord

    talks = ConversationRecord.objects.unscoped(reason="test").filter(case_ref=case)
    if not talks.exists():
        made.ask(case=case)
    while talks.get().substate != "acknowledged":
        for one in sending.ready(now=made.clock.now()):
            sending.send_one(outgoing_id=one, clock=made.clock)
        answer = bank_answers(made, folder, talks.get().pk)
        if answer is not None:
            (verdict,) = made.posts([answer])  # until a receipt comes back, as a connector does
            (folder / f"{talks.get().pk}.receipt").write_text(verdict.receipt)
        for delivery in receiving.waiting(now=made.clock.now()):
            assert receiving.take(delivery=delivery, clock=made.clock) == "taken"


def bank_answers(made: Deployment, folder: Path, talk: UUID) -> bytes | None:
    """The bank's stored answer while its receipt is missing; it is made once, when the ask is there."""
    from lachan.exchange.envelope import Envelope
    from lachan.exchange.models import MessageRecord

    stored, receipt = folder / f"{talk}.answer", folder / f"{talk}.receipt"
    if receipt.exists():
        return None
    if not stored.exists():
        rows = MessageRecord.objects.unscoped(reason="test").filter(conversation=talk, type="ask")
        ask = rows.first()
        if ask is None:
            return None
        draft = stored.with_suffix(".part")
        draft.write_bytes(made.answer(Envelope.from_bytes(bytes(ask.envelope))).to_bytes())
        draft.rename(stored)
    return stored.read_bytes()


def found() -> dict[str, Any]:
    """What stands in the database at the end, by case."""
    from lachan.evidence.models import Entry
    from lachan.exchange.models import (
        ConversationRecord,
        DeliveryRecord,
        MessageRecord,
        OutgoingRecord,
    )

    why = "test"
    entries = [json.loads(bytes(one.bytes)) for one in Entry.objects.all()]
    cases = {}
    for talk in ConversationRecord.objects.unscoped(reason=why):
        messages = MessageRecord.objects.unscoped(reason=why).filter(conversation=talk.pk)
        hashes = {one.h for one in messages}
        about = [one for one in entries if one.get("h") in hashes]
        cases[talk.case_ref] = {
            "state": f"{talk.status}/{talk.substate}",
            "messages": sorted(one.type for one in messages),
            "entries": sorted(one["event"] for one in about),
            "unsent": OutgoingRecord.objects.unscoped(reason=why)
            .filter(conversation=talk.pk).exclude(state="SENT").count(),
            "deliveries": DeliveryRecord.objects.unscoped(reason=why)
            .filter(message__conversation=talk.pk).count(),
            "waiting": DeliveryRecord.objects.unscoped(reason=why)
            .filter(message__conversation=talk.pk, hosted=True, receipted_at=None).count(),
        }  # fmt: skip
    return {"cases": cases, "bank": BANK}


if __name__ == "__main__":
    main()
