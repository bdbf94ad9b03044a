"""QR codes in a picture that somebody sends: decoded by zxing-cpp, opened by Pillow within bounds.

Pillow opens a picture lazily: its size is looked at before its pixels are, so a small file of a billion pixels costs
nothing (a decompression bomb).
"""

import io

import zxingcpp
from PIL import Image, UnidentifiedImageError

from lachan.reports.errors import PictureTooLarge, PictureUnreadable

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 50_000_000  # of a JPEG: a telephone's whole photograph
MAX_FLAT_PIXELS = (
    20_000_000  # of a PNG or WebP, which is decoded at full size: four screenshots high
)
SIDE = 3_000  # a code that a telephone could scan is plain at this size
FORMATS = ("PNG", "JPEG", "WEBP")


class ZxingPictures:
    """The port `reports.ports.QrPictures`."""

    def read(self, data: bytes) -> str:
        """The text of the one QR code. Raises: PictureTooLarge, PictureUnreadable."""
        if len(data) > MAX_BYTES:
            raise PictureTooLarge(field="picture")
        found = {
            one.text for one in zxingcpp.read_barcodes(_grey(data), zxingcpp.BarcodeFormat.QRCode)
        }
        if len(found) != 1:
            raise PictureUnreadable(field="picture")
        return str(found.pop())


def _grey(data: bytes) -> Image.Image:
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
        most = MAX_PIXELS if picture.format == "JPEG" else MAX_FLAT_PIXELS
        if picture.width * picture.height > most:
            raise PictureTooLarge(field="picture")
        picture.draft(
            "L", (SIDE, SIDE)
        )  # a JPEG is decoded small and grey; other kinds do not listen
        picture.load()
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
    ) as cause:
        raise PictureUnreadable(field="picture") from cause
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture.thumbnail((SIDE, SIDE))
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    grey = picture.convert("L")
    grey.thumbnail((SIDE, SIDE))
    return grey
