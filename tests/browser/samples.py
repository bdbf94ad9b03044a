"""Views with data in every state, as the queries answer them: the pages are photographed and checked with these.

Shapes are those of `cases.queries`, `holds.queries` and `exchange.queries`; `hostile` is what a fraudster would write.
"""

# ruff: noqa: C408 - dict() reads like the arguments of the views
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as View
from uuid import UUID

from lachan.access.pages import language
from lachan.access.purposes import Purpose
from lachan.access.tables import Table, arranged
from lachan.cases.pages import columns as cases
from lachan.exchange.conversation_states import BY_DESK
from lachan.exchange.forms.declared import fields
from lachan.exchange.forms.showing import Shown
from lachan.exchange.kinds import all_kinds
from lachan.exchange.pages.enquiries import talk_columns
from lachan.exchange.pages.inputs import inputs
from lachan.holds.pages import columns as holds
from lachan.kernel.errors import Text
from lachan.reports.pages.desk import of_reports

NOW = datetime.now(UTC)
SHEET = UUID("01990000-0000-7000-8000-000000000001")
HOLD = UUID("01990000-0000-7000-8000-000000000002")
TALK = UUID("01990000-0000-7000-8000-000000000003")
HOSTILE = '<img src=x hx-get="/bang" onerror="alert(1)"> \u202egnp.exe <script>alert(2)</script>'
M = 1_000_000


def ago(**span: int) -> datetime:
    return NOW - timedelta(**span)


def ahead(**span: int) -> datetime:
    return NOW + timedelta(**span)


def sums(**more: int) -> View:
    known = dict(reported=500 * M, held=340 * M, moved_on=0, withdrawn=80 * M, unresolved=80 * M)
    return View(**(known | {"paused": 0, "returned": 0} | more))


WAITING = (
    View(member="vn/bank/970407", name="Ngân hàng Hai", kind="trace_credit", due_at=ahead(minutes=4), late=False, level=0, conversation=TALK),
    View(member="vn/bank/970415", name="Ngân hàng Ba", kind="pause", due_at=ago(minutes=6), late=True, level=1, conversation=TALK),
)  # fmt: skip
WHO = View(units=("Trực ban, Cục A05", "Phòng 4, Cục A05"), officers=12)
MANDATES = (
    View(code="VN.ND52.11", title=Text(vi="Giữ tiền theo yêu cầu", en="Hold on request"), article="Nghị định 52/2024, Điều 11", verified=False, adopted=True, stage="verify"),
)  # fmt: skip


def row(number: int, **more: object) -> View:
    known = dict(
        code=f"VA-26-{number:06}", transferred_at=ago(minutes=12), **vars(sums()), reachable=80 * M, loss_per_minute=1_200_000,
        hops=3, waiting=2, slowest=WAITING[1], signatures_missing=2, next_due_at=ahead(minutes=48), next_act="sign",
        flags=("silent_bank", "amber_plan"), taken_by="", mine=False, sheet_id=SHEET,
    )  # fmt: skip
    return View(**(known | more))


def board(**more: object) -> View:
    known = dict(
        version=7, as_of=NOW, after="", open_cases=3, reachable=240 * M, held=1_020 * M, no_shift=True,
        rows=(row(1), row(2, taken_by="Trần Minh Trực", mine=True, next_act="wait", sheet_id=None, flags=()), row(3, flags=("red_plan", "last_lease", "abuse", "rows_not_adopted"), slowest=None, next_due_at=ago(minutes=1))),
    )  # fmt: skip
    return View(**(known | more))


PLAN_ROW = View(
    ref="970407:0123456789", account="···6789", institution_name="Ngân hàng Hai", holder_kind="person", layer=1, taint=60 * M,
    taint_min=58 * M, taint_max=60 * M, balance=72 * M, amount=60 * M, w=100, innocent=600_000, recover=59 * M, confidence=93,
    never_block="", left_out="", colour="green", already="pause", reasons=(),
)  # fmt: skip
LEFT_OUT = View(
    **(vars(PLAN_ROW) | dict(ref="970418:99", account="···9999", w=3200, left_out="merchant", colour="red", taint=900_000, reasons=(Text(vi="điểm bán hàng 2.500", en="merchant 2,500"),))),
)  # fmt: skip
HARD = View(**(vars(PLAN_ROW) | dict(ref="970415:77", account="···7777", never_block="hard", colour="amber")))  # fmt: skip
PLAN = View(colour="amber", amount=120 * M, innocent=2 * M, share_bp=161, stop="", rows=(PLAN_ROW, HARD), left_out=(LEFT_OUT,), forecast_version="1", calibrated=False)  # fmt: skip
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 176" width="720" height="176" role="group" aria-label="Dòng tiền">'
    '<a href="#bang" data-ref="970407:0123456789"><rect x="240" y="20" width="64" height="40" fill="#FFFFFF" stroke="#0B4F6C"/><text x="244" y="44">···6789</text></a></svg>'
)  # fmt: skip
TRANSFERS = (
    View(at=ago(minutes=11), from_account="···0001", from_institution="Ngân hàng Một", to_account="···6789", to_institution="Ngân hàng Hai", amount=500 * M, tainted=500 * M, from_ref="970436:1", to_ref="970407:0123456789", kind="bank"),
)  # fmt: skip
METHODS = tuple(
    View(method=name, kept=340 * M, withdrawn=80 * M, unresolved=80 * M)
    for name in ("fifo", "lifo", "haircut", "libr", "tainted_first")
)


