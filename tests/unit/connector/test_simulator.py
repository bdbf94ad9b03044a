"""The simulated country: the same seed gives the same files, no balance is negative, and nothing is lost."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from lachan.adapters.ledgers.book import Book
from lachan.adapters.ledgers.opening import open_ledger
from lachan.connector.simulator.cast import cast, money_members
from lachan.connector.simulator.generate import Country, generate
from lachan.connector.simulator.scam import new_scam
from lachan.connector.simulator.writing import place_of
from lachan.kernel.time import from_wire

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def made(folder: Path, seed: int = 7) -> Country:
    return generate(folder, seed=seed, now=NOW, transfers=6_000)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Country:
    return made(tmp_path_factory.mktemp("country"))


def books(country: Country) -> dict[str, Book]:
    return {
        one.code: open_ledger(
            one.ledger,
            place_of(one.ledger, country.member_folder(one) / "core"),
            bank=one.code,
            fresh_seconds=0,
        )
        for one in money_members(cast())
    }


def test_there_are_eight_banks_two_wallets_and_four_others() -> None:
    kinds = [one.kind.value for one in cast()]
    assert kinds.count("bank") == 8
    assert kinds.count("ewallet") == 2
    assert sorted(kinds[10:]) == ["isp", "platform", "registrar", "telecom"]
    assert {one.ledger for one in money_members(cast())} == {"sql", "parquet", "csv"}


def test_the_same_seed_gives_the_same_country(country: Country, tmp_path: Path) -> None:
    again = made(tmp_path)
    for name in (
        "truth.json",
        "vn-bank-970902/core/lines-00000.parquet",
        "vn-bank-970903/core/lines-00000.csv",
    ):
        assert (country.folder / name).read_bytes() == (tmp_path / name).read_bytes()
    assert again.lines == country.lines
    other = made(tmp_path / "other", seed=8)
    assert (other.folder / "truth.json").read_bytes() != (tmp_path / "truth.json").read_bytes()


def test_as_many_transfers_as_asked_for(country: Country) -> None:
    assert country.transfers >= 6_000


def test_every_ledger_balances_and_no_balance_is_negative(country: Country) -> None:
    for code, book in books(country).items():
        numbers = {
            one
            for scam in country.scams.values()
            for one in scam["accounts"].values()
            if one.startswith(code)
        }
        for number in numbers:
            lines = list(book.lines(number.split(":")[1], 0))
            assert lines
            for before, after in pairwise(lines):
                assert after.balance_after == (before.balance_after or 0) + after.amount
            assert all((line.balance_after or 0) >= 0 for line in lines)


def test_both_legs_of_a_planted_transfer_have_one_reference(country: Country) -> None:
    known = books(country)
    for scam in country.scams.values():
        for at, src, dst, amount in scam["moves"]:
            if dst.startswith("@"):
                continue
            (src_bank, src_number), (dst_bank, dst_number) = src.split(":"), dst.split(":")
            time = int(from_wire(at).timestamp())
            out = [
                one
                for one in known[src_bank].lines(src_number, 0)
                if one.amount == -amount and one.time == time
            ]
            back = [
                one
                for one in known[dst_bank].lines(dst_number, 0)
                if one.amount == amount and one.time == time
            ]
            assert {one.ref for one in out} & {one.ref for one in back}


def test_the_first_scam_is_as_deep_and_wide_as_promised(country: Country) -> None:
    moves = country.scams["green"]["moves"]
    assert len({side.split(":")[0] for move in moves for side in move[1:3] if ":" in side}) >= 6
    layer: dict[str, int] = defaultdict(int)
    for _, src, dst, _ in moves:
        layer[dst] = max(layer[dst], layer[src] + 1)
    assert max(layer.values()) >= 5
    assert from_wire(moves[-1][0]) - from_wire(moves[0][0]) < timedelta(minutes=15)
    assert {move[2] for move in moves if move[2].startswith("@")} == {"@cash", "@merchant", "@vasp"}
    assert len(country.scams["green"]["innocent"]) == 2


def test_a_new_scam_can_be_planted_while_the_members_run(tmp_path: Path) -> None:
    country = made(tmp_path)
    running = books(country)
    told = new_scam(tmp_path, NOW + timedelta(hours=1), 5)
    at = int(from_wire(told["at_wire"]).timestamp())
    for book in running.values():
        book.refresh()
    found = running[told["to_bank"]].find_credit(
        told["to_account"],
        ref=None,
        payer_bank=told["from_bank"],
        amount=int(told["amount"]),
        time=at,
        max_skew=60,
    )
    assert len(found) == 1
    assert told["name"]
    again = new_scam(tmp_path, NOW + timedelta(hours=2), 6)
    assert again["to_account"] != told["to_account"]
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert len(truth["scams"]) == 4
    for account in truth["scams"]["new-2"]["accounts"].values():
        code, number = account.split(":")
        lines = list(running[code].lines(number, 0))
        assert all((line.balance_after or 0) >= 0 for line in lines)


def test_configurations_differ_in_address_and_port(country: Country) -> None:
    texts = [(country.member_folder(one) / "connector.toml").read_text() for one in cast()]
    ports = {line for text in texts for line in text.splitlines() if line.startswith("listen")}
    assert len(ports) == 14
