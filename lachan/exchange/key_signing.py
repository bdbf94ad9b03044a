"""A sheet's drafts approved by one assertion of a security key; and which forms of signature their rows admit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lachan.exchange import catalogue
from lachan.exchange.approvals import AssertionApproval
from lachan.exchange.assertions import sheet_proofs
from lachan.exchange.mandate_rows import FORMS
from lachan.exchange.manifest import Manifest
from lachan.exchange.models import OutgoingRecord
from lachan.exchange.signer_errors import SignerForm
from lachan.exchange.writing import drafted, keep_approval
from lachan.members import services as members

_OWN = "the drafts of a sheet that the caller has read"


def approve_by_key(
    drafts: Sequence[UUID], context: Mapping[str, Any], answer: Mapping[str, str], *, now: datetime
) -> None:
    """Keep one person's assertion with every draft of a sheet, in its order; each is checked as a receiver will.

    context: as the person's browser was asked (`assertions.sheet_context`). answer: `authenticatorData`,
    `clientDataJSON`, `signature`, base64url.
    Raises: SignatureBad, Malformed, SignerUnknown, KeyRevoked, SignerForm, StateConflict.
    """
    ensure_form(drafts, "webauthn")
    row = members.current_directory().require_key(str(context["kid"]), now)
    records = [drafted(one) for one in drafts]
    proofs = sheet_proofs([record.h for record in records])
    for record, proof in zip(records, proofs, strict=True):
        approval = AssertionApproval.from_json(
            {"context": dict(context), "proof": proof.to_json(), **answer}
        )
        approval.check(bytes(record.manifest), row.jwk, row.party)
        keep_approval(record, approval, now)


def admitted_forms(drafts: Sequence[UUID]) -> frozenset[str]:
    """The forms of signature that every mandate row of every draft admits."""
    rows = OutgoingRecord.objects.unscoped(reason=_OWN).filter(pk__in=list(drafts))
    codes = {
        ref.code
        for data in rows.values_list("manifest", flat=True)
        for ref in Manifest.parse(bytes(data)).mandates
    }
    return FORMS.intersection(*(catalogue.row(code).signer_forms for code in codes))


def ensure_form(drafts: Sequence[UUID], form: str) -> None:
    """Before anything is unlocked or touched. Raises: SignerForm, with the forms that would do."""
    admitted = admitted_forms(drafts)
    if form not in admitted:
        raise SignerForm(form=form, right=", ".join(sorted(admitted)))
