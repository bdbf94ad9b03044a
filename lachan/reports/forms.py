"""A report, or an addition to one, as it was typed."""

from dataclasses import asdict, dataclass
from typing import Any

from lachan.reports.rules import Channel, TransferForm


@dataclass(frozen=True, slots=True)
class ReportForm:
    """A report as typed; nothing is required but one word or a number. `key` makes a double submit one act."""

    key: str
    channel: Channel
    transfers: tuple[TransferForm, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    phone: str = ""
    victim_name: str = ""
    citizen_id: str = ""
    province: str = ""
    scam_type: str = "UNKNOWN"
    narrative: str = ""
    secrets_shared: tuple[str, ...] = ()
    receipt_book: str = ""
    ref: str = ""  # of the first payment, when it is found later

    def said(self) -> dict[str, Any]:
        """Every field that was typed, word for word."""
        typed = asdict(self)
        del typed["key"]
        return {name: value for name, value in typed.items() if value and value != "UNKNOWN"}

    @property
    def empty(self) -> bool:
        """Nothing was typed but choices."""
        return not (self.said().keys() - {"channel"})
