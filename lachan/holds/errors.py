"""What a pause, a hold or a review may be refused for. Codes are stable; the text says what would be right."""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text
from lachan.kernel.money import Vnd


class HoldError(LachanError):
    """The family; it has no code of its own."""


class AmountAboveTaint(HoldError):
    """An order asked for more than the trace reached."""

    code = "holds.above_taint"
    rule = "cases-and-holds §3.2"
    text = Text(
        vi="Số tiền {asked} vượt quá {taint} đã truy vết được tại tài khoản này. Nhập số tiền không quá {taint}.",
        en="{asked} is more than the {taint} traced to this account. Enter {taint} or less.",
    )
    asked: Vnd
    taint: Vnd


class AmountAboveLoss(HoldError):
    """The case's holds together would pass what its victims lost."""

    code = "holds.above_loss"
    rule = "cases-and-holds §3.2"
    text = Text(
        vi="Số tiền {asked} cùng các yêu cầu khác vượt thiệt hại đã xác minh của vụ việc. Còn được yêu cầu tối đa {left}.",
        en="{asked} with the case's other requests is more than its verified losses. At most {left} remains.",
    )
    asked: Vnd
    left: Vnd


class AmountAboveBalance(HoldError):
    """More than lies in the account."""

    code = "holds.above_balance"
    rule = "cases-and-holds §3.2"
    text = Text(
        vi="Số tiền {asked} vượt quá {balance} còn có thể giữ tại tài khoản này.",
        en="{asked} is more than the {balance} that can still be held in this account.",
    )
    asked: Vnd
    balance: Vnd


class AmountTooSmall(HoldError):
    """Nothing, or less than nothing."""

    code = "holds.amount_range"
    text = Text(
        vi="Số tiền phải từ 1 đồng trở lên.",
        en="The amount must be at least 1 đồng.",
    )


class LowValue(HoldError):
    """Too little to weigh on anybody's account for."""

    code = "holds.low_value"
    rule = "cases-and-holds §3.2"
    text = Text(
        vi="{amount} dưới mức tối thiểu {line}, hoặc dưới 1 % tiền vào của tài khoản: không yêu cầu giữ, chỉ báo ngân hàng.",
        en="{amount} is below the line of {line}, or under 1 % of the account's inflow: no hold, only a note to the bank.",
    )
    amount: Vnd
    line: Vnd


class WholeAccount(HoldError):
    """The profile knows no hold on a whole account."""

    code = "holds.scope"
    rule = "law §4"
    text = Text(
        vi="Không có yêu cầu giữ toàn bộ tài khoản. Ghi số tiền cụ thể, không quá số đã truy vết.",
        en="A whole account cannot be held. State an amount, no more than was traced.",
    )


class MethodMismatch(HoldError):
    """Two cases on one account must be traced under one method."""

    code = "holds.method_mismatch"
    rule = "cases-and-holds §3.2"
    text = Text(
        vi="Tài khoản này có vụ việc khác đang giữ tiền theo phương pháp {other}. Chọn cùng phương pháp rồi lập lại kế hoạch.",
        en="Another case holds money here under the method {other}. Choose the same method and plan again.",
    )
    other: str


class NeverBlock(HoldError):
    """The account stands on the never-block list."""

    code = "holds.never_block"
    status = 403
    rule = "law §4"
    text = Text(
        vi="Tài khoản {account} thuộc danh sách không được phong tỏa. Gửi yêu cầu thông tin thay cho yêu cầu giữ tiền.",
        en="Account {account} stands on the never-block list. Ask for information instead of a hold.",
    )
    account: str


class ExpiryRequired(HoldError):
    """No hold without an end."""

    code = "holds.expiry_required"
    rule = "DESIGN, decision 10"
    text = Text(
        vi="Yêu cầu giữ tiền phải có thời điểm hết hạn, không quá {latest}.",
        en="A hold must have an end, {latest} at the latest.",
    )
    latest: str


class ExpiryTooLong(HoldError):
    """A lease beyond what the mandate's row allows."""

    code = "holds.expiry_too_long"
    rule = "the mandate row's lease and renewals"
    text = Text(
        vi="Thời hạn vượt mức cho phép. Chậm nhất là {latest}.",
        en="The lease is longer than allowed. {latest} is the latest end.",
    )
    latest: str


class ExpiryPast(HoldError):
    """An end that has passed already."""

    code = "holds.expiry_past"
    text = Text(
        vi="Thời điểm hết hạn đã qua. Chọn thời điểm sau {now}.",
        en="The end has passed already. Choose one after {now}.",
    )
    now: str


class RenewalsUsed(HoldError):
    """Both renewals have been signed."""

    code = "holds.renewals_used"
    rule = "the mandate row's lease and renewals"
    text = Text(
        vi="Đã gia hạn đủ {allowed} lần. Tiền tự được trả lại quyền sử dụng khi hết hạn; xem các lối ra hợp pháp trên bảng.",
        en="All {allowed} renewals have been used. The money is released at the end; the board lists the lawful exits.",
    )
    allowed: int


