"""Invented people: Vietnamese syllables put together at random. No name belongs to anybody."""

from random import Random

FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
)
MIDDLE = ("Thị", "Văn", "Minh", "Ngọc", "Thanh", "Hữu", "Đức", "Thu", "Quang", "Kim", "Xuân", "Bảo")
GIVEN = (
    "An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Hải", "Hạnh", "Hằng", "Hiếu", "Hoa", "Hùng", "Hương",
    "Khánh", "Lan", "Linh", "Long", "Mai", "Nam", "Nga", "Nhung", "Phong", "Phúc", "Quân", "Quỳnh",
    "Sơn", "Thảo", "Thắng", "Trang", "Trung", "Tú", "Tuấn", "Uyên", "Vân", "Việt", "Yến",
)  # fmt: skip
TRADES = (
    "Tạp hóa",
    "Vàng bạc",
    "Điện máy",
    "Quán ăn",
    "Nhà thuốc",
    "Xăng dầu",
    "Thời trang",
    "Vật liệu",
)


def person(random: Random) -> str:
    """A full name: family, middle, given."""
    return f"{random.choice(FAMILY)} {random.choice(MIDDLE)} {random.choice(GIVEN)}"


def shop(random: Random) -> str:
    """A merchant's name."""
    return f"{random.choice(TRADES)} {random.choice(GIVEN)} {random.choice(GIVEN)}"


def company(random: Random) -> str:
    """An employer's or biller's name."""
    return f"Công ty TNHH {random.choice(GIVEN)} {random.choice(GIVEN)} {random.choice(GIVEN)}"


def citizen_id(random: Random) -> str:
    """Twelve digits of the form only; the province code 000 is no province."""
    return f"000{random.randrange(10**9):09d}"


def phone(random: Random) -> str:
    """E.164 with the prefix of the simulated operator."""
    return f"+8459{random.randrange(10**7):07d}"
