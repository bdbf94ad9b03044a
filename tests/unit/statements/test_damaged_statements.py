"""A damaged file is read, rejected row by row, or refused with a code: never a crash, never half a row."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lachan.adapters.statements.errors import StatementError
from lachan.adapters.statements.lines import Options
from lachan.adapters.statements.link import link
from lachan.adapters.statements.merge import Book
from lachan.adapters.statements.sniff import formats, read_statement
from lachan.tracing.errors import TracingError
from lachan.tracing.model import Ledger

CSV = """Số tài khoản;0111111111
Ngày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Số dư;Nội dung;Tài khoản đối ứng
22/11/2026 08:00:00;L0;;700.000;700.000;lương;
22/11/2026 09:00:10;R1;;1.200.000.000;1.200.700.000;nhận tiền;0999999999
22/11/2026 09:03:00;R2;700.700.000;;500.000.000;phí chuyển;0222222222
"""
XML = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><Othr><Id>0123</Id></Othr></Id></Acct><Ntry><Amt Ccy="VND">500</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-11-22T09:00:00+07:00</DtTm></BookgDt><NtryDtls><TxDtls>
<Refs><EndToEndId>R1</EndToEndId></Refs></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"""
MT940 = """:20:S
:25:BANK/0123456789
:60F:C261121VND1000000,
:61:2611221122C500000,00NTRFREF-1//BANK-1
:86:chuyen tien
:62F:C261122VND1500000,00
"""
SPLICES = st.tuples(
    st.floats(0, 1), st.integers(0, 30), st.one_of(st.binary(max_size=12), st.sampled_from([b";", b"\n", b"9" * 40, b'"', b"<a>", b"=1+1", b":61:"])),
)  # fmt: skip


@pytest.mark.parametrize("text", [CSV, XML, MT940])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(splices=st.lists(SPLICES, min_size=1, max_size=6))
def test_no_damage_crashes_a_reader(
    text: str, tmp_path: Path, splices: list[tuple[float, int, bytes]]
) -> None:
    data = text.encode()
    for where, length, more in splices:
        at = int(where * len(data))
        data = data[:at] + more + data[at + length :]
    path = tmp_path / "statement"
    path.write_bytes(data)
    try:
        reading = read_statement(path, Options())
    except (StatementError, TracingError):
        return
    assert all(bad.error.code.startswith("tracing.") for bad in reading.rejects)
    formats()[reading.format].write_rejects(tmp_path / "rejects", reading)
    Ledger.from_json(link(Book([reading])).ledger)
