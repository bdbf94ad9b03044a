"""Do these belong together? Compared here, answered in codes: nothing of the record leaves."""

from __future__ import annotations

from lachan.connector.answering import Asked, Told
from lachan.exchange.messages.verify_holder_phone import Ask, Differs, Reply, Result
from lachan.kernel.names import norm
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told:
    """PARTIAL when at least the personal number is right; names by their normal form."""
    at = to_wire(on.now)
    found = on.member.register.find("subscriber", ask.number)
    if found is None:
        return Told(Reply(as_of=at, result=Result.NOT_FOUND))
    same = {
        Differs.NAME: norm(str(found.get("name", ""))) == norm(ask.name),
        Differs.PERSONAL_NUMBER: found.get("id_no") == ask.id_no,
        Differs.BORN: found.get("born") == ask.born,
    }
    differs = [field for field, fits in same.items() if not fits]
    if not differs:
        return Told(Reply(as_of=at, result=Result.MATCH))
    result = Result.PARTIAL if same[Differs.PERSONAL_NUMBER] else Result.NO_MATCH
    return Told(Reply(as_of=at, result=result, differs=differs))
