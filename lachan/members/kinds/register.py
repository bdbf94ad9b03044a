"""A register of origin (population, companies): it answers with codes, never with values."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.REGISTER,
    title=Text(vi="Cơ quan quản lý dữ liệu gốc", en="Source register"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.STEWARD}),
)
