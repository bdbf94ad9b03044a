"""The person asked about may be told now."""

from typing import Annotated

from lachan.exchange.fields import HexHash, Words, YesNo, about
from lachan.exchange.kinds import Answer, Auto, Due, Elapsed, MessageKind, Question, WorkingDays
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    order: Annotated[HexHash, about("Yêu cầu (H)", "The request (H)", "S")]
    note: Annotated[Words | None, about("Ghi chú", "Note", "X")] = None


class Reply(Answer, frozen=True, kw_only=True):
    noted: Annotated[YesNo, about("Đã ghi nhận", "Noted", "B")]


KIND = MessageKind(
    name="lift_confidentiality",
    title=Text(vi="Bỏ yêu cầu giữ kín", en="Lifting of confidentiality"),
    ask=Ask,
    answer=Reply,
    askers=frozenset(
        {Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.PROCURATOR, Role.JUDGE}
    ),
    answerers=frozenset(
        {
            MemberKind.BANK,
            MemberKind.EWALLET,
            MemberKind.TREASURY,
            MemberKind.TELECOM,
            MemberKind.ISP,
            MemberKind.REGISTRAR,
            MemberKind.PLATFORM,
            MemberKind.HOSTING,
            MemberKind.STORE,
        }
    ),
    mandates=(),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=WorkingDays(1)),
    auto=Auto.ALONE,
    follows=frozenset(
        {
            "provide_account_holder",
            "provide_statement",
            "provide_documents",
            "provide_sim_agent",
            "provide_call_records",
            "identify_subscriber",
            "identify_domain_holder",
            "identify_account",
            "identify_ip",
            "preserve_data",
            "pause",
            "hold",
            "freeze",
            "suspend_number",
        }
    ),
    follow_roles=frozenset(
        {Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.PROCURATOR, Role.JUDGE}
    ),
    effects=("confidentiality_lifted",),
    standard="auth.003",
)
