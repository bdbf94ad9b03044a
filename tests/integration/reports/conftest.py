"""The members' small country, with a telephone in memory."""

from typing import Any

import pytest

from lachan.reports import outside
from tests.integration.members.conftest import Deployment, country, data_folder, empty

__all__ = ["country", "data_folder", "empty"]


class Telephone:
    """Keeps what was sent; `dead` carries nothing."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.dead = False

    def send(self, phone: str, code: str) -> None:
        self._alive()
        self.sent.append((phone, code))

    def tell(self, phone: str, text: str) -> None:
        self._alive()
        self.texts.append((phone, text))

    def _alive(self) -> None:
        if self.dead:
            raise ConnectionError("the gateway does not answer")


@pytest.fixture(autouse=True)
def telephone(country: Deployment) -> Any:
    phone = Telephone()
    outside.use(phone_code=phone, phone_text=phone, never_block=lambda _account: False)
    return phone
