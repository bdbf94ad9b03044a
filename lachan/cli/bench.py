"""`lachan bench`: measures with their peers, on the same work in one run. The programs lie in `benchmarks/` of a checkout."""

import importlib
import json
import os
import platform
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

SUITES: dict[str, tuple[str, ...]] = {
    "exchange": ("exchange_round_trip", "exchange_pollers", "exchange_first_ask", "evidence_log"),
    "tracing": ("tracing_replay", "tracing_federated"),
    "pages": ("pages_board",),
}


def bench(
    suite: Annotated[str, typer.Argument(help="exchange, tracing or pages")],
    size: Annotated[str, typer.Option(help="small (minutes) or full (the quoted one)")] = "small",
    peers: Annotated[bool, typer.Option(help="run the peers too")] = True,
    json_: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
) -> None:
    """Run a benchmark and print medians, spread and ratios, with the machine."""
    if suite not in SUITES:
        raise typer.BadParameter(f"there are: {', '.join(SUITES)}")
    root = Path(__file__).resolve().parent.parent.parent
    if not (root / "benchmarks").is_dir():
        raise typer.BadParameter("benchmarks are part of a checkout, not of the installed package")
    sys.path.insert(0, str(root))
    results: list[dict[str, Any]] = []
    for name in SUITES[suite]:
        sys.stderr.write(f"{name} …\n")
        module = importlib.import_module(f"benchmarks.{name}")
        results += module.run(size, peers=peers)
    answer = {"machine": machine(), "size": size, "results": results}
    if json_:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
        return
    sys.stdout.write(f"{answer['machine']}\n")
    for row in results:
        target = (
            ""
            if row.get("target") is None
            else f"  target {row['target']} {'met' if row['met'] else 'NOT met'}"
        )
        spread = "" if row.get("spread") is None else f" ({row['spread']})"
        ratio = "" if row.get("ratio") is None else f"  ×{row['ratio']} of {row['peer']}"
        sys.stdout.write(f"{row['measure']}: {row['value']} {row['unit']}{spread}{ratio}{target}\n")


def machine() -> dict[str, object]:
    """What it ran on, without a name."""
    model = ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = (
            line
            for line in info.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        )
        model = next(lines, "").partition(":")[2].strip()
    return {
        "cpus": os.cpu_count(),
        "model": model,
        "python": platform.python_version(),
        "system": platform.system(),
    }


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)
