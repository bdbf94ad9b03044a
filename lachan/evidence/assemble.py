"""Lays out a case's evidence as the files of a bundle (exchange.md §8). Pure.

Whoever exports gives the messages with the parts that may be shown, the signed files they relied on,
and the log's proofs; nothing here looks anything up.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from lachan.evidence import bundle
from lachan.evidence.instructions import script, text
from lachan.evidence.signing import LogKey, pem_of, unb64
from lachan.kernel.canonical import canonical


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A decrypted part with the 32-byte salt that travelled inside it."""

    content: bytes
    salt: bytes


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """One message of the case.

    envelope: its JSON as sent. parts: name → the open part; a part of the manifest that is not
    here is withheld. Receipts are compact JWS; the receiver's is absent until it came.
    """

    id: str
    envelope: bytes
    parts: Mapping[str, OpenPart] = field(default_factory=dict)
    centre_receipt: str | None = None
    receiver_receipt: str | None = None

    @property
    def manifest(self) -> bytes:
        return unb64(str(json.loads(self.envelope)["manifest"]))

    @property
    def h(self) -> str:
        return sha256(self.manifest).hexdigest()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What a bundle is made of, the log apart.

    root: `anchor/root.json` as delivered. directories: version → {"directory", "jws"} file bytes.
    mandates: "<code>@<version>" → row as JSON. keys: kid → public PEM. extra: further files of the
    layout (`stamps/…`, `witness/…`).
    """

    case: str
    messages: Sequence[CaseMessage]
    root: bytes
    directories: Mapping[int, bytes]
    mandates: Mapping[str, bytes]
    keys: Mapping[str, bytes]
    extra: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry with its place and its path to the bundle's head."""

    id: str
    entry: bytes
    leaf: bytes
    idx: int
    path: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head: JWS payload (canonical {at, root, size}) and the JWS."""

    size: int
    payload: bytes
    jws: str


@dataclass(frozen=True, slots=True)
class LogExtract:
    """The part of the log that a bundle shows: one newest head, entries, and earlier heads with proofs."""

    head: SignedHead
    entries: Sequence[LoggedEntry]
    earlier: Sequence[tuple[SignedHead, Sequence[bytes]]] = ()


def assemble(case: CaseFile, log: LogExtract, *, as_of: str, key: LogKey) -> bytes:
    """The bundle's bytes; the same for the same arguments. as_of: wire time of the head."""
    files: dict[str, bytes] = {"anchor/root.json": case.root, **case.extra}
    files |= {f"directory/{version}.json": data for version, data in case.directories.items()}
    files |= {f"mandates/{name}.json": data for name, data in case.mandates.items()}
    files |= {f"keys/{kid}.pem": pem for kid, pem in case.keys.items()}
    files[f"keys/{key.kid}.pem"] = key.pem()
    for n, message in enumerate(case.messages, 1):
        files |= _message(f"{n:04}-{message.id}", message)
    files |= _log(log)
    for lang in ("vi", "en"):
        files[f"VERIFY.{lang}.txt"] = text(lang, case=case.case, log_kid=key.kid).encode()
    files["verify.sh"] = script(files, log_kid=key.kid).encode()
    hashes = {
        path: sha256(data).hexdigest()
        for path, data in files.items()
        if not bundle.is_bound_by_commitment(path)
    }
    files[bundle.LIST] = bundle.seal_list(
        files, case=case.case, as_of=as_of, hashes=hashes, key=key
    )
    return bundle.write(files)


def case_file(
    case: str,
    messages: Sequence[CaseMessage],
    *,
    root: bytes,
    directories: Mapping[int, tuple[bytes, str]],
    mandates: Mapping[str, bytes],
    jwk_of: Callable[[str], Mapping[str, str] | None],
) -> CaseFile:
    """The case's file from signed parts: directories as (body, detached JWS), keys looked up by kid.

    jwk_of: a key's public JWK by its kid, None when unknown (V5 then names the message).
    """
    kids = {kid for message in messages for kid in signers(message.envelope)}
    found = {kid: jwk for kid in sorted(kids) if (jwk := jwk_of(kid)) is not None}
    return CaseFile(
        case=case,
        messages=messages,
        root=root,
        directories={
            version: canonical({"directory": body.decode(), "jws": jws})
            for version, (body, jws) in directories.items()
        },
        mandates=mandates,
        keys={kid: pem_of(jwk) for kid, jwk in found.items()},
    )


def signers(envelope: bytes) -> list[str]:
    """The kids of the approvals in order, then the seal's."""
    read = json.loads(envelope)
    headers = [
        json.loads(unb64(one["protected"])) if "protected" in one else one["context"]
        for one in [*read["approvals"], read["seal"]]
    ]
    return [str(header["kid"]) for header in headers]


def signature_files(envelope: bytes) -> dict[str, bytes]:
    """`input-<i>.bin`, `sig-<i>.bin` for openssl: the approvals in order, then the seal.

    `sig` is DER for ES256, as openssl wants it; JWS carries r‖s.
    """
    read = json.loads(envelope)
    manifest = str(read["manifest"])
    made: dict[str, bytes] = {}
    for i, one in enumerate([*read["approvals"], read["seal"]]):
        raw = unb64(one["signature"])
        if "protected" in one:
            alg = json.loads(unb64(one["protected"])).get("alg")
            payload = one.get("payload", manifest)
            made[f"input-{i}.bin"] = f"{one['protected']}.{payload}".encode()
            made[f"sig-{i}.bin"] = _der(raw) if alg == "ES256" else raw
        else:  # webauthn: the authenticator signs DER already
            client = sha256(unb64(one["clientDataJSON"])).digest()
            made[f"input-{i}.bin"] = unb64(one["authenticatorData"]) + client
            made[f"sig-{i}.bin"] = raw
    return made


def _message(name: str, message: CaseMessage) -> dict[str, bytes]:
    folder = f"messages/{name}"
    files = {
        f"{folder}/manifest.json": message.manifest,
        f"{folder}/envelope.json": message.envelope,
    }
    files |= {f"{folder}/{at}": data for at, data in signature_files(message.envelope).items()}
    for part in bundle.parts_of(files, folder):
        at = f"{folder}/parts/{part['name']}"
        shown = message.parts.get(part["name"])
        if shown is None:
            files[f"{at}.withheld"] = bundle.marker(part["name"], part["commit"])
        else:
            files |= {at: shown.content, f"{at}.salt": shown.salt}
    for who, receipt in (
        ("centre", message.centre_receipt),
        ("receiver", message.receiver_receipt),
    ):
        if receipt is not None:
            files[f"receipts/{name}.{who}.jws"] = receipt.encode()
    return files


def _log(log: LogExtract) -> dict[str, bytes]:
    ordered = sorted(log.entries, key=lambda one: one.idx)
    files = {
        "log/sth.json": log.head.payload,
        "log/sth.jws": log.head.jws.encode(),
        "log/entries.jsonl": b"".join(one.entry + b"\n" for one in ordered),
    }
    for one in ordered:
        files[f"log/inclusion/{one.id}.json"] = canonical(
            {
                "id": one.id,
                "idx": one.idx,
                "leaf": one.leaf.hex(),
                "path": [step.hex() for step in one.path],
                "size": log.head.size,
            }
        )
    for head, path in log.earlier:
        files[f"log/consistency/{head.size}-{log.head.size}.json"] = canonical(
            {"head": head.jws, "path": [step.hex() for step in path], "to": log.head.size}
        )
    return files


def _der(raw: bytes) -> bytes:
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
