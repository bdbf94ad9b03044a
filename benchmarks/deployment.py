"""A small deployment in a folder: an agency with an open shift, and banks whose keys the benchmark holds."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

AGENCY, BANK = "vn/police/a05/duty", "vn/bank/970901"
FILLER = "x" * 1500  # brings the encrypted question to about 2 KB


@dataclass
class Deployment:
    """What a benchmark calls."""

    folder: Path
    clock: Any
    keys: dict[str, dict[str, Any]]

    def round_trips(self, fan_out: int) -> None:
        """Ask, receipt, the bank's check, answer, receipt, the agency's check, acknowledgement: `fan_out` of them.

        As a step of a trace sends them: asked in one transaction; what follows goes by the dispatcher's batches and the
        bank's `messages:batch`.
        """
        from lachan.exchange import receiving, sending

        made = self.asks(fan_out)
        self._dispatched([one.id for one in made])
        self.posts([self.answer(self.checked(one)) for one in self.inbox([one.h for one in made])])
        deliveries = receiving.waiting(now=self.clock.now(), limit=fan_out)
        taken: list[str] = []
        while len(taken) < fan_out:
            taken += receiving.take_all(deliveries[len(taken) :], clock=self.clock)
        assert set(taken) == {"taken"}, taken
        thanks = sending.ready(now=self.clock.now(), limit=fan_out)
        assert len(thanks) == fan_out  # the acknowledgements that follow by themselves
        self._dispatched(thanks)

    def _dispatched(self, outgoing: list[Any]) -> None:
        from lachan.exchange import sending

        sent: list[str] = []
        while len(sent) < len(outgoing):
            sent += sending.send(outgoing[len(sent) :], clock=self.clock)
        assert set(sent) == {"SENT"}, sent

    @cached_property
    def directory(self) -> Any:
        """The bank's own copy."""
        from lachan.members import services as members

        return members.current_directory()

    def inbox(self, hashes: list[str]) -> list[Any]:
        """What the bank's poll brings: the centre's records of these asks."""
        from lachan.exchange.models import MessageRecord

        rows = MessageRecord.objects.unscoped(reason="the bank's own queue").filter(h__in=hashes)
        return list(rows.order_by("logged_at", "id"))

    def checked(self, record: Any) -> Any:
        """The question, checked and opened as the bank does."""
        from lachan.exchange.catalogue import catalogue
        from lachan.exchange.envelope import Envelope
        from lachan.exchange.verify import check_envelope
        from lachan.exchange.verify_outcome import CheckedMessage

        checked = check_envelope(
            Envelope.from_bytes(bytes(record.envelope)), directory=self.directory,
            catalogue=catalogue(), now=self.clock.now(), checker="receiver", own_address=BANK,
            logged_at=record.logged_at, private_key=self.keys[BANK]["encrypt"],
        )  # fmt: skip
        assert isinstance(checked, CheckedMessage), checked
        return checked.envelope

    def ask(self, bank: str = BANK, case: str = "VA-26-000001") -> Any:
        """A dispatched `confirm_transfer`."""
        return self.asks(1, bank, case)[0]

    def asks(self, fan_out: int, bank: str = BANK, case: str = "VA-26-000001") -> list[Any]:
        """Dispatched `confirm_transfer`s, in one transaction."""
        from lachan.access.purposes import Purpose
        from lachan.access.steps import step
        from lachan.exchange.kinds import kind
        from lachan.exchange.services import ask_by_shift
        from lachan.kernel.time import to_wire

        at = to_wire(self.clock.now() - timedelta(minutes=5))
        question = kind("confirm_transfer").ask(
            ref="FT" + FILLER[:60], time=at, amount=60_000_000, from_account="970901:1001001001",
            to_account="970902:2002002002",
        )  # fmt: skip

        @step
        def act() -> tuple[list[Any], list[Any]]:
            made = [
                ask_by_shift(
                    asker=AGENCY, kind_name="confirm_transfer", question=question, receiver=f"{bank}/desk",
                    stage="report", purpose=Purpose.GLD, case_ref=case, clock=self.clock,
                )
                for _ in range(fan_out)
            ]  # fmt: skip
            return made, []

        return act()

    def answer(self, ask: Any) -> Any:
        """The bank's sealed answer."""
        from lachan.exchange import envelope as wire
        from lachan.exchange.kinds import MessageType, kind
        from lachan.exchange.manifest import Outcome
        from lachan.exchange.parts import body_part
        from lachan.kernel.time import to_wire

        now, directory = self.clock.now(), self.directory
        rows = [directory.encrypt_key(address, now) for address in (AGENCY, BANK)]
        body = kind("confirm_transfer").answer(as_of=to_wire(now), outcome="SETTLED")
        message = wire.draft(
            type=MessageType.ANSWER, kind_name="confirm_transfer", sender=ask.manifest.receiver,
            receiver=ask.manifest.sender, created_at=now, purpose="GLD", directory_version=directory.version,
            encrypt_to=[row.jwk for row in rows if row], parts=(body_part(body),), priority="P0",
            conversation=ask.manifest.conversation, in_reply_to=ask.h,
            outcome=Outcome(status="Disclosed", substate="complete"),
        )  # fmt: skip
        return wire.seal(message, (), self.keys[BANK]["sign"], now)

    def posts(self, envelopes: list[Any]) -> list[Any]:
        """Through the centre's door, as `messages:batch` takes them; answers its verdicts."""
        from lachan.access.steps import together
        from lachan.exchange import router

        def raised(_one: Any, fault: Exception) -> Any:
            raise fault

        verdicts: list[Any] = []
        while len(verdicts) < len(envelopes):
            verdicts += together(
                lambda one: (router.accept(one, now=self.clock.now()), ()),
                envelopes[len(verdicts) :], failed=raised,
            )  # fmt: skip
        assert all(isinstance(one, router.Accepted) for one in verdicts), verdicts
        return verdicts


