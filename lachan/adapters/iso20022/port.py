"""Between the exchange's questions and answers and their ISO 20022 documents; what the rest of the system calls.

A question about 50 accounts becomes 50 documents, and they become that question again. The signed manifest stays ours and commits
to each document as a part of its own (exchange.md §6); `inquiry.check_agrees` holds a document against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lachan.adapters.iso20022.auth001 import InformationRequest
from lachan.adapters.iso20022.auth002 import (
    STATUS_OF,
    Finding,
    InformationResponse,
    ResponseStatus,
    Result,
)
from lachan.adapters.iso20022.errors import Contradiction, ElementMissing, ValueRefused
from lachan.adapters.iso20022.header import Header
from lachan.adapters.iso20022.holder_record import HolderRecord
from lachan.adapters.iso20022.inquiry import Inquiry, inquiry_of
from lachan.adapters.iso20022.moments import day_of
from lachan.adapters.iso20022.search import HOLDER_RECORD, STATEMENT
from lachan.exchange.manifest import Manifest
from lachan.exchange.messages import provide_account_holder
from lachan.exchange.messages.provide_account_holder import Status
from lachan.exchange.parts import PlainPart, split_rows
from lachan.kernel.accounts import AccountRef
from lachan.kernel.canonical import parse_canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementAsk:
    """Of `provide_statement` (exchange.md §5): the days `since` to `until`, both included; `least` in đồng."""

    account: AccountRef
    since: date
    until: date
    least: int | None = None


def header_of(inquiry: Inquiry, definition: str, created: str) -> Header:
    """The header of a question or order. `created`: a wire time."""
    return Header(
        sender=inquiry.asked_by,
        receiver=inquiry.asked_of,
        message=inquiry.document,
        definition=definition,
        created=created,
    )


def answer_header(request: InformationRequest, response: InformationResponse, definition: str, created: str) -> Header:  # fmt: skip
    """The header of an answer: the other way round."""
    return Header(
        sender=request.inquiry.asked_of,
        receiver=request.inquiry.asked_by,
        message=response.response,
        definition=definition,
        created=created,
    )


def holder_requests(
    ask: provide_account_holder.Ask, manifest: Manifest, *, deadline: str, confidential: bool
) -> tuple[InformationRequest, ...]:
    """One request for each account, in the ask's order. `deadline`: a wire time.

    The period is mandatory and the question has none: it is the day of asking, in Vietnam. Raises: ElementMissing without a
    mandate, AccountUnreadable.
    """
    day, many = day_of(manifest.created_at), len(ask.accounts)
    return tuple(
        InformationRequest(
            inquiry=inquiry_of(
                manifest, deadline=deadline, number=number, of=many, reason=ask.reason
            ),
            confidential=confidential,
            since=day,
            until=day,
            search=AccountRef.parse(account),
            wanted=(HOLDER_RECORD,),
        )
        for number, account in enumerate(ask.accounts, 1)
    )


def holder_ask(requests: Sequence[InformationRequest]) -> provide_account_holder.Ask:
    """The question that these documents are, in their numbers' order, whatever order they arrived in.

    Raises: ElementMissing for a document that has not arrived, Contradiction for one of another question.
    """
    if not requests:
        raise ElementMissing(place="Document")
    ordered = sorted(requests, key=lambda one: one.inquiry.number)
    first = ordered[0]
    accounts: list[str] = []
    for number, one in enumerate(ordered, 1):
        if one.inquiry.number != number:
            raise ElementMissing(place=f"Document {number}/{first.inquiry.of}")
        same = (one.inquiry.message, one.inquiry.of, one.inquiry.reason, one.confidential)
        if same != (first.inquiry.message, first.inquiry.of, first.inquiry.reason, first.confidential):  # fmt: skip
            raise Contradiction(place=f"Document {number}", other="Document 1")
        if not isinstance(one.search, AccountRef) or one.wanted != (HOLDER_RECORD,):
            raise Contradiction(place=f"Document {number}/SchCrit", other=HOLDER_RECORD)
        accounts.append(str(one.search))
    if len(ordered) != first.inquiry.of:
        raise ElementMissing(place=f"Document {len(ordered) + 1}/{first.inquiry.of}")
    return provide_account_holder.Ask(accounts=accounts, reason=first.inquiry.reason)


def statement_request(
    ask: StatementAsk, manifest: Manifest, *, deadline: str, confidential: bool
) -> InformationRequest:
    """One account's lines; the answer is an auth.002 with a camt.053 file beside it. Raises: ElementMissing."""
    return InformationRequest(
        inquiry=inquiry_of(manifest, deadline=deadline, least_amount=ask.least),
        confidential=confidential,
        since=ask.since,
        until=ask.until,
        search=ask.account,
        wanted=(STATEMENT,),
    )


