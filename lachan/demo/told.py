"""What the demonstration's victims tell, as the form that a report is filed with."""

from typing import Any

from lachan.reports import services as reports
from lachan.reports.rules import Channel, TransferForm


def report_form(
    scam: str, channel: Channel, told: dict[str, Any], *, key: str
) -> reports.ReportForm:
    """The form of one report; `told` is a report of the planted truth."""
    return reports.ReportForm(
        key=key,
        channel=channel,
        transfers=tuple(
            TransferForm(
                rail=row["rail"], from_bank=row["from_bank"], from_account=row["from_account"],
                to_bank=row["to_bank"], to_account=row["to_account"], amount=str(row["amount"]), at=row["at"],
                status="SETTLED", payee=row["payee_name"],
            )
            for row in told["transfers"]
        ),
        contacts=tuple((kind.upper(), value) for kind, value in told["contacts"]),
        phone=told["phone"],
        victim_name=told["name"],
        citizen_id=told["citizen_id"],
        scam_type="INVEST_STOCK" if scam == "red" else "IMP_POLICE",
        narrative="Người gọi tự xưng cán bộ điều tra, yêu cầu chuyển tiền vào “tài khoản tạm giữ”.",
    )  # fmt: skip