def small_deployment(folder: Path, *, banks: int = 1, database: str = "") -> Deployment:
    """Set Django up on a database in the folder, or on the one named; this process is the deployment's afterwards."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="lachan.settings", LACHAN_DATA=str(folder / "centre"), LACHAN_PROFILE="demo",
        LACHAN_DEMO="1", LACHAN_CLOCK="", LACHAN_DATABASE=database,
    )  # fmt: skip
    if not database:
        os.environ.pop("LACHAN_DATABASE")
    from lachan.web import parts

    parts.migrate()
    from lachan.access.purposes import Purpose
    from lachan.access.services import current_code
    from lachan.demo.cast import PASSPHRASE
    from lachan.demo.provision import ConnectedMember, Provision, actor, login_of
    from lachan.exchange.crypto import load_key
    from lachan.kernel.time import SystemClock
    from lachan.members import services as members

    clock = SystemClock()
    connected = [
        ConnectedMember(
            f"vn/bank/{970901 + n}", f"Ngân hàng {n}", f"Bank {n}", "desk", "Bàn tiếp nhận", "Request desk",
            folder / f"bank-{n}", bins=(str(970901 + n),), participation=5,
        )
        for n in range(banks)
    ]  # fmt: skip
    Provision(folder / "centre", folder / "safes", clock).run(connected, hosts=("127.0.0.1",))
    members.open_shift(
        actor("truc", purpose=Purpose.GLD),
        passphrase=PASSPHRASE,
        totp=current_code(login_of("truc")),
        clock=clock,
    )
    keys = {
        one.address: {
            name: load_key(json.loads((one.folder / f"{name}.jwk").read_text()))
            for name in ("sign", "encrypt")
        }
        for one in connected
    }
    return Deployment(folder, clock, keys)


@contextmanager
def checks_off() -> Iterator[None]:
    """The peer: the same code path with signing, encryption, verification and the log taken out."""
    from unittest.mock import patch

    from lachan.evidence.services import Logged
    from lachan.exchange import crypto, encryption
    from lachan.exchange.crypto import Jws, b64encode
    from lachan.exchange.envelope import Envelope
    from lachan.exchange.kinds import MessageType, decode, kind
    from lachan.exchange.verify_outcome import CheckedMessage
    from lachan.kernel.ids import uuid7
    from lachan.members import services as members

    def sign(_payload: bytes, _key: Any, *, typ: str, header: Any = None) -> Jws:
        fields = {**(header or {}), "alg": "Ed25519", "kid": "none", "typ": typ}
        return Jws(b64encode(json.dumps(fields).encode()), b64encode(b"0" * 64))

    def check(
        envelope: Envelope,
        *,
        now: Any,
        private_key: Any = None,
        logged_at: Any = None,
        **_rest: Any,
    ) -> Any:
        manifest, directory = envelope.manifest, members.current_directory()
        declared, body = kind(manifest.kind), None
        if private_key is not None and envelope.parts:
            name, data = next(iter(envelope.parts.items()))
            form = declared.ask if manifest.type is MessageType.ASK else declared.answer
            body = decode(form, data[32:]) if name in {"ask", "answer"} else None
        sender, receiver = directory.member(manifest.sender), directory.member(manifest.receiver)
        return CheckedMessage(envelope, declared, sender, receiver, logged_at or now, body)

    def append(_event: str, _actor: str, at: Any, *, h: str | None = None, **_rest: Any) -> Logged:
        return Logged(uuid7(), b"0" * 32, at, h)

    with (
        patch.object(crypto, "sign", sign), patch("lachan.exchange.receipts.sign", sign),
        patch.object(encryption, "encrypt", lambda plain, _keys: plain),
        patch("lachan.exchange.router.check_envelope", check), patch("lachan.exchange.receiving.check_envelope", check),
        patch("lachan.exchange.verify.check_envelope", check),
        patch("lachan.evidence.services.append", append),
        patch("lachan.evidence.services.receipt", lambda *_a, **_k: "receipt"),
    ):  # fmt: skip
        yield


@contextmanager
def xml_signatures() -> Iterator[None]:
    """The peer: the same path with an enveloped XML signature (signxml, ECDSA P-256, exclusive C14N) in place of each JWS.

    Both sides hold one certificate, so that nothing is spent on chains. Header, encryption, log and database are as ever.
    """
    import base64
    from datetime import UTC, datetime
    from unittest.mock import patch

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID
    from lxml import etree
    from signxml.algorithms import CanonicalizationMethod, SignatureMethod
    from signxml.signer import XMLSigner
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    from lachan.exchange import crypto
    from lachan.exchange.crypto import Jws, b64decode, b64encode
    from lachan.exchange.signer_errors import SignatureBad
    from lachan.kernel.canonical import canonical

    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "benchmark")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(own.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(own, hashes.SHA256())
    )  # fmt: skip
    exclusive = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
    signer = XMLSigner(signature_algorithm=SignatureMethod.ECDSA_SHA256, c14n_algorithm=exclusive)
    verifier = XMLVerifier()
    expected = SignatureConfiguration(signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}))

    def text(payload: bytes) -> str:
        return base64.b64encode(payload).decode()

    def sign(payload: bytes, key: Any, *, typ: str, header: Any = None) -> Jws:
        root = etree.Element("{urn:benchmark}m", typ=typ)
        root.text = text(payload)
        signed = etree.tostring(signer.sign(root, key=own, cert=[certificate]))
        fields = {**(header or {}), "alg": "Ed25519", "kid": crypto.kid_of(key), "typ": typ}
        return Jws(b64encode(canonical(fields)), b64encode(signed))

    def verify(jws: Jws, payload: bytes, _key: Any, *, typ: str) -> Any:
        result = verifier.verify(
            b64decode(jws.signature), x509_cert=certificate, expect_config=expected
        )
        read: Any = result.signed_xml
        if read.get("typ") != typ or read.text != text(payload):
            raise SignatureBad.because("another text was signed")
        return jws.header

    with (
        patch.object(crypto, "sign", sign), patch.object(crypto, "verify", verify),
        patch("lachan.exchange.receipts.sign", sign), patch("lachan.exchange.receipts.verify", verify),
    ):  # fmt: skip
        yield
