"""ISO 20022 statements: what counts, what is split, what is refused."""

from pathlib import Path

import pytest

from lachan.adapters.statements import camt053
from lachan.adapters.statements.errors import XmlRefused
from lachan.adapters.statements.lines import Options, Reading
from lachan.adapters.statements.merge import Book
from lachan.adapters.statements.sniff import formats, read_statement


def entry(
    amount: str,
    sign: str = "CRDT",
    *,
    status: str = "<Sts>BOOK</Sts>",
    at: str = "<DtTm>2026-11-22T09:00:00+07:00</DtTm>",
    details: str = "",
    extra: str = "",
    currency: str = "VND",
    local: str = "",
) -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{extra}{status}'
        f"<BookgDt>{at}</BookgDt>{local and f'<AcctSvcrRef>{local}</AcctSvcrRef>'}"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def balance(code: str, amount: int, sign: str = "CRDT") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="VND">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd></Bal>'
    )


def document(*entries: str, balances: str = "", version: str = "08", kind: str = "053") -> str:
    root = {"052": "BkToCstmrAcctRpt", "053": "BkToCstmrStmt", "054": "BkToCstmrDbtCdtNtfctn"}[kind]
    one = {"052": "Rpt", "053": "Stmt", "054": "Ntfctn"}[kind]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{root}><{one}>'
        f"<Id>1</Id><Acct><Id><Othr><Id>0123456789</Id></Othr></Id><Ccy>VND</Ccy><Svcr><FinInstnId>"
        f"<ClrSysMmbId><MmbId>970436</MmbId></ClrSysMmbId></FinInstnId></Svcr></Acct>{balances}"
        f"{''.join(entries)}</{one}></{root}></Document>"
    )


def party(
    amount: str = "", ref: str = "E2E-1", account: str = "9876543210", side: str = "Dbtr"
) -> str:
    return (
        f"<TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs>"
        f"{amount and f'<Amt Ccy={chr(34)}VND{chr(34)}>{amount}</Amt>'}"
        f"<RltdPties><{side}Acct><Id><Othr><Id>{account}</Id></Othr></Id></{side}Acct></RltdPties>"
        f"<RltdAgts><{side}Agt><FinInstnId><BICFI>ICBVVNVX</BICFI></FinInstnId></{side}Agt></RltdAgts>"
        f"</TxDtls>"
    )


def read(folder: Path, text: str) -> Reading:
    path = folder / "statement.xml"
    path.write_text(text, "utf-8")
    return read_statement(path, Options())


def test_an_entry_names_its_account_bank_party_and_reference(tmp_path: Path) -> None:
    (statement,) = read(tmp_path, document(entry("1200000000.00", details=party()))).statements
    (line,) = statement.lines
    assert (statement.account, statement.bank) == ("0123456789", "970436")
    assert (line.amount, line.peer, line.peer_bank, line.ref) == (
        1_200_000_000, "9876543210", "ICBVVNVX", "E2E-1",
    )  # fmt: skip


@pytest.mark.parametrize("version", ["02", "06", "08", "12"])
@pytest.mark.parametrize("kind", ["052", "053"])
def test_every_version_is_read_by_local_names(tmp_path: Path, version: str, kind: str) -> None:
    (statement,) = read(tmp_path, document(entry("5"), version=version, kind=kind)).statements
    assert [x.amount for x in statement.lines] == [5]


def test_only_booked_entries_count_in_both_forms_of_status(tmp_path: Path) -> None:
    text = document(
        entry("1", status="<Sts>BOOK</Sts>"),
        entry("2", status="<Sts><Cd>BOOK</Cd></Sts>"),
        entry("3", status="<Sts>PDNG</Sts>"),
        entry("4", status="<Sts><Cd>PDNG</Cd></Sts>"),
        entry("5", status="<Sts><Cd>INFO</Cd></Sts>"),
    )
    assert [x.amount for x in read(tmp_path, text).statements[0].lines] == [1, 2]


def test_an_entry_of_many_transactions_becomes_many_lines(tmp_path: Path) -> None:
    details = party("300", "A", side="Cdtr") + party("200", "B", side="Cdtr")
    (statement,) = read(tmp_path, document(entry("500", "DBIT", details=details))).statements
    assert [(x.amount, x.ref) for x in statement.lines] == [(-300, "A"), (-200, "B")]


def test_transactions_that_do_not_sum_to_their_entry_are_a_bad_row(tmp_path: Path) -> None:
    details = party("300", "A") + party("100", "B")
    reading = read(tmp_path, document(entry("500", details=details), entry("7")))
    assert [x.amount for x in reading.statements[0].lines] == [7]
    (one,) = reading.rejects
    assert (one.error.code, one.error.field) == ("tracing.amount", "TxDtls")


