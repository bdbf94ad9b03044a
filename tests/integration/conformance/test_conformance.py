"""The kit passes our own connector, and names the case when a rule is taken out of it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from lachan.cli.main import main
from lachan.connector.conformance.judging import Result, Verdict
from lachan.connector.conformance.report import TYPE, Report
from lachan.connector.conformance.running import (
    MemberSilent,
    Settings,
    TrialImpossible,
    run_trial,
    tried_of,
    tried_of_config,
)
from lachan.connector.conformance.specimens import SpecimensWrong
from lachan.connector.simulator.generate import generate
from lachan.exchange.crypto import new_encrypt_key, new_sign_key, private_jwk, public_jwk
from lachan.kernel.time import SystemClock, to_wire

pytestmark = [pytest.mark.processes, pytest.mark.slow]
BANK, TELECOM = "vn/bank/970902", "vn/telecom/mo-phong"
BROKEN = Path(__file__).with_name("broken.py")


@dataclass
class Bench:
    country: Path
    folder: Path
    results: list[Result] = field(default_factory=list)

    def config(self, address: str) -> Path:
        return self.country / address.replace("/", "-") / "connector.toml"

    @property
    def public(self) -> Path:
        return self.config(BANK).parent / "public.json"

    @property
    def specimens(self) -> Path:
        return self.country / "specimens.json"

    def run(
        self, waiting: Callable[[str, Path], None] = lambda _url, _root: None, **over: Any
    ) -> Report:
        given: dict[str, Any] = {
            "tried": tried_of_config(BANK, self.config(BANK)), "folder": self.folder, "specimens": self.specimens,
            "wait": 15.0, "arrival": 60.0,
        }  # fmt: skip
        settings = Settings(**(given | over))
        return run_trial(settings, SystemClock(), told=self.results.append, waiting=waiting)

    def failed(self) -> set[str]:
        return {one.case for one in self.results if one.verdict is Verdict.FAILED}

    def seen(self, case: str) -> dict[str, Verdict]:
        return {one.kind: one.verdict for one in self.results if one.case == case}


def specimens(country: Path, now: datetime) -> dict[str, Any]:
    """Questions about the simulated country's own test accounts."""
    row = json.loads((country / "truth.json").read_text())["scams"]["green"]["report"]["transfers"][
        0
    ]
    account, until = f"{row['to_bank']}:{row['to_account']}", to_wire(now + timedelta(hours=10))
    return {
        "confirm_transfer": {
            "time": row["at"], "amount": row["amount"], "from_account": f"{row['from_bank']}:{row['from_account']}",
            "to_account": account,
        },
        "pause": {
            "account": account, "credit_time": row["at"], "credit_amount": row["amount"], "amount": row["amount"],
            "until": until, "reason": "thử",
        },
        "hold": {
            "account": account, "amount": 5_000_000, "lease_until": until, "case": "KIEM-TRA",
            "taint_proof": "cd" * 32, "appeal_link": "https://kiem-tra.example/",
        },
    }  # fmt: skip


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, now = tmp_path_factory.mktemp("country"), datetime.now(UTC)
    generate(folder, seed=7, now=now, transfers=4_000)
    for address in (BANK, TELECOM):
        place = folder / address.replace("/", "-")
        sign, encrypt = new_sign_key(), new_encrypt_key()
        (place / "keys" / "sign.jwk").write_text(json.dumps(private_jwk(sign)))
        (place / "keys" / "encrypt.jwk").write_text(json.dumps(private_jwk(encrypt)))
        told = {"sign": public_jwk(sign), "encrypt": public_jwk(encrypt)}
        (place / "public.json").write_text(json.dumps(told))
    (folder / "specimens.json").write_text(json.dumps(specimens(folder, now)))
    return folder


@pytest.fixture
def bench(country: Path, tmp_path: Path) -> Bench:
    return Bench(country, tmp_path / "kit")


