"""The tables of the evidence log. All are insert-only: a trigger raises on UPDATE and DELETE.

`Pending` and `Turn` are not evidence: the first is the sequencer's queue, the second its lock.
"""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One fact, as canonical JSON; `leaf` is SHA-256(0x00 ‖ bytes)."""

    id = models.UUIDField(primary_key=True)
    bytes = models.BinaryField()
    leaf = models.BinaryField(max_length=32)
    h = models.CharField(max_length=64, default="")  # copy of the entry's h, to find it by
    conversation = models.CharField(max_length=36, default="")
    logged_at = models.DateTimeField()

    privacy: ClassVar[dict[str, str]] = {
        "id": "P",
        "bytes": "B",
        "leaf": "P",
        "h": "P",
        "conversation": "B",
        "logged_at": "B",
    }

    class Meta:
        db_table = "evidence_entry"
        indexes: ClassVar = [
            models.Index(fields=["h"], name="evidence_entry_h", condition=~models.Q(h="")),
            models.Index(
                fields=["conversation"],
                name="evidence_entry_conversation",
                condition=~models.Q(conversation=""),
            ),
        ]


class Pending(models.Model):
    """Entries that have no place in the tree yet."""

    entry = models.OneToOneField(
        Entry, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="pending"
    )

    privacy: ClassVar[dict[str, str]] = {"entry": "P"}

    class Meta:
        db_table = "evidence_pending"


class Leaf(models.Model):
    """The place of an entry in the tree."""

    idx = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(
        Entry, models.DO_NOTHING, db_constraint=False, related_name="leaf_row"
    )

    privacy: ClassVar[dict[str, str]] = {"idx": "P", "entry": "P"}

    class Meta:
        db_table = "evidence_leaf"


class Node(models.Model):
    """A complete subtree; level 0 are the leaves' hashes."""

    pk = models.CompositePrimaryKey("level", "i")
    level = models.SmallIntegerField()
    i = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    privacy: ClassVar[dict[str, str]] = {"level": "P", "i": "P", "hash": "P"}

    class Meta:
        db_table = "evidence_node"


class TreeHead(models.Model):
    """A signed head: its JWS payload is canonical {at, root, size}."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(db_index=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    jws = models.TextField()

    privacy: ClassVar[dict[str, str]] = {"id": "P", "size": "P", "root": "P", "at": "P", "jws": "P"}

    class Meta:
        db_table = "evidence_sth"


class Stamp(models.Model):
    """An RFC 3161 response (DER) over one head's payload, with the authority's certificates (PEM) of that day.

    A tree that rests is signed again and again: the size alone does not say which head was stamped.
    """

    id = models.BigAutoField(primary_key=True)
    head = models.ForeignKey(
        TreeHead, models.DO_NOTHING, db_constraint=False, related_name="stamps"
    )
    size = models.BigIntegerField(db_index=True)
    root = models.BinaryField(max_length=32)
    tsa = models.CharField(max_length=200)
    token = models.BinaryField()
    ca = models.TextField()
    at = models.DateTimeField()

    privacy: ClassVar[dict[str, str]] = {
        "id": "P",
        "head": "P",
        "size": "P",
        "root": "P",
        "tsa": "P",
        "token": "P",
        "ca": "P",
        "at": "P",
    }

    class Meta:
        db_table = "evidence_stamp"


class Witness(models.Model):
    """Another institution's signature over a head that is consistent with its last one."""

    id = models.BigAutoField(primary_key=True)
    head = models.ForeignKey(
        TreeHead, models.DO_NOTHING, db_constraint=False, related_name="witnesses"
    )
    size = models.BigIntegerField(db_index=True)
    root = models.BinaryField(max_length=32)
    witness = models.CharField(max_length=120)
    jws = models.TextField()

    privacy: ClassVar[dict[str, str]] = {
        "id": "P",
        "head": "P",
        "size": "P",
        "root": "P",
        "witness": "P",
        "jws": "P",
    }

    class Meta:
        db_table = "evidence_witness"


class Turn(models.Model):
    """One row: whoever updates it holds the sequencer's turn until its transaction ends."""

    id = models.SmallIntegerField(primary_key=True)
    taken = models.BigIntegerField(default=0)

    privacy: ClassVar[dict[str, str]] = {"id": "P", "taken": "P"}

    class Meta:
        db_table = "evidence_turn"
