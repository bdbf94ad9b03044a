"""The procuracy: it supervises, approves, and decides reviews of the second instance."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.PROCURACY,
    title=Text(vi="Viện kiểm sát", en="Procuracy"),
    desks=frozenset({Role.PROCURATOR}),
    hosted_by_default=True,
)
