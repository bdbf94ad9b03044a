"""The token by which a member's desk files reports: an address and a keyed digest of it.

Nothing is stored. A new `keys/desk-token.key` ends all tokens at once.
"""

import secrets

from lachan.access.actors import Actor, ActorKind
from lachan.access.purposes import Purpose
from lachan.kernel.ids import keyed_hash
from lachan.members import services as members
from lachan.members.vault import secret


def desk_token(address: str) -> str:
    """`vn/bank/970436.<hex>`, for the member of that address."""
    return f"{address}.{keyed_hash(secret('desk-token'), 'desk-token', address)}"


def desk_of(token: str) -> Actor | None:
    """The desk whose token it is, or None. Its member must stand in the signed directory."""
    address, _dot, _digest = token.rpartition(".")
    if not token.isascii() or not secrets.compare_digest(token, desk_token(address)):
        return None
    if members.current_directory().member(address) is None:
        return None
    return Actor(ActorKind.PUBLIC, name="desk", address=address, purpose=Purpose.RPT)
