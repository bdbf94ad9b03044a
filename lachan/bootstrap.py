"""Settings → adapters for the centre: the one place that knows both."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

from lachan.adapters.phone.absent import NoPhone
from lachan.adapters.phone.simulated import SimulatedPhone
from lachan.adapters.tsa import authority
from lachan.adapters.vietqr.pictures import ZxingPictures
from lachan.evidence import stamping
from lachan.holds import outside as holds_outside
from lachan.kernel.time import clock_from_env
from lachan.reports import outside as reports_outside


def simulated_phone() -> SimulatedPhone:
    """The demonstration's telephone; its page reads what was sent."""
    return SimulatedPhone(Path(settings.LACHAN_DATA) / "simulated-phone.jsonl", clock_from_env())


@cache
def _never_block(path: Path, _changed: int) -> frozenset[str]:
    rows = json.loads(path.read_bytes())["entries"]
    return frozenset(row["account"] for row in rows if "account" in row)


def never_block(account: str) -> bool:
    """Is the account on the deployment's list (`never_block.json`)? Without a list, every account is."""
    path = Path(settings.LACHAN_DATA) / "never_block.json"
    return not path.exists() or account in _never_block(path, path.stat().st_mtime_ns)


def centre() -> None:
    """Wire the centre's contexts. Called once by every process that runs Django. Raises: TsaWrong."""
    phone = simulated_phone() if settings.LACHAN_DEMO else NoPhone()
    reports_outside.use(
        phone_code=phone,
        never_block=never_block,
        qr_pictures=ZxingPictures(),
        phone_text=phone,
    )
    stamping.use(*authority.configured(settings.LACHAN_TSA))
    holds_outside.use(never_block=never_block)
