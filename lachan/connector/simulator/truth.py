"""What only the simulation knows: whose money, who is innocent, and what the victim would type."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lachan.connector.simulator.cast import SimMember
from lachan.connector.simulator.country import NOBODY, Accounts
from lachan.connector.simulator.scenario import Scam
from lachan.kernel.time import to_wire


def describe(scam: Scam, accounts: Accounts, members: tuple[SimMember, ...]) -> dict[str, Any]:
    """The scam as JSON: report (the form's data), accounts by label, innocents, money by account.

    Accounts are `code:number`. `moves` holds only what followed the victim's transfers.
    """

    def ref(index: int) -> str:
        return f"{members[accounts.member[index]].code}:{accounts.rows[index].number}"

    def wire(at: int) -> str:
        return to_wire(datetime.fromtimestamp(at, UTC))

    on_path = set(scam.labels.values())
    moves = [
        [
            wire(one.at),
            ref(one.src),
            ref(one.dst) if one.dst != NOBODY else f"@{one.kind}",
            one.amount,
        ]
        for one in scam.events
        if one.at >= scam.start and (one.src in on_path or one.link)
    ]
    victim = accounts.rows[scam.labels["victim"]]
    return {
        "report": {
            "name": victim.holder,
            "phone": victim.phone,
            "citizen_id": victim.id_no,
            "transfers": [
                {
                    "rail": "BANK",
                    "from_bank": members[accounts.member[one.src]].code,
                    "from_account": accounts.rows[one.src].number,
                    "to_bank": members[accounts.member[one.dst]].code,
                    "to_account": accounts.rows[one.dst].number,
                    "amount": one.amount,
                    "at": wire(one.at),
                    "precision": "MINUTE",
                    "payee_name": accounts.rows[one.dst].holder,
                }
                for one in scam.reported
            ],
            "contacts": [[kind, value] for kind, value in scam.contacts.items()],
        },
        "accounts": {label: ref(index) for label, index in scam.labels.items()},
        "innocent": sorted(ref(index) for index in scam.innocent),
        "moves": moves,
    }
