"""`@verb`: one act, one permission, one transaction, one log entry.

The function takes the actor first (or as the keyword `actor`), decides, changes records and returns
`(result, facts)`; its caller gets the result. Around it the decorator checks the permission of that
name, opens the transaction, appends the log entry and hands the facts to their listeners. An
exception rolls all of it back; what must be remembered of a refusal is written afterwards, alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.db import transaction

from lachan.access import bus, permissions
from lachan.access.actors import Actor
from lachan.access.errors import NotAllowed, PurposeNotServed, Remembered
from lachan.access.purposes import Purpose
from lachan.access.records import record_act, record_denial
from lachan.access.unit_of_work import unit_of_work
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, clock_from_env
from lachan.members.roles import Role

P = ParamSpec("P")
R = TypeVar("R")


class Verb(Generic[P, R]):
    """A decorated act. Call it from an edge; call `.inside` from a reaction in an open transaction."""

    def __init__(
        self, permission: permissions.Permission, function: Callable[P, tuple[R, Iterable[Event]]]
    ) -> None:
        self.permission = permission
        self.function = function
        self.signature = inspect.signature(function)
        if "actor" not in self.signature.parameters:
            raise TypeError(f"{function.__qualname__}: a verb needs an actor")
        update_wrapper(cast("Callable[..., Any]", self), function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        given = self.signature.bind(*args, **kwargs)
        actor, clock = _who_and_when(given)
        try:
            with unit_of_work():
                return self._run(given)
        except (NotAllowed, PurposeNotServed) as denied:
            with transaction.atomic():
                record_denial(actor, self.permission.name, denied.code, at=clock.now())
            raise
        except Remembered as refused:
            with transaction.atomic():
                refused.remember(clock.now())
            raise

    def inside(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The same act as a step of another, in its transaction: checked, logged and published alike."""
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError(
                f"{self.permission.name}: no transaction is open, call the verb itself"
            )
        return self._run(self.signature.bind(*args, **kwargs))

    def _run(self, given: inspect.BoundArguments) -> R:
        actor, clock = _who_and_when(given)
        permissions.require(actor, self.permission.name)
        result, facts = self.function(*given.args, **given.kwargs)
        case = str(given.arguments.get("case_code", ""))
        record_act(actor, self.permission.name, at=clock.now(), case=case)
        bus.publish(facts)
        return result


def _who_and_when(given: inspect.BoundArguments) -> tuple[Actor, Clock]:
    return given.arguments["actor"], given.arguments.get("clock") or clock_from_env()


def verb(
    name: str,
    *,
    roles: Iterable[Role] = (),
    purposes: Iterable[Purpose] = (),
    system: bool = False,
    public: bool = False,
    title: Text | None = None,
) -> Callable[[Callable[P, tuple[R, Iterable[Event]]]], Verb[P, R]]:
    """Declare a permission and make the function its verb. `clock` among the arguments is used for the log."""
    declared = permissions.declare(
        name, roles=roles, purposes=purposes, system=system, public=public, title=title
    )

    def decorate(function: Callable[P, tuple[R, Iterable[Event]]]) -> Verb[P, R]:
        return Verb(declared, function)

    return decorate
