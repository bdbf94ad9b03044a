"""An e-wallet: it holds accounts behind one pooled account at a bank."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.EWALLET,
    title=Text(vi="Ví điện tử", en="E-wallet"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
    holds_accounts=True,
    identifies=("bin",),
)
