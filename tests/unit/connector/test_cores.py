"""A core that is slow, wrong, huge, elsewhere or dead is a core that does not answer: never an invented result."""

from __future__ import annotations

import json
import ssl
import sys
import textwrap
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from lachan.adapters.certificates import Authority
from lachan.connector.core import LedgerCore
from lachan.connector.cores.attempted import Attempted
from lachan.connector.cores.http import HttpCore, tls_to_core
from lachan.connector.cores.program import ProgramCore
from lachan.connector.cores.wire import MAX_BYTES
from lachan.connector.port import CoreUnavailable, Order
from lachan.connector.store import Store
from lachan.evidence.signing import LogKey
from tests.unit.connector.bank import BankServer, Fault, bank_server, wire
from tests.unit.connector.test_core import HOUR, NOW, UNTIL, core_of, ledger, take

SHORT = 1.0  # seconds


@pytest.fixture
def inside(tmp_path: Path) -> LedgerCore:
    return core_of(ledger((HOUR, 80_000_000, "", "1")), tmp_path)


@pytest.fixture
def bank(tmp_path: Path, inside: LedgerCore) -> Iterator[BankServer]:
    with bank_server(tmp_path, inside) as running:
        yield running


@pytest.fixture
def core(bank: BankServer) -> HttpCore:
    return HttpCore(bank.url, bank.trust)


