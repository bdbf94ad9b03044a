"""V11: every message has its entry, every entry its place in the log. Pure."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from lachan.evidence import tree
from lachan.evidence.bundle import Bundle
from lachan.evidence.errors import SignatureInvalid
from lachan.evidence.heads import Head
from lachan.evidence.signing import RECEIPT, ascii_text, open_jws
from lachan.evidence.verify_files import log_keys
from lachan.evidence.verify_heads import newest
from lachan.evidence.verify_parts import message_folders
from lachan.kernel.canonical import NotCanonical, parse_canonical
from lachan.kernel.checks import BundleFiles, Check


def check_inclusion(bundle: Bundle) -> list[Check]:
    """V11: the head is signed; every entry is in its tree; every message and receipt has its entry."""
    files = bundle.files
    head = newest(files)
    if head is None:
        return [
            Check.bad(
                "V11",
                "log/sth.jws",
                "Đầu cây nhật ký không đúng chữ ký.",
                "The log's head is not signed rightly.",
            )
        ]
    lines = files.get("log/entries.jsonl", b"").split(b"\n")[:-1]
    wrong = list(_entries_outside(files, lines, head))
    if not wrong:
        leaves: dict[str, set[str]] = {}
        for line in lines:
            entry = parse_canonical(line)
            leaves.setdefault(str(entry.get("h")), set()).add(tree.leaf_hash(line).hex())
        wrong = [*_messages_without_entry(files, lines), *_receipts_without_entry(files, leaves)]
    return wrong or [
        Check.good(
            "V11",
            f"{len(lines)} mục nhật ký nằm trong cây {head.size} mục; thông điệp nào cũng có mục.",
            f"{len(lines)} log entries are in the tree of {head.size}; every message has its entry.",
        )
    ]


def _entries_outside(files: BundleFiles, lines: list[bytes], head: Head) -> Iterator[Check]:
    proofs: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for path in sorted(path for path in files if path.startswith("log/inclusion/")):
        try:
            proof = parse_canonical(files[path])
            proofs.setdefault(str(proof["leaf"]), []).append((path, proof))
        except (NotCanonical, KeyError, TypeError):
            yield Check.bad("V11", path, f"Không đọc được {path}.", f"{path} cannot be read.")
    for n, line in enumerate(lines, 1):
        leaf = tree.leaf_hash(line)
        found = proofs.get(leaf.hex())
        where = f"log/entries.jsonl:{n}"
        if not found:
            yield Check.bad(
                "V11", where, f"Mục {n} không có bằng chứng trong cây.", f"Entry {n} has no proof."
            )
            continue
        path, proof = found.pop()
        if not _included(leaf, proof, head):
            yield Check.bad(
                "V11",
                path,
                f"{path}: mục {n} không nằm trong cây.",
                f"{path}: entry {n} is not in the tree.",
            )
        elif not _readable(line):
            yield Check.bad("V11", where, f"Mục {n} không đọc được.", f"Entry {n} cannot be read.")
    for rest in proofs.values():
        for path, _ in rest:
            yield Check.bad(
                "V11", path, f"{path} không thuộc mục nào.", f"{path} belongs to no entry."
            )


def _included(leaf: bytes, proof: dict[str, Any], head: Head) -> bool:
    try:
        idx, size = int(proof["idx"]), int(proof["size"])
        path = [bytes.fromhex(step) for step in proof["path"]]
    except (KeyError, TypeError, ValueError):
        return False
    return size == head.size and tree.inclusion_holds(
        leaf, idx=idx, size=size, path=path, head=head.root
    )


def _readable(line: bytes) -> bool:
    try:
        return isinstance(parse_canonical(line), dict)
    except NotCanonical:
        return False


def _messages_without_entry(files: BundleFiles, lines: list[bytes]) -> Iterator[Check]:
    logged = {
        str(entry.get("h"))
        for entry in map(parse_canonical, lines)
        if entry.get("event") in {"accepted", "refused"}
    }
    for folder in message_folders(files):
        h = sha256(files.get(f"{folder}/manifest.json", b"")).hexdigest()
        if h not in logged:
            yield Check.bad(
                "V11",
                folder,
                f"Thông điệp {folder} không có trong nhật ký.",
                f"The message {folder} is not in the log.",
            )


def _receipts_without_entry(files: BundleFiles, leaves: dict[str, set[str]]) -> Iterator[Check]:
    keys = log_keys(files)
    for path in sorted(path for path in files if path.endswith(".centre.jws")):
        folder = "messages/" + path.removeprefix("receipts/").removesuffix(".centre.jws")
        try:
            _, payload = open_jws(ascii_text(files[path]), keys, typ=RECEIPT)
            told = parse_canonical(payload)
            h, leaf = str(told["h"]), str(told["leaf"])
        except (SignatureInvalid, NotCanonical, KeyError, TypeError):
            yield Check.bad(
                "V11",
                path,
                f"Biên nhận {path} không đúng chữ ký.",
                f"The receipt {path} is not signed rightly.",
            )
            continue
        if h != sha256(files.get(f"{folder}/manifest.json", b"")).hexdigest():
            yield Check.bad(
                "V11",
                path,
                f"Biên nhận {path} là của thông điệp khác.",
                f"The receipt {path} is another message's.",
            )
        elif leaf not in leaves.get(h, ()):
            yield Check.bad(
                "V11",
                path,
                f"Nhật ký không có mục mà biên nhận {path} đã hứa.",
                f"The log lacks the entry that {path} promised.",
            )
