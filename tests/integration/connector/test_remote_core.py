"""A bank whose effects are its own core's, behind HTTP: the connector reads the ledger and the core acts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from lachan.adapters.ledgers.opening import open_ledger
from lachan.connector.config import load_config
from lachan.connector.core import LedgerCore
from lachan.connector.port import Order
from lachan.exchange.messages import release
from tests.integration.connector.conftest import NOW, Bench
from tests.integration.connector.test_bank import BANK2, credit, hold_ask, paused
from tests.unit.connector.bank import BankServer, bank_server


@pytest.fixture
def core(bench: Bench) -> LedgerCore:
    """The bank's books of effects, which the connector does not see."""
    config = load_config(bench.place(BANK2) / "connector.toml")
    records = config.read.adapter[0]
    book = open_ledger(records.type, config.path(records.place), bank="970902")
    return LedgerCore(book, bench.folder / "bank.db")


@pytest.fixture
def bank(bench: Bench, core: LedgerCore) -> Iterator[BankServer]:
    with bank_server(bench.folder, core) as running:
        path: Path = bench.place(BANK2) / "connector.toml"
        ca = bench.folder / "ca" / "ca.crt"
        path.write_text(
            path.read_text() + f'\n[[adapter]]\ntype = "http"\nurl = "{running.url}"\nca = "{ca}"\n'
        )
        yield running


def test_the_core_acts_and_the_answer_is_what_it_did(
    bench: Bench, bank: BankServer, core: LedgerCore
) -> None:
    sent = paused(bench)
    bench.run(BANK2)
    assert bench.centre.answer(sent).amount == 80_050_000
    number = credit(bench)["to_account"]
    assert core.held(number) == 80_050_000
    assert not (bench.place(BANK2) / "effects.db").exists()
    hold = hold_ask(bench, sent.h)
    bench.run(BANK2)
    answer = bench.centre.answer(hold)
    assert (answer.held, core.held(number)) == (60_000_000, 60_000_000)
    done = core.look_up(hold.manifest.id)
    assert done is not None
    assert answer.core_ref == done.core_ref
    let = bench.centre.ask(
        BANK2, "release", release.Ask(order=hold.h, reason="APPEAL"), follows=hold.h
    )
    bench.run(BANK2)
    assert bench.centre.answer(let).left == 0
    assert core.held(number) == 0


def test_the_lease_ends_in_the_core(bench: Bench, bank: BankServer, core: LedgerCore) -> None:
    sent = paused(bench)
    bench.run(BANK2)
    bench.centre.clock.advance(21 * 3600)
    bench.open(BANK2).work_once()
    assert core.held(credit(bench)["to_account"]) == 0
    assert bench.centre.answer(sent, "notice").reason == "lease_ended"


def test_an_answer_of_the_core_that_was_lost_leads_to_one_effect_and_one_answer(
    bench: Bench, bank: BankServer, core: LedgerCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lachan.connector.cores.attempted._REST_SECONDS", 0.0)
    sent = paused(bench)

    def loses(handler: BaseHTTPRequestHandler) -> None:
        """The order was carried out; its answer never arrives."""
        if handler.command == "PUT":
            bank.fault = None
            core.execute(_order(bench, sent.manifest.id), now=NOW)
            handler.connection.close()
        else:
            handler.send_response(200)
            handler.end_headers()
            handler.wfile.write(b'{"ready": true}')

    bank.fault = loses
    bench.run(BANK2)
    answer = bench.centre.answer(sent)
    assert answer.amount == 80_050_000
    effects = sqlite3.connect(bench.folder / "bank.db").execute("SELECT count(*) FROM effect")
    assert effects.fetchone() == (1,)
    assert [one[0] for one in bank.asked if "/orders/" in one[1]] == ["PUT", "GET"]


def test_a_core_that_is_down_sends_the_ask_to_the_desk_and_back(
    bench: Bench, bank: BankServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lachan.connector.cores.attempted._REST_SECONDS", 0.0)

    def down(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(503)
        handler.end_headers()

    bank.fault = down
    sent = paused(bench)
    bench.run(BANK2)
    row = bench.open(BANK2).member.store.received(h=sent.h)
    assert row is not None
    assert (row.state, row.reason) == ("desk", "core_unavailable")
    assert bench.centre.answer(sent) is None
    assert bench.centre.answer(sent, "refuse") is None
    bank.fault = None
    bench.run(BANK2)
    assert bench.centre.answer(sent).amount == 80_050_000


def _order(bench: Bench, message: str) -> Order:
    row = credit(bench)
    return Order(
        message=message, action="pause", account=row["to_account"], case_ref="VA-26-000001", amount=row["amount"],
        until=NOW + timedelta(hours=20),
    )  # fmt: skip
