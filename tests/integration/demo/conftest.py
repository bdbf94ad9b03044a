"""Demonstrations, each in processes of its own, on the engine that LACHAN_TEST_DATABASE names."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.needs import fresh_postgres

ROOT = Path(__file__).parents[3]
_STOP_SECONDS = 60

Perform = Callable[..., dict[str, Any]]


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """The environment's words for a database of one demonstration: a file in its folder, or a new PostgreSQL one."""
    if os.environ.get("LACHAN_TEST_DATABASE", "sqlite") != "postgres":
        yield {}
        return
    with fresh_postgres(f"lachan_demo_{uuid4().hex[:12]}") as url:
        yield {"LACHAN_DATABASE": url}


def run(
    arguments: list[str], environment: dict[str, str], *, seconds: float = 300
) -> subprocess.CompletedProcess[str]:
    """A program of the project. One that takes too long is asked to stop, so that it ends what it started."""
    clean = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("LACHAN_", "DJANGO_")) or key == "LACHAN_SHARED"
    }
    with subprocess.Popen(
        arguments, cwd=ROOT, env={**clean, **environment}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.terminate()
            out, err = process.communicate(timeout=_STOP_SECONDS)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


@pytest.fixture(scope="session")
def perform(tmp_path_factory: pytest.TempPathFactory) -> Perform:
    """Plays once for the given words and answers what happened."""

    def play(**wanted: Any) -> dict[str, Any]:
        keep = tmp_path_factory.mktemp("demo")
        words = {"keep": str(keep), "seed": 7, "transfers": 20_000, **wanted}
        with database() as environment:
            done = run(
                [sys.executable, "-m", "tests.integration.demo.performing", json.dumps(words)],
                environment,
                seconds=wanted.get("seconds", 300),
            )
        assert done.returncode == 0, done.stderr[-4000:]
        return dict(json.loads(done.stdout))

    return play


@pytest.fixture(scope="session")
def undisturbed(perform: Perform) -> dict[str, Any]:
    """The main job with nobody killed."""
    return perform()
