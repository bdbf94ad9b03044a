"""A domain registrar: domain holders (CĐ 29, mục 5 điểm c)."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.REGISTRAR,
    title=Text(vi="Nhà đăng ký tên miền", en="Domain registrar"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
    identifies=("domain",),
)