def flow(**more: object) -> View:
    known = dict(
        code="VA-26-000001", method="fifo", methods=METHODS, as_of=NOW, svg=SVG, transfers=TRANSFERS, nodes=(), plan=PLAN,
        changed=Text(vi="Đổi phương pháp: 2 tài khoản khác.", en="Method changed: 2 other accounts."), unanswered=WAITING, sums=sums(), version=3,
    )  # fmt: skip
    return View(**(known | more))


TIMELINE = (
    View(seq=1, at=ago(minutes=10), kind="report", actor="hệ thống", unit="Trực ban", what=HOSTILE, reason="", log_index=4),
    View(seq=2, at=ago(minutes=9), kind="pause", actor="", unit="", what=Text(vi="Đã yêu cầu tạm dừng", en="Pause asked"), reason="", log_index=None),
)  # fmt: skip
EFFECTIVE = View(
    id=HOLD, instrument="hold", account="···6789", institution_name="Ngân hàng Hai", state="effective", outcome="partial", amount=60 * M,
    effect=58 * M, effective_at=ago(minutes=3), expires_at=ahead(hours=71), notice_at=ago(minutes=1), notice_code="", sheet_id=SHEET, conversation=TALK,
)  # fmt: skip
LEG = View(id="1", institution="vn/bank/970407", institution_name="Ngân hàng Hai", account="···6789", ref="", holder="", layer=1, state="still_here", received=500 * M, held=340 * M, moved_on=0, withdrawn=80 * M, unresolved=80 * M, at=NOW, due_at=None)  # fmt: skip
SHEET_LINE = View(id=SHEET, case_code="VA-26-000001", kind="hold", orders=2, amount=120 * M, state="signed_1", signatures=1, required=2, due_at=ahead(minutes=50), by="Trần Minh Trực", colour="green")  # fmt: skip


def case(**more: object) -> View:
    known = dict(
        code="VA-26-000001", procedure="verifying", money="tracing", opened_at=ago(minutes=10), transferred_at=ago(minutes=12), unit="Trực ban, Cục A05",
        taken_by="", mine=False, scam_type="IMP_POLICE", sums=sums(), legs=(LEG,), holds=(EFFECTIVE,), reports=(),
        people=(View(role="victim", name=HOSTILE, phone="···1234", account="···0001", source="tin báo"),), messages=(), timeline=TIMELINE,
        evidence=(View(index=4, at=NOW, event="ask", actor="", h="ab" * 32),), waiting=WAITING, flags=("amber_plan",), sheets=(SHEET_LINE,), who=WHO,
        as_of=NOW, may=frozenset(), not_sent=(("trace_credit", "NO_SHIFT"),), requests=("take_down",), indicators=(("URL", "https://lua.example/x", "take_down: sent"),), method="fifo", verify_ends_at=ahead(days=19),
    )  # fmt: skip
    return View(**(known | more))


ORDER = View(
    id=str(HOLD), account="···6789", ref="970407:0123456789", institution_name="Ngân hàng Hai", holder_kind="person", amount=60 * M, taint=60 * M,
    taint_min=58 * M, taint_max=60 * M, balance=72 * M, w=1100, innocent=600_000, confidence=93, living_money=None, never_block="",
    never_block_at=NOW, expires_at=ahead(hours=72), lease_seconds=72 * 3600, notice="", words=Text(vi="Đề nghị ngân hàng giữ 60.000.000 đồng.", en="The bank is asked to hold 60,000,000 đồng."), state="proposed", reasons=("layer:1", "merchant"), tick=True,
)  # fmt: skip
SIGNED = View(person="Trần Minh Trực", role="investigator", unit="Trực ban", at=ago(minutes=2))


