"""A bundle over a small made-up conversation, its keys and its log; no database."""

import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lachan.evidence import tree
from lachan.evidence.assemble import (
    CaseFile,
    CaseMessage,
    LogExtract,
    LoggedEntry,
    OpenPart,
    SignedHead,
    assemble,
)
from lachan.evidence.commitments import commit_bytes, commit_rows
from lachan.evidence.entries import entry_bytes
from lachan.evidence.signing import HEAD, RECEIPT, LogKey, b64
from lachan.kernel.canonical import canonical
from lachan.kernel.time import from_wire

AT = from_wire("2026-11-24T03:00:00.000Z")
IDS = [f"019ab000-0000-7000-8000-00000000000{n}" for n in range(1, 4)]
TALK = "019ab000-0000-7000-8000-0000000000ff"


def key(n: int) -> LogKey:
    return LogKey(Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32))


LOG, OFFICER, MEMBER = key(1), key(2), key(3)
ROWS = [canonical({"amount": n * 1000, "id": f"t{n}"}) for n in range(5)]


def part_of(n: int, name: str) -> tuple[dict[str, object], OpenPart]:
    salt = sha256(f"{n}{name}".encode()).digest()
    if name == "statement":
        content = b"".join(row + b"\n" for row in ROWS)
        return _row(name, "rows", commit_rows(salt, ROWS), content, rows=len(ROWS)), OpenPart(
            content, salt
        )
    content = canonical({"note": f"Nguyễn Thị Hường {n}"})
    return _row(name, "bytes", commit_bytes(salt, content), content), OpenPart(content, salt)


def _row(name: str, form: str, commit: bytes, content: bytes, **more: int) -> dict[str, object]:
    return {
        "name": name,
        "media_type": "application/json",
        "class": "B",
        "size": len(content),
        "commit": commit.hex(),
        "form": form,
        **more,
    }


def message(n: int) -> CaseMessage:
    made = {name: part_of(n, name) for name in ("body", "statement")}
    manifest = canonical(
        {"id": IDS[n], "parts": [row for row, _ in made.values()], "v": "lachan/1"}
    )
    h = sha256(manifest).hexdigest()
    head, _, signature = OFFICER.sign(manifest, typ="lachan-approval+jws").split(".")
    seal = MEMBER.sign(canonical({"approvals": [], "h": h}), typ="lachan-seal+jws").split(".")
    envelope = {
        "manifest": b64(manifest),
        "approvals": [{"protected": head, "signature": signature}],
        "seal": {"protected": seal[0], "payload": seal[1], "signature": seal[2]},
        "parts": [],
    }
    return CaseMessage(
        id=IDS[n],
        envelope=json.dumps(envelope).encode(),
        parts={name: shown for name, (_, shown) in made.items()},
        centre_receipt=LOG.sign(
            canonical(
                {
                    "due_at": None,
                    "h": h,
                    "leaf": tree.leaf_hash(entry_of(h)).hex(),
                    "logged_at": "2026-11-24T03:00:00.000Z",
                    "merge_by": "2026-11-24T03:01:00.000Z",
                }
            ),
            typ=RECEIPT,
        ),
    )


def entry_of(h: str) -> bytes:
    return entry_bytes(event="accepted", actor="vn/police/a05", at=AT, h=h, conversation=TALK)


def sign_head(nodes: dict[tuple[int, int], bytes], size: int) -> SignedHead:
    root = tree.root(size, lambda level, i: nodes[level, i])
    payload = canonical({"at": "2026-11-24T03:00:30.000Z", "root": root.hex(), "size": size})
    return SignedHead(size, payload, LOG.sign(payload, typ=HEAD))


def case_file(messages: int = 3, extra: dict[str, bytes] | None = None) -> CaseFile:
    body = canonical(
        {"log_keys": [{"kid": LOG.kid, "jwk": LOG.public_jwk()}], "v": "lachan-root/1"}
    )
    return CaseFile(
        case="VA-26-004182",
        messages=[message(n) for n in range(messages)],
        root=canonical({"root": body.decode(), "signatures": []}),
        directories={1: b"{}"},
        mandates={"VN.BLTTHS.88@1": b"{}"},
        keys={OFFICER.kid: OFFICER.pem(), MEMBER.kid: MEMBER.pem()},
        extra=extra or {},
    )


def log_extract(case: CaseFile) -> LogExtract:
    others = [b"another case %d" % n for n in range(7)]
    entries = [*others[:4], *(entry_of(one.h) for one in case.messages), *others[4:]]
    leaves = [tree.leaf_hash(one) for one in entries]
    nodes = {(level, i): hashed for level, i, hashed in tree.grow(0, leaves, ())}

    def node(level: int, i: int) -> bytes:
        return nodes[level, i]

    size = len(entries)
    shown = [
        LoggedEntry(IDS[n], entries[4 + n], leaves[4 + n], 4 + n, tree.inclusion(4 + n, size, node))
        for n in range(len(case.messages))
    ]
    earlier = [
        (sign_head(nodes, at), tree.consistency(at, size, node)) for at in (3, 5) if at < size
    ]
    return LogExtract(sign_head(nodes, size), shown, earlier)


def make_bundle(messages: int = 3, extra: dict[str, bytes] | None = None) -> bytes:
    case = case_file(messages, extra)
    return assemble(case, log_extract(case), as_of="2026-11-24T03:00:30.000Z", key=LOG)


@pytest.fixture(scope="session")
def bundle_bytes() -> bytes:
    return make_bundle()
