"""A payment intermediary (NAPAS, a gateway): it clears, and holds no customer's account."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.PAYMENT,
    title=Text(vi="Trung gian thanh toán", en="Payment intermediary"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
)