HANDS = View(passphrase=True, security_key=True, keys=(), origin="http://localhost")
TWO_KEYS = View(
    passphrase=False, security_key=True, keys=(("a" * 43, "Khóa xanh"), ("b" * 43, "<b>Khóa đỏ")), origin="http://localhost",
)  # fmt: skip
NO_KEY = View(passphrase=False, security_key=True, keys=(), origin="http://localhost")


def sheet(**more: object) -> View:
    known = dict(
        id=SHEET, case_code="VA-26-000001", kind="hold", sheet_hash="3f9a" * 16, state="signed_1", method="fifo", stage="verify", made_at=ago(minutes=5),
        due_at=ahead(minutes=55), orders=(ORDER, ORDER), left_out=(LEFT_OUT,), mandates=MANDATES, unanswered=WAITING, colour="amber", amount=120 * M,
        innocent=1_200_000, share_bp=100, calibrated=False, signatures=(SIGNED,), required=("unit_head",), changes=(Text(vi="Dự báo đổi từ 1,00 % thành 1,20 %.", en="The forecast went from 1.00 % to 1.20 %."),),
        opened_at=NOW, may_sign=True, hands=HANDS, why_not="", stop="", log_index=None, who=WHO, by="Trần Minh Trực", reason="",
    )  # fmt: skip
    return View(**(known | more))


REVIEW = View(
    id=UUID("01990000-0000-7000-8000-000000000004"), code="KN-26-····", case_code="VA-26-000001", institution_name="Ngân hàng Hai", account="···6789", amount=60 * M,
    filed_at=ago(hours=1), due_at=ahead(hours=3), identified=True, state="filed", lane="fast", may_decide=True, why_not="", text=HOSTILE, contact="···1234",
    order_words=ORDER.words, mandates=MANDATES, taint=60 * M, history=TIMELINE,
)  # fmt: skip
PUBLIC_REVIEW = View(
    code="KN-26-AAAA-BBBB-CCCC", state="effective", instrument="hold", amount=60 * M, authority="Cục A05", mandate="Nghị định 52/2024, Điều 11", words=ORDER.words,
    filed_at=None, due_at=None, expires_at=ahead(hours=70), decided_at=None, decision="", reason="", released=0, identified=False,
)  # fmt: skip
LINE = View(
    conversation=TALK, kind="hold", title=Text(vi="Giữ tiền", en="Hold"), receiver="vn/bank/970407", receiver_name="Ngân hàng Hai", state="delivered", sent_at=ago(minutes=5),
    due_at=ahead(minutes=5), answered_at=None, late=False, refused="", h="ab" * 32,
)  # fmt: skip
TALK_VIEW = View(
    line=LINE, asker_name="Cục A05", case_ref="VA-26-000001", purpose="GLD", priority="P0", question=(Shown("amount", Text(vi="Số tiền", en="Amount"), "text", ("60.000.000 ₫",)),), answer=(),
    signatures=(View(person="Trần Minh Trực", role="investigator", unit="duty", act="approved", at="2026-11-24T03:00:00.000Z"),),
    steps=(View(at=ago(minutes=5), type="ask", sender="vn/police/a05/duty", h="ab" * 32),),
)  # fmt: skip
ENQUIRY = all_kinds()["border_enquiry"]
WAITS = View(
    conversation=TALK, kind="border_enquiry", title=ENQUIRY.title, asker="vn/police/a05", asker_name="Cục A05", case_ref="VA-26-000001", priority="P2",
    received_at=ago(minutes=9), due_at=ahead(hours=3), subjects=(Shown("question", Text(vi="Câu hỏi", en="Question"), "words", (HOSTILE,)),), sound=True, agreed=False,
)  # fmt: skip
PASSED = {"code": "VN.CD29.3B", "title": "Trao đổi thông tin biên giới", "article": "Công điện 29/CĐ-TTg, mục 3 điểm b", "passed": ["đúng bên phải trả lời"], "failed": None}  # fmt: skip
FAILED = PASSED | {"failed": {"step": "không hỏi quá nhiều đối tượng", "said": "Quá rộng.", "right": "ít đối tượng hơn"}}  # fmt: skip


def asked(**more: object) -> View:
    """An ask at a hosted member's desk."""
    known = dict(line=WAITS, h="ab" * 32, question=WAITS.subjects, checks=(PASSED,), fields=(), two=False, first=None)  # fmt: skip
    return View(**(known | more))


