"""What `lachan trace` answers besides the view: the rows that were not taken, its JSON, a refusal."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from lachan.adapters.documents.trace_view import View
    from lachan.adapters.statements.case import Case
    from lachan.kernel.errors import LachanError
    from lachan.tracing.trace import Trace

SCHEMA = "lachan-trace/1"
USAGE, REJECTED, REFUSED = 2, 3, 4
SHOWN_REJECTS = 10


def tell_rejects(case: "Case", folder: Path | None, language: str) -> list[str]:
    """Write them where asked, and say on standard error what was not taken."""
    if not case.rejected:
        return []
    from lachan.adapters.documents.trace_view import clean
    from lachan.adapters.statements.case import write_rejects

    written = [] if folder is None else [str(path) for path in write_rejects(case, folder)]
    told = [(one.path.name, bad) for one in case.readings for bad in one.rejects]
    for name, bad in told[:SHOWN_REJECTS]:
        text = clean(bad.error.message(language))
        sys.stderr.write(f"lachan: {bad.error.code}: {clean(name)}:{bad.row}: {text}\n")
    rest = len(told) - SHOWN_REJECTS
    where = ", ".join(written) or (
        "--rejects DIR" if language == "en" else "dùng --rejects DIR để nhận tệp"
    )
    more = f"+{rest} · " if rest > 0 else ""
    counted = f"{len(told)} rows rejected" if language == "en" else f"{len(told)} dòng bị loại"
    sys.stderr.write(f"lachan: {more}{counted}: {where}\n")
    return written


def json_body(view: "View", traces: "Mapping[str, Trace]", written: list[str]) -> dict[str, Any]:
    case = view.case
    body = {"schema": SCHEMA, **view.trace.to_json()}
    body["methods"] = {name: one.to_json() for name, one in traces.items()}
    body["range"] = {name: list(spread) for name, spread in view.ranges.items()}
    body["confidence"] = {name: dict(one) for name, one in view.confidence.items()}
    body["paths"] = [
        {"victim": victim, "path": path, "amount": amount} for victim, path, amount in view.paths
    ]
    body["sums"] = dict(view.sums)
    body["banks"] = {name: case.banks[name] for name in view.trace.balances if name in case.banks}
    body["sources"] = case.sources
    body["notes"] = [{"text_vi": vi, "text_en": en} for vi, en in case.notes]
    body["rejects"] = [
        {"file": one.path.name, **bad.error.body(), "row": bad.row}
        for one in case.readings
        for bad in one.rejects
    ]
    body["rejects_files"] = written
    return body


def refuse(wrong: "LachanError", language: str, *, as_json: bool) -> NoReturn:
    """One line, or with --json the body of the error; nothing was changed."""
    if "--debug" in sys.argv:
        raise wrong
    if as_json:
        sys.stdout.write(json.dumps({"error": wrong.body()}, ensure_ascii=False) + "\n")
    else:
        where = "".join(f" [{name} {value}]" for name, value in (("row", wrong.row),) if value)
        text = wrong.message(language).translate(dict.fromkeys(range(32), "\ufffd"))
        sys.stderr.write(f"lachan: {wrong.code}: {text}{where}\n")
    raise typer.Exit(USAGE if wrong.code in {"tracing.method", "tracing.policy"} else REFUSED)
