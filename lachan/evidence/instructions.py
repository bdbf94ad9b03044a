"""What a bundle says about checking itself: a page in each language and a script for openssl. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files as resources
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from lachan.evidence.bundle import parts_of
from lachan.evidence.signing import unb64

# What may stand in a line of the script: a court runs it, and names come from members' messages.
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@-]*|-[A-Za-z0-9_-]{42}", re.ASCII)

_VI = """GÓI CHỨNG CỨ {case}

Gói này chứng minh những thông điệp nào đã được gửi, ai đã ký, lúc nào, và không tệp nào bị sửa sau đó.
Người nhận tự kiểm tra được, không cần mạng, không cần hỏi nơi đã lập gói.

1. Lấy tệp gốc root.json của hệ thống bằng một đường khác (văn bản, đĩa, trang của cơ quan quản lý).
   Tệp anchor/root.json trong gói chỉ để đối chiếu; tự nó không chứng minh điều gì.
2. Chạy:   lachan evidence verify TÊN-GÓI.zip --anchor root.json
   Mã thoát 0: hợp lệ. 1: không hợp lệ, hoặc thiếu bằng chứng, hoặc chưa neo. 4: không đọc được.
3. Không có phần mềm Lá Chắn: giải nén, rồi chạy   sh verify.sh ĐƯỜNG-DẪN/root.json
   (chỉ cần openssl 3.0 trở lên, sed, awk). Tập lệnh không kiểm tra danh bạ, căn cứ và thời hạn.

Phần được giữ lại (tệp .withheld) chỉ còn mã cam kết; việc giữ lại không làm gói mất giá trị.
Phần hiện ra phải đúng với mã cam kết trong manifest.json đã ký.

Khóa nhật ký: {log_kid}
"""
_EN = """EVIDENCE BUNDLE {case}

This bundle proves which messages were sent, who signed them, when, and that no file was altered since.
Whoever receives it can check it alone, without a network and without asking its maker.

1. Get the system's root.json by another way (a letter, a disc, the supervisor's page).
   anchor/root.json in here is for comparison only; by itself it proves nothing.
2. Run:   lachan evidence verify BUNDLE.zip --anchor root.json
   Exit code 0: valid. 1: not valid, or a proof is missing, or not anchored. 4: unreadable.
3. Without Lá Chắn: unpack, then run   sh verify.sh PATH/root.json
   (needs openssl 3.0 or newer, sed and awk only). It does not check directory, mandates and deadlines.

Of a withheld part (a .withheld file) only the commitment is left; withholding does not void the bundle.
What is shown must equal the commitment in the signed manifest.json.

Log key: {log_kid}
"""


def text(lang: str, *, case: str, log_kid: str) -> str:
    """VERIFY.<lang>.txt."""
    return (_EN if lang == "en" else _VI).format(case=case, log_kid=log_kid)


def script(files: Mapping[str, bytes], *, log_kid: str) -> str:
    """verify.sh for these files: the fixed part, and a line for each proof and signature."""
    fixed = resources("lachan.evidence").joinpath("verify.sh").read_text(encoding="utf-8")
    return fixed.replace("@LOG_KID@", log_kid).replace("@LINES@", "\n".join(_lines(files)))


def _lines(files: Mapping[str, bytes]) -> Iterator[str]:
    ids = {
        str(json.loads(data)["leaf"]): path.removeprefix("log/inclusion/").removesuffix(".json")
        for path, data in files.items()
        if path.startswith("log/inclusion/")
    }
    by_place = sorted(
        ids.values(), key=lambda name: int(json.loads(files[f"log/inclusion/{name}.json"])["idx"])
    )
    for line, name in enumerate(by_place, 1):
        yield f"inclusion {line} {name}"
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if name == "envelope.json":
            yield from _signatures(folder, json.loads(files[path]), files)
            for part in parts_of(files, folder):
                if part.get("form") != "rows" and _WORD.fullmatch(str(part.get("name"))):
                    yield f"part {folder} {part['name']}"


def _signatures(
    folder: str, envelope: Mapping[str, Any], files: Mapping[str, bytes]
) -> Iterator[str]:
    signed, assertions = [*envelope["approvals"], envelope["seal"]], 0
    for i, one in enumerate(signed):
        if isinstance(one, dict) and "protected" not in one:  # a security key's, see verify.sh
            assertions += 1
            kid = str(one["context"].get("kid"))
            if _WORD.fullmatch(kid):
                alg = _alg(files.get(f"keys/{kid}.pem", b""))
                yield f"assertion {folder} {i} {kid} {alg} {assertions}"
            continue
        header = json.loads(unb64(one["protected"]))
        kid, alg = str(header.get("kid")), str(header.get("alg"))
        if _WORD.fullmatch(kid) and _WORD.fullmatch(alg):
            verb = "seal" if i == len(signed) - 1 else "approval"
            yield f"{verb} {folder} {i} {kid} {alg}"


def _alg(pem: bytes) -> str:
    """By what a key verifies; an assertion does not say. `none` for a key that is not here: the script then fails."""
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        return "none"
    if isinstance(key, RSAPublicKey):
        return "RS256"
    return "Ed25519" if isinstance(key, Ed25519PublicKey) else "ES256"
