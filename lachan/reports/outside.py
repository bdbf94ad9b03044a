"""The adapters that bootstrap has put behind this context's ports."""

from lachan.reports.ports import NeverBlock, PhoneCode, QrPictures

_phone_code: PhoneCode | None = None
_never_block: NeverBlock | None = None
_qr_pictures: QrPictures | None = None


def use(
    *, phone_code: PhoneCode, never_block: NeverBlock, qr_pictures: QrPictures | None = None
) -> None:
    """Called once by `lachan.bootstrap`, or by a test with its in-memory adapters."""
    global _phone_code, _never_block, _qr_pictures
    _phone_code, _never_block, _qr_pictures = phone_code, never_block, qr_pictures


def phone_code() -> PhoneCode:
    """The way to a telephone. Raises: RuntimeError when nothing was wired (a defect of the start-up)."""
    if _phone_code is None:
        raise RuntimeError("no telephone adapter: lachan.bootstrap.centre() was not called")
    return _phone_code


def qr_text(data: bytes) -> str:
    """The text of a picture's QR code. Raises: PictureTooLarge, PictureUnreadable."""
    if _qr_pictures is None:
        raise RuntimeError("no reader of pictures: lachan.bootstrap.centre() was not called")
    return _qr_pictures.read(data)


def never_blocked(account: str) -> bool:
    """Is the account on the never-block list? Without a list nothing starts by itself: everything counts as listed."""
    return True if _never_block is None else _never_block(account)
