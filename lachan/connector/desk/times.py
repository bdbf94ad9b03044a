"""How much time an ask has left, and who has been told that it is late, in words."""

from __future__ import annotations

from lachan.exchange.deadlines import Level
from lachan.kernel.errors import Text

LEVELS = {
    Level.L0: Text(vi="Đã qua ba phần tư thời hạn", en="Three quarters of the time are gone"),
    Level.L1: Text(
        vi="Quá hạn: trưởng bàn tiếp nhận phải xử lý", en="Overdue: for the head of the desk"
    ),
    Level.L2: Text(
        vi="Quá hạn lâu: chuyển đầu mối của đơn vị; chỉ huy bên hỏi đã biết",
        en="Long overdue: for this member's liaison; the asker's unit head knows",
    ),
    Level.L3: Text(
        vi="Quá hạn rất lâu: cơ quan quản lý của đơn vị đã thấy",
        en="Very long overdue: this member's regulator sees it",
    ),
}


def level_words(level: Level, lang: str) -> str:
    """Who has been told that an ask is late; empty while nobody was."""
    return LEVELS[level].in_(lang) if level in LEVELS else ""


def span(seconds: int, lang: str) -> str:
    """How long: `23 giờ 57 phút`, `2 ngày 3 giờ`; under a minute, seconds."""
    seconds = abs(seconds)
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    day, hour, minute, second = (
        ("ngày", "giờ", "phút", "giây") if lang == "vi" else ("d", "h", "min", "s")
    )
    if days:
        return f"{days} {day} {hours} {hour}" if hours else f"{days} {day}"
    if hours:
        return f"{hours} {hour} {minutes} {minute}" if minutes else f"{hours} {hour}"
    return f"{minutes} {minute}" if minutes else f"{seconds} {second}"


def time_left(seconds: int, lang: str) -> str:
    """`còn 23 giờ 57 phút`, `quá hạn 5 phút`."""
    if lang == "vi":
        return f"quá hạn {span(seconds, lang)}" if seconds < 0 else f"còn {span(seconds, lang)}"
    return f"{span(seconds, lang)} overdue" if seconds < 0 else f"{span(seconds, lang)} left"
