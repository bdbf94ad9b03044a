"""What a planted scam is made of, and the two that the country begins with.

GREEN: a fraud through six layers and ten institutions within minutes; the money rests in fresh mule
accounts, so a plan hits nearly nobody else. A salary account and a shop lie on its path and must stay
free. RED: at layer five the money rests in ten long-used accounts among much clean money; holding all
of them would hit too many bystanders, so the plan must be narrowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from lachan.adapters.ledgers.port import SALARY, AccountRow
from lachan.connector.simulator.cast import SimMember
from lachan.connector.simulator.country import DAY, NOBODY, Accounts, Planted, new_row

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Reported:
    """What the victim can say: indices of accounts, đồng, seconds since 1970."""

    src: int
    dst: int
    amount: int
    at: int


@dataclass
class Scam:
    """One planted fraud. `labels` names its accounts; `innocent` are on its path and must stay free."""

    name: str
    start: int
    events: list[Planted] = field(default_factory=list)
    reported: list[Reported] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    innocent: list[int] = field(default_factory=list)
    contacts: dict[str, str] = field(default_factory=dict)


class Stage:
    """Opens accounts and moves money. Times are seconds after the scam's start."""

    def __init__(
        self, scam: Scam, accounts: Accounts, members: tuple[SimMember, ...], random: Random
    ) -> None:
        self.scam = scam
        self.accounts = accounts
        self.members = members
        self.random = random
        self._links = 0
        self._pools = {
            index: pool
            for index, one in enumerate(members)
            if (pool := self._pool(one)) is not None
        }

    def mule(self, label: str, member: int, *, days: int = 0, kind: str = "") -> int:
        """An account opened weeks ago for this: nothing on it but what comes now."""
        wallet = bool(self.members[member].pool_at)
        row = new_row(
            self.random,
            self.scam.start,
            days=days or self.random.randrange(8, 60),
            kind=kind or ("wallet" if wallet else "account"),
            channel="app",
        )
        return self._open(label, member, row, small=True)

    def victim(self, label: str, member: int) -> int:
        """Somebody with savings."""
        return self._open(label, member, new_row(self.random, self.scam.start, days=2500))

    def worker(self, label: str, member: int, employer: int, payers: list[int]) -> int:
        """An innocent salary account with ordinary life on it: about 50 million a month comes in."""
        index = self._open(
            label, member, new_row(self.random, self.scam.start, days=1800), small=True
        )
        self.scam.innocent.append(index)
        for month in range(3):
            at = self.scam.start - (9 + 30 * month) * DAY
            self._event(at, employer, index, 32 * MILLION, category=SALARY)
        for number, payer in enumerate(payers):
            at = self.scam.start - (2 + number) * DAY
            self._event(at, payer, index, 3 * MILLION + number * 100_000)
        return index

    def shop(self, label: str, member: int, payers: list[int]) -> int:
        """An innocent merchant with many customers."""
        row = new_row(
            self.random, self.scam.start, days=1500, business="merchant", holder="Điện máy Hòa Bình"
        )
        index = self._open(label, member, row)
        self.scam.innocent.append(index)
        for number, payer in enumerate(payers):
            at = self.scam.start - DAY - number * 5000
            self._event(at, payer, index, 1_500_000 + number * 10_000)
        return index

    def used(self, label: str, member: int, payers: list[int], inflow: int) -> int:
        """A long-used account, rented out: much clean money comes and stays."""
        index = self._open(label, member, new_row(self.random, self.scam.start, days=420))
        for number, payer in enumerate(payers):
            at = self.scam.start - (3 + 2 * number) * DAY
            self._event(at, payer, index, inflow // len(payers) // 1000 * 1000)
        return index

    def lose(self, src: int, dst: int, amount: int, after: int) -> None:
        """The victim's own transfer, as reported."""
        at = self.scam.start + after
        self.scam.reported.append(Reported(src, dst, amount, at))
        self._event(at, src, dst, amount)

    def move(self, src: int, dst: int, amount: int, after: int) -> None:
        """On to the next account; into an e-wallet by its bank's pooled account under a link."""
        at = self.scam.start + after
        pool = self._pools.get(self.accounts.member[dst])
        if pool is None or self.accounts.rows[src].kind == "wallet":
            self._event(at, src, dst, amount)
            return
        self._links += 1
        link = f"{self.scam.name.upper()}{self.scam.start % 1_000_000}-{self._links}"
        self._event(at, src, pool, amount, link=link)
        self._event(at + 1, pool, dst, amount, link=link)

    def out(self, src: int, amount: int, after: int, kind: str = "cash") -> None:
        """Leaves: a cash machine, a crypto platform, a shop without an account here."""
        self.scam.events.append(Planted(self.scam.start + after, src, NOBODY, amount, kind=kind))

    def _open(self, label: str, member: int, row: AccountRow, *, small: bool = False) -> int:
        index = self.accounts.add(member, row, small=small)
        self.scam.labels[label] = index
        return index

    def _event(
        self, at: int, src: int, dst: int, amount: int, *, link: str = "", category: str = ""
    ) -> None:
        self.scam.events.append(Planted(at, src, dst, amount, link=link, category=category))

    def _pool(self, member: SimMember) -> int | None:
        if not member.pool_at:
            return None
        return next(
            index
            for index, row in enumerate(self.accounts.rows)
            if row.kind == "transit" and row.holder == member.name_vi
        )


def green(stage: Stage, roles: dict[str, list[int]]) -> Scam:
    """A false tax officer: 980 million in one transfer, six layers, ten institutions, eleven minutes."""
    people, random = roles["person"], stage.random
    victim = stage.victim("victim", 0)
    m1 = stage.mule("m1", 1)
    stage.lose(victim, m1, 980 * MILLION, 0)
    m2a, m2b, m2c = (stage.mule(f"m2{x}", at) for x, at in zip("abc", (2, 3, 1), strict=True))
    stage.move(m1, m2a, 450 * MILLION, 70)
    stage.move(m1, m2b, 300 * MILLION, 95)
    stage.move(m1, m2c, 150 * MILLION, 120)
    m3a, m3b = stage.mule("m3a", 4), stage.mule("m3b", 5)
    m3c, m3d, m3e = stage.mule("m3c", 8), stage.mule("m3d", 6), stage.mule("m3e", 2)
    stage.move(m2a, m3a, 250 * MILLION, 150)
    stage.move(m2a, m3b, 120 * MILLION, 165)
    for number in range(6):
        stage.out(m2a, 5 * MILLION, 200 + 15 * number)
    stage.move(m2b, m3c, 100 * MILLION, 185)
    stage.move(m2b, m3d, 140 * MILLION, 200)
    worker = stage.worker("worker", 7, random.choice(roles["employer"]), random.sample(people, 6))
    stage.move(m2c, worker, 2 * MILLION, 210)
    stage.move(m2c, m3e, 100 * MILLION, 230)
    m4a, m4b, m4c = stage.mule("m4a", 5), stage.mule("m4b", 9), stage.mule("m4c", 7)
    stage.move(m3a, m4a, 150 * MILLION, 260)
    shop = stage.shop("shop", 6, random.sample(people, 30))
    stage.move(m3a, shop, 900_000, 275)
    stage.move(m3b, m4b, 60 * MILLION, 290)
    stage.move(m3d, m4c, 90 * MILLION, 300)
    stage.out(m3c, 5 * MILLION, 330, "merchant")
    m5a = stage.mule("m5a", 3)
    stage.move(m4a, m5a, 110 * MILLION, 380)
    for number in range(2):
        stage.out(m4a, 5 * MILLION, 400 + 20 * number)
    stage.out(m4b, 20 * MILLION, 420, "vasp")
    m6a = stage.mule("m6a", 0)
    stage.move(m5a, m6a, 60 * MILLION, 540)
    stage.scam.contacts = {
        "PHONE": "+84598123456",
        "DOMAIN": "hoan-thue-dien-tu.example.com",
        "URL": "https://mxh.example.com/trang/ho-tro-hoan-thue",
    }
    return stage.scam


def red(stage: Stage, roles: dict[str, list[int]]) -> Scam:
    """A false investment floor: 850 million, resting at layer five in ten long-used accounts."""
    people, random = roles["person"], stage.random
    victim = stage.victim("victim", 4)
    m1, m2, m3, m4 = (stage.mule(f"m{layer}", at) for layer, at in ((1, 5), (2, 6), (3, 7), (4, 2)))
    stage.lose(victim, m1, 850 * MILLION, 0)
    stage.move(m1, m2, 750 * MILLION, 60)
    stage.move(m2, m3, 600 * MILLION, 130)
    stage.out(m3, 5 * MILLION, 180)
    stage.move(m3, m4, 500 * MILLION, 200)
    for number in range(10):
        payers = random.sample(people, 12)
        held = stage.used(f"r{number}", number % 8, payers, 180 * MILLION)
        stage.move(m4, held, 45 * MILLION, 260 + 20 * number)
    worker = stage.worker("worker", 1, random.choice(roles["employer"]), random.sample(people, 6))
    stage.move(m4, worker, 2 * MILLION, 480)
    stage.scam.contacts = {
        "PHONE": "+84598765432",
        "DOMAIN": "dau-tu-sinh-loi.example.com",
        "URL": "https://mxh.example.com/trang/chuyen-gia-dau-tu",
    }
    return stage.scam
