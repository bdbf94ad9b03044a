"""The bank's core as a program: one JSON object in, one out. `python bank_program.py FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))  # the environment is bare


def main(folder: Path) -> int:
    from tests.unit.connector.bank import answer
    from tests.unit.connector.test_core import HOUR, core_of, ledger

    told = json.load(sys.stdin)
    core = core_of(ledger((HOUR, 80_000_000, "", "1")), folder)
    status, said = answer(core, told["call"], told)
    json.dump(said, sys.stdout)
    return {200: 0, 404: 3}.get(status, 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
