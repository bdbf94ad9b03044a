"""An internet service provider: addresses in use, sites blocked."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.ISP,
    title=Text(vi="Nhà cung cấp dịch vụ internet", en="Internet service provider"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
    identifies=("asn",),
)
