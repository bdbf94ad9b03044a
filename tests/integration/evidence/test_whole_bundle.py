"""From signed messages to a court's verdict: order, answer and renewal, logged, exported, verified by the CLI."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from lachan.cli.evidence import evidence
from lachan.evidence import services
from lachan.evidence.assemble import CaseFile, CaseMessage, OpenPart, case_file
from lachan.evidence.bundle import read, withhold, write
from lachan.evidence.export import export_case
from lachan.evidence.keys import log_key_path
from lachan.evidence.sequencer import sequence_once
from lachan.exchange import crypto
from lachan.exchange.deadlines import due_at
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import MessageType, kind
from lachan.exchange.manifest import Outcome
from lachan.exchange.messages import hold
from lachan.exchange.opening import read_part
from lachan.kernel.canonical import canonical
from lachan.kernel.time import FixedClock, to_wire
from lachan.profiles.load import load_profile
from tests.unit.exchange.conftest import World, _world, names, now, world
from tests.unit.exchange.test_verify import DEMO, HA, Exchange, passed

__all__ = ["_world", "names", "now", "world"]
pytestmark = pytest.mark.django_db
PROFILE = load_profile("demo")


@pytest.fixture
def messages(world: World, names: Any, now: datetime) -> tuple[Exchange, list[Envelope]]:
    """An order with its answer and its renewal, as the exchange's own tests make them."""
    world.hashes = {"mandates_hash": DEMO.hash, "calendar_hash": PROFILE.calendar_hash}
    exchange = Exchange(world, names, now)
    order = exchange.signed_hold()
    renewal = exchange.renewal(passed(exchange.centre(order)))
    answer = exchange.draft(
        "hold",
        hold.Reply(as_of=to_wire(now), effect=hold.Effect.FULL, held=60_000_000, carved=0, at=to_wire(now)),
        type="answer",
        sender=names.acb,
        receiver=names.a05,
        in_reply_to=order.h,
        conversation=order.manifest.conversation,
        outcome=Outcome(status="Disclosed", substate="complete", effect="FULL"),
        mandates=(),
    )  # fmt: skip
    return exchange, [
        order,
        exchange.seal(answer, [], sender=names.acb),
        exchange.seal(renewal, exchange.sign(renewal, HA)),
    ]


@pytest.fixture
def exported(
    messages: tuple[Exchange, list[Envelope]], world: World, now: datetime, data_folder: Path
) -> tuple[Path, Path]:
    """The bundle's and the anchor's paths."""
    log_key_path().parent.mkdir()
    log_key_path().write_text(json.dumps(crypto.private_jwk(world.log_key)))
    exchange, envelopes = messages
    clock = FixedClock(now)
    filed = [logged(world, exchange, one, clock) for one in envelopes]
    case = whole_case(world, exchange, filed)
    bundle, anchor = data_folder / "case.zip", data_folder / "root.json"
    bundle.write_bytes(export_case(case, actor="vn/police/a05", clock=clock).data)
    anchor.write_bytes(case.root)
    return bundle, anchor


def logged(world: World, exchange: Exchange, envelope: Envelope, clock: FixedClock) -> CaseMessage:
    manifest, at = envelope.manifest, clock.now()
    due = None
    if manifest.type is MessageType.ASK:
        due = due_at(kind(manifest.kind), manifest.priority, at, PROFILE.calendar)
    entry = services.append(
        "accepted", manifest.sender, at, h=envelope.h, conversation=manifest.conversation,
        sender=manifest.sender, receiver=manifest.receiver, kind=manifest.kind,
    )  # fmt: skip
    sequence_once(clock)
    mine = world.keys[f"{exchange.names.a05}#encrypt"]
    opened = {part.name: read_part(envelope, part.name, mine) for part in manifest.parts}
    return CaseMessage(
        id=manifest.id,
        envelope=envelope.to_bytes(),
        parts={name: OpenPart(one.body, one.salt) for name, one in opened.items()},
        centre_receipt=services.receipt(entry, due_at=due),
    )


