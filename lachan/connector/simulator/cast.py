"""Who takes part in the simulated country: eight banks, two e-wallets, a telecom, an internet provider, a registrar, a platform.

The codes and names are invented; no institution is meant. Each ledger kind is used by several members,
so that every adapter carries part of every trace.
"""

from dataclasses import dataclass

from lachan.members.roles import MemberKind


@dataclass(frozen=True, slots=True)
class SimMember:
    """One simulated member. `code` is its NAPAS-like code; empty for members without accounts."""

    address: str
    kind: MemberKind
    code: str
    name_vi: str
    name_en: str
    ledger: str  # sql, parquet, csv; register for members without accounts
    participation: int | None = None
    pool_at: str = ""  # an e-wallet's pooled account lies at this bank

    @property
    def folder(self) -> str:
        """The name of its folder: the address with dashes."""
        return self.address.replace("/", "-")


_BANKS = (
    ("970901", "Sông Hồng", "Song Hong", "sql"),
    ("970902", "Ba Vì", "Ba Vi", "parquet"),
    ("970903", "Đồng Nai", "Dong Nai", "csv"),
    ("970904", "Trường Sơn", "Truong Son", "sql"),
    ("970905", "Cửu Long", "Cuu Long", "parquet"),
    ("970906", "Lam Kinh", "Lam Kinh", "csv"),
    ("970907", "Hải Vân", "Hai Van", "sql"),
    ("970908", "Tam Đảo", "Tam Dao", "parquet"),
)
_WALLETS = (
    ("971901", "Ví Cá Chép", "Ca Chep Wallet", "parquet", "970901"),
    ("971902", "Ví Hạt Sen", "Hat Sen Wallet", "sql", "970904"),
)


def cast() -> tuple[SimMember, ...]:
    """The fourteen members of the demonstration."""
    banks = tuple(
        SimMember(
            address=f"vn/bank/{code}",
            kind=MemberKind.BANK,
            code=code,
            name_vi=f"Ngân hàng {vi} (mô phỏng)",
            name_en=f"{en} Bank (simulated)",
            ledger=ledger,
            participation=5,
        )
        for code, vi, en, ledger in _BANKS
    )
    wallets = tuple(
        SimMember(
            address=f"vn/ewallet/{code}",
            kind=MemberKind.EWALLET,
            code=code,
            name_vi=f"{vi} (mô phỏng)",
            name_en=f"{en} (simulated)",
            ledger=ledger,
            participation=5,
            pool_at=pool,
        )
        for code, vi, en, ledger, pool in _WALLETS
    )
    others = (
        SimMember("vn/telecom/mo-phong", MemberKind.TELECOM, "", "Nhà mạng mô phỏng", "Simulated telecom", "register"),
        SimMember("vn/registrar/mo-phong", MemberKind.REGISTRAR, "", "Nhà đăng ký tên miền mô phỏng", "Simulated registrar", "register"),
        SimMember("vn/platform/mo-phong", MemberKind.PLATFORM, "", "Mạng xã hội mô phỏng", "Simulated platform", "register"),
        SimMember("vn/isp/mo-phong", MemberKind.ISP, "", "Nhà cung cấp internet mô phỏng", "Simulated internet provider", "register"),
    )  # fmt: skip
    return (*banks, *wallets, *others)


def money_members(members: tuple[SimMember, ...]) -> tuple[SimMember, ...]:
    """Those that hold accounts."""
    return tuple(one for one in members if one.code)
