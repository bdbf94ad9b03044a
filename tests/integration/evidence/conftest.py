"""A data folder of its own for every test: the log key is made there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lachan.evidence import guard
from lachan.kernel.time import FixedClock, from_wire


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> Path:
    settings.LACHAN_DATA = tmp_path
    return tmp_path


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(from_wire("2026-11-24T03:00:00.000Z"))


@pytest.fixture
def emptied_afterwards(transactional_db: None) -> Iterator[None]:
    """For tests with real commits: the triggers would refuse the emptying of the tables."""
    guard.install(connection)
    yield
    guard.remove(connection)


@pytest.fixture
def insert_only(db: None) -> None:
    """The triggers, also when a test with real commits ran before and took them away."""
    guard.install(connection)
