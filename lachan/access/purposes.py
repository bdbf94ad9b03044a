"""Why somebody reads or acts (law.md §3): every query, message, export and print carries one code. Pure."""

from enum import StrEnum

from lachan.kernel.errors import Text
from lachan.members.roles import Role


class Purpose(StrEnum):
    """The codes of the law's purposes; mandate rows list those that they serve."""

    RPT = "RPT"
    GLD = "GLD"
    INV = "INV"
    SUP = "SUP"
    TRI = "TRI"
    RTN = "RTN"
    REG = "REG"
    CHK = "CHK"
    CLN = "CLN"
    TKD = "TKD"
    WRN = "WRN"
    RPT2 = "RPT2"
    SUB = "SUB"
    BDR = "BDR"
    AUD = "AUD"

    @property
    def title(self) -> Text:  # type: ignore[override] # str.title is of no use on a code
        return _TITLES[self]

    @property
    def roles(self) -> frozenset[Role]:
        """Whose daily work it is; empty for machines, holders and the public."""
        return _ROLES.get(self, frozenset())


_TITLES = {
    Purpose.RPT: Text(vi="Tiếp nhận và theo dõi tin báo", en="Take and follow a report"),
    Purpose.GLD: Text(vi="Giờ vàng: truy vết và tạm giữ", en="Golden hour: trace and hold"),
    Purpose.INV: Text(vi="Xác minh, điều tra vụ việc", en="Verify or investigate a case"),
    Purpose.SUP: Text(vi="Kiểm sát", en="Procuracy supervision"),
    Purpose.TRI: Text(vi="Xét xử, thi hành án", en="Trial, enforcement"),
    Purpose.RTN: Text(vi="Hoàn trả tiền", en="Return of money"),
    Purpose.REG: Text(vi="Danh sách nghi ngờ", en="Registry"),
    Purpose.CHK: Text(vi="Kiểm tra người nhận tiền", en="Payee check"),
    Purpose.CLN: Text(vi="Làm sạch dữ liệu", en="Data cleansing"),
    Purpose.TKD: Text(vi="Chặn, gỡ, đình chỉ", en="Block, take down, suspend"),
    Purpose.WRN: Text(vi="Cảnh báo", en="Warnings"),
    Purpose.RPT2: Text(vi="Chỉ đạo, thống kê (chỉ số liệu gộp)", en="Directives, statistics (aggregates)"),
    Purpose.SUB: Text(vi="Quyền của chủ thể dữ liệu", en="Data subject's own right"),
    Purpose.BDR: Text(vi="Kiểm tra biên giới theo quyết định", en="Border check against a decision"),
    Purpose.AUD: Text(vi="Kiểm toán", en="Audit"),
}  # fmt: skip

_DESKS = frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON})
_ROLES: dict[Purpose, frozenset[Role]] = {
    Purpose.RPT: frozenset({Role.CITIZEN_OFFICE, Role.INVESTIGATOR, Role.DUTY_OFFICER, Role.DESK}),
    # The heads sign what the golden hour proposes (DESIGN, decision 5), so they act in it too.
    Purpose.GLD: frozenset(
        {Role.INVESTIGATOR, Role.DUTY_OFFICER, Role.UNIT_HEAD, Role.AGENCY_HEAD, *_DESKS}
    ),
    Purpose.INV: frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD}),
    Purpose.SUP: frozenset({Role.PROCURATOR}),
    Purpose.TRI: frozenset({Role.JUDGE}),
    Purpose.RTN: frozenset({Role.UNIT_HEAD, *_DESKS}),
    Purpose.REG: frozenset({Role.ANALYST, Role.STEWARD, *_DESKS}),
    Purpose.CLN: _DESKS,
    Purpose.TKD: frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, *_DESKS}),
    Purpose.WRN: frozenset({Role.PRESS_OFFICE}),
    Purpose.RPT2: frozenset({Role.SUPERVISOR}),
    Purpose.BDR: frozenset({Role.BORDER_CHECK}),
    Purpose.AUD: frozenset({Role.AUDITOR, Role.REGISTRAR, Role.LEGAL_OFFICER}),
}


def purposes_of(roles: frozenset[Role]) -> tuple[Purpose, ...]:
    """What a holder of these roles may choose from; the golden hour first, then the law's order."""
    fitting = [purpose for purpose in Purpose if purpose.roles & roles]
    return tuple(sorted(fitting, key=lambda purpose: purpose is not Purpose.GLD))
