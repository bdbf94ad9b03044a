"""AMLSim sample (IBM, Apache-2.0) → a ledger for `lachan trace --ledger`.

    python scripts/amlsim_to_ledger.py 20K_cycle200.tgz > ledger.json

Amounts have two decimals and become whole numbers of hundredths; a step is a day. AMLSim lets
balances fall below zero: the ledger keeps that, and the overdraft rule (tracing §1.4) applies.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tarfile
from decimal import Decimal
from pathlib import Path
from typing import Any

DAY = 86_400


def rows_of(archive: tarfile.TarFile, name: str) -> list[dict[str, str]]:
    """The rows of the CSV file with this name, wherever it stands in the archive."""
    member = next(one for one in archive.getmembers() if Path(one.name).name == name)
    opened = archive.extractfile(member)
    if opened is None:
        raise SystemExit(f"{name} is not a file in the archive")
    with io.TextIOWrapper(opened, "utf-8") as text:
        return list(csv.DictReader(text))


def hundredths(text: str) -> int:
    """Make 14780 of 147.8, exactly."""
    value = Decimal(text) * 100
    if value != int(value):
        raise ValueError(text)
    return int(value)


def ledger_of(path: Path) -> dict[str, Any]:
    """The ledger object of tracing §1.1, without seeds."""
    with tarfile.open(path) as archive:
        nodes = rows_of(archive, "nodes.csv")
        transactions = rows_of(archive, "transactions.csv")
    return {
        "name": path.stem,
        "note": "IBM/AMLSim sample, Apache-2.0; amounts in hundredths, one step is a day",
        "accounts": {row["nodeid"]: {"opening": hundredths(row["init_balance"])} for row in nodes},
        "events": [
            {
                "id": f"t{number:06d}",
                "time": int(row["time"]) * DAY,
                "seq": number,  # the file's order is the order within a day
                "src": row["sourceNodeId"],
                "dst": row["targetNodeId"],
                "amount": hundredths(row["value"]),
            }
            for number, row in enumerate(transactions, start=1)
            if row["sourceNodeId"] != row["targetNodeId"]
        ],
        "seeds": [],
    }


if __name__ == "__main__":
    json.dump(ledger_of(Path(sys.argv[1])), sys.stdout, separators=(",", ":"))
