"""`lachan connector conformance`: plays the centre against one member and says case by case what it did."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lachan.cli.connector import connector

if TYPE_CHECKING:
    from lachan.connector.conformance.judging import Result
    from lachan.connector.conformance.running import Settings

_MARKS = {"passed": "✓", "failed": "✗", "skipped": "–"}


@connector.command("conformance")
def conformance(
    address: Annotated[str, typer.Argument(help="địa chỉ của thành viên, vn/bank/970436")],
    config: Annotated[
        Path | None, typer.Option("--config", help="connector.toml: bộ kiểm tra tự chạy tiến trình")
    ] = None,
    public: Annotated[
        Path | None,
        typer.Option("--public", help="khóa công khai của thành viên chạy ở nơi khác (JSON)"),
    ] = None,
    code: Annotated[
        str, typer.Option("--code", help="mã của các tài khoản (BIN), khi dùng --public")
    ] = "",
    listen: Annotated[
        str, typer.Option("--listen", help="máy:cổng mà bộ kiểm tra nghe")
    ] = "127.0.0.1:0",
    folder: Annotated[Path, typer.Option("--folder", help="thư mục của lần thử")] = Path(
        "conformance"
    ),
    specimens: Annotated[
        Path | None,
        typer.Option("--specimens", help="câu hỏi mẫu theo loại, về tài khoản thử (JSON)"),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="chỉ thử loại này (lặp lại được)")
    ] = None,
    wait: Annotated[
        float, typer.Option("--wait", help="số giây phần mềm được phép trả lời")
    ] = 20.0,
    arrival: Annotated[
        float, typer.Option("--arrival", help="số giây chờ thành viên gọi đến")
    ] = 60.0,
    json_: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """Every kind that the member must answer: sound, and in each wrong way; the signed report lies in the folder."""
    from lachan.cli.main import UNREACHABLE, lang
    from lachan.connector.conformance.running import MemberSilent, run_trial
    from lachan.kernel.time import clock_from_env

    settings = _settings(
        address, config, public, code, listen, folder, specimens, kind, wait, arrival
    )
    language = lang()

    def told(one: "Result") -> None:
        if not json_:
            line = f"{_MARKS[one.verdict]} {one.kind:<24} {one.case:<20} {one.why.in_(language)}"
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    def waiting(url: str, root: Path) -> None:
        keys = folder / "keys"
        sys.stderr.write(
            f"[centre] url = {url}  root_file = {root}\n"
            f"[keys] ca = {keys / 'ca.crt'}  tls_cert = {keys / 'tls.crt'}  tls_key = {keys / 'tls.key'}\n"
        )
        sys.stderr.flush()

    try:
        made = run_trial(settings, clock_from_env(), told=told, waiting=waiting)
    except MemberSilent as silent:
        sys.stderr.write(f"lachan: {silent.code}: {silent.message(language)}\n")
        raise typer.Exit(UNREACHABLE) from silent
    if json_:
        shown = made.body | {"report": str(folder / "report.jws"), "report_hash": made.hash}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(
            f"{_MARKS['passed' if made.passed else 'failed']} {made.hash}  {folder / 'report.jws'}\n"
        )
    if not made.passed:
        raise typer.Exit(1)


def _settings(
    address: str, config: Path | None, public: Path | None, code: str, listen: str, folder: Path,
    specimens: Path | None, kinds: list[str] | None, wait: float, arrival: float,
) -> "Settings":  # fmt: skip
    """Raises: TrialImpossible, ConfigWrong."""
    from lachan.connector.conformance.running import (
        Settings,
        TrialImpossible,
        tried_of,
        tried_of_config,
    )

    if (config is None) == (public is None):
        raise TrialImpossible(why="--config, --public", right="--config FILE | --public FILE")
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise TrialImpossible(why=f"--listen {listen}", right="127.0.0.1:9443")
    tried = (
        tried_of_config(address, config) if config else tried_of(address, public or Path(), code)
    )
    return Settings(
        tried=tried,
        folder=folder,
        specimens=specimens,
        kinds=frozenset(kinds or ()),
        config=config,
        host=host,
        port=int(port),
        wait=wait,
        arrival=arrival,
    )
