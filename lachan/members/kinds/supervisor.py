"""A supervisor of a field (the central bank, the telecom authority): it sees its members' league rows."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.SUPERVISOR,
    title=Text(vi="Cơ quan quản lý chuyên ngành", en="Sector supervisor"),
    desks=frozenset({Role.SUPERVISOR, Role.ANALYST, Role.LEGAL_OFFICER}),
    hosted_by_default=True,
)
