"""The commands of a member's administrator: exit codes and what they print."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from lachan.cli.main import main
from tests.integration.connector.conftest import Bench


@pytest.fixture
def config(bench: Bench) -> Path:
    """A member's configuration without TLS, whose centre does not answer, on a free desk port."""
    path = bench.place("vn/bank/970901") / "connector.toml"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    text = path.read_text().replace("https://127.0.0.1:8443", "http://127.0.0.1:9")
    lines = [line for line in text.splitlines() if not line.startswith(("tls_", "ca ="))]
    text = "\n".join(
        f'listen = "127.0.0.1:{port}"' if one.startswith("listen") else one for one in lines
    )
    path.write_text(text + "\n")
    return path


def test_a_centre_that_does_not_answer_fails_the_check(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["connector", "test", "--config", str(config), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {one["id"]: one["ok"] for one in found["checks"]} == {
        "config": True, "ledger": True, "effects": True, "dns": True, "tls": False, "centre": False
    }  # fmt: skip


def test_a_wrong_configuration_is_refused_with_its_line(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(config.read_text() + "surprise = 1\n")
    assert main(["connector", "run", "--config", str(config)]) == 4
    assert "surprise" in capsys.readouterr().err


def test_a_connector_runs_shows_its_desk_and_stops_when_told(config: Path) -> None:
    program = "import sys; from lachan.cli.main import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "connector", "run", "--config", str(config)],
        stderr=subprocess.PIPE,
        env=dict(os.environ),
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "cannot be reached" in line:
            break
    listen = next(one for one in config.read_text().splitlines() if one.startswith("listen"))
    desk = listen.split('"')[1]
    with urlopen(f"http://{desk}/dang-nhap") as page:
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "Đăng nhập" in page.read().decode()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_a_country_is_made_and_a_scam_planted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "country")
    assert main(["connector", "generate", folder, "--transfers", "3000"]) == 0
    capsys.readouterr()
    assert main(["connector", "plant", folder, "--seed", "3"]) == 0
    assert json.loads(capsys.readouterr().out)["amount"].isdigit()
