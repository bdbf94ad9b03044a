"""A whole trial from its settings: the world, the served centre, the member's process or a member that calls, the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lachan.connector.config import load_config
from lachan.connector.conformance.asking import askable
from lachan.connector.conformance.centre import KitCentre
from lachan.connector.conformance.crashing import try_crash
from lachan.connector.conformance.judging import Result
from lachan.connector.conformance.own import OwnProcess
from lachan.connector.conformance.report import Report, kit_key, report
from lachan.connector.conformance.serving import serving
from lachan.connector.conformance.specimens import load_specimens
from lachan.connector.conformance.trying import Trial
from lachan.connector.conformance.world import Tried, make_world
from lachan.connector.member import read_jwk
from lachan.exchange import crypto
from lachan.exchange.kinds import all_kinds
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.time import Clock
from lachan.members.roles import MemberKind, Role
from lachan.profiles.load import load_profile

PROFILE = "vn"  # messages of a trial are `test`, which need no adopted row


class TrialImpossible(LachanError):
    """The trial cannot start: what it was told does not fit."""

    code = "connector.trial"
    text = Text(
        vi="Không chạy thử được: {why}. Đúng là: {right}.",
        en="The trial cannot run: {why}. Right would be: {right}.",
    )
    why: str
    right: str


class MemberSilent(LachanError):
    """Nobody called."""

    code = "connector.member_silent"
    status = 503
    text = Text(
        vi="Thành viên {address} không gọi đến {url} trong {seconds} giây.",
        en="The member {address} did not call {url} within {seconds} seconds.",
    )
    address: str
    url: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config`: the kit runs the member's process itself; None: the member runs elsewhere and calls `host:port`."""

    tried: Tried
    folder: Path
    specimens: Path | None = None
    kinds: frozenset[str] = frozenset()  # only these; empty: every kind that the member must answer
    config: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0
    wait: float = 20.0
    arrival: float = 60.0


def tried_of(address: str, public: Path, code: str) -> Tried:
    """The member by the file of its public keys, `{"sign": JWK, "encrypt": JWK}`. Raises: TrialImpossible."""
    try:
        told = json.loads(public.read_text(encoding="utf-8"))
        sign, encrypt = (
            crypto.public_jwk(crypto.load_key(told[use])) for use in ("sign", "encrypt")
        )
    except (OSError, ValueError, KeyError, TypeError, LachanError) as cause:
        raise TrialImpossible(
            why=f"{public}: {cause}", right='{"sign": JWK, "encrypt": JWK}'
        ) from cause
    return ensure_known(Tried(address, code, sign, encrypt))


def tried_of_config(address: str, file: Path) -> Tried:
    """The member of a configuration; of its keys the public halves alone go on. Raises: TrialImpossible, ConfigWrong."""
    config = load_config(file)
    if config.address != address:
        raise TrialImpossible(why=address, right=config.address)
    keys = config.read.keys
    sign, encrypt = (
        crypto.public_jwk(crypto.load_key(read_jwk(config, one)))
        for one in (keys.sign, keys.encrypt)
    )
    return ensure_known(Tried(address, config.read.member.code, sign, encrypt))


def ensure_known(tried: Tried) -> Tried:
    """Raises: TrialImpossible for an address of no class."""
    try:
        _ = tried.kind
    except (ValueError, IndexError) as cause:
        raise TrialImpossible(why=tried.address, right="vn/bank/970436") from cause
    return tried


def run_trial(
    settings: Settings,
    clock: Clock,
    *,
    told: Callable[[Result], None],
    waiting: Callable[[str, Path], None],
) -> Report:
    """Play the centre until every case was tried; the signed report lies in `folder/report.jws`.

    waiting: called with the address and the root file that a member elsewhere must be given.
    Raises: TrialImpossible, MemberSilent, SpecimensWrong.
    """
    tried, folder = settings.tried, settings.folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    specimens = load_specimens(settings.specimens)
    catalogue = load_profile(PROFILE).catalogue
    kinds = [one for one in all_kinds().values() if tried.kind in one.answerers]
    kinds = [one for one in kinds if not settings.kinds or one.name in settings.kinds]
    ways = askable(kinds, catalogue, tried.kind)
    asking: dict[MemberKind, set[Role]] = {}
    for way in ways.values():
        if way is not None:
            asking.setdefault(way.sender, set()).update(way.roles)
    if not asking:
        raise TrialImpossible(why=f"nothing is asked of {tried.kind}", right="bank, telecom, …")
    world = make_world(tried, catalogue, asking, clock.now())
    (folder / "root.json").write_text(json.dumps(world.root.to_json()), encoding="utf-8")
    key = kit_key(folder / "kit.jwk")
    centre = KitCentre(world, clock, PROFILE)
    with serving(centre, folder, settings.host, settings.port) as url:
        waiting(url, folder / "root.json")
        own = None if settings.config is None else OwnProcess(settings.config, folder, url)
        if own is not None:
            own.start()
        try:
            if not centre.until(lambda: centre.polls > 0, settings.arrival):
                raise MemberSilent(address=tried.address, url=url, seconds=int(settings.arrival))
            trial = Trial(centre, ways, specimens, settings.wait, told)
            trial.run()
            if own is not None:
                try_crash(trial, own)
            trial.unasked()
        finally:
            if own is not None:
                own.stop()
    made = report(world, trial.results, key, at=clock.now(), own_process=own is not None)
    (folder / "report.jws").write_text(made.jws, encoding="ascii")
    return made
