"""The tax authority: companies, invoices and findings of its own motion (CĐ 29, mục 6)."""

from lachan.kernel.errors import Text
from lachan.members.kind import MemberKindDecl
from lachan.members.roles import MemberKind, Role

KIND = MemberKindDecl(
    name=MemberKind.TAX,
    title=Text(vi="Cơ quan thuế", en="Tax authority"),
    desks=frozenset({Role.DESK, Role.DESK_HEAD, Role.STEWARD}),
    hosted_by_default=True,
)
