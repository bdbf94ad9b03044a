"""`lachan serve`: the centre on one machine, one process for each part, restarted when one dies."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

PARTS = ("web", "exchange", "dispatcher", "clock")


def serve(
    host: Annotated[str, typer.Option(help="address of both ports")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="web port")] = 8000,
    exchange_port: Annotated[
        int, typer.Option(help="exchange port (TLS, client certificates)")
    ] = 8443,
    workers: Annotated[int, typer.Option(help="web workers")] = 1,
    only: Annotated[str, typer.Option(help="parts: web, exchange, dispatcher, clock")] = "",
) -> None:
    """Serve pages and the exchange port, send, receive, and keep the clocks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lachan.settings")
    os.environ["LACHAN_EXCHANGE_URL"] = f"https://{host}:{exchange_port}"
    parts = [part.strip() for part in only.split(",") if part.strip()] or list(PARTS)
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise typer.BadParameter(
            f"unknown part {', '.join(unknown)}; there are: {', '.join(PARTS)}"
        )
    if len(parts) == 1:
        run_part(parts[0], host=host, port=port, exchange_port=exchange_port, workers=workers)
        return
    supervise(parts, host=host, port=port, exchange_port=exchange_port, workers=workers)


def run_part(part: str, *, host: str, port: int, exchange_port: int, workers: int) -> None:
    """Run one part in this process until it is told to stop."""
    from lachan.web import parts

    if part == "web":
        parts.web(host=host, port=port, workers=workers)
    elif part == "exchange":
        parts.exchange(host=host, port=exchange_port)
    elif part == "dispatcher":
        parts.dispatcher()
    else:
        parts.clock()


def supervise(parts: list[str], *, host: str, port: int, exchange_port: int, workers: int) -> None:
    """Start every part and start it again when it ends; stop all when told to."""
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    command = [
        sys.executable,
        "-c",
        "import sys; from lachan.cli.main import main; sys.exit(main())",
        "serve",
    ]
    options = [
        "--host",
        host,
        "--port",
        str(port),
        "--exchange-port",
        str(exchange_port),
        "--workers",
        str(workers),
    ]
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        while not stopping:
            for part in parts:
                if part not in running or running[part].poll() is not None:
                    running[part] = subprocess.Popen(
                        [*command, "--only", part, *options], cwd=Path.cwd()
                    )
            time.sleep(0.5)
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def migrate() -> None:
    """Create or upgrade the tables of the database that LACHAN_DATABASE names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lachan.settings")
    from lachan.web import parts

    parts.migrate()


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
    app.command("migrate")(migrate)
