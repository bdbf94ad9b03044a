"""The 24 ledgers with known answers, each under six methods (specs: tracing §3)."""

import json
from pathlib import Path
from typing import Any

import pytest

from lachan.tracing.model import Ledger
from lachan.tracing.purse import all_methods
from lachan.tracing.replay import replay

TABLES = ("residual", "exits", "flows", "pending", "frontier", "truncated", "layers", "parts")
LISTS = ("relabels", "order_uncertain")


@pytest.fixture
def cases(shared: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((shared / "data" / "tracing_vectors.json").read_text())[
        "cases"
    ]
    return read


def test_there_are_24_cases_with_six_methods_each(cases: list[dict[str, Any]]) -> None:
    assert len(cases) == 24
    assert all(set(case["expected"]) == set(all_methods()) for case in cases)


@pytest.mark.parametrize("index", range(24))
def test_every_vector_is_met_under_every_method(cases: list[dict[str, Any]], index: int) -> None:
    case = cases[index]
    ledger = Ledger.from_json(case)
    for method, expected in case["expected"].items():
        got = replay(ledger, method).to_json()
        for name in (*TABLES, *LISTS):
            empty: Any = {} if name in TABLES else []
            assert got[name] == expected.get(name, empty), (case["name"], method, name)