TALKED = View(conversation=TALK, title=ENQUIRY.title, own=True, party="Hải quan", state="delivered", sent_at=ago(minutes=5), due_at=ahead(hours=3), late=True)  # fmt: skip
REPORT_ROW = View(
    id=HOLD, received_at=ago(minutes=12), channel="WEB", unit="u", scam_type="IMP_POLICE", reported=500 * M, held=0, state="RECEIVED", withheld="PHONE_NOT_CONFIRMED", case_code="VA-26-000001", verify_ends_at=ahead(days=20),
)  # fmt: skip
FOLLOWED = View(
    state="RECEIVED", unit="Trực ban, Cục A05", received_at=ago(minutes=12), verify_ends_at=ahead(days=20), contained_at=ago(minutes=10), first_ask_at=ago(minutes=10),
    withheld="", reported=500 * M, held=340 * M, moved_on=0, withdrawn=80 * M, unresolved=80 * M, returned=0,
)  # fmt: skip
CHECKED = View(
    code="LC1-4182-ABCDE-FGHJK", title=Text(vi="Giữ tiền", en="Hold"), issuer=Text(vi="Cục A05", en="Department A05"), receiver=Text(vi="Ngân hàng Hai", en="Bank Two"),
    logged_at=ago(minutes=5), ends_at=ahead(hours=70), standing="in_force", eased=True,
)  # fmt: skip
PAPER = View(
    line=View(id=HOLD, title=CHECKED.title, member=CHECKED.receiver, asker=CHECKED.issuer, at=ago(minutes=3), due_at=ahead(hours=5)), rows=2, scan_hash="ab" * 32, sent_h="",
    answer=(Shown("note", Text(vi="Ghi chú", en="Note"), "text", (HOSTILE,)), Shown("rows", Text(vi="Các dòng", en="Lines"), "rows", (), (Text(vi="Mã", en="Reference"),), (("FT1",), (HOSTILE,)))),
)  # fmt: skip
TABS = [
    {"name": "tom-tat", "title": "Tóm tắt", "url": "/vu-viec/VA-26-000001"},
    {"name": "tien", "title": "Tiền", "url": "/vu-viec/VA-26-000001/tien"},
]
ERRORS = [View(field="code", text="Mã không đúng.", code="reports.phone_code"), View(field="", text="Thử lại.", code="x.y")]  # fmt: skip

