"""Writes the vectors, schemas and the table of kinds beside this file; a test compares them.

Run `python docs/protocol/generate.py` after a change of the protocol. Ed25519 is deterministic, so
signatures are made afresh; JWE is not, so a ciphertext that still opens is kept from the last run.
"""  # noqa: INP001 - a script of the documentation

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519

from lachan.exchange import crypto
from lachan.exchange.assertions import (
    AssertionApproval,
    challenge,
    sheet_context,
    sheet_proofs,
)
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.deadlines import (
    Deadline,
    Pause,
    WorkCalendar,
    earliest_of,
    legal_due_days,
    legal_due_months,
)
from lachan.exchange.encryption import decrypt
from lachan.exchange.envelope import Envelope, approve, draft, seal
from lachan.exchange.forms.declared import fields, highest_class
from lachan.exchange.kinds import Elapsed, MessageKind, all_kinds, encode
from lachan.exchange.manifest import MandateRef, Manifest, SignerNeed
from lachan.exchange.messages import confirm_transfer
from lachan.exchange.moves import MOVES
from lachan.exchange.parts import (
    PlainPart,
    commitment,
    merkle_path,
    merkle_root,
    row_leaf,
    row_salt,
)
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import ICT, to_wire
from lachan.members.directory_rows import RelyingParty

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 22, 3, 4, 5, 678000, tzinfo=UTC)
SALT = bytes(range(32))
ASK = confirm_transfer.Ask(
    time="2026-11-22T02:58:00.000Z",
    amount=50_000_000,
    from_account="970436:0123456789",
    to_account="970416:19001234567",
    ref="FT26326000001",
)


def key(name: str, crv: str = "Ed25519") -> crypto.PrivateKey:
    """A key anybody can make again: its seed is SHA-256 of its name. For vectors alone."""
    seed = hashlib.sha256(name.encode()).digest()
    made: Any = ed25519.Ed25519PrivateKey if crv == "Ed25519" else x25519.X25519PrivateKey
    public = made.from_private_bytes(seed).public_key().public_bytes_raw()
    jwk = {"kty": "OKP", "crv": crv, "x": crypto.b64encode(public), "d": crypto.b64encode(seed)}
    return crypto.load_key(jwk)


OFFICER, MEMBER, SECURITY_KEY = key("officer"), key("member"), key("security key")
RECEIVER, AGENCY = key("receiver", "X25519"), key("agency", "X25519")


def message() -> Envelope:
    """The ask of the vectors, sealed; only its ciphertext differs from run to run."""
    made = draft(
        type="ask",
        kind_name="confirm_transfer",
        sender="vn/police/a05/duty",
        receiver="vn/bank/970416",
        created_at=NOW,
        purpose="GLD",
        directory_version=1,
        encrypt_to=[RECEIVER, AGENCY],
        id="019aa9e5-0b2e-7000-8000-000000000001",
        conversation="019aa9e5-0b2e-7000-8000-000000000002",
        priority="P0",
        parts=[PlainPart(name="ask", body=encode(ASK), salt=SALT)],
        mandates=[
            MandateRef(
                code="VN.BLTTHS.88",
                version=1,
                stage="report",
                case_ref="VA-26-004182",
                valid_until=to_wire(NOW + timedelta(days=7)),
                subjects=1,
            )
        ],
        required=[SignerNeed(role="duty_officer")],
    )
    one = approve(
        made,
        OFFICER,
        officer="019aa9e5-0b2e-7000-8000-000000000003",
        role="duty_officer",
        unit="duty",
        act="approved",
        at=NOW,
    )
    return seal(made, [one], MEMBER, NOW)


def assertion_vector(envelope: Envelope) -> dict[str, Any]:
    """The same message as the second of a sheet of three, approved by a security key with one touch."""
    beside = [hashlib.sha256(name).hexdigest() for name in (b"first", b"third")]
    sheet = [beside[0], envelope.h, beside[1]]
    context = sheet_context(
        sheet,
        kid=crypto.kid_of(SECURITY_KEY),
        officer="019aa9e5-0b2e-7000-8000-000000000003",
        role="duty_officer",
        unit="duty",
        act="approved",
        at=to_wire(NOW),
    )
    party = RelyingParty(id="lachan.example", origin="https://lachan.example")
    asked = crypto.b64encode(challenge(context))
    client = {"type": "webauthn.get", "challenge": asked, "origin": party.origin, "crossOrigin": False}  # fmt: skip
    client_data = json.dumps(client, separators=(",", ":")).encode()
    head = hashlib.sha256(party.id.encode()).digest() + b"\x05" + (1).to_bytes(4)
    private: Any = SECURITY_KEY.private_key
    signature = private.sign(head + hashlib.sha256(client_data).digest())
    approval = AssertionApproval(context, head, client_data, signature, sheet_proofs(sheet)[1])
    approval.check(envelope.manifest_bytes, crypto.public_jwk(SECURITY_KEY), party)
    return {
        "sheet": sheet,
        "relying_party": msgspec.to_builtins(party),
        "context_utf8": canonical(context).decode(),
        "challenge": asked,
        "approval": approval.to_json(),
        "digest": approval.digest,
    }


