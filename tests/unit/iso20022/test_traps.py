"""What goes wrong with these messages elsewhere, each by its name (exchange.md §6)."""

import hashlib

import pytest
from lxml import etree

from lachan.adapters.iso20022 import acmt023, acmt024, auth001, auth002, camt029, camt056, freeze
from lachan.adapters.iso20022.acmt024 import Report, Verdict, VerificationReport
from lachan.adapters.iso20022.auth001 import Edition
from lachan.adapters.iso20022.auth002 import Finding, ResponseStatus, Result
from lachan.adapters.iso20022.camt029 import RecallOutcome
from lachan.adapters.iso20022.errors import (
    Contradiction,
    ElementMissing,
    ElementRefused,
    ValueRefused,
)
from lachan.adapters.iso20022.holder_record import HolderRecord
from lachan.adapters.iso20022.inquiry import mandate_hash
from lachan.adapters.iso20022.parties import Party, iso_phone, wire_phone
from lachan.adapters.iso20022.search import TransactionRef
from lachan.exchange.messages.provide_account_holder import IdType, Status
from lachan.kernel.accounts import AccountRef
from lachan.kernel.canonical import canonical
from lachan.kernel.money import Vnd
from tests.oracles import iso20022_values as values
from tests.oracles.iso20022_classes import faults


def at(data: bytes, path: str) -> str | None:
    """The text at a path of local names."""
    steps = "/".join(f"*[local-name()='{step}']" for step in path.split("/"))
    found = etree.fromstring(data).xpath(f"/{steps}")
    return found[0].text if found else None


ASK = "Document/InfReqOpng"
ANSWER = "Document/InfReqRspn"


def test_the_investigation_is_a_uuid_without_hyphens_because_36_characters_do_not_fit() -> None:
    found = at(auth001.write(values.request(), Edition.V02), f"{ASK}/InvstgtnId")
    assert found == "019ab1f20c007aaa8bbb0123456789ab"


def test_the_fiftieth_document_of_a_question_has_a_name_of_35_characters() -> None:
    name = values.inquiry(number=50, of=50).document
    assert name == "019ab1f20c017aaa8bbb0123456789ac.50"
    assert len(name) == 35


def test_mandates_that_fit_stand_in_the_paragraph_by_their_codes() -> None:
    found = at(auth001.write(values.request(), Edition.V02), f"{ASK}/LglMndtBsis/Prgrph")
    assert found == "VN.BLTTHS.88+VN.LCTCTD.13"


def test_mandates_that_do_not_fit_stand_there_by_their_hash_and_in_full_in_the_extension() -> None:
    rows = (values.mandate("VN.BLTTHS.88"), values.mandate("VN.LCTCTD.13"), values.mandate("VN.HANOI.24x7"))  # fmt: skip
    request = values.request(inquiry=values.inquiry(mandates=rows))
    data = auth001.write(request, Edition.V02)
    assert at(data, f"{ASK}/LglMndtBsis/Prgrph") == mandate_hash(rows)[:35]
    assert auth001.read(data).inquiry.mandates == rows


def test_the_mandate_hash_is_of_the_manifests_own_rows() -> None:
    row = {"code": "VN.BLTTHS.88", "version": 1, "stage": "verify", "case_ref": "VA-26-004182", "valid_until": "2026-12-24T07:00:00.000Z", "subjects": 2}  # fmt: skip
    assert mandate_hash((values.mandate(),)) == hashlib.sha256(canonical([row])).hexdigest()


def test_the_due_date_is_a_day_in_vietnam_and_the_deadline_an_instant() -> None:
    data = auth001.write(values.request(), Edition.V02)  # 19:00 UTC is the next morning in Vietnam
    assert at(data, f"{ASK}/DueDt/DueDt") == "2026-11-25"
    assert (
        at(data, f"{ASK}/SplmtryData/Envlp/Inquiry/Deadline")
        == values.DEADLINE
        == "2026-11-24T19:00:00.000Z"
    )


def test_the_period_is_mandatory() -> None:
    data = auth001.write(values.request(), Edition.V02)
    begin, end = (
        data.index(b"<InvstgtnPrd>"),
        data.index(b"</InvstgtnPrd>") + len(b"</InvstgtnPrd>"),
    )
    with pytest.raises(ElementMissing) as refused:
        auth001.read(data[:begin] + data[end:])
    assert refused.value.place == f"{ASK}/InvstgtnPrd"


