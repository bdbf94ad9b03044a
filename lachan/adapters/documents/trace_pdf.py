"""The report of a trace: question, method, sources with digests, result, working, limits, how to repeat."""

from __future__ import annotations

from typing import Any

from lachan.adapters.documents.trace_text import word
from lachan.adapters.documents.trace_view import View, dong
from lachan.adapters.documents.typeset import FIXED, pdf, printable
from lachan.adapters.statements.seeds import EARLY, moment
from lachan.kernel.errors import Text

SHOWN_ROWS = 2000  # of the working: past this the report says how many more there are
FACTORS = ("agree", "cover", "order", "link")
METHODS = {
    "fifo": Text("vào trước ra trước (Clayton's case), một suy đoán", "first in, first out (Clayton's case), a presumption"),
    "lifo": Text("vào sau ra trước", "last in, first out"),
    "haircut": Text("theo tỷ lệ của số dư, làm tròn xuống", "in proportion to the balance, rounded down"),
    "libr": Text("số dư trung gian thấp nhất: tiền sạch ra trước", "lowest intermediate balance: clean money leaves first"),
    "tainted_first": Text("tiền bị lừa ra trước", "tainted money leaves first"),
    "poison": Text("đánh dấu toàn bộ: chỉ là đầu mối, không phải số tiền", "marks everything: leads only, not amounts"),
}  # fmt: skip
HEADINGS = {
    "ref": Text("Mã giao dịch", "Event"),
    "time": Text("Thời điểm (ICT)", "Time (ICT)"),
    "file": Text("Tệp", "File"),
    "format": Text("Dạng", "Format"),
    "rows": Text("Dòng", "Rows"),
    "rejected": Text("Loại", "Rejected"),
    "gaps": Text("Đứt", "Gaps"),
    "place": Text("Nơi", "Place"),
    "kind": Text("Loại", "Kind"),
    "other": Text("Bên kia", "Other side"),
    "victim": Text("Bị hại", "Victim"),
    "amount": Text("Số tiền (đ)", "Amount (đ)"),
    "confidence": Text("Độ tin cậy (không phải xác suất)", "Confidence (not a probability)"),
    "agree": Text("Thống nhất ·", "Agree ·"),
    "cover": Text("Bao phủ ·", "Cover ·"),
    "order": Text("Thứ tự ·", "Order ·"),
    "link": Text("Liên kết", "Link"),
    "title": Text("Báo cáo truy vết dòng tiền", "Money trace report"),
    "question": Text("Câu hỏi", "Question"),
    "asked": Text(
        "Số tiền sau đây của bị hại đang ở đâu, tính đến {as_of}?",
        "Where is the following money of the victims, as of {as_of}?",
    ),
    "method": Text("Phương pháp", "Method"),
    "sources": Text("Nguồn dữ liệu", "Sources"),
    "result": Text("Kết quả", "Result"),
    "paths": Text("Đường đi", "Paths"),
    "working": Text("Diễn giải", "Working"),
    "limits": Text("Giới hạn", "Limits"),
    "repeat": Text("Cách lặp lại", "How to repeat"),
    "repeated": Text(
        "Chạy lại lachan trace với cùng các tệp (đối chiếu BLAKE2b) và cùng tham số thì được đúng các byte này. "
        "Mã băm sổ giao dịch: {digest}. Phiên bản: {version}. Giới hạn: {policy}.",
        "Running lachan trace again on the same files (compare BLAKE2b) with the same arguments gives these very bytes. "
        "Ledger digest: {digest}. Version: {version}. Caps: {policy}.",
    ),
    "chosen": Text(
        "Kết quả theo {method}: {meaning}. Phương pháp là lựa chọn của điều tra viên; khoảng của các phương pháp bảo toàn ghi bên cạnh.",
        "The result is under {method}: {meaning}. The method is the investigator's choice; the range of the conserving methods stands beside it.",
    ),
    "limited": Text(
        "Truy vết không khẳng định ai có lỗi. Tiền mặt nộp vào, tiền vay và tiền từ bên ngoài được coi là sạch. "
        "Phần chưa có sao kê không được suy đoán.",
        "A trace says nothing of guilt. Cash paid in, loans and money from outside count as clean. "
        "What lies behind a missing statement is not guessed.",
    ),
    "more": Text("và {count} dòng nữa (xem --json)", "and {count} more rows (see --json)"),
    "conserved": Text("Bảo toàn: đủ từng đồng.", "Conserved: every đồng is accounted for."),
    "not_conserved": Text(
        "KHÔNG bảo toàn: kết quả không dùng được.", "NOT conserved: the result is unusable."
    ),
}


