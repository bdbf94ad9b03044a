"""A ministry: directives, reports, supervision of its field."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.MINISTRY,
    title=Text(vi="Bộ, cơ quan ngang bộ", en="Ministry"),
    desks=frozenset({Role.SUPERVISOR, Role.PRESS_OFFICE, Role.LEGAL_OFFICER}),
    hosted_by_default=True,
)