def test_an_account_without_iban_stands_under_bban_with_its_banks_code() -> None:
    data = auth001.write(values.request(), Edition.V02)
    account = f"{ASK}/SchCrit/Acct/Id"
    assert at(data, f"{account}/Id/Othr/Id") == "0011223344"
    assert at(data, f"{account}/Id/Othr/SchmeNm/Cd") == "BBAN"
    assert at(data, f"{account}/Svcr/FinInstnId/ClrSysMmbId/MmbId") == "970436"
    assert at(data, f"{account}/Id/IBAN") is None


def test_a_document_has_one_criterion() -> None:
    data = auth001.write(values.request(search=TransactionRef("FT26"), wanted=()), Edition.V02)
    assert at(data, f"{ASK}/SchCrit/OrgnlTxNb/Tp") == "DTTX"
    twice = data.replace(
        b"</SchCrit>", b"<OrgnlTxNb><Nb>FT27</Nb><Tp>DTTX</Tp></OrgnlTxNb></SchCrit>"
    )
    with pytest.raises(ElementRefused) as refused:
        auth001.read(twice)
    assert refused.value.place == f"{ASK}/SchCrit/OrgnlTxNb"


def test_what_is_wanted_of_a_payment_has_no_place_and_is_refused_not_dropped() -> None:
    with pytest.raises(Contradiction):
        auth001.write(values.request(search=TransactionRef("FT26")), Edition.V02)


def test_a_telephone_number_has_a_hyphen_after_its_country() -> None:
    data = auth002.write(values.response(), Edition.V02)
    found = at(data, f"{ANSWER}/SchCrit/Acct/Id/Ownr/CtctDtls/MobNb")
    assert found == "+84-912345678"
    e164 = data.replace(b"+84-912345678", b"+84912345678")
    assert faults(etree.fromstring(e164)) != []
    with pytest.raises(ValueRefused):
        auth002.read(e164)


@pytest.mark.parametrize(
    ("wire", "iso"),
    [("+12025550123", "+1-2025550123"), ("+855912345678", "+855-912345678"), ("+84912345678", "+84-912345678")],
)  # fmt: skip
def test_the_country_of_a_telephone_number_has_one_to_three_digits(wire: str, iso: str) -> None:
    assert iso_phone(wire) == iso
    assert wire_phone(iso, "MobNb") == wire


def test_a_telephone_number_in_groups_is_read() -> None:
    assert wire_phone("+84-(912)345-678", "MobNb") == "+84912345678"


@pytest.mark.parametrize("given", ["+84-1", "+0-912345678", "+999-" + "1" * 30])
def test_a_telephone_number_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(ValueRefused):
        wire_phone(given, "MobNb")


def test_a_date_of_birth_has_a_place_that_says_it_is_not_in_use() -> None:
    data = auth002.write(values.response(), Edition.V02)
    birth = f"{ANSWER}/SchCrit/Acct/Id/Ownr/Id/PrvtId/DtAndPlcOfBirth"
    assert at(data, f"{birth}/BirthDt") == "1990-02-28"
    assert at(data, f"{birth}/CityOfBirth") == "not in use"
    assert at(data, f"{birth}/CtryOfBirth") == "XX"


def test_the_31st_of_february_is_refused_in_both_directions() -> None:
    record = HolderRecord(holder=values.holder(born="1990-02-31"), as_of=values.DEADLINE)
    with pytest.raises(ValueRefused):
        auth002.write(values.response(record=record), Edition.V02)
    data = auth002.write(values.response(), Edition.V02)
    with pytest.raises(ValueRefused) as refused:
        auth002.read(data.replace(b"1990-02-28", b"1990-02-31"))
    assert refused.value.place.endswith("/BirthDt")