def test_our_own_connector_passes_and_the_report_proves_it(bench: Bench) -> None:
    made = bench.run(config=bench.config(BANK))
    assert bench.failed() == set(), [one for one in bench.results if one.verdict is Verdict.FAILED]
    assert made.passed
    assert {"confirm_transfer", "pause", "hold", "renew", "release", "notify_holder"} <= set(
        made.body["answered"]
    )
    for case in (
        "valid",
        "altered_part",
        "wrong_receiver",
        "replay",
        "revoked_key",
        "stale_directory",
    ):
        tried = {kind for kind, verdict in bench.seen(case).items() if verdict is Verdict.PASSED}
        assert {"confirm_transfer", "pause", "hold"} <= tried
    assert bench.seen("crash") == {"pause": Verdict.PASSED, "hold": Verdict.PASSED}
    text = (bench.folder / "report.jws").read_text()
    assert made.hash == hashlib.sha256(text.encode()).hexdigest()
    key = OKPKey.import_key(json.loads((bench.folder / "kit.jwk").read_text()))
    read = jws.deserialize_compact(text, key, algorithms=["Ed25519"])
    assert read.protected["typ"] == TYPE
    assert json.loads(read.payload) == made.body
    assert (bench.folder / "kit.jwk").stat().st_mode & 0o077 == 0


def elsewhere(bench: Bench, fault: str, **over: Any) -> Report:
    """A member that runs by itself and calls the kit; its public keys are all that the kit gets."""
    started: list[subprocess.Popen[bytes]] = []
    (bench.folder / "own").mkdir(parents=True)

    def waiting(url: str, _root: Path) -> None:
        program = [
            sys.executable,
            str(BROKEN),
            fault,
            str(bench.config(BANK)),
            str(bench.folder),
            url,
        ]
        started.append(subprocess.Popen(program, stderr=subprocess.DEVNULL))

    tried = tried_of(BANK, bench.public, "970902")
    try:
        return bench.run(waiting, tried=tried, **over)
    finally:
        for process in started:
            process.terminate()
            process.wait(20)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("no_seal", {"altered_seal"}),
        ("no_approvals", {"left_out_approval"}),
        ("no_clock", {"expired"}),
        ("no_catalogue", {"out_of_mandate", "lapsed_mandate"}),
        ("any_receiver", {"wrong_receiver"}),
        ("stale", {"stale_directory"}),
        ("revoked", {"revoked_key"}),
        ("suspended", {"suspended_asker"}),
        ("new_receipts", {"replay"}),
        ("any_cancel", {"gap"}),
        ("twice", {"valid"}),
    ],
)
def test_a_planted_fault_fails_and_the_case_is_named(
    bench: Bench, fault: str, named: set[str]
) -> None:
    made = elsewhere(bench, fault, kinds=frozenset({"confirm_transfer"}), wait=8.0)
    assert not made.passed
    assert named <= bench.failed()


def test_a_member_elsewhere_needs_to_show_its_public_keys_alone(bench: Bench) -> None:
    made = elsewhere(bench, "none", kinds=frozenset({"confirm_transfer"}))
    assert bench.failed() == set(), bench.results
    assert made.passed
    assert not made.body["own_process"]


def test_a_member_that_never_calls_is_said_so(bench: Bench) -> None:
    with pytest.raises(MemberSilent):
        bench.run(arrival=0.5)


def test_what_does_not_fit_is_said_before_anything_starts(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(TrialImpossible):
        tried_of_config("vn/bank/970901", bench.config(BANK))
    with pytest.raises(TrialImpossible):
        tried_of("vn/nobody/x", bench.public, "")
    with pytest.raises(TrialImpossible):
        tried_of(BANK, bench.specimens, "")
    for body in ('{"none": {}}', '{"pause": {"account": 1}}', "[]", "{"):
        (tmp_path / "wrong.json").write_text(body)
        with pytest.raises(SpecimensWrong):
            bench.run(specimens=tmp_path / "wrong.json")


def test_the_command_says_it_by_its_exit_code_and_as_json(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [
        "connector",
        "conformance",
        TELECOM,
        "--config",
        str(bench.config(TELECOM)),
        "--folder",
        str(bench.folder),
    ]
    assert main([*given, "--kind", "identify_subscriber", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passed"]
    assert told["kinds"] == ["identify_subscriber"]
    assert len(told["report_hash"]) == 64
    assert main([*given, "--public", str(bench.public)]) == 4