def whole_case(world: World, exchange: Exchange, messages: list[CaseMessage]) -> CaseFile:
    rows = {f"{row.code}@{row.version}": canonical(msgspec.to_builtins(row)) for row in DEMO.rows}
    directory = exchange.directory

    def jwk_of(kid: str) -> dict[str, str] | None:
        row = directory.key(kid)
        return None if row is None else row.jwk

    return case_file(
        "VA-26-004182",
        messages,
        root=canonical(world.root.to_json()),
        directories={directory.version: (directory.body, directory.jws)},
        mandates={**rows, "calendar": PROFILE.calendar_bytes},
        jwk_of=jwk_of,
    )


def verify(*arguments: object) -> Any:
    return CliRunner().invoke(evidence, ["verify", *map(str, arguments)])


def test_the_command_line_calls_it_valid(exported: tuple[Path, Path]) -> None:
    bundle, anchor = exported
    ran = verify(bundle, "--anchor", anchor, "--lang", "vi")
    assert ran.exit_code == 0, ran.stdout
    assert "HỢP LỆ." in ran.stdout
    assert "SAI" not in ran.stdout


def test_with_json_every_rule_is_there(exported: tuple[Path, Path]) -> None:
    bundle, anchor = exported
    told = json.loads(verify(bundle, "--anchor", anchor, "--json").stdout)
    assert (told["ok"], told["anchored"], told["stamped"]) == (True, True, False)
    assert {line["id"] for line in told["checks"]} == {f"V{n}" for n in range(1, 16)}


def test_without_an_anchor_it_is_not_valid_yet(exported: tuple[Path, Path]) -> None:
    ran = verify(exported[0], "--lang", "en")
    assert ran.exit_code == 1
    assert "Consistent, not anchored" in ran.stdout


def test_with_another_systems_root_it_is_not_valid(
    exported: tuple[Path, Path], tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(exported[1].read_bytes().replace(b"vn", b"xx"))
    assert verify(exported[0], "--anchor", other).exit_code == 1


def test_with_everything_withheld_it_is_still_valid(exported: tuple[Path, Path]) -> None:
    bundle, anchor = exported
    files = read(bundle.read_bytes()).files
    parts = [path for path in files if "/parts/" in path and not path.endswith(".salt")]
    bundle.write_bytes(write(withhold(files, parts)))
    ran = verify(bundle, "--anchor", anchor, "--json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["withheld"] == sorted(parts)


def test_a_byte_altered_in_any_file_makes_it_invalid_and_names_the_file(
    exported: tuple[Path, Path],
) -> None:
    bundle, anchor = exported
    files = dict(read(bundle.read_bytes()).files)
    for path, data in files.items():
        at = len(data) // 2
        bent = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        bundle.write_bytes(write({**files, path: bent}))
        ran = verify(bundle, "--anchor", anchor, "--json")
        assert ran.exit_code == 1, path
        named = [
            line.get("where") or "" for line in json.loads(ran.stdout)["checks"] if not line["ok"]
        ]
        assert any(where.startswith(path) for where in named), path


def test_openssl_alone_agrees(exported: tuple[Path, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(exported[0].read_bytes())) as archive:
        archive.extractall(tmp_path / "b")
    ran = subprocess.run(
        ["sh", str(tmp_path / "b" / "verify.sh"), str(exported[1])],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout


@pytest.mark.processes
def test_as_a_program_it_needs_no_django(exported: tuple[Path, Path]) -> None:
    code = (
        "import sys\nfrom lachan.cli.evidence import evidence\n"
        "try: evidence(sys.argv[1:])\n"
        "except SystemExit as left:\n"
        " assert not any(name.split('.')[0] == 'django' for name in sys.modules), 'django'\n"
        " sys.exit(left.code)"
    )
    line = [sys.executable, "-c", code, "verify", str(exported[0]), "--anchor", str(exported[1])]
    ran = subprocess.run(line, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
