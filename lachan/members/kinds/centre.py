"""The centre itself: it registers members, publishes the directory and keeps the log."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.CENTRE,
    title=Text(vi="Trung tâm vận hành", en="Centre"),
    desks=frozenset({Role.REGISTRAR, Role.AUDITOR, Role.STEWARD, Role.LEGAL_OFFICER}),
    hosted_by_default=True,
)
