"""The report's pages without a browser: what was filled in is seen first, nothing typed is lost, files are bounded."""

import io
import re
from typing import Any

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lachan.access.uploads import MAX_FILE
from lachan.adapters.vietqr.pictures import ZxingPictures
from lachan.members import services as members
from lachan.reports import outside
from lachan.reports.models import PhoneCodeRecord, ReportRecord
from tests.integration.members.conftest import BANK, Deployment
from tests.unit.reports.test_hints import payload

WHY = "the test looks at everything"
MESSAGE = "SD TK 0011223344 -500,000,000VND luc 00:05. SD 1,234,567VND. Ref FT26062123456789"


@pytest.fixture(autouse=True)
def pictures(telephone: Any) -> None:
    outside.use(
        phone_code=telephone, phone_text=telephone, never_block=lambda _account: False,
        qr_pictures=ZxingPictures(),
    )  # fmt: skip


@pytest.fixture
def client(country: Deployment) -> Client:
    return Client()


def picture(text: str) -> SimpleUploadedFile:
    file = io.BytesIO()
    segno.make(text).save(file, kind="png", scale=6)
    return SimpleUploadedFile("qr.png", file.getvalue(), "image/png")


def answer(client: Client, step: str, **typed: str) -> Any:
    return client.post(f"/trinh-bao/{step}", typed)


def draft(client: Client) -> dict[str, str]:
    found: dict[str, str] = client.session["draft"]
    return found


def reports() -> int:
    return ReportRecord.objects.unscoped(reason=WHY).count()


def test_what_a_message_filled_in_is_not_sent_before_it_was_looked_at(client: Client) -> None:
    client.post("/trinh-bao/dien-nhanh", {"message": MESSAGE})
    went = answer(client, "dien-thoai", phone="0912345678", form_key="k")
    assert went["Location"] == "/trinh-bao/khi-nao"
    assert reports() == 0
    for step, typed in (
        ("khi-nao", {"when": "now", "hour": "00:05"}),
        ("so-tien", {"amount": "500.000.000"}),
        ("ngan-hang-gui", {"from_bank": "970436", "from_account": "0011223344"}),
        ("tai-khoan-nhan", {"to_bank": "970436", "to_account": "0123456789", "ref": "FT26062123456789"}),
    ):  # fmt: skip
        page = client.get(f"/trinh-bao/{step}").content.decode()
        assert "read-mark" in page, step
        answer(client, step, **typed)
        assert "read-mark" not in client.get(f"/trinh-bao/{step}").content.decode()
    went = answer(client, "dien-thoai", phone="0912345678", form_key="k")
    assert went["Location"] == "/trinh-bao/ma-dien-thoai"
    assert reports() == 1


def test_what_was_typed_stays_and_the_difference_is_said(client: Client) -> None:
    answer(client, "so-tien", amount="30tr")
    said = client.post("/trinh-bao/dien-nhanh", {"message": MESSAGE}, follow=True).content.decode()
    assert draft(client)["amount"] == "30tr"
    assert draft(client)["from_account"] == "0011223344"
    assert "500.000.000" in said


def test_the_payee_s_page_takes_a_picture_and_keeps_what_was_typed(client: Client) -> None:
    form = {"step": "tai-khoan-nhan", "payee": "TRAN VAN B", "picture": picture(payload(bank="970436", account="0123456789"))}  # fmt: skip
    went = client.post("/trinh-bao/dien-nhanh", form)
    assert went["Location"] == "/trinh-bao/tai-khoan-nhan"
    found = draft(client)
    assert (found["to_bank"], found["to_account"], found["payee"]) == ("970436", "0123456789", "TRAN VAN B")  # fmt: skip


def test_a_picture_that_is_none_keeps_what_was_typed(client: Client) -> None:
    junk = SimpleUploadedFile("x.png", b"MZ" + bytes(500), "image/png")
    form = {"step": "tai-khoan-nhan", "payee": "TRAN VAN B", "message": MESSAGE, "picture": junk}
    page = client.post("/trinh-bao/dien-nhanh", form)
    assert page.status_code == 422
    assert "reports.picture_unreadable" in page.content.decode()
    assert "TRAN VAN B" in page.content.decode()
    assert MESSAGE in page.content.decode()
    assert "amount" not in draft(client)


def test_a_bank_that_is_not_on_the_list_is_said_and_not_hidden(client: Client) -> None:
    form = {"picture": picture(payload(bank="970499", account="0123456789"))}
    page = client.post("/trinh-bao/dien-nhanh", form, follow=True).content.decode()
    assert "970499" in page
    assert "to_bank" not in draft(client)
    assert draft(client)["to_account"] == "0123456789"


def test_a_huge_file_is_cut_off_while_it_arrives(client: Client) -> None:
    huge = SimpleUploadedFile("x.png", bytes(MAX_FILE + 1), "image/png")
    page = client.post("/trinh-bao/dien-nhanh", {"message": MESSAGE, "picture": huge})
    assert page.status_code == 422
    assert "reports.picture_too_large" in page.content.decode()
    assert MESSAGE in page.content.decode()
    assert page.wsgi_request.FILES == {}


