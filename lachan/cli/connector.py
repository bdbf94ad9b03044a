"""`lachan connector`: the member's side; a simulated country of members; a look at whether a member works."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

connector = typer.Typer(
    help="Phía thành viên: kết nối, trả lời, bàn tiếp nhận.", no_args_is_help=True
)
ConfigFile = Annotated[Path, typer.Option("--config", help="connector.toml")]


@connector.command("run")
def run(config: ConfigFile) -> None:
    """Run one member's connector until it is told to stop."""
    import logging

    from lachan.connector.start import serve

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    serve(config, stop)


@connector.command("test")
def look_at(
    config: ConfigFile,
    address: Annotated[
        str, typer.Argument(help="thử mã hóa cho địa chỉ này; trống: chính đơn vị")
    ] = "",
    json_: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """Ledger, DNS, TLS, clock, directory, keys, encryption, a signed ping and its place in the log: each line good or bad with its reason."""
    from lachan.connector.start import look

    checks = look(config, address)
    if json_:
        rows = [{"id": one.id, "ok": one.ok, "what": one.what} for one in checks]
        sys.stdout.write(json.dumps({"ok": all(one.ok for one in checks), "checks": rows}) + "\n")
    else:
        for one in checks:
            sys.stdout.write(f"{'✓' if one.ok else '✗'} {one.id}: {one.what}\n")
    if not all(one.ok for one in checks):
        raise typer.Exit(1)


@connector.command("generate")
def generate_(
    folder: Annotated[Path, typer.Argument(help="thư mục của đất nước mô phỏng")],
    seed: Annotated[int, typer.Option(help="số hạt giống")] = 7,
    transfers: Annotated[int, typer.Option(help="số giao dịch")] = 1_000_000,
    desk_seconds: Annotated[int, typer.Option(help="bàn tiếp nhận mô phỏng trả lời sau")] = 0,
) -> None:
    """Make the members' ledgers, registers and configurations."""
    from lachan.connector.simulator.generate import generate
    from lachan.kernel.time import clock_from_env

    made = generate(
        folder,
        seed=seed,
        now=clock_from_env().now(),
        transfers=transfers,
        desk_seconds=desk_seconds,
    )
    sys.stdout.write(f"{made.transfers} transfers, {made.lines} lines, {made.seconds:.1f} s\n")


@connector.command("plant")
def plant(
    folder: Annotated[Path, typer.Argument(help="thư mục của đất nước mô phỏng")],
    seed: Annotated[int, typer.Option(help="số hạt giống")] = 1,
) -> None:
    """Plant a new scam; prints what its victim would report."""
    from lachan.connector.simulator.scam import new_scam
    from lachan.kernel.time import clock_from_env

    told = new_scam(folder, clock_from_env().now(), seed)
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


@connector.command("simulate")
def simulate(
    folder: Annotated[Path, typer.Option("--folder", help="thư mục của đất nước mô phỏng")],
    kind: Annotated[
        str, typer.Option(help="bank, ewallet, telecom, registrar, platform; trống: tất cả")
    ] = "",
    members: Annotated[int, typer.Option(help="số thành viên; 0: tất cả")] = 0,
    seed: Annotated[int, typer.Option(help="dùng khi thư mục còn trống")] = 7,
) -> None:
    """Run simulated members, each a process of its own, until told to stop. Makes the country when there is none."""
    from lachan.connector.simulator.cast import cast
    from lachan.connector.simulator.generate import generate
    from lachan.kernel.time import clock_from_env

    if not (folder / "truth.json").exists():
        generate(folder, seed=seed, now=clock_from_env().now())
    chosen = [one for one in cast() if not kind or one.kind.value == kind]
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    program = [
        sys.executable,
        "-c",
        "import sys; from lachan.cli.main import main; sys.exit(main())",
    ]
    running = [
        subprocess.Popen(
            [*program, "connector", "run", "--config", str(folder / one.folder / "connector.toml")],
            env=dict(os.environ),
        )
        for one in chosen[: members or len(chosen)]
    ]
    stop.wait()
    for process in running:
        process.terminate()
    for process in running:
        process.wait(10)


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(connector, name="connector")
