"""A cyber force or response team: indicators and blocking."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.CYBER,
    title=Text(vi="Lực lượng an ninh mạng", en="Cyber force"),
    desks=frozenset({Role.ANALYST, Role.DESK}),
    hosted_by_default=True,
)
