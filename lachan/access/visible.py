"""Reads go through one predicate: what an actor may see is said once for each aggregate.

A model says `visible_q(actor) -> Q`; its manager is `VisibleManager`. Whoever reads without an actor
gets `ActorRequired` when the query runs, so that a forgotten predicate is a failing test and not a
leak. A service that works for no person says so: `objects.unscoped(reason="…")`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, Self, TypeVar, cast

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.errors import ActorRequired, NotVisible

M = TypeVar("M", bound=models.Model)
_ANY = object()


class HasPredicate(Protocol):
    """What a model with this manager declares."""

    @classmethod
    def visible_q(cls, actor: Actor) -> Q: ...


class VisibleQuerySet(models.QuerySet[M]):
    """A query that runs only once an actor or a reason is named. Creating needs neither."""

    _named = False

    def visible_to(self, actor: Actor) -> Self:
        """Only what this actor may see."""
        predicate = cast("type[HasPredicate]", self.model).visible_q(actor)
        found = self.filter(predicate)
        found._named = True  # noqa: SLF001 - a query of this class
        return found

    def unscoped(self, *, reason: str) -> Self:
        """Everything, for a service that acts for no single person; the reason is for the reader."""
        if not reason:
            raise ValueError("say why")
        found = self.all()
        found._named = True  # noqa: SLF001 - a query of this class
        return found

    def get_or_refuse(self, pk: object = _ANY, **lookup: Any) -> M:
        """The one record, or NotVisible (404), alike for missing and hidden. A key of None finds nothing."""
        if pk is not _ANY:
            lookup["pk"] = pk
        try:
            return self.get(**lookup)
        except (ObjectDoesNotExist, ValidationError, ValueError, TypeError) as cause:
            name = self.model._meta.verbose_name  # noqa: SLF001 - Django documents it
            raise NotVisible(what=str(name)) from cause

    def _clone(self) -> Self:
        copy = cast("Self", super()._clone())  # type: ignore[misc] # Django's own hook, untyped
        copy._named = self._named  # noqa: SLF001 - a query of this class
        return copy

    def _ensure_named(self) -> None:
        if not self._named:
            raise ActorRequired(model=self.model.__name__)

    def _fetch_all(self) -> None:
        if self._result_cache is None:  # prefetched rows came from a named query
            self._ensure_named()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        self._ensure_named()
        return super().iterator(chunk_size)

    def count(self) -> int:
        self._ensure_named()
        return super().count()

    def exists(self) -> bool:
        self._ensure_named()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._ensure_named()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._ensure_named()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._ensure_named()
        return super().delete()

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        self._ensure_named()
        return super().resolve_expression(*args, **kwargs)


class VisibleManager(models.Manager[M]):
    """The manager `objects` of every record of a context."""

    def get_queryset(self) -> VisibleQuerySet[M]:
        return VisibleQuerySet(self.model, using=self._db, hints=self._hints)  # type: ignore[attr-defined] # Django's own

    def visible_to(self, actor: Actor) -> VisibleQuerySet[M]:
        """Only what this actor may see."""
        return self.get_queryset().visible_to(actor)

    def unscoped(self, *, reason: str) -> VisibleQuerySet[M]:
        """Everything, with the reason why no actor is named."""
        return self.get_queryset().unscoped(reason=reason)