def trace_pdf(view: View, lang: str) -> bytes:
    """PDF/A; same trace, sources and language, same bytes."""

    def say(name: str, **values: object) -> str:
        return HEADINGS[name].in_(lang).format(**values)

    trace = view.trace
    end = view.ledger.end
    as_of = say("title") if end is None else moment(end)
    if end is None:
        as_of = moment(max((row.time for row in view.ledger.ordered), default=0))
    sections = [
        _section(say("question"), [say("asked", as_of=as_of)], [say("victim"), say("ref") + "*", say("time"), say("amount") + ">"], view.seeds),
        _section(say("method"), _method(view, lang)),
        _section(
            say("sources"), [note[1] if lang == "en" else note[0] for note in view.case.notes],
            [say("file") + "*", say("format"), say("rows") + ">", say("rejected") + ">", say("gaps") + ">", "BLAKE2b*"],
            [(s["file"], s["format"], s["rows"], s["rejected"], s["gaps"], _grouped(s["blake2b"])) for s in view.case.sources],
        ),
        *_result(view, lang),
        _section(say("paths"), [], [say("victim"), say("paths") + "*", say("amount") + ">"], view.paths),
        *_working(view, lang),
        _section(say("limits"), [say("limited")]),
        _section(say("repeat"), [say(
            "repeated", digest=_grouped(trace.ledger_digest), version=trace.version,
            policy=", ".join(f"{k}={v}" for k, v in trace.policy.to_json().items()) or "–",
        )]),
    ]  # fmt: skip
    wanted = [one for one in sections if one["paragraphs"] or one["rows"]]
    data = {"title": say("title"), "subtitle": "", "lang": lang, "sections": wanted}
    return pdf("report", data, created=end if end is not None and end > EARLY else FIXED)


def _method(view: View, lang: str) -> list[str]:
    method = view.trace.method
    said = HEADINGS["chosen"].in_(lang).format(method=method, meaning=METHODS[method].in_(lang))
    return [said] + ([word("leads", lang)] if method == "poison" else [])


def _working(view: View, lang: str) -> list[dict[str, Any]]:
    """Account by account, line by line: traced money in (+) and out (−)."""

    def say(name: str) -> str:
        return HEADINGS[name].in_(lang)

    lines: dict[str, list[tuple[object, ...]]] = {}
    for one in view.movements:
        lines.setdefault(one.dst, []).append((one.time, one.event, one.src, one.amount, one.taint))
        lines.setdefault(one.src, []).append(
            (one.time, one.event, one.dst, -one.amount, -one.taint)
        )
    columns = [
        say("time"),
        say("ref") + "*",
        say("other"),
        say("amount") + ">",
        word("taint", lang) + ">",
    ]
    sections: list[dict[str, Any]] = []
    left = SHOWN_ROWS
    for account in (name for name in lines if name in view.trace.balances):
        rows = lines[account][:left]
        left -= len(rows)
        if rows:
            sections.append(_section(f"{say('working')}: {printable(account)}", [], columns, rows))
    rest = sum(len(rows) for name, rows in lines.items() if name in view.trace.balances)
    rest -= SHOWN_ROWS - left
    if rest > 0:
        sections.append(_section(say("working"), [say("more").format(count=rest)]))
    return sections


def _result(view: View, lang: str) -> list[dict[str, Any]]:
    def say(name: str) -> str:
        return HEADINGS[name].in_(lang)

    heading = say("result")
    lines = []
    if view.trace.method != "poison":
        sums = {name: dong(amount) for name, amount in view.sums.items()}
        lines = [word("sum", lang).format(**sums)]
        lines.append(HEADINGS["conserved" if view.conserves else "not_conserved"].in_(lang))
    if not view.trace.complete:
        lines.append(word("incomplete", lang))
    columns = [word(name, lang) + mark for name, mark in (
        ("account", "*"), ("taint", ">"), ("range", ">"), ("kappa", ">"), ("balance", ">"), ("layer", ">"), ("last", ""),
    )]  # fmt: skip
    rows = [
        (
            f"{row.account} ({row.bank})" if row.bank else row.account, row.taint,
            dong(row.low) if row.low == row.high else f"{dong(row.low)} – {dong(row.high)}",
            row.confidence.partition(" ")[0], row.balance, "" if row.layer is None else row.layer, row.last,
        )
        for row in view.accounts
    ]  # fmt: skip
    return [
        _section(heading, lines, columns, rows),
        _section(say("confidence"), [], [word("account", lang) + "*", "κ = >", *(say(one) + ">" for one in FACTORS)], [
            (name, found["kappa"], *(found[one] for one in FACTORS))
            for name, found in view.confidence.items()
        ]),
        _section(word("exits", lang), [], [say("place") + "*", say("kind"), say("amount") + ">"], view.exits),
        _section(
            word("unresolved", lang), [], [say("place") + "*", say("kind"), say("amount") + ">"],
            [(node, word(why, lang), amount) for node, why, amount in view.unresolved],
        ),
        _section(word("truncated", lang), [], [say("kind") + "*", say("amount") + ">"], view.truncated),
    ]  # fmt: skip


def _section(
    heading: str, paragraphs: list[str], columns: list[str] | None = None, rows: Any = ()
) -> dict[str, Any]:
    """Columns: "*" takes the free width, ">" is right-aligned. Numbers are grouped."""
    body = [
        [dong(cell) if isinstance(cell, int) else _breakable(cell) for cell in row] for row in rows
    ]
    named = [
        {"label": one.rstrip("*>"), "wide": one.endswith("*"), "right": one.endswith(">")}
        for one in columns or []
    ]
    return {
        "heading": heading,
        "paragraphs": [printable(one) for one in paragraphs],
        "columns": named if body else [],
        "rows": body,
    }


def _grouped(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _breakable(cell: object) -> str:
    """Long references may break: zero-width spaces are in no font, so real ones every 24 signs."""
    text = printable(str(cell))
    return " ".join(
        " ".join(word_[at : at + 24] for at in range(0, len(word_), 24))
        for word_ in text.split(" ")
    )
