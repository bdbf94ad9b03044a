"""A social platform: accounts and pages, take-downs within 24 hours."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.PLATFORM,
    title=Text(vi="Nền tảng mạng xã hội", en="Social platform"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
    identifies=("domain",),
)