def says(status: int, body: bytes, **headers: str) -> Fault:
    def fault(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return fault


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A byte of a header now and then, for ever."""
    for _ in range(200):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def dies(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    handler.wfile.flush()
    handler.connection.close()


GOOD = {
    "message": "m1", "amount": 60_000_000, "carved": 0, "left": 60_000_000, "at": wire(NOW), "core_ref": "FT1", "until": wire(UNTIL),
}  # fmt: skip


def told(**changed: Any) -> Fault:
    return says(200, json.dumps(GOOD | changed).encode())


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(says(500, b"{}"), id="500"),
        pytest.param(says(302, b"", Location="https://localhost:1/"), id="redirect"),
        pytest.param(says(307, b"", Location="/core/orders/m1"), id="redirect-here"),
        pytest.param(says(204, b""), id="no-content"),
        pytest.param(says(200, b"<html>"), id="no-json"),
        pytest.param(says(200, b"[" * 60_000), id="nesting"),
        pytest.param(says(200, b"{}"), id="empty"),
        pytest.param(says(200, b'{"x": "' + b"x" * MAX_BYTES + b'"}'), id="huge"),
        pytest.param(dies, id="died"),
        pytest.param(told(message="m2"), id="other-message"),
        pytest.param(told(amount=1.5), id="fraction"),
        pytest.param(told(amount=-1), id="negative"),
        pytest.param(told(amount="60000000"), id="text-for-a-sum"),
        pytest.param(told(at="24/11/2026"), id="a-time-of-another-form"),
        pytest.param(told(at="2026-13-24T08:00:00.000Z"), id="no-such-month"),
        pytest.param(told(core_ref=""), id="no-reference"),
        pytest.param(told(amount=60_000_001), id="more-than-ordered"),
        pytest.param(told(until="2027-11-24T08:00:00.000Z"), id="longer-than-ordered"),
    ],
)
def test_what_is_not_the_answer_is_no_answer(
    bank: BankServer, core: HttpCore, fault: Fault
) -> None:
    bank.fault = fault
    with pytest.raises(CoreUnavailable):
        core.execute(take("m1", 60_000_000), now=NOW)
    assert len(bank.asked) == 1  # nothing was followed, nothing tried again


def test_the_answer_in_the_right_form_is_one(bank: BankServer, core: HttpCore) -> None:
    bank.fault = told()
    assert core.execute(take("m1", 60_000_000), now=NOW).core_ref == "FT1"


def test_a_slow_core_holds_nobody(bank: BankServer) -> None:
    bank.fault = drips
    began = time.monotonic()
    with pytest.raises(CoreUnavailable):
        HttpCore(bank.url, bank.trust, seconds=SHORT).execute(take("m1", 1), now=NOW)
    assert time.monotonic() - began < 5 * SHORT


def test_the_messages_id_is_the_idempotency_key(bank: BankServer, core: HttpCore) -> None:
    core.execute(take("m1", 60_000_000), now=NOW)
    method, path, headers = bank.asked[0]
    assert (method, path, headers["Idempotency-Key"]) == ("PUT", "/core/orders/m1", "m1")


def test_a_lost_route_is_not_taken_for_an_order_that_was_never_given(
    bank: BankServer, core: HttpCore
) -> None:
    assert core.look_up("m1") is None
    for body in (b"", b"<html>", b'{"code": "no_route"}'):
        bank.fault = says(404, body)
        with pytest.raises(CoreUnavailable):
            core.look_up("m1")


def test_a_core_with_another_certificate_is_not_spoken_to(bank: BankServer, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other", now=datetime.now(UTC))
    assert other.certificate
    trust = tls_to_core(tmp_path / "other" / "ca.crt", None, None)
    with pytest.raises(CoreUnavailable):
        HttpCore(bank.url, trust).look_up("m1")
    assert bank.asked == []


def test_a_core_under_another_name_is_not_spoken_to(bank: BankServer) -> None:
    elsewhere = bank.url.replace("localhost", "127.0.0.1")
    assert not HttpCore(elsewhere, bank.trust).ready()
    assert bank.asked == []


def test_a_core_may_ask_for_the_members_certificate(tmp_path: Path, inside: LedgerCore) -> None:
    with bank_server(tmp_path, inside, client_ca=True) as bank:
        assert not HttpCore(bank.url, bank.trust).ready()
        Authority(tmp_path / "ca", now=datetime.now(UTC)).issue("member", folder=tmp_path / "own")
        own = tls_to_core(
            tmp_path / "ca" / "ca.crt", tmp_path / "own" / "tls.crt", tmp_path / "own" / "tls.key"
        )
        assert HttpCore(bank.url, own).ready()


def test_verification_is_on_without_an_authority_of_ones_own() -> None:
    context = tls_to_core(None, None, None)
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_an_order_whose_answer_was_lost_is_looked_up_before_it_is_given_again(
    bank: BankServer, core: HttpCore, tmp_path: Path, inside: LedgerCore
) -> None:
    store = Store(tmp_path / "store.db", LogKey.new())
    order = take("m1", 60_000_000)

    def after(handler: BaseHTTPRequestHandler) -> None:
        inside.execute(order, now=NOW)
        handler.connection.close()

    bank.fault = after
    with pytest.raises(CoreUnavailable):
        Attempted(core, store).execute(order, now=NOW)
    bank.fault = None
    bank.asked.clear()
    done = Attempted(core, store).execute(order, now=NOW + HOUR)  # as a new process would
    assert (done.amount, done.at) == (60_000_000, NOW)
    assert [one[0] for one in bank.asked] == ["GET"]
    store.close()


def test_an_order_that_never_arrived_is_given_again(
    bank: BankServer, core: HttpCore, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store.db", LogKey.new())
    bank.fault = dies
    with pytest.raises(CoreUnavailable):
        Attempted(core, store).execute(take("m1", 60_000_000), now=NOW)
    with pytest.raises(CoreUnavailable):  # while nobody can say what became of it
        Attempted(core, store).execute(take("m1", 60_000_000), now=NOW)
    assert [one[0] for one in bank.asked] == ["PUT", "GET"]
    bank.fault = None
    assert Attempted(core, store).execute(take("m1", 60_000_000), now=NOW).amount == 60_000_000
    assert [one[0] for one in bank.asked] == ["PUT", "GET", "GET", "PUT"]
    store.close()


def test_a_core_that_is_down_is_not_asked_at_every_turn(
    bank: BankServer, core: HttpCore, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store.db", LogKey.new())
    attempted = Attempted(core, store)
    assert attempted.ready()
    bank.fault = says(503, b"")
    asked = len(bank.asked)
    assert not any(attempted.ready() for _ in range(20))
    assert len(bank.asked) == asked + 1
    assert [one.ok for one in attempted.self_test()] == [False]
    store.close()


def program(folder: Path, body: str, seconds: float = 30.0) -> ProgramCore:
    path = folder / "core.py"
    path.write_text("import json, os, sys, time\n" + textwrap.dedent(body))
    return ProgramCore([sys.executable, str(path)], folder, seconds=seconds)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("sys.exit(1)", id="failed"),
        pytest.param("print('Traceback')", id="no-json"),
        pytest.param("sys.stdout.write('x' * 10_000_000)", id="huge"),
        pytest.param("os.kill(os.getpid(), 9)", id="killed"),
        pytest.param("print(json.dumps({'message': 'm2', 'amount': 1, 'carved': 0, 'left': 1, 'at': '2026-11-24T08:00:00.000Z', 'core_ref': 'x'}))", id="other-message"),
        pytest.param("print(json.dumps({'code': 'order_unknown'})); sys.exit(3)", id="unknown"),
    ],
)  # fmt: skip
def test_a_program_that_does_not_answer_is_a_core_that_does_not(tmp_path: Path, body: str) -> None:
    with pytest.raises(CoreUnavailable):
        program(tmp_path, body).execute(take("m1", 60_000_000), now=NOW)


def test_a_program_that_runs_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    body = """
    child = os.fork()
    if child == 0:
        open("child", "w").write(str(os.getpid()))
    time.sleep(600)
    """
    began = time.monotonic()
    with pytest.raises(CoreUnavailable, match="no answer within"):
        program(tmp_path, body, seconds=2 * SHORT).look_up("m1")
    assert time.monotonic() - began < 60
    child = Path(f"/proc/{(tmp_path / 'child').read_text()}/stat")
    assert not child.exists() or child.read_text().rpartition(")")[2].split()[0] in {"Z", "X"}


def test_a_missing_program_is_a_core_that_does_not_answer(tmp_path: Path) -> None:
    core = ProgramCore([str(tmp_path / "none")], tmp_path)
    assert not core.ready()
    with pytest.raises(CoreUnavailable):
        core.look_up("m1")


def test_a_program_sees_no_variable_of_ours_and_no_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LACHAN_SECRET", "x")
    body = """
    asked = json.load(sys.stdin)
    ok = "LACHAN_SECRET" not in os.environ and asked["message"] == "$(touch here); m1"
    print(json.dumps({"code": "order_unknown" if ok else "no"}))
    sys.exit(3)
    """
    assert program(tmp_path, body).look_up("$(touch here); m1") is None
    assert not (tmp_path / "here").exists()


def test_a_notice_and_a_release_leave_out_what_they_do_not_say(
    bank: BankServer, core: HttpCore
) -> None:
    core.execute(take("m1", 60_000_000), now=NOW)
    done = core.execute(Order(message="m2", action="release", of="m1"), now=NOW)
    assert (done.amount, done.left) == (60_000_000, 0)
