"""What a case may be refused for."""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text


class CaseUnknown(LachanError):
    """No such case, or none that this actor may see: both answer alike."""

    code = "cases.unknown"
    status = 404
    text = Text(vi="Không tìm thấy vụ việc {case}.", en="There is no case {case}.")
    case: str


class CaseStateForbids(LachanError):
    """A step that the procedure does not know from here."""

    code = "cases.state_forbids"
    status = 409
    text = Text(
        vi="Vụ việc đang ở {state}: không thể {command}. Có thể: {allowed}.",
        en="The case is in {state}: {command} is not possible. Possible: {allowed}.",
    )
    state: str
    command: str
    allowed: str


class CaseStillBound(LachanError):
    """Closing waits for what still binds somebody's money or time."""

    code = "cases.still_bound"
    status = 409
    text = Text(
        vi="Chưa thể kết thúc vụ việc: còn {what}.",
        en="The case cannot be closed yet: {what_en} remains.",
    )
    what: str
    what_en: str


class CaseTaken(LachanError):
    """Somebody else has it."""

    code = "cases.taken"
    status = 409
    text = Text(
        vi="{by} đã nhận vụ việc này lúc {at}.",
        en="{by} took this case at {at}.",
    )
    by: str
    at: str


class ReasonMissing(LachanError):
    """Leaving an account out, or taking it back in, says why."""

    code = "cases.reason_required"
    text = Text(
        vi="Ghi lý do (ít nhất {length} ký tự).",
        en="Give the reason (at least {length} characters).",
    )
    length: int


class MethodUnknown(LachanError):
    """A method that gives no amounts."""

    code = "cases.method_unknown"
    text = Text(
        vi="Không có phương pháp “{given}”. Chọn một trong: {allowed}.",
        en="There is no method “{given}”. Choose one of: {allowed}.",
    )
    given: str
    allowed: str


class AccountNotInCase(LachanError):
    """An account that the trace has not reached."""

    code = "cases.account_unknown"
    text = Text(
        vi="Truy vết chưa đi tới tài khoản {account} trong vụ việc này.",
        en="The trace of this case has not reached account {account}.",
    )
    account: str


class NothingToAsk(LachanError):
    """A request of a kind for which the case has no subject, or no member answers."""

    code = "cases.nothing_to_ask"
    text = Text(
        vi="Không có nơi nhận hoặc đối tượng để gửi yêu cầu “{kind}”.",
        en="There is no receiver or subject for a request “{kind}”.",
    )
    kind: str
