"""What other parts ask of the register of members, and its verbs, by one name.

Rows of officers and keys come signed by their own agency (`enrolment`); nothing here can make one.
"""

from __future__ import annotations

from collections.abc import Sequence

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock
from lachan.members.desks import (
    Desk,
    desk_address,
    desk_for,
    member_of_account,
    member_of_number,
    member_phone,
    members_of_kind,
    unit_names,
    unit_phone,
    unit_title,
)
from lachan.members.directory import Directory
from lachan.members.enrolling import add_key, enrol_officer, person_key, person_of, revoke_key
from lachan.members.events import DirectoryPublished
from lachan.members.found import REGISTRARS
from lachan.members.models.keys import Shift
from lachan.members.models.organisations import Member
from lachan.members.publishing import (
    current_directory,
    deployment_root,
    directory_version,
    make_deployment,
)
from lachan.members.publishing import publish_directory as build_and_store
from lachan.members.registering import (
    WAIVER,
    MemberForm,
    activate,
    add_unit,
    change_state,
    register_member,
)
from lachan.members.security_keys import (
    SecurityKeyView,
    begin_registration,
    enter_security_key,
    register_security_key,
    relying_party,
    request_of,
    security_keys,
    signing_options,
    usable_security_key,
    usable_security_keys,
)
from lachan.members.shifts import close_shift, current_shift, open_shift, shift_of_member
from lachan.members.unlocking import (
    UnlockedKey,
    decryption_keys,
    member_private_key,
    shift_key,
    unlock_officer_key,
)

__all__ = [
    "WAIVER",
    "Desk",
    "Member",
    "MemberForm",
    "SecurityKeyView",
    "Shift",
    "UnlockedKey",
    "activate",
    "add_key",
    "add_unit",
    "begin_registration",
    "change_state",
    "close_shift",
    "current_directory",
    "current_shift",
    "decryption_keys",
    "deployment_root",
    "desk_address",
    "desk_for",
    "directory_version",
    "enrol_officer",
    "enter_security_key",
    "make_deployment",
    "member_of_account",
    "member_of_number",
    "member_phone",
    "member_private_key",
    "members_of_kind",
    "open_shift",
    "person_key",
    "person_of",
    "publish_directory",
    "register_member",
    "register_security_key",
    "relying_party",
    "request_of",
    "revoke_key",
    "security_keys",
    "shift_key",
    "shift_of_member",
    "signing_options",
    "unit_names",
    "unit_phone",
    "unit_title",
    "unlock_officer_key",
    "usable_security_key",
    "usable_security_keys",
]


@verb(
    "member.publish", roles=REGISTRARS, system=True, title=Text(vi="Công bố danh bạ", en="Publish the directory"))  # fmt: skip
def publish_directory(
    actor: Actor,
    *,
    clock: Clock,
    mandates_hash: str | None = None,
    calendar_hash: str | None = None,
    kinds_hash: str | None = None,
    never_block_hash: str | None = None,
) -> tuple[Directory, Sequence[Event]]:
    """The next version of the directory from the rows as they stand; a hash not given stays as it was."""
    directory = build_and_store(
        clock=clock,
        mandates_hash=mandates_hash,
        calendar_hash=calendar_hash,
        kinds_hash=kinds_hash,
        never_block_hash=never_block_hash,
    )
    return directory, (DirectoryPublished(directory.version, clock.now()),)
