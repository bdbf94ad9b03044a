"""Reads the JSON form of a ledger: each wrong field is named, nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lachan.tracing.errors import (
    AmountInvalid,
    DuplicateId,
    LedgerShape,
    PolicyOutOfRange,
    SeedExceeds,
    SeedNotFound,
    SelfTransfer,
    TimeInvalid,
)
from lachan.tracing.model import KINDS, MAX_AMOUNT, Account, EventRow, Policy, Seed

_POLICY_FIELDS = ("dust", "max_hops", "min_share_ppm", "window", "max_accounts", "max_events")


def read_ledger(obj: object) -> dict[str, Any]:
    """Keyword arguments for `Ledger`. Unknown fields (`expected`, …) are left alone."""
    body = _mapping(obj, "$")
    events = _events(_list(body.get("events"), "events"))
    return {
        "accounts": _accounts(_mapping(body.get("accounts", {}), "accounts")),
        "events": tuple(events.values()),
        "seeds": _seeds(_list(body.get("seeds", []), "seeds"), events),
        "as_of": _seconds(body["as_of"], "as_of") if body.get("as_of") is not None else None,
        "policy": _policy(_mapping(body.get("policy") or {}, "policy")),
        "name": str(body.get("name", "")),
        "note": str(body.get("note", "")),
    }


def _accounts(rows: Mapping[str, Any]) -> dict[str, Account]:
    accounts: dict[str, Account] = {}
    for name, value in rows.items():
        row = _mapping(value, f"accounts.{name}")
        opening, kind = row.get("opening", 0), row.get("kind", "account")
        if not _whole(opening) or abs(opening) >= MAX_AMOUNT:
            raise AmountInvalid(field=f"accounts.{name}.opening", value=opening)
        if kind not in KINDS:
            raise LedgerShape(
                field=f"accounts.{name}.kind", why=f"{kind!r} is none of {', '.join(sorted(KINDS))}"
            )
        accounts[name] = Account(opening=opening, kind=kind)
    return accounts


def _events(rows: list[Any]) -> dict[str, EventRow]:
    events: dict[str, EventRow] = {}
    for index, value in enumerate(rows):
        where = f"events[{index}]"
        event = _event(_mapping(value, where), where)
        if events.setdefault(event.id, event) != event:
            raise DuplicateId(field=f"{where}.id", row=index, event=event.id)
    return events


def _event(row: Mapping[str, Any], where: str) -> EventRow:
    event = EventRow(
        id=_text(row.get("id"), f"{where}.id"),
        time=_seconds(row.get("time"), f"{where}.time"),
        src=_name(row.get("src"), f"{where}.src"),
        dst=_name(row.get("dst"), f"{where}.dst"),
        amount=_amount(row.get("amount"), f"{where}.amount", least=1),
        seq=None if row.get("seq") is None else _seconds(row["seq"], f"{where}.seq"),
        fee=_amount(row.get("fee") or 0, f"{where}.fee", least=0),
        link=_name(row.get("link"), f"{where}.link"),
        reverses=_name(row.get("reverses"), f"{where}.reverses"),
    )
    if event.src is not None and event.src == event.dst:
        raise SelfTransfer(field=where, event=event.id, account=event.src)
    return event


def _seeds(rows: list[Any], events: Mapping[str, EventRow]) -> tuple[Seed, ...]:
    seeds: list[Seed] = []
    sums: dict[str, int] = {}
    for index, value in enumerate(rows):
        where = f"seeds[{index}]"
        row = _mapping(value, where)
        seed = Seed(
            victim=_text(row.get("victim"), f"{where}.victim"),
            event=_text(row.get("event"), f"{where}.event"),
            amount=_amount(row.get("amount"), f"{where}.amount", least=1),
        )
        event = events.get(seed.event)
        if event is None:
            nearest = ", ".join(sorted(events)[:3]) or "-"
            raise SeedNotFound(field=f"{where}.event", event=seed.event, nearest=nearest)
        sums[seed.event] = sums.get(seed.event, 0) + seed.amount
        if sums[seed.event] > event.amount:
            raise SeedExceeds(
                field=f"{where}.amount",
                event=seed.event,
                asked=sums[seed.event],
                amount=event.amount,
            )
        seeds.append(seed)
    return tuple(seeds)


def _policy(row: Mapping[str, Any]) -> Policy:
    unknown = sorted(set(row) - set(_POLICY_FIELDS))
    if unknown:
        raise LedgerShape(field=f"policy.{unknown[0]}", why=f"known: {', '.join(_POLICY_FIELDS)}")
    values = {name: value for name, value in row.items() if value is not None}
    for name, value in values.items():
        if not _whole(value):
            raise PolicyOutOfRange(
                field=f"policy.{name}", name=name, value=value, low=0, high=MAX_AMOUNT
            )
    return Policy(**values)


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise LedgerShape(field=where, why=f"{where} must be an object")
    return value


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise LedgerShape(field=where, why=f"{where} must be a list")
    return value


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _amount(value: Any, where: str, *, least: int) -> int:
    if not _whole(value) or not least <= value < MAX_AMOUNT:
        raise AmountInvalid(field=where, value=value)
    return int(value)


def _seconds(value: Any, where: str) -> int:
    if not _whole(value):
        raise TimeInvalid(field=where, value=value)
    return int(value)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise LedgerShape(field=where, why=f"{where} must be text")
    return value


def _name(value: object, where: str) -> str | None:
    return None if value is None else _text(value, where)
