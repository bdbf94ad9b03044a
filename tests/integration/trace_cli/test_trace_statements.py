"""`lachan trace` over statements: three formats, one answer; what is wrong is said and nothing is lost."""

import hashlib
import json
import re
import subprocess
import sys
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from typer.testing import CliRunner, Result

from lachan.adapters.documents.fonts import embedded, family
from tests.integration.trace_cli.program import program

MULE_CSV = """Ngân hàng: Ví Dụ
Số tài khoản;0111111111
Ngày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Số dư;Nội dung;Tài khoản đối ứng
22/11/2026 08:00:00;L0;;700.000;700.000;luong;
22/11/2026 09:00:10;R1;;1.200.000.000;1.200.700.000;nhan tien;0999999999
22/11/2026 09:03:00;R2;700.700.000;;500.000.000;chuyen;0222222222
22/11/2026 09:04:00;R3;500.000.000;;0;chuyen;0333333333
"""


def camt(entries: str, opening: int, closing: int) -> str:
    def balance(code: str, amount: int) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
            f'<Amt Ccy="VND">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>'
        )

    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
        "<Acct><Id><Othr><Id>0999999999</Id></Othr></Id></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', closing)}{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    )


VICTIM_XML = camt(
    '<Ntry><Amt Ccy="VND">1200000000</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
    "<BookgDt><DtTm>2026-11-22T09:00:00+07:00</DtTm></BookgDt><NtryDtls><TxDtls><Refs>"
    "<EndToEndId>R1</EndToEndId></Refs><RltdPties><CdtrAcct><Id><Othr><Id>0111111111</Id></Othr></Id>"
    "</CdtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>",
    2_000_000_000,
    800_000_000,
)


def second_mule(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        dated = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["So tai khoan", "0222222222"])
        sheet.write_row(1, 0, ["Ngày GD", "Số CT", "Nợ", "Có", "Số dư cuối", "Diễn giải"])
        rows = [
            (
                datetime(2026, 11, 22, 9, 3, 30),  # noqa: DTZ001
                "R2",
                None,
                700_700_000,
                700_700_000,
                "nhan tu TK 0111111111",
            ),
            (
                datetime(2026, 11, 22, 9, 12, 0),  # noqa: DTZ001
                "A1",
                200_000_000,
                None,
                500_700_000,
                "Rút tiền mặt ATM",
            ),
        ]
        for place, (at, *cells) in enumerate(rows, start=2):
            sheet.write_datetime(place, 0, at, dated)
            sheet.write_row(place, 1, cells)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "statements"
    inside.mkdir()
    (inside / "mule.csv").write_text(MULE_CSV, "utf-8")
    (inside / "victim.xml").write_text(VICTIM_XML, "utf-8")
    second_mule(inside / "mule2.xlsx")
    return inside


SEED = ("--account", "0999999999", "--at", "2026-11-22T09:00:00+07:00", "--amount", "1,2 tỷ")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(program(), ["trace", *map(str, arguments)])


def answer(*arguments: object) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    body: dict[str, Any] = json.loads(done.stdout)
    return body


def test_three_formats_are_one_trace_and_every_dong_is_accounted_for(folder: Path) -> None:
    body = answer(folder, *SEED)
    assert body["residual"] == {"0222222222": {"v1": 500_700_000}}
    assert body["exits"] == {
        "CASH": {"v1": 199_300_000}
    }  # the 700,000 clean came first and left first
    assert body["frontier"] == {"0333333333": {"v1": 500_000_000}}
    assert body["sums"]["seeds"] == body["sums"]["accounted"] == 1_200_000_000
    assert set(body["methods"]) == {"fifo", "lifo", "haircut", "libr", "tainted_first"}
    low, high = body["range"]["0222222222"]
    assert low <= 500_700_000 <= high
    assert [one["format"] for one in body["sources"]] == ["csv", "xlsx", "camt"]
    victim = (folder / "victim.xml").read_bytes()
    assert body["sources"][2]["blake2b"] == hashlib.blake2b(victim, digest_size=32).hexdigest()
    assert body["policy"]["max_hops"] == 7
    assert body["requests"][0]["node"] == "0333333333"


def test_the_order_in_which_files_are_named_changes_nothing(folder: Path) -> None:
    files = sorted(folder.iterdir())
    first, second = answer(*files, *SEED), answer(*files[::-1], *SEED)
    for table in ("residual", "exits", "frontier", "flows", "methods"):
        assert first[table] == second[table]


