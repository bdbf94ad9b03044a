"""Only configured witnesses sign heads; a head is final with as many as are asked for; two trees are found out."""

import contextlib
import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from typer.testing import CliRunner

from lachan.adapters import centre_log
from lachan.api.exchange_port import ExchangePort
from lachan.cli import evidence_heads
from lachan.evidence import proofs, services, tree, witnessing
from lachan.evidence.bundle import read
from lachan.evidence.errors import WitnessesUnreadable
from lachan.evidence.export import export_case
from lachan.evidence.keys import log_key
from lachan.evidence.models import Stamp, Witness
from lachan.evidence.sequencer import sequence_all
from lachan.evidence.signing import HEAD, WITNESS, LogKey, payload_of
from lachan.evidence.verify import report
from lachan.exchange.crypto import PrivateKey, load_key
from lachan.kernel.canonical import canonical
from lachan.kernel.time import to_wire
from tests.integration.evidence.test_export import logged_case
from tests.integration.exchange.conftest import Bank
from tests.integration.exchange.test_exchange_port import BASE, Caller, caller, code_of, port
from tests.integration.members.conftest import Deployment

__all__ = ["caller", "port"]
pytestmark = pytest.mark.usefixtures("shift")
VKS, NHNN = LogKey.new(), LogKey.new()
RUN = CliRunner()


def private(key: LogKey) -> PrivateKey:
    return load_key(key.jwk())


@pytest.fixture
def listed(data_folder: Path) -> Path:
    rows = [
        {"name": "vn/procuracy/vkstc", "jwk": VKS.public_jwk()},
        {"name": "vn/supervisor/nhnn", "jwk": NHNN.public_jwk()},
    ]
    file = data_folder / "witnesses.json"
    file.write_text(json.dumps({"witnesses": rows}))
    return file


@pytest.fixture
def vks(port: ExchangePort, country: Deployment, listed: Path) -> Caller:
    return Caller(port, country, private(VKS))


@pytest.fixture
def nhnn(port: ExchangePort, country: Deployment, listed: Path) -> Caller:
    return Caller(port, country, private(NHNN))


def shown(who: Caller) -> str:
    return str(who.call("GET", "log/sth").json()["sth"])


def signed(who: Caller, key: LogKey, sth: str) -> httpx.Response:
    jws = key.sign(payload_of(sth), typ=WITNESS)
    return who.call("POST", "log/witness", json.dumps({"jws": jws}).encode())


def grow(country: Deployment, n: int = 1) -> None:
    for _ in range(n):
        services.append("access", "system", country.clock.now(), code="other")
    country.clock.advance(1)
    sequence_all(country.clock)


def test_a_member_reads_the_newest_head_and_its_proof(caller: Caller, country: Deployment) -> None:
    grow(country)
    first = proofs.head()
    grow(country, 5)
    told = caller.call("GET", "log/sth").json()
    assert told == {"sth": proofs.head().jws, "witnesses": [], "asked": 0, "final": True}
    sizes = f"first={first.size}&second={proofs.head().size}"
    path = caller.call("GET", f"log/consistency?{sizes}").json()["path"]
    assert tree.consistency_holds(
        first=first.size, first_root=first.root, second=proofs.head().size,
        second_root=proofs.head().root, path=[bytes.fromhex(step) for step in path],
    )  # fmt: skip
    beyond = caller.call("GET", f"log/consistency?first=1&second={proofs.head().size + 1}")
    assert (beyond.status_code, code_of(beyond)) == (404, "evidence.no_such_proof")


def test_a_head_is_final_with_as_many_witnesses_as_are_asked_for(
    vks: Caller, nhnn: Caller, country: Deployment, settings: Any
) -> None:
    settings.LACHAN_WITNESSES = 2
    grow(country)
    sth = shown(vks)
    first = signed(vks, VKS, sth).json()
    assert (len(first["witnesses"]), first["asked"], first["final"]) == (1, 2, False)
    again = signed(vks, VKS, sth).json()
    assert (len(again["witnesses"]), again["final"]) == (1, False)
    assert Witness.objects.count() == 1
    assert signed(nhnn, NHNN, sth).json()["final"]


