"""Who signs in, and what was seen and done."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from lachan.kernel.ids import uuid7


class LoginManager(BaseUserManager["Login"]):
    """Logins are found by name, when somebody signs in."""


class Login(AbstractBaseUser):
    """What an officer signs in with: a name, a password (Argon2) and a one-time code.

    It carries no right: rights follow from the roles that the officer holds in a unit.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=60, unique=True)
    officer = models.OneToOneField(
        "members.Officer", models.PROTECT, null=True, blank=True, related_name="login"
    )
    totp = models.TextField(default="")  # the secret, wrapped under the data folder's key
    totp_step = models.BigIntegerField(default=0)  # the last time step whose code was used
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="vi")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[LoginManager] = LoginManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    privacy: ClassVar = {
        "username": "B",
        "officer": "B",
        "password": "S",
        "totp": "S",
        "totp_step": "B",
        "failures": "B",
        "locked_until": "B",
        "last_login": "B",
        "is_active": "B",
        "language": "B",
        "created_at": "B",
    }

    class Meta:
        db_table = "access_login"
        verbose_name = "tài khoản đăng nhập"


class AccessRecord(models.Model):
    """One line of the access log. Insert-only; its hash stands in the evidence log."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    unit = models.CharField(max_length=110, blank=True)
    purpose = models.CharField(max_length=4, blank=True)
    permission = models.CharField(max_length=60)
    action = models.CharField(max_length=10)
    outcome = models.CharField(max_length=60)
    case = models.CharField(max_length=40, blank=True)
    subject_key = models.CharField(max_length=64, blank=True)
    fields_class = models.CharField(max_length=1, blank=True)
    count = models.PositiveIntegerField(default=1)

    privacy: ClassVar = {
        "at": "B",
        "actor": "B",
        "unit": "B",
        "purpose": "B",
        "permission": "B",
        "action": "B",
        "outcome": "B",
        "case": "B",
        "subject_key": "B",
        "fields_class": "B",
        "count": "B",
    }

    class Meta:
        db_table = "access_record"
        indexes: ClassVar = [
            models.Index(fields=["actor", "at"], name="access_record_actor"),
            models.Index(fields=["subject_key", "at"], name="access_record_subject"),
        ]
