"""What an account's holder is told, in plain words (law §4); never a victim's data.

Amount, what still works, from and until when, by whom and under which article, how to ask for review
and by when it is answered, where a complaint (khiếu nại) goes, and that it ends by itself.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings

from lachan.cases.names import shown_name
from lachan.exchange import catalogue
from lachan.holds.rules.reviews import CLOCK, FAST_CLOCK
from lachan.kernel.codes import make_code
from lachan.kernel.errors import Text
from lachan.kernel.money import Vnd
from lachan.kernel.time import ICT, short_ict

_RANDOM = secrets.SystemRandom()
REVIEW_PAGE = "/de-nghi-xem-xet-lai"


def new_review_code(now: datetime) -> str:
    """`KN-26-XXXX-XXXX-XXXX`, printed on the notice: with the last four digits it opens the holder's door."""
    return make_code("KN", now.astimezone(ICT).year, _RANDOM)


def review_link() -> str:
    """Where a holder asks for review; the public address of this deployment."""
    origin = str(settings.LACHAN_PUBLIC_URL)
    return f"{origin.rstrip('/')}{REVIEW_PAGE}"


def articles(codes: list[str] | tuple[str, ...], lang: str = "vi") -> str:
    """The rows in words: instrument and article, marked when nobody has verified them."""
    said = []
    for code in codes:
        row = catalogue.row(code)
        mark = "" if row.verified else (" (unverified)" if lang == "en" else " (chưa xác minh)")
        word = "Art." if lang == "en" else "Điều"
        said.append(f"{row.instrument}, {word} {row.article}{mark}")
    return "; ".join(said)


def holder_text(
    *, instrument: str, agency: str, codes: list[str], amount: int, since: datetime, until: datetime,
    code: str, fast: bool,
) -> str:  # fmt: skip
    """The notice to the holder of a pause or hold, in Vietnamese."""
    act = "tạm dừng giao dịch" if instrument == "pause" else "tạm giữ"
    hours = int((FAST_CLOCK if fast else CLOCK).total_seconds() // 3600)
    return (
        f"Theo yêu cầu của {shown_name(agency, 'vi')}, căn cứ {articles(codes)}, ngân hàng đã {act} số tiền "
        f"{Vnd(amount).grouped()} đồng trong tài khoản của quý khách từ {short_ict(since)} đến {short_ict(until)}. "
        "Số tiền còn lại và các giao dịch nhận tiền vẫn sử dụng bình thường. "
        "Lý do: khoản tiền này có liên quan đến một tin báo lừa đảo đang được xác minh; "
        "quý khách chưa bị kết luận có vi phạm. "
        f"Đề nghị xem xét lại: {review_link()}, mã {code} và bốn số cuối tài khoản, hoặc tại bất kỳ chi nhánh, "
        f"trụ sở công an nào; được trả lời trong {hours} giờ. "
        "Khiếu nại theo pháp luật gửi tới người đứng đầu cơ quan đã yêu cầu. "
        "Hết thời hạn, việc tạm dừng/phong tỏa tự chấm dứt."
    )


def order_words(
    *, agency: str, institution: str, account: str, amount: int, until: datetime, codes: list[str],
    case: str, kind: str = "hold",
) -> Text:  # fmt: skip
    """The order as the institution reads it; signers see the same words."""
    money, end = Vnd(amount), short_ict(until)
    act_vi = {"hold": "tạm giữ", "renew": "tiếp tục tạm giữ"}.get(kind, kind)
    act_en = {"hold": "hold", "renew": "go on holding"}.get(kind, kind)
    return Text(
        vi=(
            f"{shown_name(agency, 'vi')} đề nghị {shown_name(institution, 'vi')} {act_vi} số tiền {money.grouped()} đồng "
            f"({money.words('vi')}) trong tài khoản {account} đến {end}, vụ việc {case}. Căn cứ: {articles(codes)}. "
            "Chỉ giữ đúng số tiền này; phần còn lại của tài khoản vẫn sử dụng bình thường. "
            "Hết thời hạn, việc tạm giữ tự chấm dứt."
        ),
        en=(
            f"{shown_name(agency, 'en')} asks {shown_name(institution, 'en')} to {act_en} {money.grouped('en')} đồng "
            f"({money.words('en')}) in account {account} until {end}, case {case}. Basis: {articles(codes, 'en')}. "
            "Only this amount is held; the rest of the account stays usable. It ends by itself at the end."
        ),
    )
