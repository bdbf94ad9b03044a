"""Fixture strategy: values are made in the test; a fixture is only for what has to be found, started or taken down.

`shared` finds the source documents and vectors; databases come from pytest-django on the engine that
LACHAN_TEST_DATABASE names; a fixture sits in the smallest folder that needs it.
"""

import os
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests.needs import missing, shared_folder

settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    max_examples=200,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("long", max_examples=5000, deadline=None)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") == "true" else "quick")
)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; a test that asks for it fails in CI when it is missing."""
    folder = shared_folder()
    if folder is None:
        missing("the shared folder is missing: set LACHAN_SHARED")
        raise AssertionError
    return folder


@pytest.fixture(autouse=True)
def default_language() -> None:
    """A request of an earlier test leaves its language behind in the thread."""
    translation.deactivate()