def test_the_receivers_statement_alone_is_enough_to_begin(folder: Path) -> None:
    body = answer(
        folder / "mule.csv",
        "--account",
        "0111111111",
        "--at",
        "22/11/2026 09:00",
        "--amount",
        "1200000000",
    )
    assert body["sums"]["accounted"] == 1_200_000_000
    assert {one["node"] for one in body["requests"]} == {"0222222222", "0333333333"}


def test_a_wrong_time_names_the_three_nearest_lines_and_exits_4(folder: Path) -> None:
    done = run(
        folder,
        "--account",
        "0999999999",
        "--at",
        "2026-11-22T09:10:01+07:00",
        "--amount",
        "1200000000",
    )
    assert done.exit_code == 4
    assert done.stderr.startswith("lachan: tracing.seed_not_found: ")
    assert "R1" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_account_with_its_bank_fits_a_statement_that_does_not_say_its_bank(folder: Path) -> None:
    told = ("--at", "2026-11-22T09:00:10", "--amount", 1_200_000_000, "--json")
    plain = answer(folder / "mule.csv", "--account", "0111111111", *told)
    named = answer(folder / "mule.csv", "--account", "970436:0111111111", *told)
    assert named["residual"] == plain["residual"]


def test_a_mistyped_account_is_answered_with_those_that_are_there(folder: Path) -> None:
    done = run(
        folder / "mule.csv", "--account", "0111111112", "--at", "2026-11-22T09:00:10", "--amount", 5
    )
    assert done.exit_code == 4
    assert "0111111111" in done.stderr


def test_with_json_an_error_is_the_body_of_the_wire(folder: Path) -> None:
    done = run(
        folder, "--account", "0", "--at", "2026-11-22", "--amount", "5", "--json", "--lang", "en"
    )
    assert done.exit_code == 4
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "tracing.seed_not_found"
    assert {"field", "rule", "right", "text_vi", "text_en", "row"} <= set(error)


def test_bad_rows_come_back_in_a_file_and_the_exit_code_is_3(folder: Path, tmp_path: Path) -> None:
    path = folder / "mule.csv"
    path.write_text(
        path.read_text("utf-8") + "31/02/2026 10:00:00;X;5;;0;không có ngày này;\n", "utf-8"
    )
    out = tmp_path / "rejects"
    done = run(folder, *SEED, "--rejects", out, "--json")
    assert done.exit_code == 3
    body = json.loads(done.stdout)
    assert body["rejects"][0]["code"] == "tracing.time"
    assert body["rejects"][0]["row"] == 8
    assert body["residual"] == {"0222222222": {"v1": 500_700_000}}
    assert (out / "mule.rejected.csv").read_text("utf-8-sig").count("\n") == 2
    assert body["rejects_files"] == [str(out / "mule.rejected.csv")]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("missing.csv", *SEED), 2),
        (("{}",), 2),
        (("{}", "--account", "1"), 2),
        (("{}", *SEED, "--method", "guess"), 2),
        (("{}", *SEED, "--window", "soon"), 2),
        (("{}", *SEED, "--kind", "POOL=bank"), 2),
        (("{}", *SEED, "--opening", "POOL"), 2),
        (("{}", *SEED, "--max-hops", "99"), 2),
        (("{}", *SEED, "--opening", "A=x"), 4),
        (("{}", "--account", "1", "--at", "yesterday", "--amount", "5"), 4),
        (("{}", "--account", "1", "--at", "2026-11-22", "--amount", "-5"), 4),
    ],
)
def test_wrong_usage_is_2_and_wrong_input_4(
    folder: Path, arguments: tuple[str, ...], code: int
) -> None:
    done = run(*(one.replace("{}", str(folder)) for one in arguments))
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02", b"<a><b>", b"PK\x03\x04zzz", b"hello, world\n"]
)
def test_an_unreadable_file_is_refused_whole(folder: Path, content: bytes) -> None:
    (folder / "bad").write_bytes(content)
    done = run(folder, *SEED)
    assert done.exit_code == 4
    assert re.match(r"lachan: tracing\.(format|xml|header): ", done.stderr)


