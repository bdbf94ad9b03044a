"""An investigating body: it asks, traces, holds; hosted at the centre unless it runs its own connector."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.POLICE,
    title=Text(vi="Cơ quan công an", en="Police"),
    desks=frozenset(
        {
            Role.INVESTIGATOR,
            Role.UNIT_HEAD,
            Role.AGENCY_HEAD,
            Role.DUTY_OFFICER,
            Role.CITIZEN_OFFICE,
            Role.ANALYST,
        }
    ),
    hosted_by_default=True,
)
