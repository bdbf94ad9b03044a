"""The members' small country, with a telephone in memory."""

from typing import Any

import pytest

from lachan.reports import outside
from tests.integration.members.conftest import Deployment, country, data_folder, empty

__all__ = ["country", "data_folder", "empty"]


class Telephone:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, phone: str, code: str) -> None:
        self.sent.append((phone, code))


@pytest.fixture(autouse=True)
def telephone(country: Deployment) -> Any:
    phone = Telephone()
    outside.use(phone_code=phone, never_block=lambda _account: False)
    return phone
