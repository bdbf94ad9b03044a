"""An app store: fake apps are removed from it."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.STORE,
    title=Text(vi="Kho ứng dụng", en="App store"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON}),
    identifies=("domain",),
)
