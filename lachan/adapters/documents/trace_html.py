"""A trace as one self-contained page: the server's SVG, and the same as tables beside it.

No script, no request: the content policy allows nothing but this page's own style, by its hash. The
page is at most 5 MB; what does not fit is counted, never silently dropped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape

from lachan.adapters.documents.trace_pdf import HEADINGS, METHODS
from lachan.adapters.documents.trace_text import word
from lachan.adapters.documents.trace_view import View, dong
from lachan.kernel.errors import Text

MAX_BYTES = 5_000_000
SHOWN_ROWS = 5000
NODES_DRAWN = 300  # interface.md §6: past this a picture says nothing
LABELS = {
    "picture": Text("Sơ đồ dòng tiền", "Money flow"),
    "movements": Text("Giao dịch có tiền bị lừa", "Events that moved traced money"),
    "event": Text("Mã giao dịch", "Event"),
    "time": Text("Thời điểm (ICT)", "Time (ICT)"),
    "from": Text("Từ", "From"),
    "to": Text("Đến", "To"),
    "amount": Text("Số tiền (đ)", "Amount (đ)"),
    "moved": Text("Trong đó truy vết (đ)", "Of it traced (đ)"),
    "node": Text("Nơi", "Place"),
    "kind": Text("Loại", "Kind"),
    "none": Text(
        "Không vẽ sơ đồ ({count} giao dịch); bảng dưới đây có cùng nội dung.",
        "No picture is drawn ({count} events); the tables below say the same.",
    ),
}
STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:80rem;padding:0 1rem}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}
th,td{border:1px solid #8886;padding:.25rem .6rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.picture{overflow:auto;border:1px solid #8886;background:#fff;color:#111}
.note{opacity:.8}
code{overflow-wrap:anywhere}
svg text{font:12px system-ui,sans-serif;fill:#111}
"""

Row = Sequence[object]


def trace_html(view: View, lang: str, svg: str = "", css: str = "") -> str:
    """The page. svg: the picture, already safe; css: its style rules."""

    def say(name: str, **values: object) -> str:
        return escape(LABELS[name].in_(lang).format(**values))

    style = STYLE + css
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = escape(HEADINGS["title"].in_(lang))
    method = view.trace.method
    sums = {name: dong(amount) for name, amount in view.sums.items()}
    chosen = HEADINGS["chosen"].in_(lang).format(method=method, meaning=METHODS[method].in_(lang))
    picture = (
        f'<div class="picture" tabindex="0" role="group" aria-label="{say("picture")}">{svg}</div>'
        if svg
        else f'<p class="note">{say("none", count=len(view.movements))}</p>'
    )
    parts = [
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title><style>{style}</style></head><body><main><h1>{title}</h1>",
        f"<p>{escape(chosen)}</p>",
        f"<p>{escape(word('leads', lang) if method == 'poison' else word('sum', lang).format(**sums))}</p>",
        "" if view.trace.complete else f"<p><strong>{escape(word('incomplete', lang))}</strong></p>",
        f"<h2>{say('picture')}</h2>{picture}",
        _accounts(view, lang),
        _table(word("exits", lang), (say("node"), say("kind"), say("amount")), view.exits),
        _table(
            word("unresolved", lang), (say("node"), say("kind"), say("amount")),
            [(node, word(why, lang), amount) for node, why, amount in view.unresolved],
        ),
        _table(word("truncated", lang), (say("kind"), say("amount")), view.truncated),
        _table(
            LABELS["movements"].in_(lang),
            tuple(say(name) for name in ("event", "time", "from", "to", "amount", "moved")),
            [(m.event, m.time, m.src, m.dst, m.amount, m.taint) for m in view.movements],
        ),
        _table(
            HEADINGS["sources"].in_(lang), ("file", "format", "rows", "rejected", "gaps", "BLAKE2b"),
            [(s["file"], s["format"], s["rows"], s["rejected"], s["gaps"], s["blake2b"]) for s in view.case.sources],
        ),
        "".join(f'<p class="note">{escape(en if lang == "en" else vi)}</p>' for vi, en in view.case.notes[:200]),
        f'<p class="note">{escape(HEADINGS["limited"].in_(lang))}</p>',
        f"<p><code>{escape(view.trace.ledger_digest)}</code></p></main></body></html>\n",
    ]  # fmt: skip
    page = "".join(parts)
    if len(page.encode()) > MAX_BYTES and svg:
        return trace_html(view, lang)
    return page


def _accounts(view: View, lang: str) -> str:
    names = ("account", "bank", "taint", "range", "kappa", "balance", "layer", "last")
    rows = [
        (
            row.account, row.bank, row.taint,
            dong(row.low) if row.low == row.high else f"{dong(row.low)}–{dong(row.high)}",
            row.confidence, row.balance, "" if row.layer is None else row.layer, row.last,
        )
        for row in view.accounts
    ]  # fmt: skip
    heads = tuple(escape(word(name, lang)) for name in names)
    return _table(HEADINGS["result"].in_(lang), heads, rows)


def _table(title: str, heads: Sequence[str], rows: Iterable[Row]) -> str:
    """Heads are already escaped; whole numbers are right-aligned and grouped."""
    body = list(rows)
    if not body:
        return ""
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in body[:SHOWN_ROWS])
    numeric = [isinstance(cell, int) for cell in body[0]]
    head = "".join(
        f'<th scope="col"{" class=n" if right else ""}>{one}</th>'
        for one, right in zip(heads, numeric, strict=True)
    )
    rest = len(body) - SHOWN_ROWS
    more = f'<p class="note">+{dong(rest)}</p>' if rest > 0 else ""
    return (
        f"<h2>{escape(title)}</h2><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{lines}</tbody></table>{more}"
    )


def _cell(cell: object) -> str:
    if isinstance(cell, int):
        return f'<td class="n">{dong(cell)}</td>'
    return f"<td>{escape(str(cell))}</td>"