def test_balances_must_bridge(tmp_path: Path) -> None:
    good = document(
        entry("500"), entry("200", "DBIT"), balances=balance("OPBD", 100) + balance("CLBD", 400)
    )
    (statement,) = read(tmp_path, good).statements
    assert (statement.opening, statement.closing, statement.gaps) == (100, 400, [])
    bad = document(entry("500"), balances=balance("OPBD", 100, "DBIT") + balance("CLBD", 450))
    (statement,) = read(tmp_path, bad).statements
    assert [gap.difference for gap in statement.gaps] == [50]


def test_the_period_that_the_bank_states_is_covered(tmp_path: Path) -> None:
    text = document(entry("5")).replace(
        "<Id>1</Id><Acct>",
        "<Id>1</Id><FrToDt><FrDtTm>2026-11-01T00:00:00+07:00</FrDtTm>"
        "<ToDtTm>2026-11-30T00:00:00+07:00</ToDtTm></FrToDt><Acct>",
    )
    first, last = Book([read(tmp_path, text)]).covers("0123456789") or (0, 0)
    assert last - first == 29 * 86_400


def test_a_reversal_indicator_makes_a_credit_the_reversal_of_a_debit(tmp_path: Path) -> None:
    for mark in ("true", "1"):
        text = document(entry("9", extra=f"<RvslInd>{mark}</RvslInd>", details=party()))
        assert read(tmp_path, text).statements[0].lines[0].kind == "reversal"


@pytest.mark.parametrize("ref", ["NOTPROVIDED", "notprovided", ""])
def test_not_provided_is_no_reference(tmp_path: Path, ref: str) -> None:
    (statement,) = read(tmp_path, document(entry("9", details=party(ref=ref)))).statements
    assert statement.lines[0].ref is None


def test_other_currencies_and_fractions_are_bad_rows_that_come_back_as_xml(tmp_path: Path) -> None:
    reading = read(tmp_path, document(entry("9", currency="USD"), entry("9.50"), entry("1")))
    assert [one.error.code for one in reading.rejects] == ["tracing.currency", "tracing.amount"]
    out = tmp_path / "rejects.xml"
    camt053.write_rejects(out, reading)
    text = out.read_text("utf-8")
    assert text.count("<Ntry") + text.count(":Ntry") >= 2
    assert "tracing.currency" in text
    assert "AddtlNtryInf" in text


def test_a_day_without_a_clock_is_marked(tmp_path: Path) -> None:
    (statement,) = read(tmp_path, document(entry("9", at="<Dt>2026-11-22</Dt>"))).statements
    assert not statement.lines[0].has_clock


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY a "1111111111"><!ENTITY b "&a;&a;&a;&a;&a;">'
    '<!ENTITY x SYSTEM "file:///etc/hostname">]>'
)


@pytest.mark.parametrize("value", ["&b;", "&x;", "1"])
def test_a_document_type_is_refused_so_no_entity_is_expanded(tmp_path: Path, value: str) -> None:
    text = document(entry("5")).replace('<?xml version="1.0" encoding="UTF-8"?>', BOMB)
    with pytest.raises(XmlRefused) as refused:
        read(tmp_path, text.replace(">5<", f">{value}<"))
    assert refused.value.code == "tracing.xml"


@pytest.mark.parametrize("text", ["<Document>", "<a/>", document(entry("5"))[:-30]])
def test_malformed_or_other_xml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(XmlRefused):
        read(tmp_path, text)


def test_a_notification_adds_references_and_no_lines(tmp_path: Path) -> None:
    plain = document(entry("500", local="L1"), balances=balance("OPBD", 0))
    told = document(entry("500", local="L1", details=party(ref="UETR-9")), kind="054")
    (tmp_path / "a.xml").write_text(plain, "utf-8")
    (tmp_path / "b.xml").write_text(told, "utf-8")
    readings = [read_statement(tmp_path / name, Options()) for name in ("a.xml", "b.xml")]
    (line,) = Book(readings).accounts["0123456789"].lines
    assert (line.ref, line.peer) == ("UETR-9", "9876543210")


def test_every_format_module_has_what_the_scan_needs() -> None:
    assert list(formats()) == ["camt", "mt940", "parquet", "xlsx", "csv"]
    for one in formats().values():
        assert callable(one.sniff)
        assert callable(one.read)
        assert callable(one.write_rejects)
        assert one.SUFFIX.startswith(".")
