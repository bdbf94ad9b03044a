"""Every vector of the shared ledger file comes out of the command as it is written there."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.integration.trace_cli.program import program

METHODS = ["fifo", "lifo", "haircut", "libr", "tainted_first", "poison"]
TABLES = ("residual", "exits", "flows", "pending", "frontier", "truncated")


@pytest.fixture(scope="module")
def vectors(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (shared / "data" / "tracing_vectors.json").read_bytes()
    )["cases"]
    return found


def run(*arguments: object) -> Result:
    return CliRunner().invoke(program(), [str(one) for one in arguments])


def differences(got: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What the result says otherwise; absent and empty are equal."""
    wrong = {}
    for table in {*TABLES, *expected}:
        want = expected.get(table) or None
        have = got.get(table) or None
        if want != have:
            wrong[table] = (want, have)
    return wrong


@pytest.mark.parametrize("method", METHODS)
def test_all_cases_come_out_as_written(
    vectors: list[dict[str, Any]], method: str, tmp_path: Path
) -> None:
    assert len(vectors) == 24
    for case in vectors:
        path = tmp_path / "ledger.json"
        path.write_text(json.dumps(case), "utf-8")
        done = run("trace", "--ledger", path, "--method", method, "--json")
        assert done.exit_code == 0, done.output
        body = json.loads(done.stdout)
        assert body["schema"] == "lachan-trace/1"
        assert body["method"] == method
        assert not differences(body, case["expected"][method]), case["name"]
        for name, other in body["methods"].items():
            assert not differences(other, case["expected"][name]), (case["name"], name)
        if method != "poison":
            assert body["sums"]["seeds"] == body["sums"]["accounted"]


def test_the_program_itself_gives_the_same_and_never_imports_django(
    vectors: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / "ledger.json"
    path.write_text(json.dumps(vectors[0]), "utf-8")
    program = (
        "import sys; from lachan.cli.main import main; code = main(); "
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "trace", "--ledger", str(path), "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not differences(json.loads(done.stdout), vectors[0]["expected"]["fifo"])


def test_a_ledger_may_come_on_standard_input(vectors: list[dict[str, Any]]) -> None:
    text = (
        "from tests.integration.trace_cli.program import program; import sys; "
        "program()(prog_name='lachan')"
    )
    done = subprocess.run(
        [sys.executable, "-c", text, "trace", "--ledger", "-", "--json"],
        input=json.dumps(vectors[1]), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not differences(json.loads(done.stdout), vectors[1]["expected"]["fifo"])


def test_a_ledger_is_known_by_its_content(vectors: list[dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "case"
    path.write_text(json.dumps(vectors[2], indent=None), "utf-8")
    done = run("trace", path, "--json")
    assert not differences(json.loads(done.stdout), vectors[2]["expected"]["fifo"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "tracing.format"),
        ("[]", "tracing.format"),
        ('{"accounts":{},"events":[{"id":"a","time":1,"src":"A","dst":"B","amount":1.5}],"seeds":[]}', "tracing.format"),
        ('{"accounts":{},"events":[{"id":"a","time":1,"src":"A","dst":"A","amount":1}],"seeds":[{"victim":"v","event":"a","amount":1}]}', "tracing.self_transfer"),
        ('{"accounts":{},"events":[{"id":"a","time":1,"src":"A","dst":"B","amount":0}],"seeds":[{"victim":"v","event":"a","amount":1}]}', "tracing.amount"),
        ('{"accounts":{},"events":[{"id":"a","time":1,"src":"A","dst":"B","amount":1}],"seeds":[{"victim":"v","event":"a","amount":2}]}', "tracing.seed_exceeds"),
        ('{"accounts":[],"events":{},"seeds":[1]}', "tracing.ledger"),
    ],
)  # fmt: skip
def test_a_wrong_ledger_is_refused_with_its_code(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.json"
    path.write_text(text, "utf-8")
    done = run("trace", "--ledger", path, "--json")
    assert done.exit_code == 4, done.output
    assert json.loads(done.stdout)["error"]["code"] == code
