"""The centre's own processes, a time-stamp authority and a witness, each by itself, over TLS: heads are stamped and final."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tsa import Tsa, running

pytestmark = pytest.mark.processes
ROOT = Path(__file__).parents[3]
MAKE = "import sys; from pathlib import Path; from benchmarks.deployment import small_deployment; small_deployment(Path(sys.argv[1]))"
LACHAN = "import sys; from lachan.cli.main import main; sys.exit(main())"
LONGEST = 60  # seconds, on a loaded machine


def environment(folder: Path, tsa: Tsa) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LACHAN_")}
    return {
        **kept, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "lachan.settings", "LACHAN_DEMO": "1",
        "LACHAN_DATA": str(folder / "centre"), "LACHAN_PROFILE": "demo", "LACHAN_WITNESSES": "1",
        "LACHAN_TSA_1_URL": tsa.url, "LACHAN_TSA_1_CA": str(tsa.ca),
    }  # fmt: skip


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def until(found: object, what: str) -> None:
    ends = time.monotonic() + LONGEST
    while not found():  # type: ignore[operator] # a question
        assert time.monotonic() < ends, what
        time.sleep(0.1)


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[Tsa]:
    with running(tmp_path / "tsa") as one:
        yield one


def rows(folder: Path, sql: str) -> list[tuple[int, ...]]:
    link = sqlite3.connect(folder / "centre" / "lachan.sqlite3", timeout=30)
    try:
        return link.execute(sql).fetchall()
    finally:
        link.close()


def test_heads_are_stamped_by_the_clock_and_signed_by_a_witness(tmp_path: Path, tsa: Tsa) -> None:
    env, port = environment(tmp_path, tsa), free_port()

    def lachan(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-c", LACHAN, *arguments]
        return subprocess.run(line, env=env, capture_output=True, text=True, check=False)

    subprocess.run([sys.executable, "-c", MAKE, str(tmp_path)], env=env, check=True, cwd=ROOT)
    key = tmp_path / "witness.jwk"
    row = lachan("evidence", "key", "--out", str(key), "--name", "vn/procuracy/vkstc").stdout
    listed = {"witnesses": [json.loads(row)]}
    (tmp_path / "centre" / "witnesses.json").write_text(json.dumps(listed))
    parts = [
        subprocess.Popen(
            [sys.executable, "-c", LACHAN, "serve", "--only", part, "--exchange-port", str(port)],
            env=env,
        )
        for part in ("clock", "exchange")
    ]
    try:
        until(lambda: rows(tmp_path, "SELECT 1 FROM evidence_stamp"), "no stamp")
        until(lambda: listens(port), "no exchange port")
        (tls,) = {path.parent for path in (tmp_path / "bank-0").rglob("tls.crt")}
        centre = f"https://127.0.0.1:{port}"
        known = ["--key", str(key), "--anchor", str(tmp_path / "centre" / "root.json"), "--tls", str(tls)]  # fmt: skip
        once = ["evidence", "witness", "--centre", centre, "--state", str(tmp_path / "state"), "--once", "--json", *known]  # fmt: skip
        ran = lachan(*once)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        told = json.loads(ran.stdout)
        assert (told["signed"], told["final"]) == (True, True)
        assert rows(tmp_path, "SELECT w.head_id, s.head_id FROM evidence_witness w JOIN evidence_stamp s USING (head_id)")  # fmt: skip
        same = lachan("evidence", "compare", str(tmp_path / "state"), centre, *known)
        assert same.returncode == 0, same.stdout + same.stderr
        strange = lachan(*once, "--tls", str(tmp_path))
        assert (strange.returncode, json.loads(strange.stdout)["error"]["code"]) == (5, "evidence.log_unreachable")  # fmt: skip
    finally:
        for one in parts:
            one.terminate()
        for one in parts:
            one.wait(20)
