"""A bundle over real envelopes of the protocol: openssl reads every signature in it."""

import io
import subprocess
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from lachan.evidence import tree
from lachan.evidence.assemble import (
    CaseMessage,
    LogExtract,
    LoggedEntry,
    OpenPart,
    SignedHead,
    assemble,
    case_file,
    signers,
)
from lachan.evidence.entries import entry_bytes
from lachan.evidence.signing import HEAD, LogKey, pem_of
from lachan.evidence.verify import report
from lachan.exchange import crypto
from lachan.exchange.parts import PlainPart
from lachan.kernel.canonical import canonical
from lachan.kernel.time import from_wire

AT = from_wire("2026-11-24T03:00:00.000Z")
ID = "019ab000-0000-7000-8000-000000000001"
OFFICER, HEAD_OF_UNIT, MEMBER = (
    crypto.new_sign_key("Ed25519"),
    crypto.new_sign_key("ES256"),
    crypto.new_sign_key("ES256"),
)
JWKS: Mapping[str, Mapping[str, str]] = {
    crypto.kid_of(key): crypto.public_jwk(key) for key in (OFFICER, HEAD_OF_UNIT, MEMBER)
}
LOG = LogKey.new()
PARTS = (
    PlainPart(name="ask", body=canonical({"amount": 50_000_000})),
    PlainPart(name="rows", rows=tuple({"n": n} for n in range(7))),
)


def envelope() -> bytes:
    rows = []
    for part in PARTS:
        entry = part.entry()
        rows.append({"name": entry.name, "commit": entry.commit, "form": entry.form})
    manifest = canonical({"id": ID, "parts": rows})
    signed = [crypto.sign(manifest, key, typ="x") for key in (OFFICER, HEAD_OF_UNIT)]
    payload = canonical({"approvals": [], "h": sha256(manifest).hexdigest()})
    seal = crypto.sign(payload, MEMBER, typ="y")
    return canonical(
        {
            "approvals": [
                {"protected": one.protected, "signature": one.signature} for one in signed
            ],
            "manifest": crypto.b64encode(manifest),
            "parts": [],
            "seal": {
                "payload": crypto.b64encode(payload),
                "protected": seal.protected,
                "signature": seal.signature,
            },
        }
    )


@pytest.fixture(scope="module")
def made() -> tuple[bytes, bytes]:
    """The bundle and its root."""
    message = CaseMessage(
        id=ID,
        envelope=envelope(),
        parts={part.name: OpenPart(part.plaintext, part.salt) for part in PARTS},
    )
    body = canonical({"log_keys": [{"kid": LOG.kid, "jwk": LOG.public_jwk()}]})
    case = case_file(
        "VA-26-000001",
        [message],
        root=canonical({"root": body.decode(), "signatures": []}),
        directories={7: (b"{}", "a..b")},
        mandates={},
        jwk_of=JWKS.get,
    )
    entry = entry_bytes(event="accepted", actor="vn/police/a05", at=AT, h=message.h)
    leaf = tree.leaf_hash(entry)
    payload = canonical({"at": "2026-11-24T03:00:01.000Z", "root": leaf.hex(), "size": 1})
    head = SignedHead(1, payload, LOG.sign(payload, typ=HEAD))
    log = LogExtract(head, [LoggedEntry(ID, entry, leaf, 0, ())])
    return assemble(case, log, as_of="2026-11-24T03:00:01.000Z", key=LOG), case.root


def test_it_verifies(made: tuple[bytes, bytes]) -> None:
    found = report(made[0], anchor=made[1])
    assert found.wrong == ()
    assert found.ok


def test_openssl_verifies_ed25519_and_es256_alike(
    made: tuple[bytes, bytes], tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        archive.extractall(tmp_path / "b")
    (tmp_path / "root.json").write_bytes(made[1])
    ran = subprocess.run(
        ["sh", str(tmp_path / "b" / "verify.sh"), str(tmp_path / "root.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.count("/sig-") == 3


def test_the_signers_are_the_approvers_then_the_member() -> None:
    assert signers(envelope()) == list(JWKS)


def test_a_key_that_nobody_knows_is_left_out() -> None:
    message = CaseMessage(id=ID, envelope=envelope())
    case = case_file("x", [message], root=b"", directories={}, mandates={}, jwk_of=lambda _: None)
    assert case.keys == {}


def test_only_signing_keys_become_pem() -> None:
    with pytest.raises(ValueError, match="neither"):
        pem_of({"crv": "X25519", "x": "AA"})
