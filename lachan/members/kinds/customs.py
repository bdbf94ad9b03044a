"""Customs: findings of its own motion and border enquiries (CĐ 29, mục 3 và 6)."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.CUSTOMS,
    title=Text(vi="Hải quan", en="Customs"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.BORDER_CHECK}),
    hosted_by_default=True,
)
