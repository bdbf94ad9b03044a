"""Settings of the test suite: the product's, on the database that LACHAN_TEST_DATABASE names."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault(
    "LACHAN_DATA", str(Path(tempfile.gettempdir()) / f"lachan-tests-{os.getuid()}")
)
os.environ.setdefault("LACHAN_PROFILE", "demo")

from lachan.settings import *  # noqa: F403
from lachan.settings import DATABASES
from tests.needs import postgres_url

if os.environ.get("LACHAN_TEST_DATABASE", "sqlite") == "postgres":
    from lachan.settings import _database

    DATABASES["default"] = _database(postgres_url())
else:
    DATABASES["default"]["NAME"] = ":memory:"
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 30}

Path(os.environ["LACHAN_DATA"], "static").mkdir(parents=True, exist_ok=True)  # as `lachan migrate`
SECRET_KEY = "tests-only"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
