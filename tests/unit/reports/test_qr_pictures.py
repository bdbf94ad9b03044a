"""A QR code in a picture is read; whatever else is sent gets a plain sentence and no harm."""

import io
import random
import struct
import zlib

import pytest
import segno
from PIL import Image

from lachan.adapters.vietqr.pictures import MAX_BYTES, ZxingPictures
from lachan.reports.errors import PictureTooLarge, PictureUnreadable
from lachan.reports.hints import of_payload
from tests.unit.reports.test_hints import DYNAMIC

read = ZxingPictures().read


def png(text: str, scale: int = 6) -> bytes:
    file = io.BytesIO()
    segno.make(text).save(file, kind="png", scale=scale, border=4)
    return file.getvalue()


def as_photo(data: bytes, kind: str = "JPEG", turned: int = 0) -> bytes:
    """On a grey table, turned, compressed, as a telephone would send it."""
    code = Image.open(io.BytesIO(data)).convert("RGB").resize((600, 600))
    table = Image.new("RGB", (1200, 1600), (180, 175, 170))
    table.paste(code, (300, 500))
    file = io.BytesIO()
    table.rotate(turned, fillcolor=(180, 175, 170)).save(file, kind, quality=70)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("turned", [0, 12, 90])
def test_a_photographed_payment_code_is_read(kind: str, turned: int) -> None:
    hint = of_payload(read(as_photo(png(DYNAMIC), kind, turned)))
    assert (hint.to_bank, hint.amount) == ("970403", "180000")


def test_a_screenshot_with_transparency_is_read() -> None:
    picture = Image.open(io.BytesIO(png(DYNAMIC))).convert("RGBA")
    clear = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    dark = picture.convert("L").point(lambda value: 255 if value < 128 else 0)
    clear.paste((0, 0, 0, 255), (0, 0), dark)
    file = io.BytesIO()
    clear.save(file, "PNG")
    assert read(file.getvalue()) == DYNAMIC


def bomb() -> bytes:
    """A small PNG file that says it has three billion pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def test_a_bomb_is_not_opened() -> None:
    with pytest.raises((PictureTooLarge, PictureUnreadable)):
        read(bomb())


def test_too_many_bytes_are_not_opened() -> None:
    with pytest.raises(PictureTooLarge):
        read(b"\xff" * (MAX_BYTES + 1))


def two_codes() -> bytes:
    both = Image.new("RGB", (1300, 700), "white")
    for place, text in ((20, "mot"), (660, "hai")):
        both.paste(Image.open(io.BytesIO(png(text, 10))).convert("RGB"), (place, 20))
    file = io.BytesIO()
    both.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ\x90\0" * 50, b"%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(40),
     png(DYNAMIC)[:200], two_codes()],
    ids=["empty", "program", "pdf", "svg", "gif", "cut off", "two codes"],
)  # fmt: skip
def test_what_is_no_picture_of_one_code_is_refused(data: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        read(data)


def test_noise_is_refused() -> None:
    rng = random.Random(7)
    noise = Image.frombytes("L", (400, 400), bytes(rng.randrange(256) for _ in range(160_000)))
    file = io.BytesIO()
    noise.save(file, "PNG")
    with pytest.raises(PictureUnreadable):
        read(file.getvalue())


def test_a_telephone_s_whole_photograph_is_read_and_a_poster_is_not() -> None:
    code = Image.open(io.BytesIO(png(DYNAMIC, 20))).convert("L").resize((3_000, 3_000))
    photograph = Image.new("L", (8_000, 6_000), 190)
    photograph.paste(code, (2_000, 1_500))
    file = io.BytesIO()
    photograph.save(file, "JPEG", quality=60)
    assert read(file.getvalue()) == DYNAMIC
    file = io.BytesIO()
    photograph.save(file, "PNG")
    with pytest.raises(PictureTooLarge):
        read(file.getvalue())
