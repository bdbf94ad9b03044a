"""A bank: it holds accounts, answers traces, pauses and holds."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.BANK,
    title=Text(vi="Ngân hàng", en="Bank"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
    holds_accounts=True,
    identifies=("bin",),
)
