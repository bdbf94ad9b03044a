"""Which of my transfers was it? Asked of the victim's own bank, with the victim's recorded consent.

It answers for one customer only: when several fit, nothing is shown (cases-and-holds.md, intake while the call goes on).
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import (
    BankCode,
    Choice,
    Dong,
    HexHash,
    Line,
    Msisdn,
    Reference,
    WireTime,
    about,
)
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Outcome(Choice):
    FOUND = "FOUND", "Tìm thấy", "Found"
    NOT_FOUND = "NOT_FOUND", "Không tìm thấy", "Not found"
    AMBIGUOUS = "AMBIGUOUS", "Nhiều khách hàng cùng khớp", "Several customers fit"


class Ask(Question, frozen=True, kw_only=True):
    amount: Annotated[
        Dong,
        about(
            "Số tiền đã chuyển",
            "Amount sent",
            "S",
            help_vi="Tìm trong khoảng ± 20 %",
            help_en="Looked for within ± 20 %",
        ),
    ]
    at: Annotated[
        WireTime,
        about(
            "Chuyển vào khoảng",
            "Sent at about",
            "S",
            help_vi="Tìm trong khoảng ± 60 phút",
            help_en="Looked for within ± 60 minutes",
        ),
    ]
    consent: Annotated[
        HexHash, about("Dấu của bản ghi đồng ý", "Hash of the recorded consent", "S")
    ]
    report: Annotated[Reference, about("Tin báo", "Report", "X")]
    citizen_id: Annotated[
        Line | None, about("Số định danh của bị hại", "Victim's citizen id", "S")
    ] = None
    phone: Annotated[Msisdn | None, about("Điện thoại của bị hại", "Victim's telephone", "S")] = (
        None
    )


class Transfer(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    ref: Annotated[Reference, about("Mã giao dịch", "Reference", "S")]
    at: Annotated[WireTime, about("Lúc", "At", "S")]
    amount: Annotated[Dong, about("Số tiền", "Amount", "S")]
    to_bank: Annotated[BankCode, about("Ngân hàng nhận", "Receiving bank", "S")]
    to_account: Annotated[Line, about("Tài khoản nhận", "Receiving account", "S")]
    payee: Annotated[Line | None, about("Tên người nhận đã hiện", "Payee's name as shown", "S")] = (
        None
    )


class Reply(Answer, frozen=True, kw_only=True):
    outcome: Annotated[Outcome, about("Kết quả", "Outcome", "S")]
    transfers: Annotated[
        list[Transfer], Meta(max_length=20), about("Giao dịch khớp", "Matching transfers", "S")
    ] = msgspec.field(default_factory=list)


KIND = MessageKind(
    name="find_my_transfer",
    title=Text(vi="Tìm giao dịch của bị hại", en="Find the victim's transfer"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.DUTY_OFFICER, Role.CITIZEN_OFFICE}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.CONSENT"),),
    due=Due(
        golden_hour=Elapsed(minutes=15),
        otherwise=Elapsed(minutes=15),
        automatic=Elapsed(seconds=30),
    ),
    auto=Auto.CONDITIONAL,
    priority=Priority.P0,
    effects=("transfer_found",),
    standard="own",
)
