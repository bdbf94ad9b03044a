"""Words for the roles of officers and of people in a case."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lachan.web.words.word import Word

ROLES: dict[str, Word] = {
    "investigator": (_("điều tra viên"), ""),
    "unit_head": (_("thủ trưởng đơn vị"), ""),
    "agency_head": (_("thủ trưởng cơ quan"), ""),
    "duty_officer": (_("trực ban"), ""),
    "procurator": (_("kiểm sát viên"), ""),
    "judge": (_("thẩm phán"), ""),
    "desk": (_("bàn trực nghiệp vụ"), ""),
    "desk_head": (_("trưởng bàn trực"), ""),
    "liaison": (_("đầu mối liên lạc"), ""),
    "supervisor": (_("giám sát"), ""),
    "registrar": (_("quản trị thành viên"), ""),
    "auditor": (_("kiểm toán"), ""),
    "citizen_office": (_("tiếp dân"), ""),
    "analyst": (_("phân tích"), ""),
    "legal_officer": (_("pháp chế"), ""),
    "appeal_officer": (_("cán bộ xem xét"), ""),
    "steward": (_("quản lý dữ liệu"), ""),
    "press_office": (_("truyền thông"), ""),
    "border_check": (_("kiểm soát biên giới"), ""),
    "victim": (_("bị hại"), ""),
    "reporter": (_("người báo tin"), ""),
    "holder": (_("chủ tài khoản"), ""),
    "subscriber": (_("chủ thuê bao"), ""),
    "registrant": (_("chủ tên miền"), ""),
}
