"""One message in each wrong way that a receiver must refuse (protocol §2 to §5): what is offered, by its name.

A case answers the envelope on the wire and its H, or None where it does not apply to the kind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace as changed

from lachan.connector.conformance.asking import Asker, Way
from lachan.connector.conformance.centre import wire
from lachan.exchange import crypto
from lachan.exchange.envelope import Envelope, message_hash
from lachan.exchange.kinds import Question, to_json
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import Text
from lachan.kernel.time import to_wire

Made = tuple[Mapping[str, Any], str]
Case = Callable[["Subject"], Made | None]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case alters: one kind, its question, and who asks."""

    asker: Asker
    way: Way
    question: Question
    now: datetime
    order: str = ""  # H of the order that it follows

    def ask(self, **over: Any) -> Envelope:
        if self.order:
            over = {"in_reply_to": self.order} | over
        return self.asker.ask(self.way, self.question, self.now, **over)


def _sound(envelope: Envelope) -> Made:
    return wire(envelope), envelope.h


def _altered_manifest(on: Subject) -> Made:
    """One member of the manifest is another; signatures and receipt are over what was written before, or after."""
    envelope = on.ask()
    data = canonical({**json.loads(envelope.manifest_bytes), "emergency": True})
    told = wire(envelope) | {"manifest": crypto.b64encode(data)}
    return told, message_hash(data)


def _altered_approval(on: Subject) -> Made | None:
    envelope = on.ask()
    if not envelope.approvals:
        return None
    told = wire(envelope)
    told["approvals"][0]["signature"] = _flipped(told["approvals"][0]["signature"])
    return told, envelope.h


def _altered_seal(on: Subject) -> Made:
    envelope = on.ask()
    told = wire(envelope)
    told["seal"]["signature"] = _flipped(told["seal"]["signature"])
    return told, envelope.h


def _altered_part(on: Subject) -> Made:
    envelope = on.ask()
    told = wire(envelope)
    part = next(one for one in told["parts"] if one["name"] == "ask")
    jwe = json.loads(crypto.b64decode(part["inline"]))
    jwe["ciphertext"] = _flipped(jwe["ciphertext"])
    part["inline"] = crypto.b64encode(canonical(jwe))
    return told, envelope.h


def _unsigned_seal(on: Subject) -> Made:
    """`alg: none`."""
    envelope = on.ask()
    told = wire(envelope)
    header = json.loads(crypto.b64decode(told["seal"]["protected"])) | {"alg": "none"}
    told["seal"] |= {"protected": crypto.b64encode(canonical(header)), "signature": ""}
    return told, envelope.h


def _left_out_approval(on: Subject) -> Made | None:
    return _sound(on.ask(leave_out=1)) if on.way.needs else None


def _unknown_signer(on: Subject) -> Made | None:
    return _sound(on.ask(stranger=True)) if on.way.needs else None


def _expired(on: Subject) -> Made:
    written = on.now - timedelta(minutes=50)
    return _sound(on.ask(created_at=written, expires_at=on.now - timedelta(minutes=20)))


def _wrong_receiver(on: Subject) -> Made:
    return _sound(on.ask(receiver=on.asker.world.other))


def _out_of_mandate(on: Subject) -> Made | None:
    """Rows of the catalogue, in force and signed as they want it, that do not cover this kind."""
    if not on.way.rows or on.way.declared.follows:
        return None
    name = on.way.declared.name
    foreign = next((one for one in on.asker.world.catalogue.rows if name not in one.kinds), None)
    if foreign is None:
        return None
    (first, *_) = on.asker.refs(on.way, on.question, on.now)
    return _sound(on.ask(mandates=[changed(first, code=foreign.code, version=foreign.version)]))


def _lapsed_mandate(on: Subject) -> Made | None:
    if not on.way.rows or on.way.declared.follows:
        return None
    ended = to_wire(on.now - timedelta(hours=1))
    return _sound(on.ask(mandates=on.asker.refs(on.way, on.question, on.now, valid_until=ended)))


def _over_cap(on: Subject) -> Made | None:
    """The question, which only the receiver reads, asks for more than the manifest claims."""
    money = on.way.declared.money
    amount = to_json(on.question).get(money or "", 0)
    if not money or on.way.declared.follows or not on.way.rows or amount < 1:
        return None
    refs = on.asker.refs(on.way, on.question, on.now, cap_vnd=amount - 1)
    return _sound(on.ask(mandates=refs))


def _other_protocol(on: Subject) -> Made:
    return _resigned(on, v="lachan/2")


def _other_version(on: Subject) -> Made:
    return _resigned(on, kind_version=on.way.declared.version + 1)


def _resigned(on: Subject, **members: Any) -> Made:
    """A manifest that no writer of ours would make, sealed as if it were one."""
    envelope = on.ask()
    data = canonical({**json.loads(envelope.manifest_bytes), **members})
    h = message_hash(data)
    payload = canonical({**json.loads(envelope.seal.payload), "h": h})
    signed = crypto.sign(payload, on.asker.key(on.way), typ="lachan-seal+jws")
    told = wire(envelope) | {"manifest": crypto.b64encode(data)}
    told["seal"] = {
        "payload": crypto.b64encode(payload),
        "protected": signed.protected,
        "signature": signed.signature,
    }
    return told, h


def _flipped(text: str) -> str:
    """The same length with one byte another."""
    data = bytearray(crypto.b64decode(text))
    data[len(data) // 2] ^= 1
    return crypto.b64encode(bytes(data))


INVALID: dict[str, tuple[Case, Text]] = {
    "altered_manifest": (_altered_manifest, Text(vi="văn bản bị sửa", en="the manifest was altered")),
    "altered_approval": (_altered_approval, Text(vi="chữ ký người duyệt bị sửa", en="an approval was altered")),
    "altered_seal": (_altered_seal, Text(vi="con dấu bị sửa", en="the seal was altered")),
    "altered_part": (_altered_part, Text(vi="phần mã hóa bị sửa", en="an encrypted part was altered")),
    "unsigned_seal": (_unsigned_seal, Text(vi="con dấu không chữ ký (alg none)", en="a seal without a signature (alg none)")),
    "left_out_approval": (_left_out_approval, Text(vi="thiếu một người duyệt", en="an approval is missing")),
    "unknown_signer": (_unknown_signer, Text(vi="người ký không có trong danh bạ", en="a signer whom the directory does not know")),
    "expired": (_expired, Text(vi="đã hết hạn", en="past its expiry")),
    "wrong_receiver": (_wrong_receiver, Text(vi="gửi cho thành viên khác", en="addressed to another member")),
    "out_of_mandate": (_out_of_mandate, Text(vi="căn cứ không bao gồm việc này", en="rows that do not cover the kind")),
    "lapsed_mandate": (_lapsed_mandate, Text(vi="căn cứ đã hết hiệu lực", en="a mandate past its validity")),
    "over_cap": (_over_cap, Text(vi="hỏi quá mức của căn cứ", en="more than the mandate's cap")),
    "other_protocol": (_other_protocol, Text(vi="phiên bản giao thức khác", en="another version of the protocol")),
    "other_version": (_other_version, Text(vi="phiên bản khác của loại", en="another version of the kind")),
}  # fmt: skip
