"""The small country of the members' tests, with an open shift and a bank whose keys the test holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from lachan.access.purposes import Purpose
from lachan.exchange import envelope as wire
from lachan.exchange.catalogue import calendar_hash, catalogue, profile
from lachan.exchange.crypto import PrivateKey, new_encrypt_key, new_sign_key
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import Answer, MessageType, Row, kind
from lachan.exchange.manifest import Outcome
from lachan.exchange.parts import body_part, rows_part
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.enrolment import key_row
from lachan.members.roles import KeyUse
from tests.integration.members.conftest import (
    A05,
    BANK,
    PASSPHRASE,
    Deployment,
    country,
    data_folder,
    empty,
)

__all__ = ["country", "data_folder", "empty"]


@dataclass
class Bank:
    """A bank's side, by hand: its keys and how it answers."""

    sign: PrivateKey
    encrypt: PrivateKey
    clock: Clock
    address: str = BANK

    def answer(self, ask: Envelope, reply: Answer | None, *, type_: MessageType = MessageType.ANSWER,
               outcome: Outcome | None = None, seq: int = 1, prev: str | None = None,
               rows: Sequence[Row] | None = None) -> Envelope:  # fmt: skip
        now = self.clock.now()
        directory = members.current_directory()
        keys = [directory.encrypt_key(address, now) for address in (A05, self.address)]
        parts = () if reply is None else (body_part(reply),)
        if rows is not None:
            parts = (*parts, rows_part(rows, kind(ask.manifest.kind).rows or Row))
        message = wire.draft(
            type=type_, kind_name=ask.manifest.kind, sender=ask.manifest.receiver,
            receiver=ask.manifest.sender, created_at=now, purpose=ask.manifest.purpose,
            directory_version=directory.version, encrypt_to=[key.jwk for key in keys if key],
            parts=parts, priority=ask.manifest.priority,
            conversation=ask.manifest.conversation, seq=seq, prev=prev, in_reply_to=ask.h,
            outcome=outcome or Outcome(status="Disclosed", substate="complete"),
        )  # fmt: skip
        return wire.seal(message, (), self.sign, now)


@pytest.fixture
def adopted(settings: Any) -> None:
    settings.LACHAN_PROFILE = "demo"
    profile.cache_clear()


def take_over(country: Deployment, address: str, clock: Clock) -> Bank:
    """A bank of the country with keys that the test holds from now on."""
    sign, encrypt = new_sign_key(), new_encrypt_key()
    at = country.clock.advance(1)
    enrol = country.safe.enrol_key(address)
    for use, key in ((KeyUse.SIGN, sign), (KeyUse.ENCRYPT, encrypt)):
        members.add_key(
            country.system, key_row(address, key, use, enrol=enrol, at=at), clock=country.clock
        )
    members.publish_directory(
        country.system,
        clock=country.clock,
        mandates_hash=catalogue().hash,
        calendar_hash=calendar_hash(),
    )
    return Bank(sign, encrypt, clock, address)


@pytest.fixture
def bank(adopted: None, country: Deployment) -> Bank:
    """The country's bank once more, with keys that the test holds, and a shift open at A05."""
    return take_over(country, BANK, country.clock)


@pytest.fixture
def shift(bank: Bank, country: Deployment) -> None:
    members.open_shift(
        country.actor("Trần Minh Trực", Purpose.GLD), passphrase=PASSPHRASE, totp=country.code("Trần Minh Trực"),
        clock=country.clock, machine=country.machine,
    )  # fmt: skip
