"""A telecom operator: subscribers, numbers, call records (CĐ 29, mục 5 điểm c)."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.TELECOM,
    title=Text(vi="Doanh nghiệp viễn thông", en="Telecom operator"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
    identifies=("msisdn_prefix",),
)