def canonical_vectors() -> list[dict[str, Any]]:
    values: list[Any] = [
        {"n": 50_000_000, "note": "Nguyễn Thị Hường"},
        {"b": [True, None, -9_007_199_254_740_991], "a": {"z": 1, "A": 2}},
        {"text": 'tab\t quote" backslash\\ \u001f €'},
    ]
    found = []
    for value in values:
        data = canonical(value)
        digest = hashlib.sha256(data).hexdigest()
        found.append({"value": value, "utf8_hex": data.hex(), "sha256": digest})
    return found


def refused_bytes() -> list[dict[str, str]]:
    """Manifests that every reader refuses, with the code."""
    plain = msgspec.json.decode(message().manifest_bytes)
    text = message().manifest_bytes.decode()
    cases: list[tuple[str, bytes]] = [
        ("duplicate key", text.replace('{"conversation"', '{"seq":1,"conversation"', 1).encode()),
        ("white space", text.replace(":", ": ", 1).encode()),
        ("a fraction", text.replace('"seq":1', '"seq":1.0').encode()),
        ("NFD text", text.replace("VA-26-004182", "Hươ\u0300ng").encode()),
        ("a number beyond 2^53-1", text.replace('"seq":1', '"seq":9007199254740992').encode()),
        ("nested deeper than 32", b"[" * 40 + b"]" * 40),
        ("null for an absent member", canonical({**plain, "batch": None})),
        ("an unknown member", canonical({**plain, "note": "x"})),
        ("prev at seq 1", canonical({**plain, "prev": "0" * 64})),
        ("an ask without its end", canonical({**plain, "expires_at": None})),
        ("P0 for more than 24 h", canonical({**plain, "expires_at": to_wire(NOW + timedelta(2))})),
        ("a reply to nothing", canonical({**plain, "type": "answer"})),
        ("an id that is no UUIDv7", canonical({**plain, "id": "019aa9e5-0b2e-4000-8000-000000000001"})),
        ("a kind that does not exist", canonical({**plain, "kind": "teleport"})),
    ]  # fmt: skip
    found = []
    for what, data in cases:
        try:
            Manifest.parse(data)
        except LachanError as error:
            found.append({"what": what, "manifest": crypto.b64encode(data), "code": error.code})
        else:
            raise AssertionError(what)
    return found


def row_vectors() -> dict[str, Any]:
    rows = [{"amount": 1000, "id": "t1"}, {"amount": 5, "id": "t2"}, {"amount": 7, "id": "t3"}]
    lines = [canonical(row) for row in rows]
    leaves = [row_leaf(line, SALT, i) for i, line in enumerate(lines)]
    plain = b"".join(line + b"\n" for line in lines)
    return {
        "salt": SALT.hex(),
        "rows": rows,
        "plaintext_hex": plain.hex(),
        "row_salts": [row_salt(SALT, i).hex() for i in range(len(rows))],
        "leaves": [leaf.hex() for leaf in leaves],
        "commit": commitment(plain, SALT, "rows"),
        "path_of_row_1": [step.hex() for step in merkle_path(leaves, 1)],
    }


def clock_vectors() -> list[dict[str, Any]]:
    calendar = WorkCalendar(holidays=frozenset({date(2026, 9, 2)}), years=frozenset({2026}))

    def ict(*parts: int) -> datetime:
        return datetime(*parts, tzinfo=ICT).astimezone(UTC)  # type: ignore[arg-type,misc] # the zone is last

    start = ict(2026, 9, 1, 16, 30)
    stop = Pause(ict(2026, 9, 3, 10), ict(2026, 9, 3, 14))
    eight = timedelta(hours=8)
    lines = [
        ("8 business hours over a holiday", start, Deadline("x", start, eight, True, calendar).due_at),  # noqa: FBT003 - a table
        (
            "the same, a clarification of four hours out",
            start,
            Deadline("x", start, eight, True, calendar, pauses=(stop,)).due_at,  # noqa: FBT003 - a table
        ),
        ("20 statutory days, strict", ict(2026, 11, 22, 9, 15), legal_due_days(ict(2026, 11, 22, 9, 15), 20)),
        ("2 statutory months, strict", ict(2026, 11, 22, 9, 15), legal_due_months(ict(2026, 11, 22, 9, 15), 2)),
        ("2 months from the 31st", ict(2026, 12, 31, 9), legal_due_months(ict(2026, 12, 31, 9), 2)),
        (
            "the earlier of 72 h and 3 working days",
            ict(2026, 11, 20, 17, 30),
            earliest_of(ict(2026, 11, 20, 17, 30), timedelta(hours=72), 3, calendar),
        ),
    ]  # fmt: skip
    return [
        {"what": what, "start": to_wire(at), "due_at": to_wire(due), "holidays": ["2026-09-02"]}
        for what, at, due in lines
    ]