def statement_ask(request: InformationRequest) -> StatementAsk:
    """Raises: Contradiction for another question."""
    if not isinstance(request.search, AccountRef) or request.wanted != (STATEMENT,):
        raise Contradiction(place="SchCrit", other=STATEMENT)
    return StatementAsk(
        account=request.search,
        since=request.since,
        until=request.until,
        least=request.inquiry.least_amount,
    )


def holder_responses(
    reply: provide_account_holder.Reply, manifest: Manifest
) -> tuple[InformationResponse, ...]:
    """One answer for each holder, under the manifest of our answer or partial answer.

    Raises: Contradiction for a manifest that is no answer, AccountUnreadable.
    """
    status = STATUS_OF.get(manifest.type)
    if status is None or status is ResponseStatus.REFUSED:
        raise Contradiction(place="RspnSts", other=f"manifest/type {manifest.type}")
    return tuple(
        InformationResponse(
            response=_response_id(manifest, number),
            investigation=manifest.conversation.replace("-", ""),
            status=status,
            search=AccountRef.parse(holder.account),
            results=(Result(wanted=HOLDER_RECORD, finding=_finding(holder.status)),),
            record=HolderRecord(holder=holder, as_of=reply.as_of, coverage=reply.coverage),
        )
        for number, holder in enumerate(reply.holders, 1)
    )


def refusals(
    requests: Sequence[InformationRequest], manifest: Manifest
) -> tuple[InformationResponse, ...]:
    """A refusal of the whole question, as one answer for each of its documents. Raises: Contradiction."""
    if STATUS_OF.get(manifest.type) is not ResponseStatus.REFUSED or manifest.outcome is None:
        raise Contradiction(place="RspnSts", other=f"manifest/type {manifest.type}")
    reason = manifest.outcome.reason or manifest.outcome.substate
    return tuple(
        InformationResponse(
            response=_response_id(manifest, one.inquiry.number),
            investigation=manifest.conversation.replace("-", ""),
            status=ResponseStatus.REFUSED,
            search=one.search,
            results=tuple(
                Result(wanted=wanted, finding=Finding.NOT_HELD, reason=reason)
                for wanted in one.wanted
            ),
        )
        for one in requests
    )


def holder_reply(responses: Sequence[InformationResponse]) -> provide_account_holder.Reply:
    """The answer that these documents are, in the order given.

    Raises: ElementMissing where a document has no holder, Contradiction where they are of different instants or conversations.
    """
    records = [one.record for one in responses if one.record is not None]
    if not records or len(records) != len(responses):
        raise ElementMissing(place="SplmtryData/Envlp/HolderRecord")
    first = records[0]
    if any((one.as_of, one.coverage) != (first.as_of, first.coverage) for one in records):
        raise Contradiction(place="HolderRecord/AsOf", other="HolderRecord/AsOf")
    if len({(one.investigation, one.status) for one in responses}) > 1:
        raise Contradiction(place="InvstgtnId", other="InvstgtnId")
    return provide_account_holder.Reply(
        as_of=first.as_of, coverage=first.coverage, holders=[one.holder for one in records]
    )


def delivered_part(deliveries: Sequence[bytes], *, name: str, klass: str) -> PlainPart:
    """The signed deliveries of one message as one part, a row each: a message has 32 parts and a question 50 documents.

    Rows can be shown singly later, each under the same commitment. Raises: UnicodeDecodeError for what `delivery.sign` did not write.
    """
    rows = tuple({"delivery": one.decode("utf-8")} for one in deliveries)
    return PlainPart(name=name, rows=rows, media_type="application/xml", klass=klass)


def deliveries_of(plain: bytes) -> tuple[bytes, ...]:
    """The deliveries of such a part, byte for byte, still to be verified. Raises: Malformed, ValueRefused."""
    rows = [parse_canonical(line) for line in split_rows(plain)]
    found = [
        row.get("delivery") if isinstance(row, dict) and len(row) == 1 else None for row in rows
    ]
    if any(not isinstance(one, str) for one in found):
        raise ValueRefused(place="delivery", right='{"delivery": "<ApplicationRequest …"}')
    return tuple(str(one).encode() for one in found)


def _response_id(manifest: Manifest, number: int) -> str:
    return f"{manifest.id.replace('-', '')}{number:03d}"  # 35 characters; joint holders may be more than 99


def _finding(status: Status) -> Finding:
    return Finding.NOT_FOUND if status is Status.NOT_FOUND else Finding.DISCLOSED