class StateForbids(HoldError):
    """The command does not fit the state; those that do are named."""

    code = "holds.state_forbids"
    status = 409
    text = Text(
        vi="Đang ở trạng thái {state}: không thể {command}. Có thể: {allowed}.",
        en="The state is {state}: {command} is not possible. Possible: {allowed}.",
    )
    state: str
    command: str
    allowed: str


class VersionConflict(HoldError):
    """Somebody else was quicker."""

    code = "holds.version_conflict"
    status = 409
    text = Text(
        vi="Người khác vừa thay đổi; trạng thái hiện nay là {state}. Tải lại trang rồi làm tiếp.",
        en="Somebody changed this just now; the state is {state}. Reload the page and go on.",
    )
    state: str


class SignerSamePerson(HoldError):
    """One person, two logins."""

    code = "holds.signer_same_person"
    status = 403
    rule = "DESIGN, decision 5"
    text = Text(
        vi="Người ký thứ hai phải là một người khác, dù tài khoản đăng nhập khác nhau.",
        en="The second signer must be another person, whatever the login.",
    )


class SignerFromOtherAgency(HoldError):
    """Both signers of a hold belong to the agency that asks."""

    code = "holds.signer_other_agency"
    status = 403
    rule = "exchange §4"
    text = Text(
        vi="Người ký phải thuộc cơ quan {expected}.",
        en="The signer must belong to {expected}.",
    )
    expected: str


class SignerRole(HoldError):
    """The role that the mandate still asks for."""

    code = "holds.signer_role"
    status = 403
    rule = "exchange §4"
    text = Text(
        vi="Chữ ký còn thiếu là của vai trò: {expected}. Vai trò đang dùng: {got}.",
        en="The missing signature is of the role {expected}; this is {got}.",
    )
    expected: str
    got: str


class SheetChanged(HoldError):
    """What was signed first is no longer what is shown."""

    code = "holds.sheet_changed"
    status = 409
    rule = "cases-and-holds §3.1"
    text = Text(
        vi="Kế hoạch, số tiền hoặc dự báo đã thay đổi sau chữ ký thứ nhất; chữ ký đó không còn giá trị. Mở phiếu mới và ký lại.",
        en="The plan, a sum or the forecast changed after the first signature, which is void. Open the new sheet and sign again.",
    )


class SheetUnopened(HoldError):
    """A signer who has not had the sheet before his eyes."""

    code = "holds.sheet_unopened"
    status = 409
    rule = "cases-and-holds §5"
    text = Text(
        vi="Mở phiếu ký và đọc trước khi ký; phiếu mở quá {seconds} giây phải tải lại.",
        en="Open the sheet and read it before signing; one older than {seconds} seconds must be reloaded.",
    )
    seconds: int


class SheetStale(HoldError):
    """A sheet that waited too long for its second signature."""

    code = "holds.sheet_stale"
    status = 409
    rule = "cases-and-holds §3.1"
    text = Text(
        vi="Phiếu đã quá hạn ký lúc {at}. Lập phiếu mới.",
        en="The sheet lapsed unsigned at {at}. Make a new one.",
    )
    at: str


class StopRule(HoldError):
    """Too many bystanders would be hit; the plan must be narrowed."""

    code = "holds.stop_rule"
    rule = "cases-and-holds §3.3"
    text = Text(
        vi="Không được ký: {why}. Bỏ bớt tài khoản khỏi kế hoạch rồi lập lại phiếu.",
        en="Signing is stopped: {why_en}. Leave accounts out of the plan and make the sheet again.",
    )
    why: str
    why_en: str


class TickRequired(HoldError):
    """An AMBER plan's doubtful holds are ticked one by one, by both signers."""

    code = "holds.tick_required"
    rule = "cases-and-holds §3.3"
    text = Text(
        vi="Kế hoạch ở mức VÀNG: đánh dấu từng tài khoản có nguy cơ cao trước khi ký: {accounts}.",
        en="The plan is AMBER: tick each doubtful account before signing: {accounts}.",
    )
    accounts: str


class ReasonRequired(HoldError):
    """An act that must say why."""

    code = "holds.reason_required"
    text = Text(
        vi="Ghi lý do (ít nhất {length} ký tự).",
        en="Give the reason (at least {length} characters).",
    )
    length: int


class RenewerSamePerson(HoldError):
    """Who signed the hold cannot renew it."""

    code = "holds.renewer_same_person"
    status = 403
    rule = "DESIGN, decision 5"
    text = Text(
        vi="Gia hạn phải do người thứ ba ký, không phải người đã ký yêu cầu giữ tiền hay lần gia hạn trước.",
        en="A renewal is signed by a third person, none of those who signed the hold or renewed it before.",
    )


class RenewerSameUnit(HoldError):
    """The third person comes from another unit than both signers."""

    code = "holds.renewer_same_unit"
    status = 403
    rule = "DESIGN, decision 5"
    text = Text(
        vi="Người gia hạn phải thuộc đơn vị khác với cả hai người đã ký.",
        en="Who renews must come from another unit than both signers.",
    )


