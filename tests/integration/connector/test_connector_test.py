"""`lachan connector test` against the centre's own processes over TLS: every line good, and each fault on its own line."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes
ROOT = Path(__file__).parents[3]
MAKE = "import sys; from pathlib import Path; from benchmarks.deployment import small_deployment; small_deployment(Path(sys.argv[1]), banks=2)"
LACHAN = "import sys; from lachan.cli.main import main; sys.exit(main())"
LONGEST = 60  # seconds, on a loaded machine
BANK, OTHER = "vn/bank/970901", "vn/bank/970902"


@dataclass
class Place:
    """A running centre, and a member's folder beside it."""

    folder: Path
    env: dict[str, str]
    config: Path

    def lines(self, *more: str) -> dict[str, tuple[bool, str]]:
        line = [sys.executable, "-c", LACHAN, "connector", "test", "--config", str(self.config), "--json", *more]  # fmt: skip
        done = subprocess.run(line, env=self.env, capture_output=True, text=True, check=False)
        assert done.stdout, done.stderr
        told = json.loads(done.stdout)
        assert done.returncode == (0 if told["ok"] else 1), done.stderr
        return {one["id"]: (one["ok"], one["what"]) for one in told["checks"]}

    def change(self, old: str, new: str) -> None:
        text = self.config.read_text()
        assert old in text
        self.config.write_text(text.replace(old, new))

    def pings(self) -> list[bytes]:
        link = sqlite3.connect(self.folder / "centre" / "lachan.sqlite3", timeout=30)
        try:
            rows = link.execute("SELECT bytes FROM evidence_entry").fetchall()
        finally:
            link.close()
        return [row[0] for row in rows if b'"event":"ping"' in row[0]]


def bad(lines: dict[str, tuple[bool, str]]) -> set[str]:
    return {name for name, (ok, _) in lines.items() if not ok}


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str], int]]:
    folder = tmp_path_factory.mktemp("test")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LACHAN_")}
    env = {
        **kept, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "lachan.settings", "LACHAN_DEMO": "1",
        "LACHAN_DATA": str(folder / "centre"), "LACHAN_PROFILE": "demo",
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", MAKE, str(folder)], env=env, check=True, cwd=ROOT)
    parts = [
        subprocess.Popen(
            [sys.executable, "-c", LACHAN, "serve", "--only", part, "--exchange-port", str(port)],
            env=env,
        )
        for part in ("clock", "exchange")
    ]
    try:
        ends = time.monotonic() + LONGEST
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < ends, "no exchange port"
            time.sleep(0.1)
        yield folder, env, port
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait(20)


@pytest.fixture
def place(centre: tuple[Path, dict[str, str], int], tmp_path: Path) -> Place:
    """A fresh configuration of the first bank."""
    folder, env, port = centre
    keys = {path.name: path for path in (folder / "bank-0").rglob("*.*")}
    config = tmp_path / "connector.toml"
    config.write_text(
        f"""adapter = []
[member]
address = "{BANK}"
[centre]
url = "https://127.0.0.1:{port}"
root_file = "{keys["root.json"]}"
[keys]
sign = "{keys["sign.jwk"]}"
encrypt = "{keys["encrypt.jwk"]}"
log = "log.jwk"
tls_cert = "{keys["tls.crt"]}"
tls_key = "{keys["tls.key"]}"
ca = "{keys["ca.crt"]}"
[store]
path = "connector.db"
[desk]
""",
        encoding="utf-8",
    )
    return Place(folder, env, config)


def test_every_line_is_good_and_the_ping_stands_in_the_log(place: Place) -> None:
    before = len(place.pings())
    lines = place.lines()
    assert bad(lines) == set(), lines
    assert list(lines) == [
        "config", "dns", "tls", "centre", "clock", "directory", "catalogue", "member", "key", "encryption", "ping", "inclusion",
    ]  # fmt: skip
    assert lines["encryption"][1].endswith("encrypted and opened")
    (entry,) = place.pings()[before:]
    assert json.loads(entry)["sender"] == BANK


def test_another_member_s_address_is_encrypted_for_and_an_unknown_one_is_said(place: Place) -> None:
    lines = place.lines(OTHER)
    assert bad(lines) == set()
    assert lines["encryption"][1] == f"{OTHER}: encrypted"
    assert bad(place.lines("vn/bank/000000")) == {"encryption"}


def test_a_key_that_is_not_ours_fails_its_line_and_the_signed_calls(place: Place) -> None:
    other = next(path for path in (place.folder / "bank-1").rglob("sign.jwk"))
    own = next(path for path in (place.folder / "bank-0").rglob("sign.jwk"))
    place.change(str(own), str(other))  # a key that the directory knows, as another's
    lines = place.lines()
    assert bad(lines) == {"key"}
    assert json.loads(place.pings()[-1])["sender"] == OTHER  # the signature says who called
    other_encrypt = next(path for path in (place.folder / "bank-1").rglob("encrypt.jwk"))
    own_encrypt = next(path for path in (place.folder / "bank-0").rglob("encrypt.jwk"))
    place.change(str(own_encrypt), str(other_encrypt))
    assert bad(place.lines()) == {"key", "encryption"}


def test_a_strange_authority_a_wrong_name_and_a_closed_port_are_said_apart(
    place: Place, tmp_path: Path
) -> None:
    ca = next(path for path in (place.folder / "bank-0").rglob("ca.crt"))
    text = place.config.read_text()
    place.change(f'ca = "{ca}"', "")
    lines = place.lines()
    assert bad(lines) == {"tls", "centre"}
    assert "verify" in lines["tls"][1]
    place.config.write_text(text)
    place.change("https://127.0.0.1", "https://khong-co.invalid")
    assert bad(place.lines()) == {"dns", "centre"}
    place.config.write_text(text)
    port = text.split("127.0.0.1:")[1].split('"')[0]
    place.change(f":{port}", ":9")
    assert bad(place.lines()) == {"tls", "centre"}