def test_witnesses_that_poll_apart_meet_on_one_head(
    vks: Caller, nhnn: Caller, country: Deployment, settings: Any
) -> None:
    settings.LACHAN_WITNESSES = 2
    grow(country)
    sth = shown(vks)
    signed(vks, VKS, sth)
    grow(country)
    country.clock.advance(300)
    grow(country)
    assert shown(nhnn) == sth
    assert signed(nhnn, NHNN, sth).json()["final"]
    assert shown(vks) == shown(nhnn) == proofs.head().jws


def test_a_head_that_one_witness_alone_signed_is_left_after_ten_minutes(
    vks: Caller, country: Deployment, settings: Any
) -> None:
    settings.LACHAN_WITNESSES = 2
    grow(country)
    signed(vks, VKS, shown(vks))
    country.clock.advance(600)
    grow(country)
    assert shown(vks) == proofs.head().jws


def test_where_stamps_are_made_witnesses_get_the_stamped_head(
    vks: Caller, country: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(country)
    head = proofs.head()
    Stamp.objects.create(
        head_id=head.id, size=head.size, root=head.root, tsa="t", token=b"t", ca="", at=country.clock.now(),
    )  # fmt: skip
    grow(country)
    assert shown(vks) == proofs.head().jws
    monkeypatch.setattr(witnessing.stamping, "configured", lambda: True)
    assert shown(vks) == head.jws
    signed(vks, VKS, head.jws)
    assert shown(vks) == proofs.head().jws


def test_nobody_else_signs_heads(
    caller: Caller, vks: Caller, bank: Bank, country: Deployment
) -> None:
    grow(country)
    sth = shown(vks)
    by_member = signed(caller, VKS, sth)
    assert (by_member.status_code, code_of(by_member)) == (401, "exchange.call_signature")
    stranger = Caller(vks.port, country, private(LogKey.new())).call("GET", "log/sth")
    assert (stranger.status_code, code_of(stranger)) == (401, "exchange.call_signature")
    for_another = signed(vks, NHNN, sth)
    assert (for_another.status_code, code_of(for_another)) == (403, "evidence.signature")
    of_the_log = signed(vks, log_key(), sth)
    assert (of_the_log.status_code, code_of(of_the_log)) == (403, "evidence.signature")
    assert not Witness.objects.exists()


def test_a_witness_signs_only_heads_of_this_log(vks: Caller, country: Deployment) -> None:
    grow(country)
    head = proofs.head()
    country.clock.advance(1)
    for changed in (
        {"size": head.size, "root": "00" * 32, "at": to_wire(head.at)},
        {"size": head.size + 1, "root": head.root.hex(), "at": to_wire(head.at)},
        {"size": head.size, "root": head.root.hex(), "at": to_wire(country.clock.now())},
        {"size": -1, "root": "", "at": "now"},
    ):
        other = log_key().sign(canonical(changed), typ=HEAD)
        answer = signed(vks, VKS, other)
        assert (answer.status_code, code_of(answer)) == (403, "evidence.signature")
    for body in (b"", b"[]", b'{"jws": 1}', b"{}"):
        answer = vks.call("POST", "log/witness", body)
        assert (answer.status_code, code_of(answer)) == (400, "exchange.malformed")


@pytest.mark.parametrize("path", ["inbox?wait=0", "directory", "catalogue"])
def test_a_witness_may_do_nothing_else(vks: Caller, path: str) -> None:
    answer = vks.call("GET", path)
    assert (answer.status_code, code_of(answer)) == (401, "exchange.call_signature")


def test_what_a_witness_signed_whose_key_is_gone_is_not_shipped(
    vks: Caller, country: Deployment, listed: Path
) -> None:
    grow(country)
    signed(vks, VKS, shown(vks))
    head = proofs.head()
    assert len(witnessing.of_head(head.id)) == 1
    listed.write_text(json.dumps({"witnesses": []}))
    witnessing._read.cache_clear()
    assert witnessing.of_head(head.id) == ()


def test_a_damaged_list_makes_nobody_a_witness(listed: Path) -> None:
    for text in ("", "{}", '{"witnesses": [{"name": "a", "jwk": {"kty": "EC", "crv": "P-256", "x": ""}}]}'):  # fmt: skip
        listed.write_text(text)
        witnessing._read.cache_clear()
        with pytest.raises(WitnessesUnreadable):
            witnessing.known()
    listed.unlink()
    assert witnessing.known() == {}


def test_a_bundle_is_made_at_a_final_head_and_ships_its_witnesses(
    vks: Caller, nhnn: Caller, country: Deployment, settings: Any
) -> None:
    settings.LACHAN_WITNESSES = 2
    case = logged_case(country.clock)
    early = report(export_case(case, actor="system", clock=country.clock).data, anchor=case.root)
    assert early.wrong == ("witness",)
    grow(country, 3)
    sth = shown(vks)
    signed(vks, VKS, sth)
    signed(nhnn, NHNN, sth)
    grow(country, 3)
    made = export_case(case, actor="system", clock=country.clock)
    files = read(made.data).files
    assert files["log/sth.jws"].decode() == sth
    assert json.loads(files["witness/policy.json"]) == {"witnesses": 2}
    found = report(made.data, anchor=case.root)
    assert found.ok
    assert [line.what_en for line in found.checks if line.id == "V14"] == [
        "2 witnesses, 2 asked for."
    ]


# The witness's own program, over the port in this process.


class Wire:
    """Stands where the program's HTTP client stands and hands its calls to the port."""

    def __init__(self, caller: Caller, **_settings: Any) -> None:
        self.caller = caller

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        return None

    def stream(self, method: str, url: str, *, content: bytes, headers: Mapping[str, str]) -> Any:
        path = url.removeprefix(f"{BASE}/exchange/v1/")
        answer = self.caller.call(method, path, content, dict(headers))

        return contextlib.nullcontext(answer)


class Saying:
    """A centre, or whoever stands in its place, that always answers the same."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        return None

    def stream(self, *_asked: Any, **_given: Any) -> Any:
        return contextlib.nullcontext(self.answer)


@dataclasses.dataclass
class Program:
    """`lachan evidence witness` of the procuracy."""

    folder: Path
    root: Path

    def once(self, *more: str) -> Any:
        return RUN.invoke(
            evidence_heads.evidence,
            ["witness", "--centre", BASE, "--key", str(self.folder / "key"), "--state", str(self.folder / "state"),
             "--anchor", str(self.root), "--once", "--json", *more],
        )  # fmt: skip

    def compare(self, *more: str) -> Any:
        return RUN.invoke(
            evidence_heads.evidence, ["compare", "--anchor", str(self.root), "--json", *more]
        )

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return str(self.folder / name)


@pytest.fixture
def program(
    vks: Caller, country: Deployment, tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Program:  # fmt: skip
    monkeypatch.setattr(centre_log.httpx, "Client", lambda **given: Wire(vks, **given))
    monkeypatch.setattr("lachan.kernel.time.clock_from_env", lambda: country.clock)
    folder = tmp_path / "witness"
    folder.mkdir()
    (folder / "key").write_bytes(canonical(VKS.jwk()))
    grow(country, 4)
    return Program(folder, data_folder / "root.json")


def another_head(size: int, country: Deployment) -> str:
    """What a centre with a second tree would sign."""
    payload = {"at": to_wire(country.clock.now()), "root": "ab" * 32, "size": size}
    return log_key().sign(canonical(payload), typ=HEAD)


def test_the_program_signs_each_head_that_continues_the_last(
    program: Program, country: Deployment
) -> None:
    first = program.once()
    assert (first.exit_code, json.loads(first.stdout)["signed"]) == (0, True)
    grow(country, 3)
    second = json.loads(program.once().stdout)
    assert (second["signed"], second["final"], second["size"]) == (True, True, proofs.head().size)
    sizes = list(Witness.objects.order_by("id").values_list("size", flat=True))
    assert sizes == [proofs.head().size - 3, proofs.head().size]
    kept = json.loads((program.folder / "state").read_text())
    assert kept["head"] == proofs.head().jws


def test_shown_another_tree_it_signs_nothing_says_so_and_keeps_the_proof(
    program: Program, country: Deployment
) -> None:
    size = proofs.head().size
    for other, finding in ((size, "two_trees"), (size - 1, "not_proven")):
        mine = another_head(other, country)
        program.file("state", json.dumps({"head": mine}))
        ran = program.once("--lang", "en")
        assert ran.exit_code == 1
        told = json.loads(ran.stdout)
        assert (told["signed"], told["finding"]) == (False, finding)
        kept = json.loads((program.folder / "state.conflict").read_text())
        assert (kept["head"], kept["shown"]) == (mine, proofs.head().jws)
        assert json.loads((program.folder / "state").read_text())["head"] == mine
    assert not Witness.objects.exists()


def test_a_log_that_has_become_shorter_is_not_signed(program: Program, country: Deployment) -> None:
    program.file("state", json.dumps({"head": another_head(proofs.head().size + 2, country)}))
    ran = program.once()
    assert (ran.exit_code, json.loads(ran.stdout)["finding"]) == (1, "not_proven")
    assert not Witness.objects.exists()


def test_an_older_head_of_the_same_log_is_neither_signed_nor_an_offence(
    program: Program, country: Deployment
) -> None:
    old = proofs.head()
    program.once()
    grow(country, 2)
    program.file("state", json.dumps({"head": proofs.head().jws}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(witnessing, "offered", lambda _now: witnessing._offer(old))
        ran = program.once()
    told = json.loads(ran.stdout)
    assert (ran.exit_code, told["signed"], told["finding"]) == (0, False, "grown")


def test_a_head_by_another_key_is_refused(program: Program, data_folder: Path) -> None:
    rows = {"log_keys": [{"jwk": LogKey.new().public_jwk()}]}
    program.root = Path(program.file("other.json", json.dumps({"root": canonical(rows).decode()})))
    ran = program.once()
    assert (ran.exit_code, json.loads(ran.stdout)["error"]["code"]) == (1, "evidence.signature")
    program.root = Path(program.file("none.json", "{}"))
    assert program.once().exit_code == 4


def test_a_damaged_state_is_never_begun_anew(program: Program) -> None:
    program.file("state", "{")
    ran = program.once()
    assert (ran.exit_code, json.loads(ran.stdout)["error"]["code"]) == (4, "cli.file_unreadable")
    assert not Witness.objects.exists()


def test_a_centre_that_does_not_answer_is_said_by_the_exit_code(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(**_given: Any) -> Any:
        raise httpx.ConnectError("refused")

    monkeypatch.setattr(centre_log.httpx, "Client", down)
    ran = program.once()
    assert (ran.exit_code, json.loads(ran.stdout)["error"]["code"]) == (5, "evidence.log_unreachable")  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"<html>"), httpx.Response(200, content=b"[]"),
        httpx.Response(200, content=b'{"sth": "' + b"a" * 300_000 + b'"}'),
        httpx.Response(500, content=b'{"error": "x"}'), httpx.Response(302, content=b"{}"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_of_the_protocol_is_no_answer(
    program: Program, monkeypatch: pytest.MonkeyPatch, answer: httpx.Response
) -> None:
    monkeypatch.setattr(centre_log.httpx, "Client", lambda **_given: Saying(answer))
    ran = program.once()
    assert (ran.exit_code, json.loads(ran.stdout)["error"]["code"]) == (5, "evidence.log_unreachable")  # fmt: skip
    assert not (program.folder / "state").exists()


def test_a_proof_that_is_no_proof_proves_nothing(
    program: Program, country: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = proofs.head()
    grow(country, 3)
    new = program.file("new", json.dumps({"head": proofs.head().jws}))
    was = program.file("old", old.jws)
    for path, code in (('{"path": ["00"]}', 1), ('{"path": ["zz"]}', 4), ("{}", 4), ("", 4)):
        assert program.compare(was, new, "--proof", program.file("p", path)).exit_code == code
    program.once()
    grow(country)
    told = {"sth": proofs.head().jws, "path": "zz"}
    answer = httpx.Response(200, content=json.dumps(told).encode())
    monkeypatch.setattr(centre_log.httpx, "Client", lambda **_given: Saying(answer))
    assert program.once().exit_code == 5


def test_what_the_program_says_to_a_person(program: Program, country: Deployment) -> None:
    line = ["witness", "--centre", BASE, "--key", str(program.folder / "key"), "--state",
            str(program.folder / "state"), "--anchor", str(program.root), "--once"]  # fmt: skip
    assert "một nhật ký" in RUN.invoke(evidence_heads.evidence, line).stdout
    program.file("state", json.dumps({"head": another_head(proofs.head().size, country)}))
    said = RUN.invoke(evidence_heads.evidence, [*line, "--lang", "en"])
    assert (said.exit_code, "TWO DIFFERENT TREES" in said.stdout) == (1, True)
    program.file("key", "{}")
    assert "cli.file_unreadable" in RUN.invoke(evidence_heads.evidence, line).stderr


def test_a_payload_that_is_no_head_is_refused_whoever_signed_it(program: Program) -> None:
    none = log_key().sign(canonical({"size": "4", "root": "", "at": ""}), typ=HEAD)
    assert program.compare(program.file("x", none), program.file("x", none)).exit_code == 4


def test_compare_finds_one_tree_by_proof_from_a_file_or_the_centre(
    program: Program, country: Deployment
) -> None:
    old = proofs.head()
    grow(country, 3)
    new = proofs.head()
    one, two = program.file("one.jws", old.jws), program.file("two.json", json.dumps({"sth": new.jws}))  # fmt: skip
    assert program.compare(one, one).exit_code == 0
    needed = program.compare(one, two)
    assert (needed.exit_code, json.loads(needed.stdout)["error"]["code"]) == (4, "evidence.proof_needed")  # fmt: skip
    path = [step.hex() for step in proofs.consistency(old.size, new.size)]
    proof = program.file("proof.json", json.dumps({"path": path}))
    ran = program.compare(two, one, "--proof", proof)
    assert (ran.exit_code, json.loads(ran.stdout)["finding"]) == (0, "grown")
    by_centre = program.compare(one, BASE, "--key", str(program.folder / "key"))
    assert (by_centre.exit_code, json.loads(by_centre.stdout)["finding"]) == (0, "grown")
    assert program.compare(one, BASE).exit_code == 2


def test_compare_finds_two_trees(program: Program, country: Deployment) -> None:
    size = proofs.head().size
    same_size = program.file("a", another_head(size, country))
    ours = program.file("b", proofs.head().jws)
    ran = program.compare(same_size, ours)
    assert (ran.exit_code, json.loads(ran.stdout)["finding"]) == (1, "two_trees")
    smaller = program.file("c", another_head(size - 1, country))
    key = ["--key", str(program.folder / "key")]
    ran = program.compare(smaller, BASE, *key)
    assert (ran.exit_code, json.loads(ran.stdout)["finding"]) == (1, "not_proven")
    words = RUN.invoke(
        evidence_heads.evidence,
        ["compare", "--anchor", str(program.root), "--lang", "vi", same_size, ours],
    )
    assert "HAI CÂY KHÁC NHAU" in words.stdout


def test_what_is_no_head_or_not_this_logs_is_refused(program: Program) -> None:
    ours = program.file("b", proofs.head().jws)
    forged = LogKey.new().sign(payload_of(proofs.head().jws), typ=HEAD)
    for text in (forged, "", "{", "{}", '["x"]'):
        ran = program.compare(ours, program.file("x", text))
        assert ran.exit_code == 4, text
    assert program.compare(ours, str(program.folder / "none")).exit_code == 4


def test_a_new_key_is_the_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    out = tmp_path / "key"
    made = ["key", "--out", str(out), "--name", "vn/procuracy/vkstc"]
    ran = RUN.invoke(evidence_heads.evidence, made)
    assert ran.exit_code == 0
    row = json.loads(ran.stdout)
    assert row["jwk"] == LogKey.from_jwk(json.loads(out.read_text())).public_jwk()
    assert "d" not in row["jwk"]
    assert out.stat().st_mode & 0o777 == 0o600
    before = out.read_bytes()
    assert RUN.invoke(evidence_heads.evidence, made).exit_code != 0
    assert out.read_bytes() == before
