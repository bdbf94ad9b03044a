"""The border guard: it checks against decisions, not suspicions (CĐ 29, mục 3 điểm b)."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.BORDER,
    title=Text(vi="Bộ đội Biên phòng", en="Border guard"),
    desks=frozenset({Role.BORDER_CHECK, Role.DESK}),
    hosted_by_default=True,
)
