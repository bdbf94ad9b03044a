"""The state treasury: it holds accounts, never blocked, and receives deposits of judgments."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.TREASURY,
    title=Text(vi="Kho bạc Nhà nước", en="State treasury"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
    holds_accounts=True,
    identifies=("bin",),
)
