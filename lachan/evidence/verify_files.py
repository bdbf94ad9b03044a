"""V1: every file is the one that the log's key signed for. Pure."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lachan.evidence.assemble import signature_files
from lachan.evidence.bundle import (
    LIST,
    VERSION,
    Bundle,
    is_bound_by_commitment,
    is_withholdable,
)
from lachan.evidence.errors import SignatureInvalid
from lachan.evidence.signing import BUNDLE, b64, open_jws, thumbprint, unb64
from lachan.kernel.canonical import NotCanonical, canonical, parse_canonical
from lachan.kernel.checks import BundleFiles, Check


def check(bundle: Bundle) -> list[Check]:
    """One line for the list's signature and one for each file that is not as listed."""
    wrong: list[Check] = []
    listed: dict[str, str] = {}
    try:
        body, token = _list(bundle.files)
        listed = {str(path): str(value) for path, value in body["files"].items()}
        open_jws(token, log_keys(bundle.files), typ=BUNDLE)
    except (NotCanonical, SignatureInvalid, ValueError) as cause:
        wrong.append(
            Check.bad(
                "V1",
                LIST,
                f"Danh sách tệp không đúng chữ ký hoặc không đọc được ({cause}).",
                f"The list of files is not signed rightly or cannot be read ({cause}).",
            ),
        )
    if listed:  # read even when its signature fails: an altered root.json is then named too
        wrong += [*_against_list(bundle, listed), *_derived(bundle.files)]
    return wrong or [
        Check.good(
            "V1",
            f"{len(listed)} tệp đúng với danh sách đã ký.",
            f"{len(listed)} files are as the signed list says.",
        )
    ]


def log_keys(files: BundleFiles) -> dict[str, Ed25519PublicKey]:
    """The log keys that the root names; empty when the root is unreadable (V2 says why)."""
    try:
        root = parse_canonical(str(json.loads(files["anchor/root.json"])["root"]).encode())
        keys = [
            Ed25519PublicKey.from_public_bytes(unb64(row["jwk"]["x"]))
            for row in root["log_keys"]
            if row["jwk"]["crv"] == "Ed25519"
        ]
    except (KeyError, TypeError, ValueError, NotCanonical, UnsupportedAlgorithm, RecursionError):
        return {}
    return {thumbprint(key): key for key in keys}


def _list(files: BundleFiles) -> tuple[dict[str, Any], str]:
    """The list's body and its JWS in compact form, unverified. Raises: NotCanonical, ValueError."""
    whole = _object(parse_canonical(files[LIST]), {"bundle", "jws"})
    body = _object(whole["bundle"], {"as_of", "case", "files", "v"})
    head, middle, signature = str(whole["jws"]).split(".")
    if middle or body["v"] != VERSION or not isinstance(body["files"], dict):
        msg = "form"
        raise ValueError(msg)
    return body, f"{head}.{b64(canonical(body))}.{signature}"


def _against_list(bundle: Bundle, listed: dict[str, str]) -> Iterator[Check]:
    for path in sorted(bundle.files.keys() | listed.keys()):
        if path in bundle.damaged:
            yield Check.bad("V1", path, f"Tệp {path} bị hỏng.", f"The file {path} is damaged.")
        elif path not in bundle.files:
            if not is_withholdable(path):
                yield Check.bad("V1", path, f"Thiếu tệp {path}.", f"The file {path} is missing.")
        elif path in listed:
            if sha256(bundle.files[path]).hexdigest() != listed[path]:
                yield Check.bad(
                    "V1", path, f"Tệp {path} đã bị sửa.", f"The file {path} was altered."
                )
        elif path != LIST and not is_bound_by_commitment(path):
            yield Check.bad(
                "V1",
                path,
                f"Tệp {path} không có trong danh sách.",
                f"The file {path} is not listed.",
            )


def _derived(files: BundleFiles) -> Iterator[Check]:
    """What openssl is given must be what the envelope says: the log's key alone could list others."""
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if name != "envelope.json":
            continue
        try:
            right = signature_files(files[path]) | {
                "manifest.json": unb64(str(json.loads(files[path])["manifest"]))
            }
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            yield Check.bad("V1", path, f"Không đọc được {path}.", f"{path} cannot be read.")
            continue
        for one, data in right.items():
            if files.get(f"{folder}/{one}") != data:
                at = f"{folder}/{one}"
                yield Check.bad(
                    "V1",
                    at,
                    f"{at} không khớp với phong bì.",
                    f"{at} does not follow from the envelope.",
                )


def _object(value: object, names: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != names:
        msg = "form"
        raise ValueError(msg)
    return value
