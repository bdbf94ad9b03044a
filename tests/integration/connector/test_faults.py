"""Members that misbehave, centres that do, and what the connector does then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lachan.connector import never_block
from lachan.exchange.crypto import new_sign_key
from lachan.exchange.messages import confirm_transfer
from lachan.exchange.receipts import LOGGED, compact
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import FixedClock, to_wire
from lachan.members.directory import build_directory
from tests.integration.connector.conftest import NOW, Bench, MemoryCentre, build_centre
from tests.integration.connector.test_desk import pause_ask, with_policy

PAYER, BANK = "vn/bank/970901", "vn/bank/970902"


def confirm(bench: Bench) -> confirm_transfer.Ask:
    row = bench.truth["scams"]["green"]["report"]["transfers"][0]
    return confirm_transfer.Ask(
        time=row["at"],
        amount=row["amount"],
        from_account=f"{row['from_bank']}:{row['from_account']}",
        to_account=f"{row['to_bank']}:{row['to_account']}",
    )


def simulated(bench: Bench, address: str, line: str) -> None:
    path: Path = bench.place(address) / "connector.toml"
    path.write_text(path.read_text() + f"{line}\n")


def test_a_silent_member_gives_receipts_and_no_answers(bench: Bench) -> None:
    simulated(bench, PAYER, "silent = true")
    sent = bench.centre.ask(PAYER, "confirm_transfer", confirm(bench))
    bench.run(PAYER)
    assert sent.h in bench.centre.received
    assert bench.centre.answer(sent) is None


def test_a_slow_member_answers_after_its_delay(bench: Bench) -> None:
    simulated(bench, PAYER, "delay_seconds = 20.0")
    sent = bench.centre.ask(PAYER, "confirm_transfer", confirm(bench))
    bench.run(PAYER)
    assert bench.centre.answer(sent) is None
    bench.centre.clock.advance(21)
    bench.run(PAYER)
    assert bench.centre.answer(sent).outcome == "SETTLED"


def test_people_who_are_simulated_answer_what_needs_a_person(bench: Bench) -> None:
    path: Path = bench.place("vn/telecom/mo-phong") / "connector.toml"
    path.write_text(path.read_text().replace("desk_seconds = 0", "desk_seconds = 30"))
    from tests.integration.connector.test_desk import TELECOM, subscriber

    sent = bench.centre.ask(TELECOM, "identify_subscriber", subscriber(bench))
    bench.run(TELECOM)
    assert bench.centre.answer(sent) is None
    bench.centre.clock.advance(31)
    bench.run(TELECOM)
    assert bench.centre.answer(sent).found


class LyingCentre(MemoryCentre):
    """Signs its receipts with a key that the root does not name."""

    def send(self, envelopes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        at = to_wire(self.clock.now())
        body = {"h": "0" * 64, "logged_at": at, "due_at": None, "leaf": "", "merge_by": at}
        return [
            {"receipt": compact(canonical(body), new_sign_key(), typ=LOGGED)} for _ in envelopes
        ]


def test_an_answer_is_posted_until_a_receipt_verifies(bench: Bench) -> None:
    connector = bench.open(PAYER)
    real = connector.posts
    lying = LyingCentre(**{name: getattr(bench.centre, name) for name in vars(bench.centre)})
    sent = bench.centre.ask(PAYER, "confirm_transfer", confirm(bench))
    connector.posts = lying
    bench.run(PAYER)
    assert bench.centre.answer(sent) is None
    connector.posts = real
    bench.centre.clock.advance(10)
    bench.run(PAYER)
    assert bench.centre.answer(sent).outcome == "SETTLED"


def test_a_message_without_the_centres_own_receipt_is_not_taken(bench: Bench) -> None:
    sent = bench.centre.ask(PAYER, "confirm_transfer", confirm(bench))
    bench.centre.queue[-1]["centre_receipt"] = (
        bench.centre.queue[-1]["centre_receipt"][:-4] + "AAAA"
    )
    bench.run(PAYER)
    assert bench.open(PAYER).member.store.received(h=sent.h) is None


def test_with_a_clock_that_is_far_off_nothing_is_sealed_but_leases_still_end(bench: Bench) -> None:
    ask = pause_ask(bench)
    bench.centre.ask(BANK, "pause", ask, cap=10**10, until=NOW + timedelta(hours=24))
    bench.run(BANK)
    connector = bench.open(BANK)
    connector.offset = timedelta(seconds=61)
    bench.centre.clock.advance(25 * 3600)
    came = len(bench.centre.came)
    connector.work_once()
    assert connector.member.core.held(ask.account.split(":")[1]) == 0
    assert len(bench.centre.came) == came
    connector.offset = timedelta(0)
    connector.work_once()
    assert len(bench.centre.came) == came + 1


def newer(bench: Bench, version: int, **changed: Any) -> None:
    """The centre publishes another directory."""
    centre, old = bench.centre, bench.centre.directory_
    read = old.read
    centre.directory_ = build_directory(
        changed.pop("key", centre.directory_key),
        root=centre.root,
        version=version,
        prev_hash=old.hash,
        issued_at=centre.clock.now(),
        members=read.members,
        units=read.units,
        officers=read.officers,
        keys=read.keys,
        mandates_hash=read.mandates_hash,
        **changed,
    )


def test_a_newer_directory_is_fetched_before_a_message_is_checked(bench: Bench) -> None:
    bench.run(PAYER)
    newer(bench, 2)
    sent = bench.centre.ask(PAYER, "confirm_transfer", confirm(bench))
    bench.run(PAYER)
    assert bench.open(PAYER).member.trust.version == 2
    assert bench.centre.answer(sent).outcome == "SETTLED"


def test_a_directory_that_goes_back_is_never_believed(bench: Bench) -> None:
    bench.run(PAYER)
    first = bench.centre.directory_
    newer(bench, 2)
    bench.run(PAYER)
    connector = bench.open(PAYER)
    from lachan.exchange.crypto import b64encode

    with pytest.raises(LachanError):
        connector.member.trust.take_directory(
            {"directory": b64encode(first.body), "jws": first.jws}, connector.member.store
        )
    assert connector.member.trust.version == 2


def test_the_directory_is_kept_over_a_restart_with_the_centre_down(bench: Bench) -> None:
    bench.run(PAYER)
    bench.centre.down = True
    connector = bench.open(PAYER, again=True)
    assert connector.member.trust.complete
    assert connector.member.trust.version == 1


def listed(bench: Bench, account: str) -> bytes:
    body = json.dumps({"entries": [{"account": account}]}).encode()
    (bench.place(BANK) / never_block.FILE).write_bytes(body)
    return body


def test_an_account_on_the_never_block_list_is_not_touched(
    clock: FixedClock, country: Path, tmp_path: Path
) -> None:
    row = json.loads((country / "truth.json").read_text())["scams"]["green"]["report"]["transfers"][
        0
    ]
    account = f"{row['to_bank']}:{row['to_account']}"
    body = json.dumps({"entries": [{"account": account}]}).encode()
    bench = Bench(build_centre(clock, hashlib.sha256(body).hexdigest()), country, tmp_path)
    (bench.place(BANK) / never_block.FILE).write_bytes(body)
    sent = bench.centre.ask(
        BANK, "pause", pause_ask(bench), cap=10**10, until=NOW + timedelta(hours=24)
    )
    bench.run(BANK)
    assert bench.centre.answer(sent, "refuse").reason == "PROTECTED_SUBJECT"
    (bench.place(BANK) / never_block.FILE).write_bytes(
        b'{"entries": []}'
    )  # not the list that is named
    again = bench.centre.ask(
        BANK, "pause", pause_ask(bench), cap=10**10, until=NOW + timedelta(hours=24)
    )
    bench.run(BANK)
    assert bench.centre.answer(again, "refuse").reason == "PROTECTED_SUBJECT"
    bench.open(BANK).member.store.close()


def test_a_policy_of_the_member_sends_large_sums_to_its_desk(bench: Bench) -> None:
    with_policy(bench, BANK, 'kind = "pause"\naction = "auto"\nmax_vnd = 1000000')
    sent = bench.centre.ask(
        BANK, "pause", pause_ask(bench), cap=10**10, until=NOW + timedelta(hours=24)
    )
    bench.run(BANK)
    row = bench.open(BANK).member.store.received(h=sent.h)
    assert row is not None
    assert (row.state, row.reason) == ("desk", "policy")
