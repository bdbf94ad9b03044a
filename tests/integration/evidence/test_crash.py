"""Killed at any point, the sequencer leaves nothing to mend; two at once never place an entry twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lachan.evidence import tree
from tests.tsa import running

pytestmark = pytest.mark.processes

PRELUDE = """
import os, signal, sys
from pathlib import Path
from django.conf import settings
settings.configure(
    LACHAN_DATA=Path(sys.argv[1]), USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["lachan.evidence.apps.EvidenceConfig"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1] + "/log.sqlite",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30,
                    "init_command": "PRAGMA journal_mode=WAL;"}}},
)
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from lachan.evidence import sequencer, services
from lachan.kernel.time import SystemClock
clock = SystemClock()
"""
FILL = """
call_command("migrate", verbosity=0)
for n in range(40):
    services.append("accepted", "system", clock.now(), h=f"{n:064x}")
"""
STAMP_KILLED = """
from lachan.adapters.tsa import authority
from lachan.evidence import stamping
stamping.use(*authority.configured([(sys.argv[2], sys.argv[3])]))
def die_at_the_row(execute, sql, params, many, context):
    if sql.startswith("INSERT INTO \\"evidence_stamp\\""):
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(die_at_the_row):
    stamping.stamp_once(clock)
"""
STAMP = """
from lachan.adapters.tsa import authority
from lachan.evidence import stamping
stamping.use(*authority.configured([(sys.argv[2], sys.argv[3])]))
assert stamping.stamp_once(clock) is stamping.Outcome.STAMPED
assert stamping.stamp_once(clock) is stamping.Outcome.NOT_DUE
"""
KILLED = """
left = int(sys.argv[2])
def die_at(execute, sql, params, many, context):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(die_at):
    while sequencer.sequence_once(clock, limit=10):
        pass
"""
RUN = """
for _ in range(30):
    sequencer.sequence_once(clock, limit=3)
"""
REST = "sequencer.sequence_all(clock)"


def command(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(PRELUDE + code), *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def run(folder: Path, code: str, *arguments: str) -> int:
    line = command(code, str(folder), *arguments)
    return subprocess.run(line, check=False, env=environment()).returncode


def assert_whole(folder: Path, entries: int) -> None:
    """Every entry has one place, and every head is the root of its leaves."""
    db = sqlite3.connect(folder / "log.sqlite")
    leaves = [leaf for (leaf,) in db.execute(
        "SELECT leaf FROM evidence_leaf JOIN evidence_entry ON entry_id = id ORDER BY idx"
    )]  # fmt: skip
    places = [idx for (idx,) in db.execute("SELECT idx FROM evidence_leaf ORDER BY idx")]
    heads = db.execute("SELECT size, root FROM evidence_sth").fetchall()
    db.close()
    assert places == list(range(entries))
    assert len(leaves) == entries
    assert heads
    for size, root in heads:
        assert tree.root_of(leaves[:size]) == root


@pytest.mark.parametrize("statements", [0, 1, 3, 5, 7, 9, 14, 23])
def test_a_killed_sequencer_goes_on_where_it_was(tmp_path: Path, statements: int) -> None:
    assert run(tmp_path, FILL) == 0
    assert run(tmp_path, KILLED, str(statements)) == -signal.SIGKILL
    assert run(tmp_path, REST) == 0
    assert_whole(tmp_path, 40)


def test_killed_between_the_token_and_its_row_the_head_is_stamped_by_the_next_turn(
    tmp_path: Path,
) -> None:
    assert run(tmp_path, FILL + REST) == 0
    with running(tmp_path / "tsa") as tsa:
        assert run(tmp_path, STAMP_KILLED, *tsa.setting) == -signal.SIGKILL
        assert len(tsa.answered) == 1
        assert stamps(tmp_path) == []
        assert run(tmp_path, STAMP, *tsa.setting) == 0
        assert stamps(tmp_path) == [(40, tsa.answered[1])]
    assert_whole(tmp_path, 40)


def stamps(folder: Path) -> list[tuple[int, bytes]]:
    db = sqlite3.connect(folder / "log.sqlite")
    found = db.execute("SELECT size, token FROM evidence_stamp").fetchall()
    db.close()
    return found


def test_two_sequencers_at_once_place_every_entry_once(tmp_path: Path) -> None:
    assert run(tmp_path, FILL) == 0
    both = [subprocess.Popen(command(RUN, str(tmp_path)), env=environment()) for _ in range(2)]
    assert [one.wait(timeout=120) for one in both] == [0, 0]
    assert_whole(tmp_path, 40)
