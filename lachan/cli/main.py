"""The one program. Each command is a file here; bodies import late, so that `lachan` starts at once."""

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
import typer.exceptions

from lachan.kernel.errors import LachanError

USAGE, REFUSED, UNREACHABLE, DEFECT = 2, 4, 5, 70

app = typer.Typer(
    name="lachan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Lá Chắn: từ tin báo của nạn nhân đến lệnh tạm giữ tiền ở mọi ngân hàng.",
)


def load_commands() -> None:
    """Every module beside this one that has `register(app)` adds its commands."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem in {"__init__", "main"}:
            continue
        module = importlib.import_module(f"lachan.cli.{path.stem}")
        if hasattr(module, "register"):
            module.register(app)


def lang() -> str:
    """LACHAN_LANG, else Vietnamese."""
    return "en" if os.environ.get("LACHAN_LANG", "vi").lower().startswith("en") else "vi"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code (specification of the command line: docs/cli.md)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    if debug:
        arguments.remove("--debug")
    load_commands()
    try:
        return _run(arguments)
    except LachanError as refused:
        if debug:
            raise
        sys.stderr.write(f"lachan: {refused.code}: {refused.message(lang())}\n")
        return REFUSED
    except Exception as defect:  # the last line of defence: one line, never a traceback
        if debug:
            raise
        sys.stderr.write(f"lachan: cli.defect: {type(defect).__name__}: {defect} (--debug)\n")
        return DEFECT


def _run(arguments: list[str]) -> int:
    """The parser's own ways out, as exit codes (Typer carries its own copy of click)."""
    try:
        answer = typer.main.get_command(app).main(
            arguments, prog_name="lachan", standalone_mode=False
        )
    except typer.exceptions.TyperException as wrong:
        show = getattr(wrong, "show", None)
        if show is not None:
            show()
        return USAGE
    except typer.Exit as left:
        return left.exit_code
    except typer.Abort:
        return 130
    return answer if isinstance(answer, int) else 0
