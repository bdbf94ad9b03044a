"""A broadcaster or newspaper: it spreads warnings."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.MEDIA,
    title=Text(vi="Cơ quan báo chí", en="Media"),
    desks=frozenset({Role.PRESS_OFFICE}),
)
