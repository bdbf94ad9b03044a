"""A trace on the terminal: the table to standard output, in Vietnamese or English."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lachan.adapters.documents.trace_view import View, clean, dong
from lachan.kernel.errors import Text

WORDS = {
    "title": Text(
        "Tiền bị lừa đang ở đâu: phương pháp {method}", "Where the stolen money is: method {method}"
    ),
    "leads": Text(
        "poison chỉ cho đầu mối, không phải số tiền để tạm giữ.",
        "poison gives leads only, never an amount to hold.",
    ),
    "account": Text("Tài khoản", "Account"),
    "bank": Text("Ngân hàng", "Bank"),
    "taint": Text("Truy vết (đ)", "Traced (đ)"),
    "range": Text("Khoảng 5 phương pháp", "Range, 5 methods"),
    "kappa": Text("κ", "κ"),
    "balance": Text("Số dư", "Balance"),
    "layer": Text("Lớp", "Layer"),
    "last": Text("Giao dịch cuối", "Last movement"),
    "exits": Text("Đã rút / chuyển ra ngoài", "Withdrawn or gone out"),
    "unresolved": Text("Sao kê cần yêu cầu tiếp theo", "Statements to ask for next"),
    "truncated": Text("Không theo tiếp (giới hạn)", "Not followed (caps)"),
    "pending": Text("đang trung chuyển", "in transit"),
    "frontier": Text("chưa có sao kê", "no statement yet"),
    "incomplete": Text(
        "Dừng vì vượt giới hạn: kết quả chưa đủ.", "Stopped at a cap: the result is partial."
    ),
    "sum": Text(
        "Σ {seeds} = còn {residual} + ra ngoài {exits} + trung chuyển {pending} + chưa có sao kê {frontier} + giới hạn {truncated}",
        "Σ {seeds} = kept {residual} + gone {exits} + in transit {pending} + no statement {frontier} + caps {truncated}",
    ),
}


def word(name: str, lang: str) -> str:
    """A label in the language asked for."""
    return WORDS[name].in_(lang)


def print_view(view: View, console: Console, lang: str) -> None:
    """The table, exits, what to ask for next, and the conservation line."""
    method = view.trace.method
    console.print(f"[bold]{escape(word('title', lang).format(method=method))}[/bold]")
    if method == "poison":
        console.print(word("leads", lang))
    table = Table(show_edge=False, pad_edge=False)
    for name in ("account", "bank", "taint", "range", "kappa", "balance", "layer", "last"):
        right = name in {"taint", "range", "balance", "layer"}
        table.add_column(word(name, lang), justify="right" if right else "left", overflow="fold")
    for row in view.accounts:
        spread = dong(row.low) if row.low == row.high else f"{dong(row.low)}–{dong(row.high)}"
        table.add_row(
            escape(row.account), escape(row.bank), dong(row.taint), spread, row.confidence,
            dong(row.balance), "" if row.layer is None else str(row.layer), row.last,
        )  # fmt: skip
    console.print(table)
    for title, lines in (
        ("exits", [(f"{node} ({kind})", amount) for node, kind, amount in view.exits]),
        (
            "unresolved",
            [(f"{node} ({word(why, lang)})", amount) for node, why, amount in view.unresolved],
        ),
        ("truncated", list(view.truncated)),
    ):
        if lines:
            console.print(f"[bold]{word(title, lang)}[/bold]")
            for label, amount in lines:
                console.print(f"  {dong(amount):>18}  {escape(label)}")
    if not view.trace.complete:
        console.print(word("incomplete", lang))
    if method != "poison":
        sums = {name: dong(amount) for name, amount in view.sums.items()}
        console.print(word("sum", lang).format(**sums))
    for note in view.case.notes:
        console.print(escape(clean(note[1] if lang == "en" else note[0])), style="dim")
