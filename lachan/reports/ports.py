"""What this context needs of the outside: a telephone, a reader of QR pictures, the list that is never blocked."""

from typing import Protocol


class PhoneCode(Protocol):
    """Sends a code to a telephone. One method; SMS, a voice call or the demonstration's simulated phone."""

    def send(self, phone: str, code: str) -> None:
        """`phone` is E.164; returns when the code was handed over. Raises: ConnectionError."""


class PhoneText(Protocol):
    """Sends a short text to a telephone."""

    def tell(self, phone: str, text: str) -> None:
        """`phone` is E.164; returns when the text was handed over. Raises: ConnectionError."""


class QrPictures(Protocol):
    """Reads the QR code of a picture."""

    def read(self, data: bytes) -> str:
        """The text of the one code. Raises: PictureTooLarge, PictureUnreadable."""


class NeverBlock(Protocol):
    """Is this account on the signed never-block list?"""

    def __call__(self, account: str) -> bool: ...
