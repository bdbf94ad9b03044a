"""How urgent an ask is, and why one is refused, in words."""

from __future__ import annotations

from lachan.kernel.errors import Text

PRIORITIES = {
    "P0": Text(vi="Khẩn cấp (giờ vàng)", en="Emergency (golden hour)"),
    "P1": Text(vi="Gấp", en="Urgent"),
    "P2": Text(vi="Bình thường", en="Normal"),
    "P3": Text(vi="Không gấp", en="Low"),
}
REASON_WORDS = {
    "OUT_OF_SCOPE": Text(
        vi="Ngoài phạm vi của căn cứ pháp lý", en="Outside what the legal basis covers"
    ),
    "LEGAL_OBJECTION": Text(
        vi="Phản đối về pháp lý (phải giải thích)", en="Legal objection (explanation needed)"
    ),
    "DECLINED": Text(vi="Đơn vị không thực hiện", en="This member declines"),
    "NOT_FOUND": Text(vi="Không tìm thấy điều được hỏi", en="What is asked about was not found"),
    "NOT_HOLDER": Text(
        vi="Không do đơn vị này quản lý", en="Not held by this member but by another"
    ),
    "NOT_HELD": Text(vi="Đơn vị không giữ", en="Not held here"),
    "TOO_BROAD": Text(vi="Hỏi quá rộng, cần thu hẹp", en="Too broad; it must be narrowed"),
    "RETENTION_PASSED": Text(
        vi="Đã quá thời hạn lưu giữ", en="The time of keeping records has passed"
    ),
    "TECHNICAL": Text(vi="Lỗi kỹ thuật", en="Technical fault"),
    "MANDATE_UNKNOWN": Text(vi="Căn cứ không có trong danh mục", en="Unknown legal basis"),
    "MANDATE_EXPIRED": Text(vi="Căn cứ hết hiệu lực", en="The legal basis is no longer in force"),
    "NOT_ADOPTED": Text(vi="Căn cứ chưa được chấp nhận dùng", en="The legal basis is not adopted"),
    "STAGE_NOT_PERMITTED": Text(
        vi="Giai đoạn tố tụng không cho phép", en="Not permitted at this stage of the case"
    ),
    "SIGNERS_INSUFFICIENT": Text(vi="Thiếu chữ ký cần có", en="Required signatures are missing"),
    "AMOUNT_OVER_CAP": Text(vi="Số tiền vượt mức", en="The sum is above the bound"),
    "LEASE_TOO_LONG": Text(vi="Thời hạn quá dài", en="The term is too long"),
    "ASKER_NOT_ALLOWED": Text(vi="Bên hỏi không có quyền hỏi", en="The asker may not ask this"),
    "PROTECTED_SUBJECT": Text(vi="Đối tượng được bảo vệ", en="The subject is protected"),
    "DUPLICATE": Text(vi="Trùng với yêu cầu trước", en="Same as an earlier request"),
    "CONFLICTING_ORDER": Text(vi="Trái với lệnh đang có", en="Conflicts with a standing order"),
    "TOO_LARGE": Text(vi="Quá lớn", en="Too large"),
}


def priority(code: str, lang: str) -> str:
    """How urgent an ask is."""
    return PRIORITIES[code].in_(lang) if code in PRIORITIES else code


def refusal(code: str, lang: str) -> str:
    """A reason for saying no."""
    return REASON_WORDS[code].in_(lang) if code in REASON_WORDS else code
