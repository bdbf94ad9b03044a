"""Signing in needs officers: the same small deployment as the register's tests."""

from tests.integration.members.conftest import (  # noqa: F401 - fixtures
    country,
    data_folder,
    empty,
)
