"""What this context needs of the outside: a way to a telephone, and the list that is never blocked."""

from typing import Protocol


class PhoneCode(Protocol):
    """Sends a code to a telephone. One method; SMS, a voice call or the demonstration's simulated phone."""

    def send(self, phone: str, code: str) -> None:
        """`phone` is E.164; returns when the code was handed over. Raises: ConnectionError."""


class NeverBlock(Protocol):
    """Is this account on the signed never-block list?"""

    def __call__(self, account: str) -> bool: ...
