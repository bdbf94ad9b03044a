"""The published protocol is the one that runs: files are up to date, vectors hold for an independent reader."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import lachan
from lachan.exchange.kinds import all_kinds
from lachan.exchange.manifest import Manifest
from lachan.exchange.parts import root_from_path
from lachan.kernel.errors import LachanError

FOLDER = Path(next(iter(lachan.__path__))).parent / "docs" / "protocol"
VECTORS = json.loads((FOLDER / "vectors.json").read_text("utf-8"))


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_generated_files_are_those_of_the_code():
    spec = importlib.util.spec_from_file_location("protocol_generate", FOLDER / "generate.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    for name, content in made.outputs().items():
        assert (FOLDER / name).read_text("utf-8") == content, (
            f"run docs/protocol/generate.py: {name}"
        )


def test_signatures_verify_with_nothing_of_ours():
    message = VECTORS["message"]
    for who, signed, payload in (
        ("officer", message["approval"], message["manifest"]),
        ("member", message["seal"], message["seal"]["payload"]),
    ):
        key = Ed25519PublicKey.from_public_bytes(unb64(VECTORS["keys"][who]["x"]))
        body = base64.urlsafe_b64encode(payload.encode()).rstrip(b"=").decode()
        key.verify(unb64(signed["signature"]), f"{signed['protected']}.{body}".encode())
    assert hashlib.sha256(message["manifest"].encode()).hexdigest() == message["h"]
    digest = hashlib.sha256(unb64(message["approval"]["signature"])).hexdigest()
    assert json.loads(message["seal"]["payload"])["approvals"] == [digest]


def test_a_security_keys_assertion_verifies_with_nothing_of_ours():
    one = VECTORS["assertion"]
    approval = one["approval"]
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(h)).digest() for h in one["sheet"]]
    left = hashlib.sha256(b"\1" + leaves[0] + leaves[1]).digest()
    root = hashlib.sha256(b"\1" + left + leaves[2]).hexdigest()
    assert (one["sheet"][1], approval["context"]["root"]) == (VECTORS["message"]["h"], root)
    assert approval["proof"] == {"index": 1, "size": 3, "path": [leaves[0].hex(), leaves[2].hex()]}
    context = json.dumps(approval["context"], sort_keys=True, separators=(",", ":"))
    assert context == one["context_utf8"]
    asked = hashlib.sha256(b"lachan-approval/1\0" + context.encode()).digest()
    client, head = unb64(approval["clientDataJSON"]), unb64(approval["authenticatorData"])
    assert unb64(json.loads(client)["challenge"]) == asked
    assert head[:32] == hashlib.sha256(one["relying_party"]["id"].encode()).digest()
    key = Ed25519PublicKey.from_public_bytes(unb64(VECTORS["keys"]["security_key"]["x"]))
    key.verify(unb64(approval["signature"]), head + hashlib.sha256(client).digest())
    assert hashlib.sha256(unb64(approval["signature"])).hexdigest() == one["digest"]


def test_commitments_hold_by_their_definition():
    one = VECTORS["commitment"]
    salt = bytes.fromhex(one["salt"])
    assert hashlib.sha256(b"\2" + salt + one["plaintext"].encode()).hexdigest() == one["commit"]
    rows = VECTORS["rows"]
    lines = bytes.fromhex(rows["plaintext_hex"]).split(b"\n")[:-1]
    for index, line in enumerate(lines):
        row_salt = hmac.new(salt, b"row" + index.to_bytes(8, "big"), hashlib.sha256).digest()
        assert row_salt.hex() == rows["row_salts"][index]
        assert hashlib.sha256(b"\0" + row_salt + line).hexdigest() == rows["leaves"][index]
    path = [bytes.fromhex(step) for step in rows["path_of_row_1"]]
    root = root_from_path(bytes.fromhex(rows["leaves"][1]), 1, 3, path)
    assert root.hex() == rows["commit"]


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["what"])
def test_what_must_be_refused_is(case):
    with pytest.raises(LachanError) as refused:
        Manifest.parse(unb64(case["manifest"]))
    assert refused.value.code == case["code"]


def test_every_kind_has_its_schema_and_its_section():
    schemas = json.loads((FOLDER / "schemas.json").read_text("utf-8"))
    page = (FOLDER / "kinds.md").read_text("utf-8")
    assert set(schemas) == set(all_kinds())
    for name in schemas:
        assert f"## `{name}`" in page
