"""The import contracts hold, and they bite: a planted import against each of them is reported."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLANTED = {
    "Inward only": ("kernel/money.py", "from lachan.tracing.model import Entry"),
    "Pure means pure": ("exchange/envelope.py", "import django"),
    "The connector runs without Django and without the centre's records": (
        "connector/store.py",
        "import lachan.settings",
    ),
    "Inside reports": ("holds/services.py", "import lachan.reports.models"),
    "Inside cases": ("reports/services.py", "import lachan.cases.queries"),
    "Inside exchange": ("cases/services.py", "import lachan.exchange.models"),
    "Inside holds": ("exchange/services.py", "import lachan.holds.models"),
    "Inside members": ("reports/services.py", "import lachan.members.models.keys"),
    "Inside access": ("evidence/services.py", "import lachan.access.models"),
    "Inside evidence": ("exchange/services.py", "import lachan.evidence.models"),
}


def verdicts(folder: Path) -> dict[str, str]:
    program = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    found = re.findall(r"^(\S.*?) (KEPT|BROKEN)", ran.stdout, re.MULTILINE)
    assert found, ran.stdout + ran.stderr
    return dict(found)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package alone, without its assets."""
    for path in (ROOT / "lachan").rglob("*.py"):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def test_every_contract_has_a_planted_violation(copy: Path) -> None:
    assert verdicts(copy) == dict.fromkeys(PLANTED, "KEPT")


def test_each_planted_violation_is_reported(copy: Path) -> None:
    for name, line in PLANTED.values():
        with (copy / "lachan" / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    assert verdicts(copy) == dict.fromkeys(PLANTED, "BROKEN")
