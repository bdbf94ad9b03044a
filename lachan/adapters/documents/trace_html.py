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
from lachan.adapters.documents.trace_view import View, clean, dong
from lachan.kernel.errors import Text
from lachan.tracing.movements import movements_of
from lachan.tracing.picture import layout
from lachan.tracing.picture_svg import svg

MAX_BYTES = 5_000_000
SHOWN_ROWS = 5000
LABEL = 16  # signs of a name that fit a box of the picture
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
    "no_bank": Text("Chưa rõ ngân hàng", "Bank not known"),
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
.flow-lane{fill:#fff}.flow-lane-odd{fill:#f1f4f8}
.flow-lane-title{font-weight:600}
.flow-edge path{fill:none;stroke:#7a4a00;stroke-opacity:.55}
.flow-edge-back path{stroke-dasharray:6 4}.flow-arrow{fill:#7a4a00}
.flow-node rect{fill:#fffbe9;stroke:#333}.flow-exit rect{fill:#eee;stroke-dasharray:4 3}
.flow-source rect{stroke-width:2.5}.flow-group rect{stroke-width:3}
.flow-name,.flow-sum,.flow-back{text-anchor:middle}.flow-sum{font-weight:600}
a:focus-visible rect{stroke-width:4}
tr:target{outline:3px solid}
"""

Row = Sequence[object]


def trace_html(view: View, lang: str) -> str:
    """The page, with the picture unless that would pass 5 MB. Equal traces, equal bytes."""
    page = _page(view, lang, _picture(view, lang))
    return page if len(page.encode()) <= MAX_BYTES else _page(view, lang, "")


def _picture(view: View, lang: str) -> str:
    """The same drawing as on the web; an account is a link to its row."""
    rows = {row.account: number for number, row in enumerate(view.accounts, start=1)}
    bank = view.case.banks.get
    drawn = layout(movements_of(view.ledger, view.trace), lambda node: bank(node) or "")
    return svg(
        drawn,
        lang=lang,
        lane_title=lambda code: clean(code) or LABELS["no_bank"].in_(lang),
        label=lambda ref: clean(ref) if len(ref) <= LABEL else f"…{clean(ref[1 - LABEL :])}",
        href=lambda ref: f"#tk-{rows[clean(ref)]}" if clean(ref) in rows else None,
    )


def _page(view: View, lang: str, drawing: str) -> str:
    def say(name: str, **values: object) -> str:
        return escape(LABELS[name].in_(lang).format(**values))

    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = escape(HEADINGS["title"].in_(lang))
    method = view.trace.method
    sums = {name: dong(amount) for name, amount in view.sums.items()}
    chosen = HEADINGS["chosen"].in_(lang).format(method=method, meaning=METHODS[method].in_(lang))
    picture = (
        f'<div class="picture" tabindex="0" role="group" aria-label="{say("picture")}">{drawing}</div>'
        if drawing
        else f'<p class="note">{say("none", count=len(view.movements))}</p>'
    )
    parts = [
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>",
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
    return "".join(parts)


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
    return _table(HEADINGS["result"].in_(lang), heads, rows, anchor="tk")


def _table(title: str, heads: Sequence[str], rows: Iterable[Row], anchor: str = "") -> str:
    """Heads are already escaped; whole numbers are right-aligned and grouped.

    anchor: rows become the targets `<anchor>-1`, `<anchor>-2` …
    """
    body = list(rows)
    if not body:
        return ""
    lines = "".join(
        f"<tr{f' id={anchor}-{number}' if anchor else ''}>{''.join(map(_cell, row))}</tr>"
        for number, row in enumerate(body[:SHOWN_ROWS], start=1)
    )
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
