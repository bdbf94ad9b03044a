"""Every address of the pages, in one list (interface.md §2)."""

from django.urls import URLPattern, URLResolver, include, path

from lachan.access import pages as access
from lachan.api.app import open_to_callers
from lachan.cases.pages import desk as cases
from lachan.cases.pages import money, record, replies
from lachan.exchange.pages import enquiries, inbox, league, monitoring
from lachan.holds.pages import asking, holder, reviews, running, sheets
from lachan.reports.pages import citizen, desk, later, quick
from lachan.web import (
    demo,
    documents,
    exports,
    order_check,
    pages,
    paper_desk,
    security_keys,
    shift,
)

PUBLIC: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("tro-giup", pages.help_, name="help"),
    path("ngon-ngu", pages.language, name="language"),
    path("so-tien-bang-chu", pages.amount_words, name="amount_words"),
    path("trinh-bao", citizen.start, name="report_start"),
    path("trinh-bao/ma-dien-thoai", citizen.phone, name="report_phone"),
    path("trinh-bao/da-nhan", citizen.done, name="report_done"),
    path("trinh-bao/bien-nhan", documents.receipt, name="report_receipt"),
    path("trinh-bao/bo-sung", later.more, name="report_more"),
    path("trinh-bao/dien-nhanh", quick.quick, name="report_quick"),
    path("trinh-bao/giu-lai", quick.keep, name="report_keep"),
    path("trinh-bao/da-giu", quick.kept, name="report_kept"),
    path("trinh-bao/tiep-tuc", quick.resume, name="report_resume"),
    path("trinh-bao/<slug:name>", citizen.step, name="report_step"),
    path("theo-doi", later.follow, name="follow"),
    path("kiem-tra-van-ban", order_check.order_check, name="order_check"),
    path("de-nghi-xem-xet-lai", holder.appeal, name="appeal"),
    path("dang-nhap", access.sign_in, name="sign_in"),
    path("dang-xuat", access.sign_out, name="sign_out"),
]
OFFICERS: list[URLPattern] = [
    path("lam-viec", pages.start, name="start"),
    path("bang", cases.board, name="board"),
    path("bang/nhan-tiep", cases.take_next, name="take_next"),
    path("tin-bao", desk.reports, name="reports"),
    path("tin-bao/moi", desk.new, name="report_new"),
    path("tin-bao/dien-nhanh", quick.quick_desk, name="report_quick_desk"),
    path("tin-bao/<uuid:report_id>", desk.report, name="report"),
    path("tin-bao/<uuid:report_id>/bo-sung", desk.add, name="report_add"),
    path("vu-viec", cases.cases, name="cases"),
    path("tai-bang/vu-viec", exports.cases_file, name="cases_file"),
    path("tai-bang/tin-bao", exports.reports_file, name="reports_file"),
    path("tai-bang/vu-viec/<str:code>/tien", exports.legs_file, name="legs_file"),
    path("tai-bang/vu-viec/<str:code>/trao-doi", exports.messages_file, name="messages_file"),
    path("tai-bang/vu-viec/<str:code>/dong-tien", exports.transfers_file, name="transfers_file"),
    path("tai-bang/yeu-cau/<uuid:conversation_id>", exports.lines_file, name="lines_file"),
    path("vu-viec/<str:code>", cases.case, name="case"),
    path("vu-viec/<str:code>/nhan", cases.take, name="case_take"),
    path("vu-viec/<str:code>/mo-rong", cases.expand, name="case_expand"),
    path("vu-viec/<str:code>/phuong-an", money.replan, name="case_replan"),
    path("vu-viec/<str:code>/bao-cap-tren", cases.escalate, name="case_escalate"),
    path("vu-viec/<str:code>/dong-tien", money.flow, name="flow"),
    path("vu-viec/<str:code>/lap-phieu", money.propose, name="case_propose"),
    path("vu-viec/<str:code>/da-xem", cases.seen, name="case_seen"),
    path("vu-viec/<str:code>/tra-lai", cases.give_back, name="case_give_back"),
    path("vu-viec/<str:code>/chuyen-giai-doan", cases.advance, name="case_advance"),
    path("vu-viec/<str:code>/huy", cases.cancel, name="case_cancel"),
    path("vu-viec/<str:code>/hoi", sheets.propose_request, name="case_request"),
    path("vu-viec/<str:code>/yeu-cau-moi", asking.kinds, name="ask_kinds"),
    path("vu-viec/<str:code>/yeu-cau-moi/<slug:kind>", asking.question, name="ask_form"),
    path("vu-viec/<str:code>/<slug:tab>", cases.case, name="case_tab"),
    path("yeu-cau/<uuid:conversation_id>", record.conversation, name="conversation"),
    path("yeu-cau/<uuid:conversation_id>/ban-in", documents.order, name="conversation_pdf"),
    path("hop-den", inbox.waiting, name="inbox"),
    path("hop-den/<uuid:conversation_id>", inbox.ask, name="inbox_ask"),
    path("hop-den/<uuid:conversation_id>/tra-loi", inbox.answer, name="inbox_answer"),
    path("hop-den/<uuid:conversation_id>/tu-choi", inbox.refuse, name="inbox_refuse"),
    path("yeu-cau-rieng", enquiries.kinds, name="enquiries"),
    path("yeu-cau-rieng/<slug:kind>", enquiries.question, name="enquiry_form"),
    path("trao-doi", enquiries.talks, name="talks"),
    path("yeu-cau/<uuid:conversation_id>/lam-ro", replies.clarify, name="conversation_clarify"),
    path("yeu-cau/<uuid:conversation_id>/huy", replies.cancel, name="conversation_cancel"),
    path("yeu-cau/<uuid:conversation_id>/xem-lai", replies.dispute, name="conversation_dispute"),
    path("yeu-cau/<uuid:conversation_id>/xem-xet", replies.review, name="conversation_review"),
    path("chung-cu/<str:code>", record.evidence, name="evidence"),
    path("chung-cu/<str:code>/tai-ve", record.evidence_bundle, name="evidence_bundle"),
    path("cho-ky", sheets.to_sign, name="to_sign"),
    path("ky/<uuid:sheet_id>", sheets.sheet, name="sheet"),
    path("ky/<uuid:sheet_id>/ky", sheets.sign, name="sheet_sign"),
    path("ky/<uuid:sheet_id>/khoa/<str:kid>", sheets.ask_key, name="sheet_key"),
    path("ky/<uuid:sheet_id>/rut-lai", sheets.withdraw, name="sheet_withdraw"),
    path("giu-tien/<uuid:hold_id>/go", running.release, name="hold_release"),
    path("giu-tien/<uuid:hold_id>/gia-han", running.renew, name="hold_renew"),
    path("xem-xet-lai", reviews.reviews, name="reviews"),
    path("xem-xet-lai/<uuid:review_id>", reviews.review, name="review"),
    path("xem-xet-lai/<uuid:review_id>/quyet-dinh", reviews.decide, name="review_decide"),
    path("xem-xet-lai/<uuid:review_id>/xac-dinh", reviews.identify, name="review_identify"),
    path("xem-xet-lai/<uuid:review_id>/gia-han", reviews.extend, name="review_extend"),
    path("tra-loi-giay", paper_desk.waiting, name="paper_replies"),
    path("tra-loi-giay/<uuid:reply_id>", paper_desk.reply, name="paper_reply"),
    path("dung-han", league.league, name="league"),
    path("tai-bang/dung-han", exports.league_file, name="league_file"),
    path("giam-sat", monitoring.monitoring, name="monitoring"),
    path("ca-truc", shift.shift, name="shift"),
    path("ca-truc/mo", shift.open_, name="shift_open"),
    path("ca-truc/<uuid:shift_id>/dong", shift.close, name="shift_close"),
    path("ho-so", access.profile, name="profile"),
    path("ho-so/khoa-bao-mat", security_keys.register, name="key_register"),
    path("ho-so/khoa-bao-mat/hoi", security_keys.ask, name="key_ask"),
    path("ho-so/khoa-bao-mat/<uuid:key_id>/phieu", security_keys.request_file, name="key_request"),
    path("ho-so/khoa-bao-mat/<uuid:key_id>/ghi-danh", security_keys.enter, name="key_enter"),
]
DEMO: list[URLPattern] = [
    path("mo-phong", demo.desk, name="demo"),
    path("mo-phong/dien-thoai", demo.phone, name="demo_phone"),
    path("mo-phong/ke-ban", demo.plant, name="demo_plant"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", open_to_callers()),
    path("", include([*PUBLIC, *OFFICERS, *DEMO])),
]

handler403 = "lachan.web.pages.refused_403"
handler404 = "lachan.web.pages.not_found_404"
handler500 = "lachan.web.pages.failed_500"
