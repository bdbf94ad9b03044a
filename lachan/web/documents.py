"""What goes on paper: a request to a member (Decree 30/2020/NĐ-CP), a reporter's receipt.

The edge knows both the reads and the adapters.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import public, requires
from lachan.access.errors import NotVisible
from lachan.access.pages import actor_of, download, language, page
from lachan.adapters.documents.order_pdf import OrderDocument, Signer, order_pdf
from lachan.adapters.documents.pades import PdfSeal
from lachan.adapters.documents.receipt_pdf import ReceiptDocument, receipt_pdf
from lachan.exchange import queries
from lachan.holds.notices import articles
from lachan.kernel.money import Vnd
from lachan.kernel.time import long_ict, short_ict, to_ict
from lachan.reports import services as reports
from lachan.reports.pages.citizen import filed_of
from lachan.web.clock import clock, now
from lachan.web.fields import field_words

IN_THE_LOG = "Tệp này không mang chữ ký số riêng; chữ ký của người có thẩm quyền nằm trong nhật ký, kiểm tra bằng mã trên."
IN_THE_FILE = "Tệp này có chữ ký số chống sửa đổi; chữ ký của người có thẩm quyền nằm trong nhật ký, kiểm tra bằng mã trên."
HEADS = {"unit_head": "THỦ TRƯỞNG ĐƠN VỊ", "agency_head": "THỦ TRƯỞNG CƠ QUAN ĐIỀU TRA"}


@requires("request.read")
@page
@require_http_methods(["GET"])
def order(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The printable form; without a signature it says that it is a draft."""
    found = queries.conversation(actor_of(request), conversation_id)
    if found is None:
        raise NotVisible(what=str(conversation_id))
    return download(
        on_paper(document_of(found)), f"yeu-cau-{conversation_id}.pdf", "application/pdf"
    )


def on_paper(order: OrderDocument) -> bytes:
    """The PDF, signed where the deployment has a certificate for it; it says itself which signature counts.

    Raises: LetterMissing, CertificateWrong.
    """
    if not settings.LACHAN_PDF_CERT:
        return order_pdf(replace(order, remarks=[IN_THE_LOG]))
    seal = PdfSeal(Path(settings.LACHAN_PDF_CERT), Path(settings.LACHAN_DATA) / "keys" / "pdf.pem")
    return seal.sign(order_pdf(replace(order, remarks=[IN_THE_FILE])), reason=order.code)


def document_of(found: queries.ConversationView, *, reply: str = "") -> OrderDocument:
    """What the paper says: the question's own fields, the mandates as grounds, the signatures with their times.

    reply: the name of the files with which a member that is not connected answers.
    """
    sent = found.line.sent_at or now()
    return OrderDocument(
        issuer=found.asker_name,
        symbol="YC",
        number=None if found.printed is None else found.printed.place,
        place="Hà Nội",
        dated=to_ict(sent).date(),
        subject=f"{found.line.title.vi.lower()} ({found.case_ref})",
        to=[found.line.receiver_name],
        grounds=[f"Căn cứ {articles([str(one.get('code', ''))])}" for one in found.mandates],
        body=[f"{one.label.vi}: {field_words(one, 'vi')}" for one in found.question],
        signers=[
            Signer(
                name=one.person,
                authority=HEADS.get(one.role, "ĐIỀU TRA VIÊN"),
                signed=one.at if found.line.sent_at else "",
            )
            for one in found.signatures
        ],
        copies=["Như trên", "Lưu: VT"],
        created=int(sent.timestamp()),
        qr="" if found.printed is None else found.printed.scanned,
        code="" if found.printed is None else found.printed.typed,
        check_at=settings.LACHAN_PUBLIC_URL + reverse("order_check"),
        closing=[_reply_by(reply, due_at=found.line.due_at)] if reply else [],
    )


def withdrawal_of(found: queries.ConversationView) -> OrderDocument:
    """The paper that takes an earlier one back: no field of the question is said again."""
    order = document_of(found)
    return replace(
        order,
        subject=f"hủy yêu cầu {order.subject}",
        body=[f"Cơ quan yêu cầu đã hủy văn bản mang mã kiểm tra {order.code}. Không thực hiện văn bản đó."],
        grounds=[],
    )  # fmt: skip


def _reply_by(name: str, *, due_at: datetime | None) -> str:
    due = "" if due_at is None else f" trước {short_ict(due_at)}"
    return (
        f"Trả lời{due} bằng tệp {name}.csv (hoặc .xlsx) theo đúng các cột đã cho, hoặc {name}.json theo biểu mẫu "
        f"trả lời, kèm bản quét đã ký, đóng dấu {name}-quet.pdf; tất cả đặt vào thư mục nhận."
    )


@public
@page
@require_http_methods(["GET"])
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of the report that this session sent or opened by its code."""
    filed = filed_of(request)
    if filed is None:
        return HttpResponseRedirect(reverse("follow"))
    view = reports.own_view(actor=actor_of(request), report_id=UUID(filed["id"]), clock=clock())
    return download(receipt_pdf(receipt_of(filed, view)), "bien-nhan.pdf", "application/pdf")


def receipt_of(filed: dict[str, str], view: reports.FollowView) -> ReceiptDocument:
    """What the paper says: no name and no account, so that a lost sheet tells a stranger little."""
    lang = language()
    words = Vnd(view.reported).words(lang)
    codes = [(_("Mã tin báo"), filed["code"])]
    codes += [(_("Số PIN để theo dõi"), filed["pin"])] if filed.get("pin") else []
    rows = [
        (_("Nhận lúc"), f"{short_ict(view.received_at)} ({_('giờ Việt Nam')})"),
        (_("Đơn vị tiếp nhận"), view.unit),
        (_("Điện thoại của đơn vị"), view.unit_phone or _("chưa có; hỏi qua 113")),
        (_("Số tiền trình báo"), f"{Vnd(view.reported).grouped(lang)} ₫ ({words})"),
        (_("Có quyết định trước"), long_ict(view.verify_ends_at, lang)),
    ]
    if view.notice_due_at is not None:
        rows.insert(4, (_("Văn bản báo đã tiếp nhận trước"), short_ict(view.notice_due_at)))
    if view.receipt is not None:
        rows.append((_("Số biên nhận chứng cứ"), view.receipt.number))
        rows.append((_("Dấu vết đầy đủ trong nhật ký (SHA-256)"), view.receipt.spaced))
        if view.receipt.index is not None:
            rows.append((_("Vị trí trong nhật ký chứng cứ"), str(view.receipt.index)))
    return ReceiptDocument(
        title=_("Biên nhận tin báo"),
        issuer=view.unit,
        lang=lang,
        codes=codes,
        rows=rows,
        notes=[
            _("Theo dõi trên trang công khai, mục Theo dõi, bằng mã này và bốn số cuối điện thoại đã báo (hoặc số PIN). Giữ kín tờ này."),
            _("Không ai của cơ quan nhà nước hỏi mật khẩu hay mã OTP, hay bắt chuyển tiền để nhận lại tiền."),
        ],
        created=int(view.received_at.timestamp()),
    )  # fmt: skip
