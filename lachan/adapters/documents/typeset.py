"""Typst templates of this folder into PDF. Data goes in as JSON and is never mark-up.

A paragraph such as "1. …" or "#eval" that reached typst as source would become a list or a command;
as data it is text. Same data, same bytes: the creation date is given, system fonts are ignored.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from lachan.adapters.documents.fonts import FALLBACK, FOLDER, family, require_family

TEMPLATES = Path(__file__).parent
FIXED = 946_684_800  # 2000-01-01Z: for documents whose data has no date


def pdf(template: str, data: dict[str, Any], *, created: int | None = None) -> bytes:
    """PDF/A-2b of `<template>.typ`.

    created: Unix seconds written as the creation date. Raises: RuntimeError when a letter of the data
    is not in the family, because another face would be mixed in.
    """
    wanted = family()
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=wanted == FALLBACK,
        font_paths=[FOLDER] if FOLDER.is_dir() else [],
    )
    compiler = typst.Compiler(TEMPLATES / f"{template}.typ", root=TEMPLATES, font_paths=fonts)
    made = compiler.compile(
        format="pdf",
        sys_inputs={"data": json.dumps({**data, "family": wanted}, ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=datetime.fromtimestamp(FIXED if created is None else created, UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError(template)
    return require_family(made, wanted)


def printable(text: str) -> str:
    """Foreign text for a report: letters that the family lacks are shown as "?", arrows as "»".

    Not for orders: there a missing letter must stop the document.
    """
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    code = ord(sign)
    if sign in {"→", "▸", "➜"}:
        return "»"
    if 32 <= code < 0x180 or code in {0x1A0, 0x1A1, 0x1AF, 0x1B0} or 0x1EA0 <= code <= 0x1EF9:  # noqa: PLR2004 - Latin, Vietnamese
        return sign if code != 127 else "?"  # noqa: PLR2004 - DEL
    return sign if sign in "–—‘’“”…•₫ΣκτΔ" else "?"
