"""A request to a member as the PDF that goes on paper (Decree 30/2020/NĐ-CP). The edge knows both queries and adapter."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import actor_of, page
from lachan.adapters.documents.order_pdf import OrderDocument, Signer, order_pdf
from lachan.exchange import queries
from lachan.holds.notices import articles
from lachan.kernel.time import to_ict
from lachan.web.clock import now
from lachan.web.fields import field_words

HEADS = {"unit_head": "THỦ TRƯỞNG ĐƠN VỊ", "agency_head": "THỦ TRƯỞNG CƠ QUAN ĐIỀU TRA"}


@requires("request.read")
@page
@require_http_methods(["GET"])
def order(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The printable form; without a signature it says that it is a draft."""
    found = queries.conversation(actor_of(request), conversation_id)
    if found is None:
        raise NotVisible(what=str(conversation_id))
    answer = HttpResponse(order_pdf(document_of(found)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="yeu-cau-{conversation_id}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def document_of(found: queries.ConversationView) -> OrderDocument:
    """What the paper says: the question's own fields, the mandates as grounds, the signatures with their times."""
    sent = found.line.sent_at or now()
    return OrderDocument(
        issuer=found.asker_name,
        symbol="YC",
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
    )
