"""Makes a case's bundle from the log and from what the caller may show.

The caller decides who sees what and hands in the messages; this adds the log's entries and proofs.
The bundle is made at the first head that holds every entry and is proved by others too (stamped, and final
where witnesses are asked for), so that it is the same whenever it is made once that is so; the export itself is
logged, outside the bundle.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from lachan.evidence import bundle, proofs, witnessing
from lachan.evidence.assemble import (
    CaseFile,
    CaseMessage,
    LogExtract,
    LoggedEntry,
    SignedHead,
    assemble,
)
from lachan.evidence.errors import NoSuchProof
from lachan.evidence.keys import log_key
from lachan.evidence.models import Entry, Stamp
from lachan.evidence.sequencer import sequence_all
from lachan.evidence.services import append
from lachan.evidence.signing import payload_of, pem_of, thumbprint
from lachan.kernel.canonical import canonical
from lachan.kernel.time import Clock, to_wire


@dataclass(frozen=True, slots=True)
class Export:
    """A finished bundle: the ZIP's bytes, their SHA-256 (hex), and the head's size."""

    data: bytes
    sha256: str
    size: int


def export_case(case: CaseFile, *, actor: str, clock: Clock) -> Export:
    """The bundle of these messages, in the order of the log.

    Gives pending entries their places first. Raises: NoSuchProof, when a message was never logged.
    """
    sequence_all(clock)
    made = _make(case)
    append("export", actor, clock.now(), code=case.case, extra_hash=made.sha256)
    return made


def _make(case: CaseFile) -> Export:
    entries = _entries(case)
    size = entries[-1].idx + 1 if entries else 1
    newest = proofs.proven_head(at_least=size, witnesses=witnessing.asked())
    shown = [replace(one, path=proofs.inclusion(one.idx, newest.size)) for one in entries]
    earlier = {
        head.size: head
        for head in (proofs.head(at_least=one.idx + 1) for one in entries)
        if head.size < newest.size
    }
    log = LogExtract(
        head=_signed(newest),
        entries=shown,
        earlier=[
            (_signed(head), proofs.consistency(head.size, newest.size)) for head in earlier.values()
        ],
    )
    first = {str(one.id): n for n, one in enumerate(_in_log_order(case, shown))}
    ordered = sorted(case.messages, key=lambda one: first[one.id])
    whole = replace(case, messages=ordered, extra={**case.extra, **_from_others(newest)})
    data = assemble(whole, log, as_of=to_wire(newest.at), key=log_key())
    bundle.read(data)  # a bundle that cannot be read again must not leave the house
    return Export(data, sha256(data).hexdigest(), newest.size)


def _entries(case: CaseFile) -> list[LoggedEntry]:
    """Entries about the case's messages, with their places, in order; paths still empty."""
    rows = Entry.objects.filter(
        h__in=[one.h for one in case.messages], leaf_row__isnull=False
    ).values_list("id", "bytes", "leaf", "leaf_row__idx")
    found = [
        LoggedEntry(str(entry_id), bytes(data), bytes(leaf), idx, ())
        for entry_id, data, leaf, idx in rows
    ]
    return sorted(found, key=lambda one: one.idx)


def _in_log_order(case: CaseFile, entries: list[LoggedEntry]) -> list[CaseMessage]:
    place = {
        str(h): idx
        for h, idx in Entry.objects.filter(id__in=[UUID(one.id) for one in entries])
        .order_by("-leaf_row__idx")
        .values_list("h", "leaf_row__idx")
    }
    for message in case.messages:
        if message.h not in place:
            raise NoSuchProof(what=f"h {message.h}", size=proofs.tree_size())
    return sorted(case.messages, key=lambda one: place[one.h])


def _signed(head: proofs.Head) -> SignedHead:
    return SignedHead(head.size, payload_of(head.jws), head.jws)


def _from_others(head: proofs.Head) -> dict[str, bytes]:
    """Time-stamp and witnesses over exactly this head, and how many witnesses are asked for."""
    files: dict[str, bytes] = {}
    stamp = Stamp.objects.filter(head_id=head.id).order_by("id").first()
    if stamp is not None:
        files[f"stamps/{head.size}.tsr"] = bytes(stamp.token)
        files[f"stamps/{head.size}.ca.pem"] = stamp.ca.encode()
    for n, (jws, by) in enumerate(witnessing.of_head(head.id), 1):
        files[f"witness/{n}.jws"] = jws.encode()
        files[f"keys/{thumbprint(by.key)}.pem"] = pem_of(by.jwk)
    if witnessing.asked():
        files["witness/policy.json"] = canonical({"witnesses": witnessing.asked()})
    return files
