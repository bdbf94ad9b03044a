"""`lachan trace`: where each stolen đồng is now, from statements on a laptop. No server, no network.

The contract is docs/trace.md; the engine, the parsers and the documents are imported late.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lachan.cli.trace_answer import REJECTED, USAGE, json_body, refuse, tell_rejects

if TYPE_CHECKING:
    from lachan.adapters.documents.trace_view import View
    from lachan.adapters.statements.case import Case
    from lachan.tracing.trace import Trace

METHODS = ("fifo", "lifo", "haircut", "libr", "tainted_first", "poison")
KINDS = ("account", "wallet", "transit", "cash", "merchant", "vasp", "foreign", "other", "unknown")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
WIDE = 160  # columns of a table that is written to a file or a pipe


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("trace")(trace)


def trace(
    statements: Annotated[
        list[Path] | None, typer.Argument(help="Tệp sao kê hoặc thư mục (camt.05x, CSV, XLSX).")
    ] = None,
    account: Annotated[str | None, typer.Option(help="Tài khoản của giao dịch bị lừa.")] = None,
    at: Annotated[
        str | None, typer.Option(help="Thời điểm, ±10 phút; không có múi giờ là giờ VN.")
    ] = None,
    amount: Annotated[
        str | None, typer.Option(help="Số tiền: 1200000000, 1.200.000.000, 1,2 tỷ.")
    ] = None,
    ref: Annotated[
        str | None, typer.Option(help="Số tham chiếu, khi nhiều dòng cùng khớp.")
    ] = None,
    victim: Annotated[str, typer.Option(help="Tên (mã) bị hại.")] = "v1",
    seeds: Annotated[
        Path | None, typer.Option(help="JSON/CSV: victim, account, time, amount, ref.")
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="Sổ giao dịch JSON thay cho sao kê; - là stdin.")
    ] = None,
    method: Annotated[str, typer.Option(help=" | ".join(METHODS))] = "fifo",
    all_methods: Annotated[
        bool, typer.Option("--all-methods/--one-method", help="Chạy cả năm phương pháp bảo toàn.")
    ] = True,
    as_of: Annotated[
        str | None, typer.Option(help="Bỏ qua mọi giao dịch sau thời điểm này.")
    ] = None,
    window: Annotated[
        str | None, typer.Option(help="Sau giao dịch bị lừa cuối cùng: 72h, 3d (mặc định 72h).")
    ] = None,
    max_hops: Annotated[int | None, typer.Option(help="Số lớp tối đa, 1-15 (mặc định 7).")] = None,
    dust: Annotated[
        int | None, typer.Option(help="Không theo số tiền nhỏ hơn (mặc định 10000 đ).")
    ] = None,
    map_: Annotated[
        Path | None, typer.Option("--map", help="TOML: tên cột riêng của ngân hàng.")
    ] = None,
    opening: Annotated[
        list[str] | None, typer.Option(help="Số dư đầu kỳ: A=700000 (nhiều lần).")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Loại: POOL=transit (nhiều lần).")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Thư mục nhận các dòng bị loại.")] = None,
    report: Annotated[Path | None, typer.Option(help="Ghi báo cáo PDF.")] = None,
    graph: Annotated[Path | None, typer.Option(help="Ghi sơ đồ HTML tự chứa.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Một văn bản JSON ra stdout.")] = False,
    lang: Annotated[str | None, typer.Option(help="vi | en")] = None,
) -> None:
    """Theo dấu tiền bị lừa qua sao kê: số tiền đang ở đâu, đến từng đồng."""
    language = (lang or os.environ.get("LACHAN_LANG") or "vi").lower()[:2]
    from lachan.kernel.errors import LachanError

    if statements and len(statements) == 1 and ledger is None and _is_ledger(statements[0]):
        ledger, statements = statements[0], None
    try:
        _need(language in {"vi", "en"}, "--lang", "vi | en")
        _need(method in METHODS, "--method", " | ".join(METHODS))
        _need(
            bool(statements) != bool(ledger),
            "STATEMENT",
            "sao kê hoặc --ledger / statements or --ledger",
        )
        case = _read(
            statements or [],
            ledger,
            map_,
            _pairs(opening, "--opening"),
            _pairs(kind, "--kind"),
            quiet=as_json,
        )
        _cap(case, as_of=as_of, window=window, max_hops=max_hops, dust=dust, usual=ledger is None)
        _seed(case, account=account, at=at, amount=amount, ref=ref, victim=victim, seeds=seeds)
        view, traces = _replay(case, method, everything=all_methods)
    except LachanError as wrong:
        refuse(wrong, language, as_json=as_json)
    written = tell_rejects(case, rejects, language)
    if report is not None:
        from lachan.adapters.documents.trace_pdf import trace_pdf

        report.write_bytes(trace_pdf(view, language))
    if graph is not None:
        from lachan.adapters.documents.trace_html import trace_html

        graph.write_text(trace_html(view, language), "utf-8")
    if as_json:
        body = json_body(view, traces, written)
        sys.stdout.write(json.dumps(body, ensure_ascii=False, sort_keys=True) + "\n")
    else:
        from rich.console import Console

        from lachan.adapters.documents.trace_text import print_view

        print_view(
            view, Console(highlight=False, width=None if sys.stdout.isatty() else WIDE), language
        )
    if case.rejected:
        raise typer.Exit(REJECTED)


def _need(fine: bool, name: str, right: str) -> None:
    """Wrong usage is one line like every error, and exit code 2."""
    if not fine:
        sys.stderr.write(f"lachan: cli.usage: {name}: {right}\n")
        raise typer.Exit(USAGE)


def _is_ledger(path: Path) -> bool:
    """A JSON object is a ledger, also without the flag."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b'{"')