def test_what_iso_cannot_hold_travels_in_the_extension_and_comes_back() -> None:
    long = values.holder(
        id_type=IdType.BUSINESS, name="Công ty " + "X" * 150, id_no="9" * 40, born="2001-01-01"
    )
    data = auth002.write(
        values.response(record=HolderRecord(holder=long, as_of=values.DEADLINE)), Edition.V02
    )
    record = f"{ANSWER}/SplmtryData/Envlp/HolderRecord"
    assert at(data, f"{ANSWER}/SchCrit/Acct/Id/Ownr/Nm") is None
    assert at(data, f"{record}/IdNumber") == "9" * 40
    assert at(data, f"{record}/Born") == "2001-01-01"
    assert auth002.read(data).record.holder == long


def test_a_name_in_two_places_is_a_contradiction() -> None:
    data = auth002.write(values.response(), Edition.V02)
    twice = data.replace(b"</Status>", b"</Status><Name>Tr\xe1\xba\xa7n V\xc4\x83n</Name>")
    with pytest.raises(Contradiction):
        auth002.read(twice)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (ResponseStatus.REFUSED, "NRES"),
        (ResponseStatus.PARTIAL, "PART"),
        (ResponseStatus.COMPLETE, "COMP"),
    ],
)
def test_refused_partial_and_answered_have_their_codes(status: ResponseStatus, word: str) -> None:
    given = values.response(
        status=status,
        results=(
            Result(
                wanted="lc.hld.001.001.01", finding=Finding.NOT_HELD, reason="MANDATE_OUT_OF_FORCE"
            ),
        ),
        record=None,
    )
    data = auth002.write(given, Edition.V02)
    assert at(data, f"{ANSWER}/RspnSts") == word
    assert at(data, f"{ANSWER}/RtrInd/InvstgtnRslt/InvstgtnSts") == "NOAP"
    assert auth002.read(data) == given


def test_disclosed_and_not_found_have_their_codes() -> None:
    gone = values.response(
        results=(Result(wanted="lc.hld.001.001.01", finding=Finding.NOT_FOUND),),
        record=HolderRecord(holder=values.holder(status=Status.NOT_FOUND), as_of=values.DEADLINE),
    )
    where = f"{ANSWER}/RtrInd/InvstgtnRslt/InvstgtnSts"
    assert at(auth002.write(values.response(), Edition.V02), where) == "FOUN"
    assert at(auth002.write(gone, Edition.V02), where) == "NFOU"


@pytest.mark.parametrize(
    "changed",
    [
        {"status": ResponseStatus.REFUSED},
        {"results": (Result(wanted="x", finding=Finding.NOT_FOUND),)},
        {"search": AccountRef("970436", "9999")},
    ],
)
def test_an_answer_that_contradicts_itself_is_not_written(changed: dict) -> None:
    with pytest.raises(Contradiction):
        auth002.write(values.response(**changed), Edition.V02)


def test_an_answer_that_contradicts_itself_is_not_read() -> None:
    data = auth002.write(values.response(), Edition.V02)
    for old, new in ((b"COMP", b"NRES"), (b"FOUN<", b"NOAP<")):
        with pytest.raises(Contradiction):
            auth002.read(data.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"019ab1f20c007aaa8bbb0123456789ab", b"019ab1f20c007aaa8bbb0123456789ff", "InvstgtnId"),
        (b"VN.BLTTHS.88+VN.LCTCTD.13", b"VN.BLTTHS.88", "Prgrph"),
        (b"<DueDt>2026-11-25", b"<DueDt>2026-11-26", "DueDt"),
        (b"<ToDt>2026-11-24", b"<ToDt>2026-11-23", "FrDt"),
        (b"<Subjects>2", b"<Subjects>9", "MandateHash"),
        (b"<Number>1", b"<Number>2", "Number"),
    ],
)
def test_the_standards_elements_and_ours_must_agree(old: bytes, new: bytes, place: str) -> None:
    data = auth001.write(values.request(), Edition.V02)
    assert old in data
    with pytest.raises(Contradiction) as refused:
        auth001.read(data.replace(old, new))
    assert refused.value.place.endswith(place)


def test_a_recall_says_frad_and_only_that() -> None:
    data = camt056.write(values.recall())
    assert at(data, "Document/FIToFIPmtCxlReq/Undrlyg/TxInf/CxlRsnInf/Rsn/Cd") == "FRAD"
    with pytest.raises(ValueRefused):
        camt056.read(data.replace(b"FRAD", b"DUPL"))


