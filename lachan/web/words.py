"""Words of the pages for the codes that contexts answer with; each code once, with the shape of its status tag.

A code that is not here is shown as it is (and a test finds it): better an English code than a wrong word.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = tuple[str | Promise, str]  # the word, and the tag's shape ("" where no tag is drawn)

STATES: dict[str, Word] = {
    "waiting": (_("đang chờ"), "waiting"),
    "draft": (_("bản thảo"), "waiting"),
    "drafted": (_("bản thảo"), "waiting"),
    "approved": (_("đã ký, chờ gửi"), "waiting"),
    "queued": (_("chờ gửi"), "waiting"),
    "proposed": (_("chờ chữ ký thứ nhất"), "waiting"),
    "signed_1": (_("chờ chữ ký thứ hai"), "due"),
    "signed_2": (_("đủ chữ ký"), "running"),
    "sent": (_("đã gửi"), "running"),
    "delivered": (_("đã nhận"), "running"),
    "acked": (_("đã nhận"), "running"),
    "accepted": (_("đã tiếp nhận"), "running"),
    "open": (_("đang mở"), "running"),
    "requested": (_("đã yêu cầu"), "running"),
    "partial": (_("trả lời một phần"), "running"),
    "effective": (_("đang có hiệu lực"), "done"),
    "paused": (_("đang tạm dừng"), "running"),
    "held": (_("đã giữ"), "done"),
    "answered": (_("đã trả lời"), "done"),
    "done": (_("xong"), "done"),
    "closed": (_("đã đóng"), "done"),
    "settled": (_("đã tất toán"), "done"),
    "converted": (_("đã chuyển thành giữ tiền"), "done"),
    "released": (_("đã gỡ"), "done"),
    "lapsed": (_("đã hết hạn"), "waiting"),
    "expired": (_("đã hết hạn"), "waiting"),
    "withdrawn": (_("đã rút lại"), "waiting"),
    "cancelled": (_("đã hủy"), "waiting"),
    "stale": (_("quá cũ, phải lập lại"), "late"),
    "refused": (_("bị từ chối"), "late"),
    "declined": (_("bị từ chối"), "late"),
    "failed": (_("không thành"), "late"),
    "not_found": (_("không tìm thấy khoản tiền"), "late"),
    "silent": (_("im lặng"), "late"),
    "late": (_("quá hạn"), "late"),
    "timed_out": (_("quá hạn trả lời"), "late"),
    "escalated": (_("đã báo cấp trên"), "late"),
    "discovered": (_("mới phát hiện"), "waiting"),
    "queried": (_("đã hỏi"), "running"),
    "still_here": (_("tiền còn đây"), "due"),
    "moved": (_("đã chuyển đi"), "running"),
    "cashed_out": (_("đã rút"), "late"),
    "off_rail": (_("ra ngoài hệ thống"), "late"),
    "received": (_("đã tiếp nhận"), "running"),
    "classified": (_("đã phân loại"), "running"),
    "transferred": (_("đã chuyển cơ quan khác"), "running"),
    "info_only": (_("lưu thông tin"), "waiting"),
    "decided": (_("đã có quyết định"), "done"),
    "new": (_("mới"), "waiting"),
    "verifying": (_("đang xác minh"), "running"),
    "prosecuted": (_("đã khởi tố"), "running"),
    "trial": (_("đang xét xử"), "running"),
    "tracing": (_("đang truy vết"), "running"),
    "contained": (_("đã chặn được"), "done"),
    "returning": (_("đang trả lại"), "running"),
    "filed": (_("đã nộp"), "waiting"),
    "evidence": (_("chờ giấy tờ"), "waiting"),
    "decided_1": (_("đã quyết định"), "done"),
    "decided_2": (_("đã quyết định lần hai"), "done"),
    "upheld": (_("giữ nguyên"), "disputed"),
    "reduced": (_("giảm số tiền"), "done"),
    "full": (_("đủ số tiền"), "done"),
    "zero": (_("không còn tiền"), "late"),
    "green": (_("XANH: được gửi"), "done"),
    "amber": (_("VÀNG: phải đánh dấu từng khoản"), "due"),
    "red": (_("ĐỎ: dừng"), "late"),
    "disputed": (_("có đề nghị xem xét"), "disputed"),
    "reopened": (_("mở lại"), "running"),
    "working": (_("đang xử lý"), "running"),
    "partly_disclosed": (_("trả lời một phần"), "running"),
    "clarifying": (_("đang hỏi lại"), "running"),
    "complete": (_("đã trả lời đủ"), "done"),
    "acknowledged": (_("đã trả lời, đã nhận"), "done"),
    "not_held": (_("không còn giữ ở đây"), "late"),
    "retention_passed": (_("quá thời hạn lưu"), "late"),
    "by_desk": (_("bàn trực từ chối"), "late"),
    "auto_scope": (_("máy từ chối: ngoài phạm vi"), "late"),
    "auto_policy": (_("máy từ chối: trái chính sách"), "late"),
    "undeliverable": (_("không gửi được"), "late"),
    "receiver_fault": (_("bên nhận gặp lỗi"), "late"),
}

FLAGS: dict[str, Word] = {
    "abuse": (_("nghi báo tin lạm dụng"), "disputed"),
    "red_plan": (_("phương án đỏ"), "late"),
    "amber_plan": (_("phương án vàng"), "due"),
    "silent_bank": (_("ngân hàng im lặng"), "late"),
    "rows_not_adopted": (_("căn cứ chưa được chấp thuận"), "due"),
    "last_lease": (_("kỳ hạn cuối"), "due"),
    "no_shift": (_("chưa mở ca trực"), "late"),
    "needs_person": (_("chờ người quyết định"), "due"),
    "review": (_("có đề nghị xem xét"), "disputed"),
    "appeal": (_("có đề nghị xem xét"), "disputed"),
    "never_block": (_("danh sách không chặn"), "due"),
    "order_uncertain": (_("thứ tự không chắc"), "due"),
    "narrow": (_("nên bỏ ra trước"), "due"),
    "needs_review": (_("chờ rà soát sau ca trực"), "due"),
}

ACTS: dict[str, Word] = {
    "take": (_("nhận vụ việc"), ""),
    "plan": (_("lập phương án"), ""),
    "replan": (_("lập lại phương án"), ""),
    "sign": (_("ký"), ""),
    "escalate": (_("báo cấp trên"), ""),
    "review": (_("xem xét đề nghị"), ""),
    "expand": (_("mở rộng thêm một bước"), ""),
    "wait": (_("chờ trả lời"), ""),
    "none": (_("không có việc"), ""),
}

KINDS: dict[str, Word] = {
    "pause": (_("tạm dừng giao dịch"), ""),
    "hold": (_("giữ tiền"), ""),
    "renew": (_("gia hạn"), ""),
    "release": (_("gỡ giữ tiền"), ""),
    "trace_credit": (_("theo dấu khoản tiền"), ""),
    "confirm_transfer": (_("xác nhận giao dịch"), ""),
    "find_my_transfer": (_("tìm giao dịch của bị hại"), ""),
    "recall_funds": (_("tra soát, thu hồi"), ""),
    "notify_holder": (_("thông báo cho chủ tài khoản"), ""),
    "identify_subscriber": (_("cung cấp thông tin thuê bao"), ""),
    "identify_holder": (_("cung cấp thông tin chủ tài khoản"), ""),
    "identify_account_holder": (_("cung cấp thông tin chủ tài khoản"), ""),
    "identify_domain_holder": (_("cung cấp thông tin chủ tên miền"), ""),
    "take_down": (_("gỡ nội dung"), ""),
    "ask": (_("yêu cầu thông tin"), ""),
    "shift": (_("ca trực"), ""),
    "test": (_("thử kết nối"), ""),
}

CHANNELS: dict[str, Word] = {
    "WEB": (_("trang web"), ""),
    "PHONE": (_("điện thoại"), ""),
    "BANK_DESK": (_("quầy ngân hàng"), ""),
    "POLICE": (_("trụ sở công an"), ""),
    "BULK": (_("tệp"), ""),
    "API": (_("máy gửi máy"), ""),
}

RAILS: dict[str, Word] = {
    "BANK": (_("chuyển khoản ngân hàng"), ""),
    "WALLET": (_("ví điện tử"), ""),
    "CARD": (_("thẻ"), ""),
    "CASH": (_("tiền mặt"), ""),
    "CRYPTO": (_("tiền mã hóa"), ""),
    "GIFT_CARD": (_("thẻ quà tặng, thẻ cào"), ""),
}

SECRETS: dict[str, Word] = {
    "OTP": (_("mã OTP"), ""),
    "PASSWORD": (_("mật khẩu, mã PIN"), ""),
    "ID_PHOTO": (_("ảnh căn cước"), ""),
}

CONTACTS: dict[str, Word] = {
    "PHONE": (_("số điện thoại"), ""),
    "URL": (_("đường liên kết"), ""),
    "DOMAIN": (_("tên miền"), ""),
    "HANDLE": (_("tài khoản mạng xã hội"), ""),
}

WITHHELD: dict[str, Word] = {
    "NO_TRANSFER": (_("Chưa đủ tài khoản gửi, tài khoản nhận, số tiền và giờ chuyển để gửi yêu cầu."), ""),
    "PHONE_NOT_CONFIRMED": (_("Chờ bạn xác nhận số điện thoại bằng mã."), ""),
    "TOO_OLD": (_("Tiền đã chuyển quá 72 giờ: cán bộ sẽ xem và quyết định."), ""),
    "TOO_SMALL": (_("Số tiền dưới 500.000 ₫: cán bộ sẽ xem và quyết định."), ""),
    "COMMERCIAL_DISPUTE": (_("Có thể là tranh chấp mua bán: cán bộ sẽ xem trong 24 giờ."), ""),
    "NEVER_BLOCK": (_("Tài khoản nhận thuộc danh sách không chặn: cán bộ sẽ xem và quyết định."), ""),
}  # fmt: skip

METHODS: dict[str, Word] = {
    "fifo": (_("vào trước ra trước (FIFO)"), ""),
    "lifo": (_("vào sau ra trước (LIFO)"), ""),
    "haircut": (_("theo tỷ lệ (haircut)"), ""),
    "libr": (_("số dư thấp nhất (LIBR)"), ""),
    "tainted_first": (_("tiền bẩn ra trước"), ""),
    "poison": (_("lan toàn bộ (chỉ để dò)"), ""),
}

ROLES: dict[str, Word] = {
    "investigator": (_("điều tra viên"), ""),
    "unit_head": (_("thủ trưởng đơn vị"), ""),
    "agency_head": (_("thủ trưởng cơ quan"), ""),
    "duty_officer": (_("trực ban"), ""),
    "procurator": (_("kiểm sát viên"), ""),
    "judge": (_("thẩm phán"), ""),
    "desk": (_("bàn trực nghiệp vụ"), ""),
    "desk_head": (_("trưởng bàn trực"), ""),
    "liaison": (_("đầu mối liên lạc"), ""),
    "supervisor": (_("giám sát"), ""),
    "registrar": (_("quản trị thành viên"), ""),
    "auditor": (_("kiểm toán"), ""),
    "citizen_office": (_("tiếp dân"), ""),
    "analyst": (_("phân tích"), ""),
    "legal_officer": (_("pháp chế"), ""),
    "appeal_officer": (_("cán bộ xem xét"), ""),
    "steward": (_("quản lý dữ liệu"), ""),
    "press_office": (_("truyền thông"), ""),
    "border_check": (_("kiểm soát biên giới"), ""),
    "victim": (_("bị hại"), ""),
    "reporter": (_("người báo tin"), ""),
    "holder": (_("chủ tài khoản"), ""),
    "subscriber": (_("chủ thuê bao"), ""),
    "registrant": (_("chủ tên miền"), ""),
}

HOLDERS: dict[str, Word] = {
    "person": (_("cá nhân"), ""),
    "natural": (_("cá nhân"), ""),
    "company": (_("tổ chức"), ""),
    "organisation": (_("tổ chức"), ""),
    "merchant": (_("điểm bán hàng"), ""),
    "biller": (_("đơn vị thu hộ"), ""),
    "transit": (_("tài khoản trung chuyển"), ""),
    "exit": (_("lối ra"), ""),
    "unknown": (_("chưa rõ"), ""),
    "account": (_("tài khoản"), ""),
    "wallet": (_("ví điện tử"), ""),
    "linked": (_("tài khoản liên kết"), ""),
}

LEFT_OUT: dict[str, Word] = {
    "low_value": (_("dưới mức tối thiểu, chỉ ghi chú cho ngân hàng"), ""),
    "harm": (_("nguy cơ chạm người ngoài cuộc từ 30 % trở lên"), ""),
    "likely_bystander": (_("nguy cơ chạm người ngoài cuộc từ 30 % trở lên"), ""),
    "never_block": (_("thuộc danh sách không chặn"), ""),
    "merchant": (_("điểm bán hàng"), ""),
    "transit": (_("tài khoản trung chuyển"), ""),
    "exit": (_("tiền đã ra ngoài"), ""),
    "no_balance": (_("không còn số dư"), ""),
    "held": (_("đã được giữ"), ""),
    "nothing_left": (_("tiền đã đi khỏi"), ""),
    "not_answered": (_("ngân hàng chưa trả lời"), ""),
    "no_link": (_("không chắc là tiền này"), ""),
    "low_share": (_("tiền bị lừa dưới 1 % tiền vào 30 ngày"), ""),
    "other_cases": (_("vụ khác đã giữ hết"), ""),
    "no_loss_left": (_("thiệt hại đã được giữ đủ"), ""),
    "not_chosen": (_("không được chọn"), ""),
    "forecast": (_("nguy cơ chạm người ngoài cuộc từ 30 % trở lên"), ""),
    "person": (_("cán bộ bỏ ra, có lý do"), ""),
    "chosen": (_("cán bộ bỏ ra, có lý do"), ""),
}

REASONS: dict[str, Word] = {
    "layer": (_("chặng"), ""),
    "merchant": (_("điểm bán hàng hoặc thu hộ"), ""),
    "protected_inflow": (_("có lương, lương hưu, trợ cấp"), ""),
    "settled_business": (_("mở trên 2 năm, nhiều người trả tiền"), ""),
    "small_share": (_("tiền bị lừa dưới 5 %"), ""),
    "wide_range": (_("năm phương pháp khác nhau xa"), ""),
    "low_kappa": (_("độ tin cậy thấp"), ""),
    "pass_through": (_("chuyển đi trên 80 % trong 60 phút"), ""),
    "fresh_mule": (_("tài khoản mới, phần lớn là tiền bị lừa"), ""),
    "two_cases": (_("có trong từ 2 vụ"), ""),
    "registry_corroborated": (_("danh sách nghi ngờ: có đối chiếu"), ""),
    "registry_confirmed": (_("danh sách nghi ngờ: đã xác nhận"), ""),
}

NOT_SENT: dict[str, Word] = {
    "NOT_ADOPTED": (_("căn cứ chưa được chấp thuận"), ""),
    "NO_SHIFT": (_("chưa mở ca trực"), ""),
    "NO_MEMBER": (_("nơi mở tài khoản chưa tham gia"), ""),
}

EXITS: dict[str, Word] = {
    "cash": (_("tiền mặt"), ""),
    "merchant": (_("điểm bán hàng"), ""),
    "vasp": (_("sàn tiền mã hóa"), ""),
    "foreign": (_("nước ngoài"), ""),
    "other": (_("nơi khác"), ""),
}

PLANTED: dict[str, Word] = {
    "name": (_("Họ tên"), ""),
    "phone": (_("Điện thoại"), ""),
    "citizen_id": (_("Số định danh (12 chữ số)"), ""),
    "from_bank": (_("Từ ngân hàng"), ""),
    "from_account": (_("Từ tài khoản"), ""),
    "to_bank": (_("Đến ngân hàng"), ""),
    "to_account": (_("Đến tài khoản"), ""),
    "payee_name": (_("Tên đã hiện"), ""),
    "amount": (_("Số tiền"), ""),
    "at": (_("Giờ chuyển (giờ Việt Nam)"), ""),
    "at_wire": (_("Giờ chuyển (UTC)"), ""),
    "contact_phone": (_("Số điện thoại của đối tượng"), ""),
    "contact_domain": (_("Tên miền của đối tượng"), ""),
    "contact_url": (_("Đường liên kết, trang web"), ""),
}

LAW: dict[str, Word] = {
    "verified": (_("đã đối chiếu văn bản"), "done"),
    "unverified": (_("chưa đối chiếu văn bản"), "due"),
    "not_adopted": (_("chưa được chấp thuận áp dụng"), "late"),
}

STAGES: dict[str, Word] = {
    "report": (_("giải quyết tin báo"), ""),
    "verify": (_("kiểm tra, xác minh nguồn tin"), ""),
    "investigate": (_("điều tra"), ""),
    "prosecuted": (_("sau khởi tố"), ""),
    "trial": (_("xét xử"), ""),
    "enforce": (_("thi hành án"), ""),
    "none": (_("không theo giai đoạn"), ""),
    "any": (_("mọi giai đoạn"), ""),
}

SIGNINGS: dict[str, Word] = {
    "approved": (_("đã duyệt"), ""),
    "drafted": (_("đã soạn"), ""),
    "standing": (_("khóa thường trực, không có người bấm"), ""),
    "procuracy_approved": (_("viện kiểm sát phê chuẩn"), ""),
}

EXTENTS: dict[str, Word] = {
    "full": (_("đủ số tiền"), "done"),
    "partial": (_("một phần số tiền"), "due"),
    "zero": (_("không còn tiền"), "late"),
}

TELLING: dict[str, Word] = {
    "started": (_("bắt đầu"), ""),
    "expanded": (_("đã mở rộng"), ""),
    "looked": (_("đã xem lại"), ""),
    "procedure": (_("giai đoạn tố tụng"), ""),
    "method": (_("phương pháp"), ""),
    "lead": (_("người giữ vụ"), ""),
    "identified": (_("đã xác định người"), ""),
    "settled": (_("đã quyết toán"), ""),
    "sums": (_("số liệu trả lời không khớp với số đã hỏi: phần tiền này chưa rõ"), ""),
    "position_changed": (_("trả lời theo một trạng thái sổ khác: phải truy vết lại"), ""),
    "branch": (_("tại quầy ngân hàng"), ""),
    "login": (_("đăng nhập ứng dụng ngân hàng"), ""),
}

SOURCES: dict[str, Word] = {"report": (_("tin báo"), "")}

STOPS: dict[str, Word] = {
    "stop_rule": (_("Phương án vượt mức gây hại cho người ngoài cuộc. Phải thu hẹp trước khi ký."), ""),
    "holds.stop_rule": (_("Phương án vượt mức gây hại cho người ngoài cuộc. Phải thu hẹp trước khi ký."), ""),
}  # fmt: skip

TIMELINE: dict[str, Word] = {
    "report": (_("Tin báo"), ""),
    "report_added": (_("Bổ sung tin báo"), ""),
    "state": (_("Trạng thái"), ""),
    "role": (_("Phân công"), ""),
    "task": (_("Việc phải làm"), ""),
    "indicator": (_("Dấu hiệu"), ""),
    "link": (_("Liên kết"), ""),
    "leg": (_("Chặng tiền"), ""),
    "trace": (_("Truy vết"), ""),
    "plan": (_("Phương án"), ""),
    "hold": (_("Giữ tiền"), ""),
    "pause": (_("Tạm dừng"), ""),
    "sheet": (_("Phiếu ký"), ""),
    "signature": (_("Chữ ký"), ""),
    "notice": (_("Thông báo"), ""),
    "appeal": (_("Đề nghị xem xét"), ""),
    "review": (_("Đề nghị xem xét"), ""),
    "request": (_("Yêu cầu"), ""),
    "message": (_("Thư trao đổi"), ""),
    "answer": (_("Trả lời"), ""),
    "release": (_("Gỡ giữ tiền"), ""),
    "renew": (_("Gia hạn"), ""),
    "letter": (_("Công văn"), ""),
    "hand_over": (_("Bàn giao"), ""),
    "correction": (_("Đính chính"), ""),
    "escalation": (_("Báo cấp trên"), ""),
    "containment": (_("Chặn tiền"), ""),
    "ask": (_("Yêu cầu"), ""),
    "refusal": (_("Từ chối"), ""),
    "silence": (_("Im lặng"), ""),
}

STEPS: dict[str, Word] = {
    "ask": (_("yêu cầu"), ""),
    "answer": (_("trả lời"), ""),
    "refusal": (_("từ chối"), ""),
    "receipt": (_("biên nhận"), ""),
    "notice": (_("thông báo"), ""),
    "cancel": (_("hủy"), ""),
    "clarify": (_("hỏi lại"), ""),
}

NEVER_BLOCK: dict[str, Word] = {
    "": (_("không thuộc danh sách"), ""),
    "hard": (_("thuộc danh sách không chặn: không được giữ"), "late"),
    "soft": (_("thuộc danh sách phải nêu lý do"), "due"),
}

REFUSALS: dict[str, Word] = {
    "OUT_OF_SCOPE": (_("ngoài phạm vi của căn cứ"), ""),
    "MANDATE_UNKNOWN": (_("bên nhận không biết căn cứ này"), ""),
    "MANDATE_EXPIRED": (_("căn cứ đã hết hiệu lực"), ""),
    "NOT_ADOPTED": (_("căn cứ chưa được chấp thuận"), ""),
    "STAGE_NOT_PERMITTED": (_("giai đoạn tố tụng chưa cho phép"), ""),
    "SIGNERS_INSUFFICIENT": (_("thiếu chữ ký mà căn cứ đòi hỏi"), ""),
    "AMOUNT_OVER_CAP": (_("số tiền vượt mức của căn cứ"), ""),
    "LEASE_TOO_LONG": (_("thời hạn dài hơn mức cho phép"), ""),
    "ASKER_NOT_ALLOWED": (_("bên yêu cầu không có thẩm quyền"), ""),
    "TOO_BROAD": (_("hỏi quá rộng"), ""),
    "PROTECTED_SUBJECT": (_("thuộc danh sách không chặn"), ""),
    "DUPLICATE": (_("trùng với một yêu cầu đã có"), ""),
    "CONFLICTING_ORDER": (_("trái với một yêu cầu đang có hiệu lực"), ""),
    "LEGAL_OBJECTION": (_("có ý kiến về pháp luật"), ""),
    "TOO_LARGE": (_("quá lớn"), ""),
    "DECLINED": (_("không thực hiện"), ""),
    "NOT_FOUND": (_("không tìm thấy"), ""),
    "NOT_HOLDER": (_("không quản lý tài khoản, số hay tên miền này"), ""),
    "NOT_HELD": (_("không còn giữ"), ""),
    "RETENTION_PASSED": (_("quá thời hạn lưu"), ""),
    "TECHNICAL": (_("lỗi kỹ thuật bên nhận"), ""),
    "LOW_SHARE": (_("phần tiền bị lừa quá nhỏ so với tiền vào"), ""),
}

PRIORITIES: dict[str, Word] = {
    "P0": (_("giờ vàng"), ""),
    "P1": (_("trong ngày"), ""),
    "P2": (_("thường"), ""),
    "P3": (_("hàng loạt"), ""),
}

LISTS: dict[str, dict[str, Word]] = {
    "refusal": REFUSALS,
    "priority": PRIORITIES,
    "state": STATES,
    "flag": FLAGS,
    "act": ACTS,
    "kind": KINDS,
    "channel": CHANNELS,
    "rail": RAILS,
    "secret": SECRETS,
    "contact": CONTACTS,
    "withheld": WITHHELD,
    "method": METHODS,
    "role": ROLES,
    "holder": HOLDERS,
    "left_out": LEFT_OUT,
    "stop": STOPS,
    "timeline": TIMELINE,
    "never_block": NEVER_BLOCK,
    "step": STEPS,
    "reason": REASONS,
    "not_sent": NOT_SENT,
    "exit": EXITS,
    "law": LAW,
    "stage": STAGES,
    "signing": SIGNINGS,
    "extent": EXTENTS,
    "planted": PLANTED,
    "telling": TELLING,
    "actor": {"system": (_("hệ thống"), ""), "public": (_("người dân"), "")},
    "source": SOURCES,
}


def word(code: object, name: str = "state") -> Word:
    """The word and shape of a code; upper and lower case are the same, a StrEnum is its value."""
    text = str(getattr(code, "value", code) or "")
    found = LISTS[name].get(text) or LISTS[name].get(text.lower()) or LISTS[name].get(text.upper())
    return found or (text, "waiting" if name == "state" else "")