class DeciderInvolved(HoldError):
    """A review is decided by somebody who had no part in the hold."""

    code = "holds.decider_involved"
    status = 403
    rule = "cases-and-holds §3.4"
    text = Text(
        vi="Người quyết định không được là người đề xuất, người ký, người gia hạn, hoặc người cùng đơn vị với người ký thứ nhất.",
        en="Who decides may be none of the proposer, signers or renewer, nor of the first signer's unit.",
    )


class ReviewUnknown(HoldError):
    """Wrong code and wrong digits answer alike."""

    code = "holds.review_unknown"
    status = 404
    text = Text(
        vi="Không tìm thấy với mã và bốn số cuối này. Xem lại mã trên thông báo và bốn số cuối của tài khoản.",
        en="Nothing is found under this code and these four digits. Check the notice and the account's last four digits.",
    )


class ReviewExtended(HoldError):
    """The one extension has been used, or does not exist in the fast lane."""

    code = "holds.review_extended"
    status = 409
    text = Text(
        vi="Chỉ được kéo dài một lần, có lý do, và không áp dụng cho luồng nhanh 4 giờ.",
        en="A review is extended once, with a reason, and never in the 4-hour lane.",
    )


class InstrumentLive(HoldError):
    """One live instrument per case and account."""

    code = "holds.instrument_live"
    status = 409
    rule = "cases-and-holds §7, 5"
    text = Text(
        vi="Vụ việc này đã có yêu cầu đang chờ hoặc có hiệu lực tại tài khoản {account}.",
        en="This case has a live request on account {account} already.",
    )
    account: str


class OrderUnknown(HoldError):
    """Nothing of that id, or nothing that this actor may see."""

    code = "holds.unknown"
    status = 404
    text = Text(vi="Không tìm thấy yêu cầu này.", en="There is no such request.")


class NoMandate(HoldError):
    """No verified or adopted row of the catalogue carries this kind at this stage."""

    code = "holds.no_mandate"
    rule = "exchange §5"
    text = Text(
        vi="Chưa có căn cứ nào được xác minh hoặc áp dụng cho yêu cầu “{kind}” ở giai đoạn này. Cán bộ pháp chế áp dụng căn cứ rồi làm lại.",
        en="No verified or adopted row carries a “{kind}” at this stage. The legal officer adopts one first.",
    )
    kind: str


class ReceiverWrong(HoldError):
    """A request to somebody who does not answer it."""

    code = "holds.receiver"
    text = Text(
        vi="Chọn nơi nhận trong danh sách: chỉ những nơi trả lời loại yêu cầu này.",
        en="Choose the receiver from the list: only those that answer this kind of request.",
    )


class NothingChosen(HoldError):
    """A sheet without an order."""

    code = "holds.nothing_chosen"
    text = Text(
        vi="Chọn ít nhất một tài khoản có thể giữ tiền.",
        en="Choose at least one account that may be held.",
    )


class NotPlannable(HoldError):
    """An account that was ticked though it may not be held, with the reason."""

    code = "holds.not_plannable"
    text = Text(
        vi="Tài khoản {account} không thể đưa vào kế hoạch: {why}.",
        en="Account {account} cannot be in the plan: {why}.",
    )
    account: str
    why: str


class NotVerified(HoldError):
    """No loss of the case is verified yet."""

    code = "holds.not_verified"
    rule = "cases-and-holds §3.2"
    text = Text(
        vi="Chưa có khoản chuyển nào được ngân hàng của bị hại xác nhận (SETTLED), nên chưa thể yêu cầu giữ tiền. Chờ trả lời hoặc gọi ngân hàng.",
        en="No transfer is confirmed (SETTLED) by the victim's bank yet, so nothing can be held. Wait for the answer or call the bank.",
    )


class TooManyTries(HoldError):
    """Guessing codes."""

    code = "holds.rate_limited"
    status = 429
    text = Text(
        vi="Đã thử quá nhiều lần. Thử lại sau {minutes} phút, hoặc gọi cơ quan ghi trên thông báo.",
        en="Too many tries. Try again in {minutes} minutes, or call the agency named on the notice.",
    )
    minutes: int


class TextRequired(HoldError):
    """A request for review says at least something."""

    code = "holds.review_text"
    text = Text(
        vi="Viết vài lời vì sao số tiền này không nên bị giữ.",
        en="Write a few words why this money should not be held.",
    )


class KeyAnswerWrong(HoldError):
    """Not the assertion that was asked for this very sheet, or older than the sheet may lie open."""

    code = "holds.key_answer"
    rule = "exchange.md §2"
    text = Text(
        vi="Khóa bảo mật trả lời không đúng với phiếu này, hoặc đã quá lâu; chưa có gì được ký. Mở lại phiếu và ký lại bằng khóa đã ghi danh của bạn.",
        en="The security key's answer does not fit this sheet, or is too old; nothing was signed. Open the sheet again and sign with your own enrolled key.",
    )
