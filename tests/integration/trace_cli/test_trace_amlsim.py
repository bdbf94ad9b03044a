"""A trace through 118,000 simulated transfers: conserved, and in seconds."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.integration.trace_cli.program import program

SCRIPT = Path(__file__).parents[3] / "scripts" / "amlsim_to_ledger.py"


@pytest.fixture(scope="module")
def amlsim(shared: Path) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("amlsim_to_ledger", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: dict[str, Any] = module.ledger_of(shared / "data" / "amlsim" / "20K_cycle200.tgz")
    return made


@pytest.mark.slow
def test_the_sample_becomes_whole_numbers_and_a_trace_on_it_conserves(
    amlsim: dict[str, Any], tmp_path: Path
) -> None:
    assert len(amlsim["accounts"]) == 20_000
    assert len(amlsim["events"]) > 117_000
    assert amlsim["events"][0] == {
        "id": "t000001", "time": 86_400, "seq": 1, "src": "280", "dst": "15349", "amount": 14_780,
    }  # fmt: skip
    path = tmp_path / "ledger.json"
    path.write_text(json.dumps(amlsim), "utf-8")
    done = CliRunner().invoke(
        program(),
        ["trace", "--ledger", str(path), "--account", "280", "--at", "86400", "--amount", "14780", "--ref", "t000001", "--json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    body = json.loads(done.stdout)
    assert body["complete"]
    for method, trace in body["methods"].items():
        tables = ("residual", "exits", "pending", "frontier", "truncated")
        found = sum(
            amount for table in tables for row in trace[table].values() for amount in row.values()
        )
        assert found == 14_780, method
