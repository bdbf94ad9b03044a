"""Who acts: the roles of officers and the kinds of members. Pure; shared by the centre and the connector.

The values are wire values (exchange.md §1): they stand in signatures, in the directory and in the
mandate catalogue, so they never change once released.
"""

from enum import StrEnum


class Role(StrEnum):
    """What an officer may act as, in one unit and for a period."""

    INVESTIGATOR = "investigator"
    UNIT_HEAD = "unit_head"
    AGENCY_HEAD = "agency_head"
    DUTY_OFFICER = "duty_officer"
    PROCURATOR = "procurator"
    JUDGE = "judge"
    DESK = "desk"
    DESK_HEAD = "desk_head"
    LIAISON = "liaison"
    SUPERVISOR = "supervisor"
    REGISTRAR = "registrar"
    AUDITOR = "auditor"
    CITIZEN_OFFICE = "citizen_office"
    ANALYST = "analyst"
    STEWARD = "steward"
    PRESS_OFFICE = "press_office"
    BORDER_CHECK = "border_check"
    LEGAL_OFFICER = "legal_officer"


class MemberKind(StrEnum):
    """The class in an address; one file of the same name in `members/kinds/`."""

    BANK = "bank"
    EWALLET = "ewallet"
    PAYMENT = "payment"  # an intermediary that clears but holds no customer's account
    TELECOM = "telecom"
    ISP = "isp"
    REGISTRAR = "registrar"
    PLATFORM = "platform"
    HOSTING = "hosting"
    STORE = "store"
    POLICE = "police"
    PROCURACY = "procuracy"
    COURT = "court"
    ENFORCEMENT = "enforcement"
    TREASURY = "treasury"
    REGISTER = "register"
    BORDER = "border"
    CUSTOMS = "customs"
    TAX = "tax"
    MINISTRY = "ministry"
    SUPERVISOR = "supervisor"  # the central bank, the telecom authority
    PROVINCE = "province"
    CYBER = "cyber"  # the defence ministry's force, CERTs
    MEDIA = "media"
    FOREIGN = "foreign"
    CENTRE = "centre"


HOLDS_ACCOUNTS = frozenset({MemberKind.BANK, MemberKind.EWALLET, MemberKind.TREASURY})
INVESTIGATING = frozenset({MemberKind.POLICE})  # bodies whose officers may ask before prosecution
JUSTICE = frozenset({MemberKind.POLICE, MemberKind.PROCURACY, MemberKind.COURT})


class MemberState(StrEnum):
    """`APPLIED → TESTING → ACTIVE ⇄ SUSPENDED → LEFT`."""

    APPLIED = "APPLIED"
    TESTING = "TESTING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"  # may answer, release and receive; may not ask
    LEFT = "LEFT"


class Connection(StrEnum):
    """How a member is reached."""

    CONNECTED = "connected"
    HOSTED = "hosted"
    PAPER = "paper"


class KeyUse(StrEnum):
    """What a key may sign or open."""

    SIGN = "sign"
    ENCRYPT = "encrypt"
    TLS = "tls"
    ENROL = "enrol"
    SHIFT = "shift"
    DIRECTORY = "directory"
    LOG = "log"
    ROOT = "root"


class KeyStorage(StrEnum):
    """Where the private half lives; it decides the form of an approval."""

    SOFT = "soft"
    WEBAUTHN = "webauthn"
    PKCS11 = "pkcs11"
