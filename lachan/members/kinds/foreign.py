"""A contact point abroad: preservation under a treaty, nothing more."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.FOREIGN,
    title=Text(vi="Đầu mối nước ngoài", en="Foreign contact point"),
    desks=frozenset({Role.LIAISON}),
)
