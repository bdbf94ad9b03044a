"""`lachan evidence witness`, `compare` and `key`: for whoever watches that the centre shows one log to everybody."""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lachan.cli.evidence import FAILED, OK, REFUSED, FileUnreadable, evidence
from lachan.cli.head_files import (
    head_text,
    is_url,
    log_at,
    log_keys_of,
    path_between,
    read_bytes,
    read_key,
    write_whole,
)
from lachan.kernel.errors import LachanError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from lachan.adapters.centre_log import CentreLog
    from lachan.evidence.heads import SignedHead
    from lachan.evidence.signing import LogKey
    from lachan.evidence.watching import Seen

UNREACHABLE = 5
VERSION = "lachan-witness/1"

Anchor = Annotated[Path, typer.Option(help="root.json lấy bằng đường khác / got by another way")]
Tls = Annotated[
    Path | None, typer.Option(help="Thư mục tls.crt, tls.key, ca.crt / folder with these")
]
Json = Annotated[bool, typer.Option("--json", help="Một tài liệu JSON / one JSON document")]
Lang = Annotated[str, typer.Option(help="vi | en")]


@evidence.command("witness")
def witness(
    centre: Annotated[str, typer.Option(help="Địa chỉ cổng trao đổi / the exchange port's URL")],
    key: Annotated[Path, typer.Option(help="Khóa riêng của người chứng / the witness's key")],
    state: Annotated[Path, typer.Option(help="Đầu cây đã ký gần nhất / the last head signed")],
    anchor: Anchor,
    tls: Tls = None,
    every: Annotated[float, typer.Option(help="Giây giữa hai lần / seconds between rounds")] = 60,
    once: Annotated[bool, typer.Option("--once", help="Một lần rồi thôi / one round")] = False,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Ký chứng đầu cây của trung tâm khi nó nối tiếp đầu đã ký / co-sign the centre's heads (exit 0, 1, 4, 5)."""
    language = lang or _language()
    try:
        own, keys = read_key(key), log_keys_of(anchor)
        log = log_at(centre, own, tls)
    except LachanError as refused:
        raise _refused(refused, language, as_json=as_json) from refused
    while True:
        code = _round(log, own, keys, state, language, as_json=as_json)
        if once or code not in {OK, UNREACHABLE}:
            raise typer.Exit(code)
        time.sleep(every)


@evidence.command("compare")
def compare(
    one: Annotated[str, typer.Argument(help="Tệp đầu cây hoặc địa chỉ / a head's file, or a URL")],
    other: Annotated[str, typer.Argument(help="Như trên / as above")],
    anchor: Anchor,
    proof: Annotated[
        Path | None, typer.Option(help="Bằng chứng nhất quán / consistency proof, JSON {path[]}")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="Khóa ký lời gọi / the key that signs calls")
    ] = None,
    tls: Tls = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """So hai đầu cây: một nhật ký hay hai / are two heads of one tree? (exit 0, 1, 4, 5)."""
    from lachan.evidence import heads
    from lachan.evidence.heads import opened

    language = lang or _language()
    try:
        keys = log_keys_of(anchor)
        own = None if key is None else read_key(key)
        found = [opened(head_text(place, own, tls), keys) for place in (one, other)]
        path = path_between(
            found, [place for place in (one, other) if is_url(place)], proof, own, tls
        )
        finding = heads.compare(found[0].head, found[1].head, path)
    except LachanError as refused:
        raise _refused(refused, language, as_json=as_json) from refused
    if as_json:
        _print(
            {
                "ok": finding.one_tree,
                "finding": finding.value,
                "what": finding.text.in_(language),
                "heads": [_shown(each) for each in found],
            }
        )
    else:
        sys.stdout.write(f"{finding.text.in_(language)}\n")
    raise typer.Exit(OK if finding.one_tree else FAILED)


@evidence.command("key")
def new_key(
    out: Annotated[Path, typer.Option(help="Tệp khóa riêng sẽ ghi / the private key's new file")],
    name: Annotated[str, typer.Option(help="Tên trong witnesses.json / the name there")],
) -> None:
    """Tạo khóa người chứng; in dòng cho witnesses.json / make a witness's key, print its row."""
    from lachan.evidence.signing import LogKey
    from lachan.kernel.canonical import canonical

    made = LogKey.new()
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(canonical(made.jwk()))
    except OSError as cause:
        raise FileUnreadable(field=str(out), path=str(out), why=type(cause).__name__) from cause
    _print({"name": name, "jwk": made.public_jwk()})


def _round(
    log: "CentreLog",
    own: "LogKey",
    keys: "dict[str, Ed25519PublicKey]",
    state: Path,
    lang: str,
    *,
    as_json: bool,
) -> int:
    """One look, and a signature where it is due. The state is written first: what was signed once must never be forgotten."""
    from lachan.evidence.errors import LogUnreachable
    from lachan.evidence.signing import WITNESS
    from lachan.evidence.watching import look

    try:
        last = _last(state, keys)
        seen = look(log, keys, last)
        final = False
        if seen.signable:
            write_whole(state, {"head": seen.shown.jws, "v": VERSION})
            final = log.sign(own.sign(seen.shown.payload, typ=WITNESS))
    except LogUnreachable as silent:
        _say(silent, lang, as_json=as_json)
        return UNREACHABLE
    except LachanError as refused:
        _say(refused, lang, as_json=as_json)
        return FAILED if refused.code == "evidence.signature" else REFUSED
    if not seen.finding.one_tree and last is not None:
        write_whole(state.with_name(f"{state.name}.conflict"), _conflict(last, seen))
    if as_json:
        told = {"signed": seen.signable, "final": final, "finding": seen.finding.value}
        _print({**told, **_shown(seen.shown), "what": seen.finding.text.in_(lang)})
    else:
        sys.stdout.write(f"{seen.shown.head.size}  {seen.finding.text.in_(lang)}\n")
        sys.stdout.flush()
    return OK if seen.finding.one_tree else FAILED


def _conflict(last: "SignedHead", seen: "Seen") -> dict[str, Any]:
    """Both signed heads and the proof that failed: what is shown to the others."""
    return {
        "head": last.jws,
        "path": [step.hex() for step in seen.path],
        "shown": seen.shown.jws,
        "v": VERSION,
    }


def _last(state: Path, keys: "dict[str, Ed25519PublicKey]") -> "SignedHead | None":
    """The head that was signed last; None before the first. A damaged state is an error: it must not be begun anew."""
    from lachan.evidence.heads import opened

    if not state.exists():
        return None
    try:
        return opened(str(json.loads(read_bytes(state))["head"]), keys)
    except (ValueError, KeyError, TypeError) as cause:
        raise FileUnreadable(field=str(state), path=str(state), why="JSON") from cause


def _shown(head: "SignedHead") -> dict[str, Any]:
    return {"size": head.head.size, "root": head.head.root.hex(), "at": head.head.at}


def _refused(error: LachanError, lang: str, *, as_json: bool) -> typer.Exit:
    _say(error, lang, as_json=as_json)
    return typer.Exit(UNREACHABLE if error.code == "evidence.log_unreachable" else REFUSED)


def _say(error: LachanError, lang: str, *, as_json: bool) -> None:
    if as_json:
        _print({"error": error.body()})
    else:
        sys.stderr.write(f"lachan: {error.code}: {error.message(lang)}\n")


def _print(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _language() -> str:
    from lachan.cli.main import lang

    return lang()
