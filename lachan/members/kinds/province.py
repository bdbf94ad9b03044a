"""A provincial People's Committee: directives down to communes, warnings, periodic reports."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.PROVINCE,
    title=Text(vi="Ủy ban nhân dân tỉnh", en="Provincial People's Committee"),
    desks=frozenset({Role.SUPERVISOR, Role.PRESS_OFFICE}),
    hosted_by_default=True,
)
