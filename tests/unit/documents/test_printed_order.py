"""The QR of a printed order, photographed: zxing-cpp reads from the rendered page what the log will be asked."""

import dataclasses
import hashlib
import io
import json
from datetime import date

import pytest
import typst
import zxingcpp
from PIL import Image

from lachan.adapters.documents import typeset
from lachan.adapters.documents.fonts import FOLDER, family
from lachan.adapters.documents.order_pdf import OrderDocument, _cells, order_pdf
from lachan.exchange.printed_code import printed_code, read_printed_code

CODE = printed_code(hashlib.sha256(b"an order").hexdigest(), 123_456, b"s" * 32)
ORDER = OrderDocument(
    issuer="Cục A05",
    symbol="YC",
    place="Hà Nội",
    dated=date(2026, 2, 4),
    subject="cung cấp thông tin thuê bao",
    to=["Nhà mạng Ví Dụ"],
    body=["Số điện thoại: 0912 345 678"],
    signers=[],
    copies=["Như trên", "Lưu: VT"],
    qr=CODE.scanned,
    code=CODE.typed,
    check_at="https://lachan.example/kiem-tra-van-ban",
    remarks=["Chữ ký của văn bản là chữ ký trong nhật ký."],
)


def picture(order: OrderDocument, dots: int) -> Image.Image:
    """The page as a scanner of `dots` per inch sees it."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FOLDER] if FOLDER.is_dir() else [])
    compiler = typst.Compiler(
        typeset.TEMPLATES / "order.typ", root=typeset.TEMPLATES, font_paths=fonts
    )
    data = json.dumps({**_cells(order), "family": family()})
    png = compiler.compile(format="png", ppi=float(dots), sys_inputs={"data": data})
    assert isinstance(png, bytes)
    return Image.open(io.BytesIO(png)).convert("L")


@pytest.mark.parametrize("dots", [100, 150, 300])
def test_the_code_is_read_from_the_page(dots: int) -> None:
    found = zxingcpp.read_barcodes(picture(ORDER, dots), zxingcpp.BarcodeFormat.QRCode)
    assert [read_printed_code(one.text) for one in found] == [CODE]


def test_a_page_that_lies_askew_is_read_too() -> None:
    page = picture(ORDER, 200).rotate(7, expand=True, fillcolor=255)
    (found,) = zxingcpp.read_barcodes(page, zxingcpp.BarcodeFormat.QRCode)
    assert read_printed_code(found.text) == CODE


def test_the_document_has_the_code_in_words_and_where_to_ask() -> None:
    cells = _cells(ORDER)
    assert cells["code"] == CODE.typed
    assert cells["check_at"].endswith("/kiem-tra-van-ban")
    assert order_pdf(ORDER) == order_pdf(ORDER)


def test_a_draft_has_no_code() -> None:
    bare = dataclasses.replace(ORDER, qr="", code="")
    assert not zxingcpp.read_barcodes(picture(bare, 150), zxingcpp.BarcodeFormat.QRCode)
    assert order_pdf(bare).startswith(b"%PDF-")
