"""A court: it orders, lifts and returns after judgment."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.COURT,
    title=Text(vi="Tòa án", en="Court"),
    desks=frozenset({Role.JUDGE}),
    hosted_by_default=True,
)
