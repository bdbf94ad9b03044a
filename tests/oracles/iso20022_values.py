"""Values of every kind that the ISO 20022 edge writes, for examples and for hypothesis."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from lachan.adapters.iso20022.acmt023 import Question, VerificationRequest
from lachan.adapters.iso20022.acmt024 import Report, Verdict, VerificationReport
from lachan.adapters.iso20022.assignments import Assignment
from lachan.adapters.iso20022.auth001 import InformationRequest
from lachan.adapters.iso20022.auth002 import (
    Finding,
    InformationResponse,
    ResponseStatus,
    Result,
)
from lachan.adapters.iso20022.auth003 import ConfidentialityChange
from lachan.adapters.iso20022.camt029 import RecallOutcome, Resolution
from lachan.adapters.iso20022.camt056 import Recall
from lachan.adapters.iso20022.freeze import FreezeAsk, Order
from lachan.adapters.iso20022.freeze_effect import OrderEffect
from lachan.adapters.iso20022.header import Header
from lachan.adapters.iso20022.holder_record import HolderRecord
from lachan.adapters.iso20022.inquiry import Inquiry
from lachan.adapters.iso20022.parties import Party
from lachan.adapters.iso20022.search import HOLDER_RECORD, STATEMENT, TransactionRef
from lachan.adapters.iso20022.verification import Errand
from lachan.exchange.kinds import Coverage, Priority
from lachan.exchange.manifest import MandateRef
from lachan.exchange.messages import hold
from lachan.exchange.messages.provide_account_holder import Holder, IdType, Status
from lachan.kernel.accounts import AccountRef
from lachan.kernel.money import Vnd
from lachan.kernel.time import to_wire

POLICE, VCB, VIETTEL = "vn/police/a05/duty", "vn/bank/970436", "vn/telecom/viettel"
DEADLINE = "2026-11-24T19:00:00.000Z"  # the 25th in Vietnam


def mandate(code: str = "VN.BLTTHS.88", **changed: object) -> MandateRef:
    given = {"version": 1, "stage": "verify", "case_ref": "VA-26-004182", "valid_until": "2026-12-24T07:00:00.000Z", "subjects": 2}  # fmt: skip
    return MandateRef(code=code, **{**given, **changed})


def inquiry(**changed: object) -> Inquiry:
    given = {
        "kind": "provide_account_holder",
        "conversation": "019ab1f2-0c00-7aaa-8bbb-0123456789ab",
        "message": "019ab1f2-0c01-7aaa-8bbb-0123456789ac",
        "asked_by": POLICE,
        "asked_of": VCB,
        "priority": Priority.P0,
        "deadline": DEADLINE,
        "mandates": (mandate(), mandate("VN.LCTCTD.13")),
    }
    return Inquiry(**{**given, **changed})


def request(**changed: object) -> InformationRequest:
    given = {
        "inquiry": inquiry(),
        "confidential": True,
        "since": date(2026, 11, 24),
        "until": date(2026, 11, 24),
        "search": AccountRef("970436", "0011223344"),
        "wanted": (HOLDER_RECORD,),
    }
    return InformationRequest(**{**given, **changed})


def holder(**changed: object) -> Holder:
    given = {
        "account": "970436:0011223344",
        "status": Status.OPEN,
        "name": "Nguyễn Thị Hường",
        "id_type": IdType.CCCD,
        "id_no": "001190000001",
        "born": "1990-02-28",
        "sex": "nữ",
        "nationality": "Việt Nam",
        "phone": "+84912345678",
        "email": "huong@vidu.vn",
        "opened": "2020-01-02",
        "channel": "eKYC",
        "devices": ["a1", "b2"],
    }
    return Holder(**{**given, **changed})


def response(**changed: object) -> InformationResponse:
    given = {
        "response": "019ab1f20c027aaa8bbb0123456789ad.01",
        "investigation": inquiry().investigation,
        "status": ResponseStatus.COMPLETE,
        "search": AccountRef("970436", "0011223344"),
        "results": (Result(wanted=HOLDER_RECORD, finding=Finding.DISCLOSED),),
        "record": HolderRecord(
            holder=holder(), as_of=DEADLINE, coverage=Coverage(missing="thiết bị")
        ),
    }
    return InformationResponse(**{**given, **changed})


ASSIGNMENT = Assignment(id="R-1", sender="970416", receiver="970436", created=DEADLINE)
ERRAND = Errand(message="V-1", created=DEADLINE, sender=VCB, receiver=VIETTEL)


def recall(**changed: object) -> Recall:
    given = {"assignment": ASSIGNMENT, "recall": "TH-1", "original": "FT26328000001", "amount": Vnd(50_000_000)}  # fmt: skip
    return Recall(**{**given, **changed})


def resolution(**changed: object) -> Resolution:
    given = {
        "assignment": ASSIGNMENT,
        "recall": "TH-1",
        "original": "FT26328000001",
        "amount": Vnd(50_000_000),
        "outcome": RecallOutcome.PARTIAL,
        "returned": Vnd(12_000_000),
    }
    return Resolution(**{**given, **changed})


def hold_ask(**changed: object) -> hold.Ask:
    given = {
        "account": "970436:0011223344",
        "amount": 50_000_000,
        "lease_until": "2026-11-27T07:00:00.000Z",
        "case": "VA-26-004182",
        "taint_proof": "ab" * 32,
        "appeal_link": "https://lachan.vidu/khieu-nai?a=1&b=2",
        "converts": "cd" * 32,
    }
    return hold.Ask(**{**given, **changed})


def hold_reply(**changed: object) -> hold.Reply:
    given = {
        "as_of": DEADLINE,
        "effect": hold.Effect.PARTIAL,
        "held": 40_000_000,
        "carved": 5_000_000,
        "at": DEADLINE,
        "bands": {"salary": True, "over_1_bn": False},
        "core_ref": "PT-77",
    }
    return hold.Reply(**{**given, **changed})


FREEZE = FreezeAsk(
    account="970436:0011223344",
    amount=1,
    order_number="12/LPT-CSĐT",
    legal_event="QĐ khởi tố 3/2026",
    review_on="2027-02-22",
)
HEADER = Header(
    sender=POLICE,
    receiver=VCB,
    message=inquiry().document,
    definition="auth.001.001.02",
    created=DEADLINE,
)

# What XML 1.0 can carry: no control characters but tab and line ends, no surrogates, no non-characters.
CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc"), include_characters="\t\n\r", exclude_characters="\ufffe\uffff"
)


def texts(most: int) -> st.SearchStrategy[str]:
    return st.text(CHARACTERS, min_size=1, max_size=most) | st.just("Ệ" * most)


def optional(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


instants = st.datetimes(
    datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001 - bounds are naive by contract
).map(to_wire)  # fmt: skip
days = st.dates(date(1900, 1, 1), date(2099, 1, 1))
banks = st.from_regex(r"[0-9]{6}", fullmatch=True)
accounts = st.builds(AccountRef, banks, st.from_regex(r"[0-9A-Z]{4,24}", fullmatch=True))
uuids = st.uuids(version=4).map(str)
phones = st.from_regex(
    r"\+(84|1|44|86|886|855)[1-9][0-9]{6,10}", fullmatch=True
)  # countries of 1, 2, 3 digits
dong = st.integers(0, 2**53 - 1)
hashes = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
addresses = st.sampled_from([POLICE, VCB, VIETTEL, f"vn/{'b' * 30}/{'x' * 32}/{'y' * 32}"])

mandates = st.builds(
    MandateRef,
    code=st.from_regex(r"[A-Za-z0-9._/-]{1,64}", fullmatch=True),
    version=st.integers(1, 99),
    stage=st.sampled_from(["report", "verify"]),
    case_ref=st.text(CHARACTERS, max_size=64),
    valid_until=instants,
    subjects=st.integers(0, 50),
    document_part=optional(st.just("decision-1.pdf")),
    cap_vnd=optional(dong),
    lease_until=optional(instants),
)


def inquiries(kind: str = "provide_account_holder") -> st.SearchStrategy[Inquiry]:
    return st.builds(
        Inquiry,
        kind=st.just(kind),
        conversation=uuids,
        message=uuids,
        asked_by=addresses,
        asked_of=addresses,
        priority=st.sampled_from(Priority),
        deadline=instants,
        mandates=st.lists(mandates, min_size=1, max_size=3).map(tuple),
        number=st.integers(1, 7),
        of=st.integers(7, 99),
        reason=optional(texts(2000)),
        least_amount=optional(dong),
    )


@st.composite
def requests(draw: st.DrawFn) -> InformationRequest:
    payment = draw(st.booleans())
    since = draw(days)
    things = st.sampled_from([(HOLDER_RECORD,), (STATEMENT,), (HOLDER_RECORD, STATEMENT)])
    return InformationRequest(
        inquiry=draw(inquiries()),
        confidential=draw(st.booleans()),
        since=since,
        until=since + timedelta(days=draw(st.integers(0, 700))),
        search=draw(st.builds(TransactionRef, texts(35)) if payment else accounts),
        wanted=() if payment else draw(things),
    )


holders = st.builds(
    Holder,
    account=accounts.map(str),
    status=st.sampled_from(Status),
    name=optional(texts(200)),
    id_type=optional(st.sampled_from(IdType)),
    id_no=optional(texts(200)),
    born=optional(days.map(date.isoformat)),
    sex=optional(texts(200)),
    nationality=optional(texts(200)),
    phone=optional(phones),
    email=optional(texts(200)),
    opened=optional(days.map(date.isoformat)),
    channel=optional(texts(200)),
    devices=st.lists(texts(200), max_size=5),
)
coverages = st.builds(
    Coverage,
    since=optional(instants),
    until=optional(instants),
    missing=optional(texts(200)),
    expected_at=optional(instants),
)


@st.composite
def responses(draw: st.DrawFn) -> InformationResponse:
    one = draw(holders)
    found = Finding.NOT_FOUND if one.status is Status.NOT_FOUND else Finding.DISCLOSED
    return InformationResponse(
        response=draw(texts(35)),
        investigation=draw(texts(35)),
        status=draw(st.sampled_from([ResponseStatus.PARTIAL, ResponseStatus.COMPLETE])),
        search=AccountRef.parse(one.account),
        results=(
            Result(wanted=HOLDER_RECORD, finding=found, reason=draw(optional(texts(500)))),
            *draw(st.lists(st.builds(Result, wanted=texts(35), finding=st.sampled_from(Finding)), max_size=3)),
        ),
        record=HolderRecord(holder=one, as_of=draw(instants), coverage=draw(optional(coverages))),
    )  # fmt: skip


changes = st.builds(ConfidentialityChange, original=texts(35), confidential=st.booleans())
headers = st.builds(
    Header,
    sender=addresses,
    receiver=addresses,
    message=texts(35),
    definition=texts(35),
    created=instants,
)
assignments = st.builds(Assignment, id=texts(35), sender=banks, receiver=banks, created=instants)
recalls = st.builds(
    Recall,
    assignment=assignments,
    recall=texts(35),
    original=texts(35),
    amount=dong.map(Vnd),
    uetr=optional(uuids),
    notes=st.lists(texts(105), max_size=3).map(tuple),
)


@st.composite
def resolutions(draw: st.DrawFn) -> Resolution:
    outcome = draw(st.sampled_from(RecallOutcome))
    amount = draw(st.integers(2, 2**53 - 1))
    part = {
        RecallOutcome.RETURNED: Vnd(amount),
        RecallOutcome.PARTIAL: Vnd(draw(st.integers(1, amount - 1))),
    }
    rejected = outcome is RecallOutcome.REJECTED
    return Resolution(
        assignment=draw(assignments),
        recall=draw(texts(35)),
        original=draw(texts(35)),
        amount=Vnd(amount),
        outcome=outcome,
        returned=part.get(outcome),
        code=draw(st.sampled_from(["NOAS", "AC04", "LEGL"])) if rejected else None,
        uetr=draw(optional(uuids)),
    )


@st.composite
def parties(draw: st.DrawFn) -> Party:
    """Those that PartyIdentification can hold: what else there is, is refused."""
    company = draw(st.booleans())
    number = draw(texts(35)) if company else draw(optional(texts(35)))
    kinds = st.sampled_from([None, IdType.CCCD, IdType.CMND, IdType.PASSPORT])
    return Party(
        name=draw(optional(texts(140))),
        id_type=IdType.BUSINESS if company else draw(kinds) if number else None,
        id_no=number,
        born=None if company else draw(optional(days.map(date.isoformat))),
        phone=draw(optional(phones)),
        email=draw(optional(texts(256))),
    )


errands = st.builds(
    Errand, message=texts(35), created=instants, sender=addresses, receiver=addresses
)
questions = st.builds(Question, id=texts(35), party=parties(), account=optional(accounts))
verification_requests = st.builds(
    VerificationRequest,
    errand=errands,
    questions=st.lists(questions, min_size=1, max_size=4, unique_by=lambda one: one.id).map(tuple),
)
codes = st.from_regex(r"[A-Z][A-Z0-9_]{0,20}", fullmatch=True)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    verdict = draw(st.sampled_from(Verdict))
    told = () if verdict is Verdict.MATCH else tuple(draw(st.lists(codes, max_size=4)))
    return Report(id=draw(texts(35)), verdict=verdict, codes=told)


verification_reports = st.builds(
    VerificationReport,
    errand=errands,
    original=texts(35),
    reports=st.lists(reports(), min_size=1, max_size=4, unique_by=lambda one: one.id).map(tuple),
)
hold_asks = st.builds(
    hold.Ask,
    account=accounts.map(str),
    amount=dong,
    lease_until=instants,
    case=texts(64),
    taint_proof=hashes,
    appeal_link=st.just("https://lachan.vidu/kn?a=1&b=<2>"),
    converts=optional(hashes),
    top_up=st.booleans(),
)
freeze_asks = st.builds(
    FreezeAsk,
    account=accounts.map(str),
    amount=dong,
    order_number=texts(64),
    legal_event=texts(64),
    review_on=days.map(date.isoformat),
    converts=optional(hashes),
)
orders = st.builds(Order, inquiry=inquiries("hold"), ask=hold_asks) | st.builds(
    Order, inquiry=inquiries("freeze"), ask=freeze_asks
)
effects = st.builds(
    OrderEffect,
    order=texts(35),
    reply=st.builds(
        hold.Reply,
        as_of=instants,
        coverage=optional(coverages),
        effect=st.sampled_from(hold.Effect),
        held=dong,
        carved=dong,
        at=instants,
        bands=st.dictionaries(texts(20), st.booleans(), max_size=4),
        top_up=st.booleans(),
        core_ref=optional(texts(64)),
    ),
)