def _pairs(told: list[str] | None, name: str) -> dict[str, str]:
    """A=700000 → {"A": "700000"}; an account may itself hold an equals sign."""
    pairs: dict[str, str] = {}
    for one in told or []:
        left, equals, right = one.rpartition("=")
        _need(bool(left and equals and right), name, "A=…")
        pairs[left] = right
    return pairs


def _dong(text: str, name: str) -> int:
    """An opening balance: may be negative or zero, unlike an amount."""
    from lachan.adapters.statements.seeds import read_dong

    plain = text.strip()
    if plain.lstrip("-0") == "":
        return 0
    return -read_dong(plain[1:], field=name) if plain[0] == "-" else read_dong(plain, field=name)


def _read(
    statements: list[Path], ledger: Path | None, map_: Path | None,
    openings: Mapping[str, str], kinds: Mapping[str, str], *, quiet: bool,
) -> "Case":  # fmt: skip
    from lachan.adapters.statements.case import from_ledger, from_statements, options_from

    for name, kind in kinds.items():
        _need(kind in KINDS, f"--kind {name}", " | ".join(KINDS))
    amounts = {name: _dong(text, "opening") for name, text in openings.items()}
    for path in [*statements, *(one for one in (ledger, map_) if one)]:
        if str(path) != "-":
            _need(path.exists(), str(path), "không có tệp này / no such file")
    if ledger is None:
        return from_statements(
            statements, options_from(map_), openings=amounts, kinds=kinds,
            progress=_silent if quiet or not sys.stderr.isatty() else _progress,
        )  # fmt: skip
    case = from_ledger(Path("/dev/stdin") if str(ledger) == "-" else ledger)
    for name in {*amounts, *kinds}:
        entry = case.ledger.setdefault("accounts", {}).setdefault(name, {})
        entry |= {"opening": amounts[name]} if name in amounts else {}
        entry |= {"kind": kinds[name]} if name in kinds else {}
    return case


def _silent(_name: str, _done: int, _all: int) -> None:
    """A script reads standard error too."""


def _progress(name: str, done: int, every: int) -> None:
    sys.stderr.write(f"\r\x1b[K{done}/{every} {name}" + ("\r\x1b[K" if done == every else ""))


def _cap(
    case: "Case",
    *,
    as_of: str | None,
    window: str | None,
    max_hops: int | None,
    dust: int | None,
    usual: bool,
) -> None:
    """Flags over the ledger's own policy; statements start from the usual caps of a live case."""
    from lachan.adapters.statements.seeds import read_moment
    from lachan.tracing.model import Policy

    policy: dict[str, Any] = dict(
        Policy.usual().to_json() if usual else case.ledger.get("policy") or {}
    )
    if window is not None:
        found = re.fullmatch(r"(\d{1,6})([smhd])", window.strip())
        _need(found is not None, "--window", "72h | 3d | 90m | 3600s")
        policy["window"] = int(found[1]) * UNITS[found[2]] if found else 0
    policy |= {} if max_hops is None else {"max_hops": max_hops}
    policy |= {} if dust is None else {"dust": dust}
    if policy:
        case.ledger["policy"] = policy
    if as_of is not None:
        case.ledger["as_of"] = read_moment(as_of, field="as_of")


def _seed(
    case: "Case", *, account: str | None, at: str | None, amount: str | None, ref: str | None,
    victim: str, seeds: Path | None,
) -> None:  # fmt: skip
    from lachan.adapters.statements.seeds import (
        SeedQuery,
        find_seeds,
        read_dong,
        read_moment,
        read_seed_file,
    )
    from lachan.tracing.model import Ledger

    if seeds is not None:
        _need(account is None, "--seeds", "--seeds | --account --at --amount")
        _need(seeds.exists(), str(seeds), "không có tệp này / no such file")
        queries = read_seed_file(seeds)
    elif account is not None:
        _need(
            amount is not None and (at is not None or ref is not None),
            "--account",
            "--account --at --amount [--ref]",
        )
        moment = None if at is None else read_moment(at, field="at")
        queries = [SeedQuery(victim, account, read_dong(amount or ""), moment, ref)]
    else:
        _need(bool(case.ledger.get("seeds")), "--account", "--account --at --amount | --seeds FILE")
        return
    Ledger.from_json({**case.ledger, "seeds": []})  # its shape is checked before it is searched
    case.ledger["seeds"] = find_seeds(case.ledger, case.refs, queries)


def _replay(case: "Case", method: str, *, everything: bool) -> "tuple[View, dict[str, Trace]]":
    from lachan.adapters.documents.trace_view import view_of
    from lachan.tracing.model import Ledger
    from lachan.tracing.replay import replay, replay_all

    ledger = Ledger.from_json(case.ledger)
    traces = dict(replay_all(ledger)) if everything else {}
    if method not in traces:
        traces[method] = replay(ledger, method)
    return view_of(ledger, traces, method, case=case), traces