@pytest.mark.parametrize(
    ("changed", "confirmation", "status"),
    [
        ({"outcome": RecallOutcome.RETURNED, "returned": Vnd(50_000_000)}, "CNCL", "ACCR"),
        ({}, "PECR", "ACCR"),
        ({"outcome": RecallOutcome.REJECTED, "returned": None, "code": "NOAS"}, "RJCR", "RJCR"),
    ],
)
def test_the_three_ends_of_a_recall(changed: dict, confirmation: str, status: str) -> None:
    data = camt029.write(values.resolution(**changed))
    assert at(data, "Document/RsltnOfInvstgtn/Sts/Conf") == confirmation
    assert at(data, "Document/RsltnOfInvstgtn/CxlDtls/TxInfAndSts/TxCxlSts") == status


@pytest.mark.parametrize(
    "changed",
    [
        {"returned": Vnd(50_000_000)},
        {"returned": Vnd(0)},
        {"returned": None},
        {"outcome": RecallOutcome.RETURNED},
        {"outcome": RecallOutcome.REJECTED},
    ],
)
def test_a_recall_whose_sum_is_not_its_outcome_is_refused(changed: dict) -> None:
    with pytest.raises(Contradiction):
        camt029.write(values.resolution(**changed))


def test_another_currency_or_a_fraction_of_a_dong_is_refused() -> None:
    data = camt056.write(values.recall())
    for old, new in ((b'"VND"', b'"USD"'), (b"50000000<", b"50000000.5<")):
        with pytest.raises(ValueRefused):
            camt056.read(data.replace(old, new))
    whole = data.replace(b"50000000<", b"50000000.00<")
    assert camt056.read(whole).amount == Vnd(50_000_000)


def test_a_recall_in_the_name_of_another_bank_is_refused() -> None:
    data = camt056.write(values.recall())
    begin = data.index(b"<Cretr>")
    with pytest.raises(Contradiction):
        camt056.read(data[:begin] + data[begin:].replace(b"970416", b"970422", 1))


def test_a_register_answers_with_codes_and_never_with_values() -> None:
    report = VerificationReport(
        errand=values.ERRAND,
        original="V-1",
        reports=(Report(id="1", verdict=Verdict.PARTIAL, codes=("DOB_SWAP", "NAME_ORDER")),),
    )
    data = acmt024.write(report)
    assert at(data, "Document/IdVrfctnRpt/Rpt/Rsn/Prtry") == "PARTIAL"
    leak = data.replace(
        b"</Rsn>",
        b"</Rsn><UpdtdPtyAndAcctId><Pty><Nm>Tr\xe1\xba\xa7n</Nm></Pty></UpdtdPtyAndAcctId>",
    )
    assert faults(etree.fromstring(leak)) == []  # the standard would allow it
    with pytest.raises(ElementRefused) as refused:
        acmt024.read(leak)
    assert refused.value.place == "Document/IdVrfctnRpt/Rpt/UpdtdPtyAndAcctId"


def test_a_match_with_differences_is_a_contradiction() -> None:
    report = VerificationReport(
        errand=values.ERRAND,
        original="V-1",
        reports=(Report(id="1", verdict=Verdict.MATCH, codes=("DOB_SWAP",)),),
    )
    with pytest.raises(Contradiction):
        acmt024.write(report)


def test_a_name_too_long_to_be_compared_whole_is_refused() -> None:
    question = acmt023.Question(id="1", party=Party(name="X" * 141))
    with pytest.raises(ValueRefused):
        acmt023.write(acmt023.VerificationRequest(errand=values.ERRAND, questions=(question,)))


def test_an_order_of_another_kind_than_it_says_is_refused() -> None:
    order = freeze.Order(inquiry=values.inquiry(kind="hold"), ask=values.FREEZE)
    with pytest.raises(Contradiction):
        freeze.write(order)


def test_a_character_that_xml_cannot_carry_is_refused_with_its_place() -> None:
    with pytest.raises(ValueRefused) as refused:
        camt056.write(values.recall(original="FT\x00"))
    assert refused.value.place == "Document/FIToFIPmtCxlReq/Undrlyg/TxInf/OrgnlTxId"
