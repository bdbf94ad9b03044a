"""The exchange port lets in only calls that a member's key signed, once; a member speaks for itself alone."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from queue import Queue
from typing import Any

import httpx
import pytest

from lachan.api import exchange_calls
from lachan.api.exchange_port import ExchangePort
from lachan.evidence import tree
from lachan.evidence.entries import ping_hash
from lachan.evidence.models import Entry
from lachan.evidence.sequencer import sequence_all
from lachan.evidence.signing import HEAD
from lachan.exchange import contacts
from lachan.exchange.calls import sign_call
from lachan.exchange.crypto import PrivateKey, new_sign_key, private_jwk
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import kind
from lachan.exchange.models import DeliveryRecord, HeardRecord, MessageRecord
from lachan.exchange.receipts import LOGGED, open_compact, receiver_receipt
from lachan.kernel.time import to_wire
from lachan.members import services as members
from lachan.members.roles import KeyUse
from tests.integration.exchange.conftest import A05, Bank
from tests.integration.exchange.forging import WHY, forge, post
from tests.integration.members.conftest import BANK, Deployment

BASE = "https://centre.test"
pytestmark = pytest.mark.usefixtures("shift")


class Here(Executor):
    """Runs what the port gives it on the test's own thread, to which its transaction belongs."""

    def __init__(self) -> None:
        self.work: Queue[Callable[[], None] | None] = Queue()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()

        def act() -> None:
            try:
                done.set_result(fn(*args, **kwargs))
            except Exception as raised:  # noqa: BLE001 - as every executor does
                done.set_exception(raised)

        self.work.put(act)
        return done

    def while_running(self, main: Callable[[], Any]) -> Any:
        """Run `main`, which has an event loop of its own, beside this thread, and serve it from here."""
        with ThreadPoolExecutor(1) as beside:
            running = beside.submit(main)
            running.add_done_callback(lambda _: self.work.put(None))
            while (act := self.work.get()) is not None:
                act()
            return running.result()


