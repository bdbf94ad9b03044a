"""The invented people and agencies of the demonstration. No real person or institution is meant."""

from dataclasses import dataclass

from lachan.members.roles import Role

CENTRE, A05, HANOI = "vn/centre/main", "vn/police/a05", "vn/police/hanoi"
BORDER, CUSTOMS = "vn/border/bdbp", "vn/customs/hq"
PASSWORD = "trinh dien la chan 2026"  # noqa: S105 - published: a demonstration's password protects nothing
PASSPHRASE = "cau ky trinh dien la chan"  # noqa: S105 - as above


PROTECTED_ACCOUNTS = ("970901:0000000113", "970904:0000000115")  # an invented treasury and hospital
PROTECTED_DOMAINS = ("gov.vn",)


@dataclass(frozen=True, slots=True)
class Agency:
    """A hosted member with its units (slug, title, English title, area, telephone)."""

    address: str
    name_vi: str
    name_en: str
    units: tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """An officer with a login; `login` is what is typed at sign-in."""

    login: str
    name: str
    agency: str
    unit: str
    roles: tuple[Role, ...]


AGENCIES = (
    Agency(
        CENTRE,
        "Trung tâm điều phối Lá Chắn",
        "Lá Chắn coordination centre",
        (("office", "Văn phòng", "Office", "", ""),),
    ),
    Agency(
        A05,
        "Cục A05 (trình diễn)",
        "Department A05 (demonstration)",
        (
            ("duty", "Trực ban 24/7", "Duty desk 24/7", "", "024 0000 0113"),
            ("p3", "Phòng 3", "Division 3", "", "024 0000 0303"),
            ("review", "Phòng xem xét lại", "Review division", "", "024 0000 0404"),
        ),
    ),
    Agency(
        HANOI,
        "Công an Thành phố Hà Nội (trình diễn)",
        "Hanoi Police (demonstration)",
        (("duty", "Trực ban PA05", "Duty desk PA05", "01", "024 0000 0101"),),
    ),
    Agency(
        BORDER,
        "Bộ đội Biên phòng (trình diễn)",
        "Border guard (demonstration)",
        (("desk", "Bàn trực nghiệp vụ", "Request desk", "", ""),),
    ),
    Agency(
        CUSTOMS,
        "Hải quan (trình diễn)",
        "Customs (demonstration)",
        (("desk", "Bàn trực nghiệp vụ", "Request desk", "", ""),),
    ),
)

PEOPLE = (
    Person("registrar1", "Lê Thị Ghi Danh", CENTRE, "office", (Role.REGISTRAR,)),
    Person("registrar2", "Phạm Văn Sổ Bộ", CENTRE, "office", (Role.REGISTRAR, Role.LEGAL_OFFICER)),
    Person("truc", "Trần Minh Trực", A05, "duty", (Role.DUTY_OFFICER, Role.INVESTIGATOR)),
    Person("dtv", "Vũ Thị Điều Tra", A05, "duty", (Role.INVESTIGATOR,)),
    Person("truong", "Nguyễn Văn Trưởng", A05, "duty", (Role.UNIT_HEAD,)),
    Person("p3", "Hoàng Thị Gia Hạn", A05, "p3", (Role.UNIT_HEAD, Role.INVESTIGATOR)),
    Person("xemxet", "Đặng Văn Xét Lại", A05, "review", (Role.UNIT_HEAD,)),
    Person("hanoi", "Bùi Thị Hà Nội", HANOI, "duty", (Role.INVESTIGATOR, Role.DUTY_OFFICER)),
    Person("bienphong", "Lò Văn Biên", BORDER, "desk", (Role.BORDER_CHECK, Role.DESK)),
    Person("haiquan", "Trịnh Thị Hải", CUSTOMS, "desk", (Role.DESK, Role.DESK_HEAD)),
)
