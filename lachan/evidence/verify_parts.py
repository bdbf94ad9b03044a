"""V7 and V8: what is shown is what was committed to; what is not shown is listed. Pure."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from lachan.evidence import bundle as form
from lachan.evidence.bundle import Bundle
from lachan.evidence.commitments import (
    SALT_BYTES,
    RowProof,
    commit_bytes,
    commit_rows,
    row_holds,
    split_rows,
)
from lachan.kernel.canonical import NotCanonical, canonical, parse_canonical
from lachan.kernel.checks import BundleFiles, Check


def message_folders(files: BundleFiles) -> list[str]:
    """`messages/<n>-<id>`, in order."""
    return sorted({"/".join(path.split("/")[:2]) for path in files if path.startswith("messages/")})


def check_commitments(bundle: Bundle) -> list[Check]:
    """V7: each shown part and row against its commitment in the manifest."""
    files = bundle.files
    wrong: list[Check] = []
    shown = 0
    for folder, part in _parts(files):
        name = str(part.get("name"))
        at = f"{folder}/parts/{name}"
        if at in files:
            shown += 1
            if not _part_holds(files[at], files.get(f"{at}.salt", b""), part):
                wrong.append(
                    Check.bad(
                        "V7",
                        at,
                        f"Nội dung {at} không khớp cam kết đã ký.",
                        f"{at} is not what was committed to.",
                    )
                )
        rows = f"{folder}/rows/{name}.jsonl"
        if rows in files:
            shown += 1
            if not _rows_hold(files, rows, part):
                wrong.append(
                    Check.bad(
                        "V7",
                        rows,
                        f"Dòng trong {rows} không khớp cam kết đã ký.",
                        f"Rows in {rows} are not what was committed to.",
                    )
                )
    return wrong or [
        Check.good(
            "V7",
            f"{shown} nội dung hiện ra khớp với cam kết đã ký.",
            f"{shown} shown parts equal their signed commitments.",
        ),
    ]


def check_withheld(bundle: Bundle) -> list[Check]:
    """V8: each withheld part by name; a marker, proof or file that belongs to no part is wrong."""
    files = bundle.files
    lines: list[Check] = []
    known: set[str] = set()
    for folder, part in _parts(files):
        name, commit = str(part.get("name")), str(part.get("commit"))
        at, marker = f"{folder}/parts/{name}", f"{folder}/parts/{name}.withheld"
        rows = {f"{folder}/rows/{name}.jsonl", f"{folder}/rows/{name}.proof.json"}
        known |= {at, f"{at}.salt", marker} | rows
        if at in files:
            doubled = sorted({marker, *rows} & files.keys())
            lines += [
                Check.bad(
                    "V8",
                    path,
                    f"{path} và {at} không thể cùng có.",
                    f"{path} and {at} exclude each other.",
                )
                for path in doubled
            ]
            continue
        if marker in files and files[marker] != form.marker(name, commit):
            lines.append(
                Check.bad(
                    "V8",
                    marker,
                    f"Dấu giữ lại {marker} đã bị sửa.",
                    f"The marker {marker} was altered.",
                )
            )
        elif len(rows & files.keys()) == 1 or (f"{at}.salt" in files and rows & files.keys()):
            path = min((rows | {f"{at}.salt"}) & files.keys())
            lines.append(
                Check.bad(
                    "V8",
                    path,
                    f"Dòng của {at} thiếu bằng chứng hoặc thừa muối.",
                    f"Rows of {at} lack their proof, or its salt is there.",
                )
            )
        else:
            some = " (một số dòng hiện ra)" if rows & files.keys() else ""
            some_en = " (some rows are shown)" if some else ""
            lines.append(Check.good("V8", f"Giữ lại: {at}{some}.", f"Withheld: {at}{some_en}.", at))
    lines += [
        Check.bad(
            "V8", path, f"{path} không thuộc thông điệp nào.", f"{path} belongs to no message."
        )
        for path in sorted(files)
        if form.is_withholdable(path) and path not in known
    ]
    return lines or [Check.good("V8", "Không giữ lại nội dung nào.", "Nothing is withheld.")]


def _parts(files: BundleFiles) -> Iterator[tuple[str, dict[str, Any]]]:
    for folder in message_folders(files):
        for part in form.parts_of(files, folder):
            yield folder, part


def _part_holds(content: bytes, salt: bytes, part: dict[str, Any]) -> bool:
    if len(salt) != SALT_BYTES:
        return False
    if part.get("form") == "rows":
        rows = split_rows(content)
        return all(_is_canonical(row) for row in rows) and commit_rows(
            salt, rows
        ).hex() == part.get("commit")
    return commit_bytes(salt, content).hex() == part.get("commit")


def _rows_hold(files: BundleFiles, path: str, part: dict[str, Any]) -> bool:
    proof_path = path.removesuffix(".jsonl") + ".proof.json"
    rows = split_rows(files[path])
    try:
        told = parse_canonical(files.get(proof_path, b""))
        commit = bytes.fromhex(str(part["commit"]))
        size = int(told["size"])
        proofs = [
            RowProof(
                int(one["i"]),
                size,
                bytes.fromhex(one["salt"]),
                tuple(bytes.fromhex(step) for step in one["path"]),
            )
            for one in told["rows"]
        ]
    except (NotCanonical, KeyError, TypeError, ValueError):
        return False
    again = canonical(
        {
            "rows": [
                {"i": one.i, "path": [step.hex() for step in one.path], "salt": one.salt.hex()}
                for one in proofs
            ],
            "size": size,
        }
    )
    return (
        again == files[proof_path]
        and len(rows) == len(proofs) > 0
        and b"".join(row + b"\n" for row in rows) == files[path]
        and all(first.i < second.i for first, second in pairwise(proofs))
        and (part.get("rows") is None or part.get("rows") == size)
        and all(row_holds(row, one, commit) for row, one in zip(rows, proofs, strict=True))
    )


def _is_canonical(row: bytes) -> bool:
    try:
        parse_canonical(row)
    except NotCanonical:
        return False
    return True
