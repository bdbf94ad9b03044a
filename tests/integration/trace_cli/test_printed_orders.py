"""The printed order: layout of the decree, text as data, one family, the same bytes each time."""

import dataclasses
from datetime import date

import pytest

from lachan.adapters.documents import order_pdf as orders
from lachan.adapters.documents.fonts import embedded, family
from lachan.adapters.documents.order_pdf import LetterMissing, OrderDocument, Signer, order_pdf

ORDER = OrderDocument(
    parent="Công an Thành phố Hà Nội",
    issuer="Cơ quan Cảnh sát điều tra",
    symbol="LTG-CSĐT",
    number=7,
    place="Hà Nội",
    dated=date(2026, 2, 4),
    kind="Lệnh",
    subject="Tạm giữ số tiền trong tài khoản",
    urgency="HỎA TỐC",
    to=["Ngân hàng TMCP Ví Dụ A", "Ngân hàng TMCP Ví Dụ B"],
    grounds=["Căn cứ Bộ luật Tố tụng hình sự;", "Căn cứ Luật Các tổ chức tín dụng."],
    body=['1. Yêu cầu tạm giữ các số tiền sau đây. #eval("1")', "- *không đậm* _không nghiêng_"],
    columns=["Tài khoản", "Ngân hàng*", "Số tiền (đ)>"],
    rows=[["0123456789", "Ví Dụ A", "1.200.000.000"]],
    closing=["Chủ tài khoản có quyền khiếu nại"],
    copies=["Như trên", "Lưu: VT, CSĐT"],
    signers=[Signer("Nguyễn Thị Ánh", "KT. Thủ trưởng", "Phó Thủ trưởng")],
    qr="LC1:ABCDEFGH:12:ABCDE12345",
)


def test_an_order_is_a_pdf_in_one_family_and_the_same_bytes_each_time() -> None:
    first = order_pdf(ORDER)
    assert first == order_pdf(ORDER)
    assert first.startswith(b"%PDF-")
    assert {name.split("-")[0] for name in embedded(first)} == {family().replace(" ", "")}


def test_the_number_has_two_digits_and_a_draft_has_none() -> None:
    assert orders._cells(ORDER)["number"] == "Số: 07/LTG-CSĐT"
    draft = orders._cells(dataclasses.replace(ORDER, number=None))
    assert draft["number"] == "Số:      /LTG-CSĐT"
    assert draft["draft"] == "BẢN DỰ THẢO"
    assert orders._cells(ORDER)["draft"] == ""


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 2, 4), "Hà Nội, ngày 04 tháng 02 năm 2026"),
        (date(2026, 11, 24), "Hà Nội, ngày 24 tháng 11 năm 2026"),
        (date(2026, 3, 9), "Hà Nội, ngày 09 tháng 3 năm 2026"),
    ],
)
def test_days_below_ten_and_months_one_and_two_have_a_zero(day: date, text: str) -> None:
    assert orders._cells(dataclasses.replace(ORDER, dated=day))["placed"] == text


def test_the_last_sentence_ends_as_the_decree_is_used() -> None:
    assert orders._cells(ORDER)["closing"][-1].endswith("khiếu nại./.")
    short = orders._cells(dataclasses.replace(ORDER, closing=[]))
    assert short["body"][-1].endswith("./.")


def test_a_dispatch_without_a_kind_has_its_subject_under_the_number() -> None:
    letter = dataclasses.replace(ORDER, kind="", urgency="", to=["Ngân hàng A"], qr="")
    assert orders._cells(letter)["about"] == "V/v Tạm giữ số tiền trong tài khoản"
    assert order_pdf(letter).startswith(b"%PDF-")


def test_a_letter_that_the_family_lacks_stops_an_order() -> None:
    with pytest.raises(LetterMissing) as refused:
        order_pdf(dataclasses.replace(ORDER, body=["漢"]))
    assert refused.value.code == "documents.letter"


def test_an_unknown_urgency_is_refused() -> None:
    with pytest.raises(ValueError, match="GẤP"):
        order_pdf(dataclasses.replace(ORDER, urgency="GẤP"))