class Caller:
    """A member's way in."""

    def __init__(self, port: ExchangePort, country: Deployment, key: PrivateKey) -> None:
        self.port, self.country, self.key = port, country, key

    def signed(self, method: str, path: str, body: bytes = b"") -> dict[str, str]:
        now = self.country.clock.now()
        return sign_call(
            method, f"{BASE}/exchange/v1/{path}", body, key=private_jwk(self.key), now=now
        )

    def call(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        signed = self.signed(method, path, body) if headers is None else headers

        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.port)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                return await client.request(
                    method, f"/exchange/v1/{path}", content=body, headers=signed
                )

        return self.port.pool.while_running(lambda: asyncio.run(go()))  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def port(country: Deployment, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> ExchangePort:
    monkeypatch.setattr(exchange_calls, "_CLOCK", country.clock)
    made = ExchangePort(country.clock, base_url=BASE)
    made.pool.shutdown()
    made.pool = Here()  # type: ignore[assignment] # an executor as well
    return made


@pytest.fixture
def caller(port: ExchangePort, country: Deployment, bank: Bank) -> Caller:
    return Caller(port, country, bank.sign)


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


def test_a_bank_reads_its_queue_answers_and_takes_the_message_out(
    caller: Caller, bank: Bank, country: Deployment
) -> None:
    envelope = forge(country)
    post(envelope, country)
    (item,) = caller.call("GET", "inbox?wait=0").json()["items"]
    ask = Envelope.from_bytes(json.dumps(item["envelope"], sort_keys=True, separators=(",", ":")).encode())  # fmt: skip
    assert ask.h == envelope.h
    reply = kind("confirm_transfer").answer(as_of=to_wire(country.clock.now()), outcome="SETTLED")
    sent = caller.call("POST", "messages", bank.answer(ask, reply).to_bytes())
    assert sent.status_code == 202
    receipt = receiver_receipt(ask.h, bank.sign, at=country.clock.now())
    done = caller.call("POST", "inbox/receipts", json.dumps({"receipts": [receipt]}).encode())
    assert done.json() == {"accepted": 1}
    assert caller.call("GET", "inbox?wait=0").json()["items"] == []


def test_a_poll_and_a_fetched_directory_are_noted_and_nothing_else_is(
    caller: Caller, country: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "_noted", {})
    caller.call("POST", "messages", b"{}")
    heard = HeardRecord.objects.unscoped(reason=WHY)
    assert not heard.exists()
    caller.call("GET", "directory?since=0")
    caller.call("GET", "inbox?wait=0")
    row = heard.get()
    assert (row.member, row.polled_at, row.clock_offset_seconds) == (BANK, country.clock.now(), 0)
    assert row.directory_version == members.current_directory().version
    caller.call("GET", "inbox?wait=0", headers={})
    assert heard.count() == 1


def test_a_ping_is_an_entry_with_a_receipt_and_its_place_is_proved(
    caller: Caller, country: Deployment
) -> None:
    nonce = "n" * 32
    answer = caller.call("POST", "log/ping", json.dumps({"nonce": nonce}).encode())
    log_keys = members.current_directory().log_keys()
    receipt = open_compact(answer.json()["receipt"], log_keys, typ=LOGGED)
    assert receipt["h"] == ping_hash(nonce)
    query = f"log/inclusion?h={receipt['h']}&leaf={receipt['leaf']}"
    assert caller.call("GET", query).json() == {"index": None}
    sequence_all(country.clock)
    proof = caller.call("GET", query).json()
    head = open_compact(proof["sth"], log_keys, typ=HEAD)
    path = [bytes.fromhex(one) for one in proof["path"]]
    assert tree.inclusion_holds(
        bytes.fromhex(receipt["leaf"]), idx=proof["index"], size=head["size"], path=path,
        head=bytes.fromhex(head["root"]),
    )  # fmt: skip
    wrong = caller.call("GET", f"log/inclusion?h={receipt['h']}&leaf={'00' * 32}")
    assert (wrong.status_code, code_of(wrong)) == (404, "evidence.no_such_proof")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"nonce": 7}', b'{"nonce": "short"}', b'{"nonce": "' + b"n" * 65 + b'"}', b'{"nonce": "' + b" " * 30 + b'"}'],
)  # fmt: skip
def test_a_ping_without_a_proper_nonce_or_signature_leaves_nothing_in_the_log(
    caller: Caller, body: bytes
) -> None:
    before = Entry.objects.count()
    assert caller.call("POST", "log/ping", body).status_code == 400
    unsigned = caller.call("POST", "log/ping", b'{"nonce": "' + b"n" * 32 + b'"}', headers={})
    assert code_of(unsigned) == "exchange.call_signature"
    assert Entry.objects.count() == before


def test_the_same_post_again_gets_the_same_receipt(
    caller: Caller, bank: Bank, country: Deployment
) -> None:
    ask = forge(country)
    post(ask, country)
    reply = kind("confirm_transfer").answer(as_of=to_wire(country.clock.now()), outcome="SETTLED")
    data = bank.answer(ask, reply).to_bytes()
    first, second = caller.call("POST", "messages", data), caller.call("POST", "messages", data)
    assert (first.status_code, first.content) == (second.status_code, second.content)


def test_a_call_without_a_signature_is_refused(caller: Caller) -> None:
    answer = caller.call("GET", "inbox?wait=0", headers={})
    assert (answer.status_code, code_of(answer)) == (401, "exchange.call_signature")


def test_a_call_by_a_key_that_the_directory_does_not_know_is_refused(
    caller: Caller, country: Deployment
) -> None:
    answer = Caller(caller.port, country, new_sign_key()).call("GET", "inbox?wait=0")
    assert (answer.status_code, code_of(answer)) == (401, "exchange.call_signature")


def test_a_call_used_once_is_used_up(caller: Caller) -> None:
    headers = caller.signed("GET", "inbox?wait=0")
    assert caller.call("GET", "inbox?wait=0", headers=headers).status_code == 200
    again = caller.call("GET", "inbox?wait=0", headers=headers)
    assert (again.status_code, code_of(again)) == (401, "exchange.call_signature")