def kept_ciphertext(name: str) -> str | None:
    """The last run's, while it still opens to the same content."""
    path = HERE / "vectors.json"
    if not path.is_file():
        return None
    text = json.loads(path.read_text("utf-8")).get("part", {}).get(name) or ""
    try:
        opened = decrypt(crypto.b64decode(text), RECEIVER)
    except (ValueError, LachanError):
        return None
    return text if opened == SALT + encode(ASK) else None


def vectors() -> dict[str, Any]:
    envelope = message()
    one = envelope.approvals[0]
    leaves = [hashlib.sha256(b"\0" + entry).digest() for entry in (b"a", b"b", b"c")]
    return {
        "note": "Keys here are made from the SHA-256 of their names and are worthless by design.",
        "keys": {
            name: crypto.private_jwk(found) | {"kid": crypto.kid_of(found)}
            for name, found in (
                ("officer", OFFICER),
                ("member", MEMBER),
                ("security_key", SECURITY_KEY),
                ("receiver", RECEIVER),
                ("agency", AGENCY),
            )
        },
        "canonical": canonical_vectors(),
        "commitment": {
            "salt": SALT.hex(),
            "plaintext": "19001234567",
            "commit": commitment(b"19001234567", SALT, "bytes"),
        },
        "rows": row_vectors(),
        "tree": {"entries": ["a", "b", "c"], "root": merkle_root(leaves).hex()},
        "message": {
            "manifest": envelope.manifest_bytes.decode(),
            "h": envelope.h,
            "approval": one.to_json() | {"digest": one.digest},
            "seal": {
                "payload": envelope.seal.payload.decode(),
                "protected": envelope.seal.jws.protected,
                "signature": envelope.seal.jws.signature,
            },
        },
        "assertion": assertion_vector(envelope),
        "part": {
            "plaintext": encode(ASK).decode(),
            "salt": SALT.hex(),
            "commit": commitment(encode(ASK), SALT, "bytes"),
            "jwe": kept_ciphertext("jwe") or crypto.b64encode(envelope.parts["ask"]),
        },
        "refused": refused_bytes(),
        "refusal_reasons": {one.value: [one.leads_to[0].value, one.leads_to[1]] for one in RefusalReason},
        "clocks": clock_vectors(),
    }  # fmt: skip


def schemas() -> dict[str, Any]:
    """JSON Schema of every question and answer."""
    return {
        name: {
            "version": declared.version,
            "ask": msgspec.json.schema(declared.ask),
            "answer": msgspec.json.schema(declared.answer),
            **({} if declared.rows is None else {"rows": msgspec.json.schema(declared.rows)}),
        }
        for name, declared in sorted(all_kinds().items())
    }


def moves() -> dict[str, Any]:
    """JSON Schema of the words of each move, by the type of message and name of the part."""
    return {type_.value: msgspec.json.schema(words) for type_, words in sorted(MOVES.items())}


def length(declared: MessageKind) -> str:
    due = declared.due
    other = due.otherwise
    words = (
        f"{other.total_seconds} s" if isinstance(other, Elapsed) else f"{other.days} working day"
    )
    auto = f"{due.automatic.total_seconds} s" if due.automatic else "–"
    return f"{auto} · {due.golden_hour.total_seconds} s · {words}"


def kinds_page() -> str:
    """One section a kind; everything follows from its declaration."""
    lines = [
        "# Kinds of messages",
        "",
        "Generated by `docs/protocol/generate.py` from `lachan/exchange/messages/`. Periods: the",
        "connector's target · people at P0 · people otherwise. Class: P public, B basic, S sensitive,",
        "X secret of investigation.",
    ]
    for name, declared in sorted(all_kinds().items()):
        codes = [" + ".join(sorted(one.codes)) for one in declared.mandates]
        follows = ", ".join(sorted(declared.follows))
        highest = highest_class(declared.ask)
        lines += [
            "",
            f"## `{name}` {declared.version}: {declared.title.en} ({declared.title.vi})",
            "",
            f"* answered by: {', '.join(sorted(declared.answerers))}; automation {declared.auto.value}",
            f"* mandates: {', or '.join(codes) or f'as the order followed ({follows})'}",
            f"* periods: {length(declared)}; class of the question: {highest.value}",
        ]  # fmt: skip
        rows = () if declared.rows is None else (("row of `rows`", declared.rows),)
        for title, struct in (("ask", declared.ask), ("answer", declared.answer), *rows):
            lines += ["", f"| {title} | label | form | class |", "|---|---|---|---|"]
            lines += [
                f"| `{one.name}`{'' if one.required else ' ?'} | {one.label.en} ({one.label.vi}) "
                f"| {one.kind} | {one.klass.value} |"
                for one in fields(struct)
            ]
    return "\n".join(lines) + "\n"


def outputs() -> dict[str, str]:
    """File name → content."""
    return {
        "vectors.json": json.dumps(vectors(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "schemas.json": json.dumps(schemas(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "moves.json": json.dumps(moves(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "kinds.md": kinds_page(),
    }


if __name__ == "__main__":
    for name, content in outputs().items():
        (HERE / name).write_text(content, "utf-8")