def test_seeds_come_from_a_file_in_either_format(folder: Path, tmp_path: Path) -> None:
    rows = [
        {
            "victim": "Bà A",
            "account": "0999999999",
            "time": "22/11/2026 09:00:00",
            "amount": "700.000.000",
            "ref": "R1",
        },
        {"victim": "Ông B", "account": "0999999999", "amount": 500_000_000, "ref": "R1"},
    ]
    told = tmp_path / "seeds.json"
    told.write_text(json.dumps(rows), "utf-8")
    by_json = answer(folder, "--seeds", told)
    assert by_json["sums"]["accounted"] == 1_200_000_000
    table = tmp_path / "seeds.csv"
    lines = [",".join(str(row.get(key, "")) for key in rows[0]) for row in rows]
    table.write_text("\n".join([",".join(rows[0]), *lines]), "utf-8-sig")
    assert answer(folder, "--seeds", table)["residual"] == by_json["residual"]
    rows[1]["amount"] = 500_000_001
    told.write_text(json.dumps(rows), "utf-8")
    done = run(folder, "--seeds", told)
    assert (done.exit_code, "tracing.seed_exceeds" in done.stderr) == (4, True)


def test_the_table_shows_the_conservation_line_in_both_languages(folder: Path) -> None:
    vi, en = run(folder, *SEED), run(folder, *SEED, "--lang", "en")
    assert "Σ 1.200.000.000 = còn" in vi.stdout
    assert "Σ 1.200.000.000 = kept" in en.stdout
    assert "0333333333" in vi.stdout


def test_one_method_and_caps_can_be_chosen(folder: Path) -> None:
    body = answer(
        folder,
        *SEED,
        "--method",
        "libr",
        "--one-method",
        "--max-hops",
        "1",
        "--dust",
        "0",
        "--as-of",
        "22/11/2026 09:03:10",
    )
    assert list(body["methods"]) == ["libr"]
    assert body["as_of"] is not None
    assert body["residual"]
    assert "hops" in body["truncated"] or body["sums"]["frontier"] == 0


def test_a_pooled_account_is_named_by_the_user(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Account,Date,Ref,Amount,Counterparty account\nAAA111,2026-11-22 09:00:00,R,-500,POOL99\n",
        "utf-8",
    )
    (tmp_path / "w.csv").write_text(
        "Account,Date,Ref,Amount,Counterparty account\nWWW222,2026-11-22 09:00:09,R,500,POOL99\n",
        "utf-8",
    )
    body = answer(
        tmp_path, "--account", "AAA111", "--at", "2026-11-22 09:00", "--amount", "500", "--dust", "0",
        "--kind", "POOL99=transit", "--kind", "WWW222=wallet", "--opening", "AAA111=500",
    )  # fmt: skip
    assert body["residual"] == {"WWW222": {"v1": 500}}


def test_the_report_is_a_pdf_in_one_family_and_always_the_same_bytes(
    folder: Path, tmp_path: Path
) -> None:
    made = []
    for name in ("one.pdf", "two.pdf"):
        assert run(folder, *SEED, "--report", tmp_path / name).exit_code == 0
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert made[0].startswith(b"%PDF-")
    assert {name.split("-")[0] for name in embedded(made[0])} == {family().replace(" ", "")}


def test_the_page_needs_no_network_and_runs_nothing(folder: Path, tmp_path: Path) -> None:
    hostile = (folder / "mule.csv").read_text("utf-8").replace("R3", "<script>alert(1)</script>")
    (folder / "mule.csv").write_text(hostile, "utf-8")
    out = tmp_path / "g.html"
    assert run(folder, *SEED, "--graph", out).exit_code == 0
    page = out.read_text("utf-8")
    assert len(page.encode()) < 5_000_000
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "style=" not in page
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert 'href="#tk-1"' in page
    assert "id=tk-1" in page
    assert not re.search(r"\b(?<!data-)src=|href=\"(?!#)|url\((?!#)|@import", page)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert policy
    assert style
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1].startswith("default-src 'none'; ")
    assert f"'sha256-{digest}'" in policy[1]
    assert run(folder, *SEED, "--graph", tmp_path / "h.html").exit_code == 0
    assert (tmp_path / "h.html").read_text("utf-8") == page


def test_the_command_loads_nothing_heavy_before_it_is_called() -> None:
    program_text = (
        "import sys, lachan.cli.trace; "
        "print([m for m in ('django', 'lxml', 'typst', 'xlsxwriter', 'python_calamine', 'rich.table') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program_text], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