def test_a_stranger_s_pictures_are_counted(client: Client) -> None:
    for _ in range(30):
        client.post("/trinh-bao/dien-nhanh", {"picture": picture("https://example.vn")})
    page = client.post("/trinh-bao/dien-nhanh", {"picture": picture(payload())})
    assert page.status_code == 429
    assert client.post("/trinh-bao/dien-nhanh", {"message": MESSAGE}).status_code == 302


def through(client: Client, phone: str = "0912345678") -> None:
    answer(client, "khi-nao", when="now", hour="00:05")
    answer(client, "so-tien", amount="500 triệu")
    answer(client, "ngan-hang-gui", rail="BANK", from_bank="970436", from_account="0011223344")
    answer(client, "tai-khoan-nhan", to_bank="970418", to_account="0123456789")
    answer(client, "dien-thoai", phone=phone, keep="1", form_key="k")


def test_the_last_form_sent_twice_is_one_report_and_both_show_its_code(
    client: Client, country: Deployment
) -> None:
    through(client)
    other = Client()  # the second press, whose session was read before the first was written
    session = other.session
    session["draft"] = {"when": "now", "hour": "00:05", "amount": "500 triệu"}
    session.save()
    went = answer(other, "dien-thoai", phone="0912345678", form_key="k")
    assert went["Location"] == "/trinh-bao/ma-dien-thoai"
    assert reports() == 1
    assert PhoneCodeRecord.objects.unscoped(reason=WHY).count() == 1
    assert other.session["filed"]["code"] == client.session["filed"]["code"] != ""


def test_going_back_after_the_sending_files_nothing_again(client: Client) -> None:
    through(client)
    went = answer(client, "dien-thoai", phone="0912345678", form_key="another")
    assert went["Location"] == "/trinh-bao/ma-dien-thoai"
    assert reports() == 1


def test_a_dead_telephone_keeps_the_report(client: Client, telephone: Any) -> None:
    telephone.dead = True
    through(client)
    assert reports() == 1
    page = client.get("/trinh-bao/da-nhan").content.decode()
    assert client.session["filed"]["code"] in page
    assert client.post("/trinh-bao/ma-dien-thoai", {"resend": "1"}).status_code in (302, 429)


def test_nine_digits_are_kept_and_give_a_pin(client: Client) -> None:
    through(client, phone="091234567")
    report = ReportRecord.objects.unscoped(reason=WHY).get()
    assert (report.phone, report.phone_given) == ("", "091234567")
    assert [one["code"] for one in report.warnings] == ["reports.field_doubtful"]
    page = client.get("/trinh-bao/da-nhan").content.decode()
    assert client.session["filed"]["pin"] in page
    followed = client.post(
        "/theo-doi",
        {"code": client.session["filed"]["code"], "last4": client.session["filed"]["pin"]},
    )
    assert followed.status_code == 200


def test_the_receipt_is_a_pdf_for_who_holds_the_code(client: Client) -> None:
    assert Client().get("/trinh-bao/bien-nhan").status_code == 302
    through(client)
    paper = client.get("/trinh-bao/bien-nhan")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert paper["Cache-Control"] == "no-store"
    again = client.get("/trinh-bao/bien-nhan")
    assert again.content == paper.content


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_of_a_report_says_unit_dates_sums_and_evidence(
    client: Client, language: str
) -> None:
    through(client)
    client.cookies["django_language"] = language
    code = client.session["filed"]["code"]
    page = Client(headers={"Accept-Language": language}).post("/theo-doi", {"code": code, "last4": "5678"})  # fmt: skip
    text = page.content.decode()
    for name in ("reported", "held", "moved_on", "withdrawn", "unresolved", "returned"):
        assert f'data-sum="{name}"' in text
    assert re.search(r"([0-9a-f]{4} ){3}[0-9a-f]{4}<", text)
    assert "0123456789" not in text


HOSTILE = "<script>alert(1)</script><b hx-get='/x'>\u202egnp.exe"


def test_a_citizen_s_marks_are_text_on_every_page(client: Client, country: Deployment) -> None:
    through(client)
    client.post("/trinh-bao/bo-sung", {"narrative": HOSTILE, "victim_name": HOSTILE, "contact_handle": HOSTILE, "t0-amount": HOSTILE, "form_key": "h"})  # fmt: skip
    pages = [client.get("/trinh-bao/da-nhan"), client.post("/trinh-bao/dien-nhanh", {"message": HOSTILE})]  # fmt: skip
    pages.append(client.post("/trinh-bao/so-tien", {"amount": HOSTILE}))
    pages.append(client.post("/theo-doi", {"code": HOSTILE, "last4": HOSTILE}))
    for page in pages:
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<b hx-get" not in text


def test_the_victim_s_own_bank_is_named_with_its_telephone_first(
    client: Client, country: Deployment
) -> None:
    members.add_unit(country.system, BANK, "hotline", "Tổng đài", phone="1900 545 413", clock=country.clock)  # fmt: skip
    answer(client, "ngan-hang-gui", rail="BANK", from_bank="970436", from_account="0011223344")
    page = client.get("/trinh-bao/tai-khoan-nhan").content.decode()
    assert 'href="tel:1900545413"' in page
    assert page.index("tel:1900545413") < page.index("multipart/form-data")
