"""`lachan safe`: what an agency does with its enrolment key, on its own machine, without a database or a network."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

safe = typer.Typer(no_args_is_help=True, help="Két khóa của cơ quan / the agency's own safe.")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(safe, name="safe")


@safe.callback()
def _root() -> None:
    """Keeps `sign` a command of its own while it is the only one."""


@safe.command("sign")
def sign(
    request: Annotated[Path, typer.Argument(help="Phiếu đề nghị tải từ trang Hồ sơ.")],
    folder: Annotated[Path, typer.Option("--safe", help="Thư mục két khóa.")],
    out: Annotated[Path, typer.Option(help="Tệp ghi danh sẽ nộp lại.")],
    yes: Annotated[bool, typer.Option("--yes", help="Đã đối chiếu, không hỏi lại.")] = False,
) -> int:
    """Sign the row of an officer's security key, after a look at whose it is."""
    import msgspec

    from lachan.kernel.canonical import canonical
    from lachan.members.enrolment import KeyRequest, Safe, security_key_row

    asked = KeyRequest.parse(request.read_bytes())
    place = asked.relying_party.origin
    sys.stderr.write(
        f"{asked.name}, {asked.staff_no}, {asked.member}\n{asked.alg} {asked.kid}\n{place}\n"
    )
    if not yes and not typer.confirm("Đúng người, đúng khóa? / The right person and key?"):
        return 1
    enrol = Safe(folder).kept(f"enrol.{asked.member}")
    row = security_key_row(asked, enrol=enrol, at=datetime.now(UTC))
    out.write_bytes(canonical(msgspec.to_builtins(row)) + b"\n")
    return 0
