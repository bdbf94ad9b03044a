"""`lachan bench`: measures with their peers, on the same work in one run. The programs lie in `benchmarks/` of a checkout."""

import json
import os
import platform
import subprocess
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
    results: list[dict[str, Any]] = []
    for name in SUITES[suite]:
        sys.stderr.write(f"{name} …\n")
        results += measured(root, name, size, peers=peers)
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


_PROGRAM = """
import importlib, json, sys
name, size, peers = sys.argv[1:]
rows = importlib.import_module(f"benchmarks.{name}").run(size, peers=peers == "1")
print(json.dumps(rows))
"""


def measured(root: Path, name: str, size: str, *, peers: bool) -> list[dict[str, Any]]:
    """The rows of one benchmark, in a process of its own: a deployment's settings are read once in a process."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, name, size, "1" if peers else "0"],
        cwd=root,
        stdout=subprocess.PIPE,
        check=True,
    )
    rows: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return rows


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
