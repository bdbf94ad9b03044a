"""A bundle whose orders were signed by security keys: the verifier and openssl alone agree on it."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lachan.evidence.assemble import signature_files
from lachan.evidence.bundle import LIST, read, seal_list, write
from lachan.evidence.export import export_case
from lachan.evidence.keys import log_key_path
from lachan.evidence.signing import LogKey
from lachan.exchange import crypto
from lachan.exchange.approvals import AssertionApproval
from lachan.kernel.canonical import canonical
from lachan.kernel.time import FixedClock
from tests.integration.evidence.test_whole_bundle import (
    DEMO,
    PROFILE,
    logged,
    verify,
    whole_case,
)
from tests.unit.exchange.conftest import World, _world, names, now, world
from tests.unit.exchange.test_verify import LAN, MINH, Exchange
from tests.unit.exchange.test_verify_security_keys import enrol, touch

__all__ = ["_world", "names", "now", "world"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(world: World, names: Any, now: datetime, data_folder: Path) -> tuple[Path, Path]:
    """Three orders on one sheet: each signed by an Ed25519 and an RSA key, the last by P-256 and a software key."""
    log_key_path().parent.mkdir()
    log_key_path().write_text(json.dumps(crypto.private_jwk(world.log_key)))
    world.hashes = {"mandates_hash": DEMO.hash, "calendar_hash": PROFILE.calendar_hash}
    keys = [enrol(world, *one) for one in (("lan", "Ed25519"), ("minh", "RS256"), ("lan", "ES256"))]
    exchange = Exchange(world, names, now)
    sheet = [exchange.hold(amount=amount) for amount in (1_000_000, 2_000_000, 3_000_000)]
    first, second = touch(keys[0], exchange, sheet, LAN), touch(keys[1], exchange, sheet, MINH)
    third = touch(keys[2], exchange, sheet, LAN)[2]
    sent = [exchange.seal(sheet[n], [first[n], second[n]]) for n in (0, 1)]
    sent.append(exchange.seal(sheet[2], [*exchange.sign(sheet[2], MINH), third]))
    clock = FixedClock(now)
    filed = [logged(world, exchange, one, clock) for one in sent]
    case = whole_case(world, exchange, filed)
    bundle, anchor = data_folder / "case.zip", data_folder / "root.json"
    bundle.write_bytes(export_case(case, actor="vn/police/a05", clock=clock).data)
    anchor.write_bytes(case.root)
    return bundle, anchor


def by_openssl(bundle: Path, anchor: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    with zipfile.ZipFile(io.BytesIO(bundle.read_bytes())) as archive:
        archive.extractall(folder)
    return subprocess.run(
        ["sh", str(folder / "verify.sh"), str(anchor)], capture_output=True, text=True, check=False
    )


def test_the_command_line_calls_it_valid(exported: tuple[Path, Path]) -> None:
    ran = verify(exported[0], "--anchor", exported[1], "--lang", "en")
    assert ran.exit_code == 0, ran.stdout


def test_openssl_alone_agrees_and_says_where_it_was_signed(
    exported: tuple[Path, Path], tmp_path: Path
) -> None:
    ran = by_openssl(*exported, tmp_path / "b")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("signed at: https://lachan.example") == 5
    assert ran.stderr == ""


def moved(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """An approval of another message of the sheet."""
    return {**one, "proof": other["proof"]}


def other_context(one: dict[str, Any], _other: dict[str, Any]) -> dict[str, Any]:
    return {**one, "context": {**one["context"], "officer": "minh"}}


def other_size(one: dict[str, Any], _other: dict[str, Any]) -> dict[str, Any]:
    return {
        **one, "context": {**one["context"], "size": 4}, "proof": {**one["proof"], "size": 4},
    }  # fmt: skip


def other_client(one: dict[str, Any], _other: dict[str, Any]) -> dict[str, Any]:
    data = crypto.b64decode(one["clientDataJSON"]).replace(b"lachan", b"nachal")
    return {**one, "clientDataJSON": crypto.b64encode(data)}


@pytest.mark.parametrize("change", [moved, other_context, other_size, other_client])
def test_what_was_altered_is_found_by_both_even_by_the_holder_of_the_logs_key(
    exported: tuple[Path, Path], tmp_path: Path, world: World, change: Any
) -> None:
    bundle, anchor = exported
    files = dict(read(bundle.read_bytes()).files)
    paths = sorted(path for path in files if path.endswith("envelope.json"))
    envelope, other = (json.loads(files[path]) for path in paths[:2])
    bent = change(envelope["approvals"][0], other["approvals"][0])
    AssertionApproval.from_json(bent)  # of the right form, so that only what it says is wrong
    files[paths[0]] = canonical({**envelope, "approvals": [bent, envelope["approvals"][1]]})
    folder = paths[0].rpartition("/")[0]
    files |= {f"{folder}/{name}": data for name, data in signature_files(files[paths[0]]).items()}
    bundle.write_bytes(write(listed_anew(files, world)))
    told = json.loads(verify(bundle, "--anchor", anchor, "--json").stdout)
    assert {line["id"] for line in told["checks"] if not line["ok"]} >= {"V4"}
    assert "V1" not in {line["id"] for line in told["checks"] if not line["ok"]}
    ran = by_openssl(bundle, anchor, tmp_path / "b")
    assert ran.returncode == 1
    wrong = [line for line in ran.stdout.splitlines() if line.startswith("SAI")]
    assert wrong
    assert all(line.startswith(f"SAI / WRONG: {folder}/") for line in wrong)


def listed_anew(files: dict[str, bytes], world: World) -> dict[str, bytes]:
    """The list over what stands there now, under the log's own key."""
    body = json.loads(files[LIST])["bundle"]
    hashes = {path: sha256(files[path]).hexdigest() for path in body["files"]}
    key = LogKey.from_jwk(crypto.private_jwk(world.log_key))
    sealed = seal_list(files, case=body["case"], as_of=body["as_of"], hashes=hashes, key=key)
    return {**files, LIST: sealed}
