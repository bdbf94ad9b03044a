"""A hosting provider: the machines behind scam sites."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.HOSTING,
    title=Text(vi="Nhà cung cấp máy chủ", en="Hosting provider"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
    identifies=("asn",),
)
