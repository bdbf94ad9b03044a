"""The adapters that bootstrap has put behind this context's ports."""

from lachan.reports.ports import NeverBlock, PhoneCode, PhoneText, QrPictures

_phone_code: PhoneCode | None = None
_never_block: NeverBlock | None = None
_qr_pictures: QrPictures | None = None
_phone_text: PhoneText | None = None


def use(
    *,
    phone_code: PhoneCode,
    never_block: NeverBlock,
    qr_pictures: QrPictures | None = None,
    phone_text: PhoneText | None = None,
) -> None:
    """Called once by `lachan.bootstrap`, or by a test with its in-memory adapters."""
    global _phone_code, _never_block, _qr_pictures, _phone_text
    _phone_code, _phone_text = phone_code, phone_text
    _never_block, _qr_pictures = never_block, qr_pictures


def phone_code() -> PhoneCode:
    """The way to a telephone. Raises: RuntimeError when nothing was wired (a defect of the start-up)."""
    if _phone_code is None:
        raise RuntimeError("no telephone adapter: lachan.bootstrap.centre() was not called")
    return _phone_code


def phone_text(phone: str, text: str) -> None:
    """Send a short text. Raises: ConnectionError when no way to a telephone can carry one."""
    if _phone_text is None:
        raise ConnectionError("no way to send a text was wired")
    _phone_text.tell(phone, text)


def qr_text(data: bytes) -> str:
    """The text of a picture's QR code. Raises: PictureTooLarge, PictureUnreadable."""
    if _qr_pictures is None:
        raise RuntimeError("no reader of pictures: lachan.bootstrap.centre() was not called")
    return _qr_pictures.read(data)


def never_blocked(account: str) -> bool:
    """Is the account on the never-block list? Without a list nothing starts by itself: everything counts as listed."""
    return True if _never_block is None else _never_block(account)
