"""The declaration of a member kind. One file each in `kinds/`, found by scanning: adding one is one file."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

from lachan.kernel.errors import Text
from lachan.members import kinds
from lachan.members.roles import MemberKind, Role


@dataclass(frozen=True, slots=True)
class MemberKindDecl:
    """`name` is the class in the address. `desks` are roles that its officers usually hold.

    `holds_accounts` members have a participation level; `identifies` names the values by which
    a message finds its member (a BIN, a number's prefix, an AS number, a domain suffix).
    """

    name: MemberKind
    title: Text
    desks: frozenset[Role]
    holds_accounts: bool = False
    hosted_by_default: bool = False
    identifies: tuple[str, ...] = ()


@cache
def all_kinds() -> dict[MemberKind, MemberKindDecl]:
    """Every declared kind. Raises: TypeError for a file without its KIND, or under another name."""
    found: dict[MemberKind, MemberKindDecl] = {}
    for module in sorted(one.name for one in pkgutil.iter_modules(kinds.__path__)):
        declared = getattr(importlib.import_module(f"{kinds.__name__}.{module}"), "KIND", None)
        if not isinstance(declared, MemberKindDecl) or declared.name.value != module:
            raise TypeError(f"members/kinds/{module}.py declares no KIND of that name")
        found[declared.name] = declared
    return found
