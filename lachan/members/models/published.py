"""What was published: the rows of the directory through time, and each signed version.

`RowVersion` only grows: a change closes the open row and adds another. The signed directory is made
of those rows alone.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7


class RowVersion(models.Model):
    """A directory row as it was published from `valid_from` on. Only `valid_to` is ever set, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    table = models.CharField(max_length=8)  # member, unit, officer, key
    subject = models.CharField(max_length=43)  # the record's id
    row = models.TextField()  # canonical JSON, `enrolled` included
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = VisibleManager["RowVersion"]()
    privacy: ClassVar = dict.fromkeys(["table", "subject", "row", "valid_from", "valid_to"], "B")

    class Meta:
        db_table = "members_row"
        verbose_name = "dòng danh bạ"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["table", "subject"],
                condition=Q(valid_to__isnull=True),
                name="members_row_open",
            )
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """The directory is read as a whole, by its version."""
        return Q(pk__in=[])

    def value(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.row)
        return read


class DirectoryVersion(models.Model):
    """A published directory: the exact bytes and the signature over them."""

    version = models.PositiveBigIntegerField(primary_key=True)
    body = models.BinaryField()
    jws = models.TextField()
    hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    objects = VisibleManager["DirectoryVersion"]()
    privacy: ClassVar = dict.fromkeys(["version", "body", "jws", "hash", "issued_at"], "B")

    class Meta:
        db_table = "members_directory"
        verbose_name = "danh bạ đã ký"

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """Members fetch it by their signed call; the public does not."""
        return Q(pk__in=[]) if actor.is_public else Q()
