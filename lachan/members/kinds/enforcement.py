"""The enforcement authority: it carries out judgments."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.ENFORCEMENT,
    title=Text(vi="Cơ quan thi hành án", en="Enforcement authority"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD}),
    hosted_by_default=True,
)
