"""`lachan demo`: the whole main job on one machine, then its pages."""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

demo = typer.Typer(
    help="Trình diễn toàn bộ công việc chính trên một máy.", invoke_without_command=True
)
TRANSFERS = 1_000_000


@demo.callback()
def run(
    context: typer.Context,
    seed: Annotated[int, typer.Option(help="số hạt giống của đất nước mô phỏng")] = 7,
    headless: Annotated[bool, typer.Option(help="chạy xong thì dừng, không mở trang")] = False,
    json_: Annotated[bool, typer.Option("--json", help="một văn bản JSON ra đầu ra chuẩn")] = False,
    port: Annotated[int, typer.Option(help="cổng của trang web")] = 8000,
    keep: Annotated[Path | None, typer.Option(help="giữ lại trong thư mục này")] = None,
    clock: Annotated[
        str, typer.Option(help="x60: mỗi giây trôi một phút, sau khi việc chính đã xong")
    ] = "",
    transfers: Annotated[
        int, typer.Option(help="số giao dịch trong sổ của các ngân hàng")
    ] = TRANSFERS,
) -> None:
    """Run the main job with simulated members, each a process of its own; then serve the pages."""
    if context.invoked_subcommand is not None:
        return
    from lachan.demo import performance, stage
    from lachan.demo.processes import Troupe

    _end_on_signals()
    places = stage.choose(keep, port if not headless else 0)
    troupe = Troupe(places.log)
    say = _quiet if json_ else _loud
    try:
        performance.open_stage(places, troupe, seed=seed, transfers=transfers, say=say)
        story = performance.perform(places, say)
        figures = story.figures(seed)
        if json_:
            sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
            sys.stdout.flush()
        else:
            _tell(figures)
        if clock and not headless:
            performance.run_faster(places, troupe, clock)
        if not headless:
            _serve(places)
    finally:
        troupe.stop()


@demo.command("codes")
def codes(
    folder: Annotated[
        Path | None, typer.Option("--keep", help="thư mục của trình diễn đang chạy")
    ] = None,
) -> None:
    """Current one-time codes of the demonstration's people."""
    from lachan.demo import stage

    found = folder or _newest()
    if found is None:
        raise typer.BadParameter(
            "no demonstration is running: start `lachan demo`, or name its folder with --keep"
        )
    written = json.loads((found / "demo.json").read_text(encoding="utf-8"))
    places = stage.Places(found, written["web_port"], written["exchange_port"])
    stage.use(stage.environment(places, clock=""))
    from lachan.web import parts

    parts.start()
    from lachan.access.services import current_code
    from lachan.demo.cast import PASSPHRASE, PASSWORD, PEOPLE
    from lachan.demo.provision import login_of

    sys.stdout.write(
        f"mật khẩu / password: {PASSWORD}\ncâu ký / signing passphrase: {PASSPHRASE}\n"
    )
    for person in PEOPLE:
        roles = ", ".join(role.value for role in person.roles)
        sys.stdout.write(
            f"{person.login:12} {current_code(login_of(person.login))}  {person.name} ({roles})\n"
        )


def _newest() -> Path | None:
    import tempfile

    found = [path.parent for path in Path(tempfile.gettempdir()).glob("lachan-demo-*/demo.json")]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def _loud(text: str) -> None:
    sys.stderr.write(f"· {text}\n")


def _quiet(_text: str) -> None:
    return None


def _tell(figures: dict[str, Any]) -> None:
    sums = figures["sums"]
    sys.stderr.write(
        "reported {reported:,} = held {held:,} + moved on {moved_on:,} + withdrawn {withdrawn:,}"
        " + unresolved {unresolved:,} đồng\n".format(**sums)
    )
    for step in figures["steps"]:
        sys.stderr.write(f"{step['seconds']:8.2f} s  {step['name']}\n")
    accounts = figures["accounts"]
    sys.stderr.write(
        f"{figures['layers']} layers, {figures['institutions']} institutions, {accounts['touched']} accounts touched,"
        f" {accounts['held']} held, {accounts['bystanders_held']} bystanders held;"
        f" first ask on the wire after {figures['first_ask_seconds']} s\n"
    )


def _serve(places: Any) -> None:
    from lachan.demo.cast import PASSPHRASE, PASSWORD, PEOPLE

    sys.stderr.write(
        f"\nhttp://127.0.0.1:{places.web_port}/   (thư mục / folder: {places.folder})\n"
    )
    sys.stderr.write(
        f"mật khẩu / password: {PASSWORD} · câu ký / signing passphrase: {PASSPHRASE}\n"
    )
    sys.stderr.write(f"đăng nhập / sign in: {', '.join(person.login for person in PEOPLE)}\n")
    sys.stderr.write(
        "mã một lần / one-time codes: lachan demo codes · trang mô phỏng / simulation: /mo-phong\n"
    )
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _n, _f: stopped.set())
    stopped.wait()


def _end_on_signals() -> None:
    """Told to stop at any moment, the demonstration still ends the processes that it started."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)


def register(app: typer.Typer) -> None:
    """Add the command and its sub-command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lachan.settings")
    app.add_typer(demo, name="demo")
