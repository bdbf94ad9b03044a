"""Who holds these accounts? From the bank's own rows; what is not there is said, not left out."""

from __future__ import annotations

from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.member import Member
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.provide_account_holder import Ask, Holder, IdType, Reply, Status
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """One row per account, in the order asked."""
    if all(on.member.local(account) is None for account in ask.accounts):
        return Refused(RefusalReason.NOT_HOLDER)
    holders = [_holder(account, on.member) for account in ask.accounts]
    return Told(Reply(as_of=to_wire(on.now), holders=holders))


def _holder(account: str, member: Member) -> Holder:
    number = member.local(account)
    row = None if number is None else member.book.account(number)
    if row is None:
        return Holder(account=account, status=Status.NOT_FOUND)
    return Holder(
        account=account,
        status=Status.OPEN,
        name=row.holder or None,
        id_type=IdType.CCCD if row.natural else IdType.BUSINESS,
        id_no=row.id_no or None,
        born=row.born or None,
        phone=row.phone or None,
        opened=row.opened or None,
        channel=row.channel or None,
    )
