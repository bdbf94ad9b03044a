"""Addresses of the built files, by their hashed names."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings

register = template.Library()


BUILT = Path(__file__).resolve().parent.parent / "static" / "built"


@cache
def _manifest(path: Path, _changed: int) -> dict[str, str]:
    files: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["files"]
    return files


def manifest() -> dict[str, str]:
    """Hashed names of the built files; empty before `make assets` (pages work, unstyled)."""
    path = BUILT / "manifest.json"
    return _manifest(path, path.stat().st_mtime_ns) if path.exists() else {}


@register.simple_tag
def asset(name: str) -> str:
    """Address of a built file, "" when nothing has been built."""
    found = manifest().get(name)
    return f"{settings.STATIC_URL}built/{found}" if found else ""
