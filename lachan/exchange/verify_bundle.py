"""The messages of an evidence bundle: root, directories and law, then each message (V2–V7, V9, V10, V15). Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from lachan.exchange.crypto import Jws, b64decode
from lachan.exchange.crypto import verify as verify_jws
from lachan.exchange.deadlines import WorkCalendar
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import DirectoryRollback
from lachan.exchange.mandate_rows import MandateRow
from lachan.exchange.mandates import Catalogue
from lachan.exchange.signer_errors import SignatureBad, SignerUnknown
from lachan.exchange.strict_json import read_json
from lachan.exchange.verify_filed import (
    Case,
    Filed,
    check_due,
    check_law,
    check_order,
    check_signatures,
)
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.checks import BundleFiles, Check
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire
from lachan.members.directory import Directory
from lachan.members.root import Root

RECEIPT = "lachan-receipt+jws"


MAX_BUNDLE_FILE = 64 * 2**20


_MESSAGE = re.compile(r"messages/(\d+)-([^/]+)/manifest\.json")


def verify_bundle(files: BundleFiles) -> list[Check]:
    """V2–V6, V9, V10, V15 over a bundle's files (layout: kernel/checks.py). Never raises for bad content."""
    case = Case(files, [])
    _check_root(case)
    _check_directories(case)
    _read_law(case)
    _read_messages(case)
    for one in case.messages:
        check_signatures(case, one)
        check_law(case, one)
        check_due(case, one)
    check_order(case)
    return case.checks


def _json(data: bytes) -> Any:
    return read_json(data, limit=MAX_BUNDLE_FILE)


def _check_root(case: Case) -> None:
    path = "anchor/root.json"
    try:
        case.root = Root.from_json(_json(case.files[path]))
    except (LachanError, KeyError) as error:
        case.bad(
            "V2",
            f"Gốc tin cậy không hợp lệ: {error}",
            f"The root is not valid: {error}",
            path,
        )
    else:
        case.good(
            "V2",
            "Gốc tin cậy đủ số chữ ký.",
            "The root has its threshold of signatures.",
            path,
        )


def _check_directories(case: Case) -> None:
    before: Directory | None = None
    numbered = sorted(
        (int(path[10:-5]), path)
        for path in case.files
        if path.startswith("directory/") and path[10:-5].isdigit()
    )
    if not numbered:
        case.bad("V3", "Không có danh bạ nào.", "There is no directory.")
    for number, path in numbered:
        try:
            read = _json(case.files[path])
            if case.root is None:
                raise SignerUnknown
            one = Directory.from_bytes(case.root, str(read["directory"]).encode(), str(read["jws"]))
            if one.version != number:
                raise DirectoryRollback(got=one.version, seen=number)
            one.ensure_follows(before)
        except (LachanError, KeyError, TypeError) as error:
            case.bad(
                "V3",
                f"Danh bạ không hợp lệ: {error}",
                f"The directory is not valid: {error}",
                path,
            )
            continue
        case.directories[number] = before = one
        case.good(
            "V3",
            f"Danh bạ {number}: chữ ký và chuỗi đúng.",
            f"Directory {number}: signature and chain hold.",
            path,
        )


def _read_law(case: Case) -> None:
    rows = []
    for path in sorted(case.files):
        if not path.startswith("mandates/") or path == "mandates/calendar.json":
            continue
        try:
            rows.append(msgspec.convert(_json(case.files[path]), MandateRow))
        except (LachanError, msgspec.ValidationError) as error:
            case.bad("V10", f"Căn cứ không đọc được: {error}", f"Unreadable row: {error}", path)
    known = {one.calendar_hash for one in case.directories.values()}
    path = "mandates/calendar.json"
    if path in case.files:
        data = case.files[path]
        if hashlib.sha256(data).hexdigest() in known:
            case.calendar = WorkCalendar.from_json(_json(data))
        else:
            case.bad("V15", "Lịch không phải lịch đã ký trong danh bạ.",
                "The calendar is not the one in the directory.", path,
            )  # fmt: skip
    case.catalogue = Catalogue(tuple(rows), case.calendar or WorkCalendar())
    whole = case.catalogue.hash in {one.mandates_hash for one in case.directories.values()}
    if rows:
        case.good(
            "V10",
            "Danh mục căn cứ đúng với danh bạ."
            if whole
            else "Chỉ có một phần danh mục căn cứ: chưa đối chiếu được với danh bạ.",
            "The catalogue is the directory's."
            if whole
            else "Only part of the catalogue is here: not compared with the directory.",
            "mandates/",
        )


def _read_messages(case: Case) -> None:
    log_keys = {
        kid: jwk for one in case.directories.values() for kid, jwk in one.log_keys().items()
    }
    found = sorted(
        (int(match[1]), match) for path in case.files if (match := _MESSAGE.fullmatch(path))
    )
    for _number, match in found:
        folder = f"messages/{match[1]}-{match[2]}"
        try:
            envelope = Envelope.from_bytes(canonical(_json(case.files[f"{folder}/envelope.json"])))
            if envelope.manifest_bytes != case.files[f"{folder}/manifest.json"]:
                raise SignatureBad.because("manifest.json is not the envelope's")
            receipt = _receipt(
                case.files[f"receipts/{match[1]}-{match[2]}.centre.jws"], log_keys, envelope.h
            )
            version = envelope.manifest.directory_version
            filed = Filed(
                folder,
                envelope,
                from_wire(str(receipt["logged_at"])),
                receipt.get("due_at"),
                _directory_at(case, version, str(receipt["logged_at"])),
            )
        except (LachanError, KeyError, TypeError, ValueError) as error:
            case.bad(
                "V4",
                f"Thông điệp không hợp lệ: {error}",
                f"The message is not valid: {error}",
                folder,
            )
            continue
        case.messages.append(filed)


def _directory_at(case: Case, version: int, logged_at: str) -> Directory | None:
    """The newest directory issued by the log time and no older than the sender's."""
    fitting = [
        one
        for number, one in case.directories.items()
        if number >= version and one.read.issued_at <= logged_at
    ]
    return max(fitting, key=lambda one: one.version, default=case.directories.get(version))


def _receipt(token: bytes, keys: Mapping[str, Mapping[str, str]], h: str) -> dict[str, Any]:
    protected, payload, signature = token.decode("ascii").strip().split(".")
    jws = Jws(protected, signature)
    jwk = keys.get(str(jws.header.get("kid")))
    if jwk is None:
        raise SignerUnknown
    body = b64decode(payload)
    verify_jws(jws, body, jwk, typ=RECEIPT)
    read = parse_canonical(body)
    if not isinstance(read, dict) or read.get("h") != h:
        raise SignatureBad.because("a receipt for another message")
    return read