def test_a_signature_does_not_carry_another_body_or_address(caller: Caller) -> None:
    headers = caller.signed("POST", "inbox/receipts", b'{"receipts":[]}')
    other = caller.call("POST", "inbox/receipts", b'{"receipts":["x"]}', headers=headers)
    assert other.status_code == 401
    headers = caller.signed("GET", "inbox?wait=0")
    assert caller.call("GET", "inbox?wait=0&max=1", headers=headers).status_code == 401


def test_an_old_call_is_refused(caller: Caller, country: Deployment) -> None:
    headers = caller.signed("GET", "inbox?wait=0")
    country.clock.advance(301)
    assert caller.call("GET", "inbox?wait=0", headers=headers).status_code == 401


def test_a_member_cannot_post_what_another_has_sealed(caller: Caller, country: Deployment) -> None:
    """The envelope is true in itself; the hand that brings it is not its sender's."""
    before = MessageRecord.objects.unscoped(reason=WHY).count()
    answer = caller.call("POST", "messages", forge(country).to_bytes())
    assert (answer.status_code, code_of(answer)) == (401, "exchange.call_signature")
    assert MessageRecord.objects.unscoped(reason=WHY).count() == before


def test_a_receipt_by_another_member_takes_nothing_out(caller: Caller, country: Deployment) -> None:
    envelope = forge(country)
    post(envelope, country)
    other = members.member_private_key(A05, KeyUse.SIGN, clock=country.clock)
    receipt = receiver_receipt(envelope.h, other, at=country.clock.now())
    body = json.dumps({"receipts": [receipt]}).encode()
    assert caller.call("POST", "inbox/receipts", body).json() == {"accepted": 0}
    assert DeliveryRecord.objects.unscoped(reason=WHY).get().receipted_at is None
    police = Caller(caller.port, country, other)
    assert police.call("POST", "inbox/receipts", body).json() == {"accepted": 0}
    assert DeliveryRecord.objects.unscoped(reason=WHY).get().receipted_at is None


def test_a_refusal_over_the_port_is_signed_and_logged(
    caller: Caller, bank: Bank, country: Deployment
) -> None:
    reply = kind("confirm_transfer").answer(as_of=to_wire(country.clock.now()), outcome="SETTLED")
    lonely = bank.answer(forge(country), reply)
    entries = Entry.objects.count()
    answer = caller.call("POST", "messages", lonely.to_bytes())
    assert (answer.status_code, code_of(answer)) == (422, "exchange.conversation_unknown")
    assert answer.json()["refusal"].count(".") == 2
    assert Entry.objects.count() == entries + 1


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"receipts":1}', b"[" * 100_000])
def test_nonsense_is_refused_and_never_a_defect(caller: Caller, body: bytes) -> None:
    for path in ("messages", "messages:batch", "inbox/receipts"):
        assert 400 <= caller.call("POST", path, body).status_code < 500


def test_one_bad_message_of_a_batch_harms_no_other(
    caller: Caller, bank: Bank, country: Deployment
) -> None:
    ask = forge(country)
    post(ask, country)
    reply = kind("confirm_transfer").answer(as_of=to_wire(country.clock.now()), outcome="SETTLED")
    good = json.loads(bank.answer(ask, reply).to_bytes())
    answer = caller.call(
        "POST", "messages:batch", json.dumps({"envelopes": [{"x": 1}, good]}).encode()
    )
    first, second = answer.json()["results"]
    assert "refusal" in first
    assert "receipt" in second


@pytest.mark.parametrize("query", ["after=x", "max=x", "wait=x", "wait=nan", "after=-1", "max=-5"])
def test_a_query_that_is_no_number_is_refused_and_never_a_defect(
    caller: Caller, query: str
) -> None:
    assert caller.call("GET", f"inbox?{query}").status_code < 500
