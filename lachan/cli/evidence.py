"""`lachan evidence`: make a case's bundle, and check one anywhere, without a database or a network."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lachan.kernel.checks import BundleFiles, Check
from lachan.kernel.errors import LachanError, Text

if TYPE_CHECKING:
    from lachan.evidence.verify import Report

evidence = typer.Typer(
    no_args_is_help=True, help="Gói chứng cứ: lập và kiểm tra / evidence bundles."
)

OK, FAILED, REFUSED = 0, 1, 4

TITLES = {
    "V1": Text(vi="Tệp đúng danh sách đã ký", en="Files as in the signed list"),
    "V2": Text(vi="Gốc có đủ chữ ký", en="Root has its threshold of signatures"),
    "V3": Text(vi="Danh bạ", en="Directory"),
    "V4": Text(vi="Chữ ký và niêm phong của thông điệp", en="Approvals and seal"),
    "V5": Text(vi="Người ký và vai trò", en="Signers and roles"),
    "V6": Text(vi="Đủ người ký mà căn cứ đòi hỏi", en="Signers that the mandates ask for"),
    "V7": Text(vi="Nội dung đúng cam kết", en="Parts equal their commitments"),
    "V8": Text(vi="Nội dung được giữ lại", en="What is withheld"),
    "V9": Text(vi="Chuỗi thông điệp liền mạch", en="Chain of messages"),
    "V10": Text(vi="Phạm vi, hạn mức, thời hạn của căn cứ", en="Mandates' scope, cap and lease"),
    "V11": Text(vi="Thông điệp có trong nhật ký", en="Messages are in the log"),
    "V12": Text(vi="Nhật ký không bị viết lại", en="The log was not rewritten"),
    "V13": Text(vi="Dấu thời gian", en="Time-stamp"),
    "V14": Text(vi="Người chứng", en="Witnesses"),
    "V15": Text(vi="Thời hạn tính lại", en="Deadlines recomputed"),
}


class FileUnreadable(LachanError):
    """A file named on the command line that cannot be read."""

    code = "cli.file_unreadable"
    text = Text(
        vi="Không đọc được tệp {path} ({why}). Kiểm tra đường dẫn và quyền đọc.",
        en="The file {path} cannot be read ({why}). Check the path and the permission.",
    )
    path: str
    why: str


def register(app: typer.Typer) -> None:
    app.add_typer(evidence, name="evidence")


@evidence.command("verify")
def verify(
    bundle: Annotated[
        str, typer.Argument(help="Gói ZIP, hoặc - / the ZIP, or - for standard input")
    ],
    anchor: Annotated[
        Path | None, typer.Option(help="root.json lấy bằng đường khác / got by another way")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Một tài liệu JSON / one JSON document")
    ] = False,
    lang: Annotated[str, typer.Option(help="vi | en")] = "",
) -> None:
    """Kiểm tra một gói chứng cứ, không cần mạng / verify a bundle offline (exit 0, 1 or 4)."""
    language = lang or _language()
    try:
        data = sys.stdin.buffer.read() if bundle == "-" else _read(Path(bundle))
        found = _report(data, None if anchor is None else _read(anchor))
    except LachanError as refused:
        if not as_json:
            sys.stderr.write(f"lachan: {refused.code}: {refused.message(language)}\n")
        else:
            _print_json({"error": refused.body()})
        raise typer.Exit(REFUSED) from refused
    if as_json:
        _print_json(found.to_json(language))
    else:
        sys.stdout.write(text(found, language))
    raise typer.Exit(OK if found.ok else FAILED)


@evidence.command("export")
def export(
    case: Annotated[str, typer.Argument(help="Mã vụ việc / the case's code, VA-26-004182")],
    out: Annotated[Path, typer.Option(help="Tệp ZIP sẽ ghi / the ZIP to write")],
    anchor_out: Annotated[
        Path | None, typer.Option(help="Ghi thêm root.json / write root.json beside it")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Lập gói chứng cứ của một vụ việc / export a case's bundle."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lachan.settings")
    django.setup()
    from importlib import import_module

    from lachan.evidence.bundle import read

    # Found by name: a machine that only verifies has none of these, and must still start.
    actor = import_module("lachan.access.actors").Actor.system("cli", name="cli")
    data: bytes = import_module("lachan.cases.queries").evidence_bundle(actor, case)
    out.write_bytes(data)
    if anchor_out is not None:
        anchor_out.write_bytes(read(data).files["anchor/root.json"])
    if as_json:
        _print_json({"bundle": str(out), "anchor": None if anchor_out is None else str(anchor_out)})
    else:
        sys.stdout.write(f"{out}\n")


def _report(data: bytes, anchor: bytes | None) -> "Report":
    """Both verifiers over one bundle. Raises: BundleUnreadable."""
    from lachan.evidence.verify import report

    return report(data, anchor=anchor, others=[_protocol])


def _protocol(files: BundleFiles) -> list[Check]:
    from lachan.exchange.verify_bundle import verify_bundle

    return verify_bundle(files)


def text(found: "Report", lang: str) -> str:
    """The report as a person reads it."""
    vi = lang != "en"
    lines = [f"{'Gói chứng cứ' if vi else 'Evidence bundle'} {found.case}", ""]
    for check in found.checks:
        mark = ("ĐÚNG" if vi else "good") if check.ok else ("SAI" if vi else "WRONG")
        title = TITLES[check.id].in_(lang) if check.id in TITLES else check.id
        lines.append(f"  {check.id:<4} {mark:<5}  {title}: {check.text(lang)}")
    return "\n".join([*lines, "", _verdict(found).in_(lang), ""])


def _verdict(found: "Report") -> Text:
    if found.wrong:
        where = ", ".join(found.wrong)
        return Text(vi=f"KHÔNG HỢP LỆ: {where}", en=f"NOT VALID: {where}")
    if not found.anchored:
        return Text(
            vi="Nhất quán, chưa neo: gói không tự chứng minh được nguồn gốc. Thêm --anchor root.json lấy bằng đường khác.",
            en="Consistent, not anchored: a bundle cannot prove its own origin. Add --anchor root.json got by another way.",
        )
    vi, en = "HỢP LỆ.", "VALID."
    if found.withheld:
        vi += f" Giữ lại {len(found.withheld)} nội dung."
        en += f" Parts withheld: {len(found.withheld)}."
    if not found.stamped:
        vi += " Chưa có dấu thời gian của bên thứ ba."
        en += " There is no third party's time-stamp."
    return Text(vi=vi, en=en)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        raise FileUnreadable(field=str(path), path=str(path), why=type(cause).__name__) from cause


def _language() -> str:
    from lachan.cli.main import lang

    return lang()
