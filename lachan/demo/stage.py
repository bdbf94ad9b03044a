"""Sets the demonstration up in a folder and starts its processes: the centre's parts and one connector for each member."""

import json
import os
import re
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lachan.connector.simulator import cast as simulated
from lachan.connector.simulator.generate import generate
from lachan.demo.processes import Troupe
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.time import SystemClock, clock_from_env, to_wire

READY_SECONDS = 60.0
CENTRE_PARTS = ("web", "exchange", "dispatcher", "clock")


class DemoNotReady(LachanError):
    """Something of the demonstration did not start."""

    code = "demo.not_ready"
    status = 503
    text = Text(
        vi="Trình diễn chưa chạy được sau {seconds} giây: {what}. Xem nhật ký trong {log}.",
        en="The demonstration did not start within {seconds} seconds: {what}. See the logs in {log}.",
    )
    seconds: int
    what: str
    log: str


@dataclass(frozen=True, slots=True)
class Places:
    """Folders and ports of one demonstration."""

    folder: Path
    web_port: int
    exchange_port: int

    @property
    def data(self) -> Path:
        return self.folder / "centre"

    @property
    def safes(self) -> Path:
        """The agencies' safes: beside the centre's folder, never in it."""
        return self.folder / "safes"

    @property
    def members(self) -> Path:
        return self.folder / "members"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def truth(self) -> Path:
        return self.members / "truth.json"


def choose(folder: Path | None, port: int) -> Places:
    """A new folder unless one is named; free ports where 0 is given."""
    made = folder or Path(tempfile.mkdtemp(prefix="lachan-demo-"))
    made.mkdir(parents=True, exist_ok=True)
    return Places(made.resolve(), port or _free_port(), _free_port())


def environment(places: Places, *, clock: str) -> dict[str, str]:
    """What every process of the demonstration is told. `clock`: "" or a factor, "x60"."""
    at = "" if not clock else f"{clock}@{to_wire(SystemClock().now())}"
    return {
        "DJANGO_SETTINGS_MODULE": "lachan.settings",
        "LACHAN_DATA": str(places.data),
        "LACHAN_PROFILE": "demo",
        "LACHAN_DEMO": "1",
        "LACHAN_CLOCK": at,
        "LACHAN_DEMO_FOLDER": str(places.folder),
        "LACHAN_PUBLIC_URL": f"http://127.0.0.1:{places.web_port}",
        "LACHAN_KEY_ORIGIN": f"http://localhost:{places.web_port}",  # an address of numbers is no relying party
        "LACHAN_EXCHANGE_URL": f"https://127.0.0.1:{places.exchange_port}",
    }


def prepare(places: Places, *, seed: int, transfers: int, say: Callable[[str], None]) -> None:
    """The country's ledgers, the deployment, the members' keys and configurations. The environment is set already."""
    from lachan.web import parts  # noqa: PLC0415 - Django reads the environment when it is first imported

    clock = clock_from_env()
    say("ledgers")
    generate(places.members, seed=seed, now=clock.now(), transfers=transfers)
    for one in simulated.cast():
        _point_to(places, places.members / one.folder / "connector.toml")
    say("deployment")
    parts.migrate()
    from lachan.demo.provision import ConnectedMember, Provision  # noqa: PLC0415 - needs Django

    connected = [
        ConnectedMember(
            address=one.address,
            name_vi=one.name_vi,
            name_en=one.name_en,
            unit="desk",
            unit_title="Bàn tiếp nhận yêu cầu",
            unit_title_en="Request desk",
            folder=places.members / one.folder / "keys",
            bins=(one.code,) if one.code else (),
            msisdn_prefixes=("09", "08", "07", "05", "03") if one.kind.value == "telecom" else (),
            participation=one.participation,
        )
        for one in simulated.cast()
    ]
    Provision(places.data, places.safes, clock).run(connected, hosts=("127.0.0.1", "localhost"))
    (places.folder / "demo.json").write_text(
        json.dumps(
            {"seed": seed, "web_port": places.web_port, "exchange_port": places.exchange_port}
        ),
        encoding="utf-8",
    )


def _point_to(places: Places, config: Path) -> None:
    """The simulated member's configuration names the usual port; here it is this demonstration's."""
    text = config.read_text(encoding="utf-8")
    text = text.replace("https://127.0.0.1:8443", f"https://127.0.0.1:{places.exchange_port}")
    text = re.sub(r'listen = "127\.0\.0\.1:\d+"', f'listen = "127.0.0.1:{_free_port()}"', text)
    config.write_text(text, encoding="utf-8")


def start(places: Places, troupe: Troupe) -> None:
    """Start the centre's parts and every member's connector."""
    options = ("--port", str(places.web_port), "--exchange-port", str(places.exchange_port))
    for part in CENTRE_PARTS:
        troupe.start(part, "serve", "--only", part, *options)
    for one in simulated.cast():
        config = places.members / one.folder / "connector.toml"
        troupe.start(one.folder, "connector", "run", "--config", str(config))


def wait_until(
    what: str, happened: Callable[[], bool], places: Places, *, seconds: float = READY_SECONDS
) -> float:
    """Look until it happened; answers the seconds it took. Raises: DemoNotReady."""
    begun = time.monotonic()
    while not happened():
        if time.monotonic() - begun > seconds:
            raise DemoNotReady(seconds=int(seconds), what=what, log=str(places.log))
        time.sleep(0.05)
    return time.monotonic() - begun


def listens(port: int) -> bool:
    """Does somebody answer on this port of the loopback address?"""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def use(environment_: dict[str, str]) -> None:
    """Put the demonstration's environment into this process, before Django is imported."""
    os.environ.update(environment_)
