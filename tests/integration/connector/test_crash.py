"""Killed at any point and started again, a connector ends the same: one receipt, one effect, one answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lachan.connector import crash
from lachan.connector.config import load_config
from lachan.connector.member import Member, open_member
from lachan.exchange.crypto import b64encode, private_jwk
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import decode
from lachan.exchange.messages import pause
from lachan.exchange.opening import open_part
from lachan.kernel.time import FixedClock, to_wire
from tests.integration.connector.conftest import NOW, POLICE, Bench, catalogue

BANK = "vn/bank/970902"
SPOOL = Path(__file__).with_name("spool.py")


def prepared(bench: Bench) -> tuple[Path, Envelope]:
    """The member's folder and a spool with one pause in it."""
    folder, centre = bench.folder, bench.centre
    bench.place(BANK).rename(folder / "member")
    spool = folder / "spool"
    for name in ("in", "got", "out"):
        (spool / name).mkdir(parents=True)
    (spool / "log.jwk").write_text(json.dumps(private_jwk(centre.log_key)))
    files = {
        "directory": {
            "version": 1,
            "directory": b64encode(centre.directory_.body),
            "jws": centre.directory_.jws,
        },
        "catalogue": {"catalogue": b64encode(catalogue().to_bytes()), "profile": "demo"},
    }
    (spool / "files.json").write_text(json.dumps(files))
    row = bench.truth["scams"]["green"]["report"]["transfers"][0]
    ask = pause.Ask(
        account=f"{row['to_bank']}:{row['to_account']}",
        credit_time=row["at"],
        credit_amount=row["amount"],
        amount=row["amount"],
        until=to_wire(NOW + timedelta(hours=20)),
        reason="lừa đảo",
    )
    sent = centre.ask(BANK, "pause", ask, cap=10**10, until=NOW + timedelta(hours=24))
    (spool / "in" / "1.json").write_text(json.dumps(centre.queue[-1]))
    return folder, sent


def run(folder: Path, now: datetime, at: str = "") -> int:
    """One life of the process; answers how it ended."""
    environment = {**os.environ, crash.VARIABLE: at}
    done = subprocess.run(
        [sys.executable, str(SPOOL), str(folder), to_wire(now)],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode


def opened(folder: Path, now: datetime) -> Member:
    return open_member(load_config(folder / "member" / "connector.toml"), FixedClock(now))


@pytest.mark.parametrize("at", [one for one in crash.POINTS if "undo" not in one])
def test_a_pause_survives_a_kill(bench: Bench, at: str) -> None:
    folder, sent = prepared(bench)
    assert run(folder, NOW, at) == -signal.SIGKILL
    assert run(folder, NOW + timedelta(seconds=3)) == 0
    spool = folder / "spool"
    assert [one.name for one in (spool / "got").iterdir()] == [sent.h]
    envelopes = [Envelope.from_bytes(one.read_bytes()) for one in (spool / "out").iterdir()]
    assert len(envelopes) == 1
    answer = decode(
        pause.Reply, open_part(envelopes[0], "answer", bench.centre.keys[f"{POLICE}#encrypt"])
    )
    assert answer.amount == 80_050_000
    member = opened(folder, NOW)
    effects = member.core.effects(
        bench.truth["scams"]["green"]["report"]["transfers"][0]["to_account"]
    )
    assert len(effects) == 1
    log = [member.store.log.entry(index) for index in range(member.store.log.size())]
    assert sum(b'"event":"accepted"' in one for one in log) == 1
    assert sum(b'"event":"effect"' in one for one in log) == 1
    member.store.close()


@pytest.mark.parametrize("at", ["before_undo", "after_undo"])
def test_a_lease_ends_once_though_the_process_is_killed(bench: Bench, at: str) -> None:
    folder, sent = prepared(bench)
    assert run(folder, NOW) == 0
    later = NOW + timedelta(hours=21)
    assert run(folder, later, at) == -signal.SIGKILL
    assert run(folder, later + timedelta(seconds=3)) == 0
    envelopes = [
        Envelope.from_bytes(one.read_bytes()) for one in (folder / "spool" / "out").iterdir()
    ]
    notices = [one for one in envelopes if one.manifest.type == "notice"]
    assert len(notices) == 1
    assert notices[0].manifest.in_reply_to == sent.h
    member = opened(folder, later)
    number = bench.truth["scams"]["green"]["report"]["transfers"][0]["to_account"]
    assert member.core.held(number) == 0
    assert not member.store.leases()
    member.store.close()