# Name of the sample → (template, context, seen by an officer)
SAMPLES: dict[str, tuple[str, dict[str, object], bool]] = {
    "board": ("cases/board.html", {"board": board()}, True),
    "board-empty": ("cases/board.html", {"board": board(rows=(), no_shift=False)}, True),
    "cases": ("cases/list.html", {"table": lambda: Table(cases.of_cases(), (row(1),), "-code"), "after": "x", "q": ""}, True),
    "case": ("cases/tom-tat.html", {"case": case(), "tabs": TABS, "tab": "tom-tat"}, True),
    "case-money": ("cases/tien.html", {"case": case(), "tabs": TABS, "tab": "tien", "table": lambda: arranged(case().legs, cases.of_legs(), "-held")}, True),
    "case-people": ("cases/nguoi.html", {"case": case(), "tabs": TABS, "tab": "nguoi", "reports": [REPORT_ROW]}, True),
    "case-messages": ("cases/trao-doi.html", {"case": case(), "tabs": TABS, "tab": "trao-doi", "table": lambda: arranged([LINE], cases.of_messages(language()), "")}, True),
    "case-timeline": ("cases/nhat-ky.html", {"case": case(), "tabs": TABS, "tab": "nhat-ky"}, True),
    "case-evidence": ("cases/chung-cu.html", {"case": case(), "tabs": TABS, "tab": "chung-cu"}, True),
    "evidence": ("cases/evidence.html", {"case": case()}, True),
    "flow": ("cases/flow.html", {"flow": flow(), "table": lambda: arranged(flow().transfers, cases.of_transfers(), "at"), "code": "VA-26-000001", "chosen": None, "why": {}, "method_codes": ("fifo", "lifo")}, True),
    "flow-red": ("cases/flow.html", {"flow": flow(plan=View(**(vars(PLAN) | {"colour": "red", "stop": "holds.stop_rule"}))), "table": lambda: arranged((), cases.of_transfers(), ""), "code": "VA-26-000001", "chosen": None, "why": {}, "method_codes": ("fifo",)}, True),
    "conversation": ("cases/conversation.html", {"one": TALK_VIEW, "mandates": MANDATES}, True),
    "inbox": ("exchange/inbox.html", {"rows": (WAITS, View(**(vars(WAITS) | {"due_at": ago(minutes=3)})), View(**(vars(WAITS) | {"sound": False})), View(**(vars(WAITS) | {"agreed": True}))), "most": 200}, True),
    "inbox-empty": ("exchange/inbox.html", {"rows": (), "most": 200}, True),
    "inbox-ask": ("exchange/inbox_ask.html", {"ask": asked(two=True, first=View(name="Lò Văn Biên", at=ago(minutes=2), mine=False)), "inputs": inputs(fields(ENQUIRY.answer), {"facts": HOSTILE}), "coverage": (), "reasons": [one.value for one in BY_DESK], "errors": [View(field="facts", text="Bảng có ô chưa đúng.", code="exchange.table")]}, True),
    "inbox-ask-unsound": ("exchange/inbox_ask.html", {"ask": asked(question=(), checks=(FAILED,), line=View(**(vars(WAITS) | {"sound": False}))), "inputs": (), "reasons": ["DECLINED"]}, True),
    "enquiries": ("exchange/enquiry_kinds.html", {"now": (View(kind=ENQUIRY, rows=MANDATES),)}, True),
    "enquiries-none": ("exchange/enquiry_kinds.html", {"now": ()}, True),
    "enquiry-form": ("exchange/enquiry_form.html", {"found": View(kind=ENQUIRY, purpose=Purpose.BDR), "mandates": MANDATES, "receivers": (("vn/customs/hq", "Hải quan"),), "receiver": "", "inputs": inputs(fields(ENQUIRY.ask), {}), "errors": ERRORS}, True),
    "talks": ("exchange/talks.html", {"table": lambda: Table(talk_columns(), (TALKED, View(**(vars(TALKED) | {"own": False, "state": "refused"}))), "-sent_at"), "after": "x"}, True),
    "talks-empty": ("exchange/talks.html", {"table": lambda: Table(talk_columns(), (), "-sent_at"), "after": ""}, True),
    "to-sign": ("holds/to_sign.html", {"table": lambda: arranged([SHEET_LINE], holds.of_sheets(), "due_at")}, True),
    "to-sign-empty": ("holds/to_sign.html", {"table": lambda: arranged([], holds.of_sheets(), "")}, True),
    "sheet": ("holds/sheet.html", {"sheet": sheet()}, True),
    "sheet-keys": ("holds/sheet.html", {"sheet": sheet(hands=TWO_KEYS)}, True),
    "sheet-no-key": ("holds/sheet.html", {"sheet": sheet(hands=NO_KEY)}, True),
    "sheet-stopped": ("holds/sheet.html", {"sheet": sheet(stop="holds.stop_rule", may_sign=False, colour="red")}, True),
    "sheet-sent": ("holds/sheet.html", {"sheet": sheet(state="sent", may_sign=False, log_index=812, required=())}, True),
    "reviews": ("holds/reviews.html", {"table": lambda: arranged([REVIEW], holds.of_reviews(), "-amount")}, True),
    "review": ("holds/review.html", {"review": REVIEW, "given": {}}, True),
    "appeal": ("holds/appeal.html", {"given": {}}, False),
    "appeal-open": ("holds/appeal.html", {"given": {"code": "KN-26-AAAA-BBBB-CCCC", "last4": "6789"}, "view": PUBLIC_REVIEW}, False),
    "phone": ("reports/phone.html", {"filed": {"code": "TB-26-AAAA-BBBB-CCCC"}, "errors": ERRORS}, False),
    "done": ("reports/done.html", {"filed": {"code": "TB-26-AAAA-BBBB-CCCC", "pin": "123456"}, "view": FOLLOWED}, False),
    "followed": ("reports/followed.html", {"view": FOLLOWED, "code": "TB-26-AAAA-BBBB-CCCC", "may_add": True}, False),
    "order-check-wrong": ("web/order_check.html", {"given": "LC1-4182-AAAAA-BBBBB", "errors": ERRORS}, False),
    "order-checked": ("web/order_checked.html", {"order": CHECKED}, False),
    "paper-replies": ("web/paper_replies.html", {"replies": (PAPER.line,)}, True),
    "paper-reply": ("web/paper_reply.html", {"one": PAPER}, True),
    "reports": ("reports/list.html", {"table": lambda: Table(of_reports(), (REPORT_ROW,), "-received_at"), "after": ""}, True),
    "shift": ("web/shift.html", {"shift": None, "recent": [], "may_open": True, "hours": "12"}, True),
}  # fmt: skip
