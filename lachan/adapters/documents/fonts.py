"""The one family of printed documents: Tinos, metric-compatible with Times New Roman, with Vietnamese.

Debian's Liberation Serif has no Vietnamese letters, and typst mixes in another face per letter
without a warning. So system fonts are ignored, and `require_family` fails a document that embeds
anything else. `make assets` builds the four faces from the npm package @fontsource/tinos:
`python -m lachan.adapters.documents.fonts node_modules/@fontsource/tinos/files`. Until they are
built, typst's own Libertinus Serif is used, which has the same letters but other widths.
"""

from __future__ import annotations

import re
import sys
import zlib
from pathlib import Path

FOLDER = Path(__file__).with_name("fonts")
TINOS, FALLBACK = "Tinos", "Libertinus Serif"
FACES = ("400-normal", "400-italic", "700-normal", "700-italic")
SUBSETS = ("latin", "latin-ext", "vietnamese", "greek")  # earlier ones win where two have a letter
BASE_FONT = re.compile(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([^/\s<>\[\]]+)")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def family() -> str:
    """Tinos where it has been built, else the family inside typst."""
    return TINOS if all((FOLDER / f"Tinos-{face}.ttf").exists() for face in FACES) else FALLBACK


def embedded(pdf: bytes) -> set[str]:
    """PostScript names of the fonts in a PDF, also inside compressed object streams."""
    names = set(BASE_FONT.findall(pdf))
    for body in STREAM.findall(pdf):
        try:
            names |= set(BASE_FONT.findall(zlib.decompress(body)))
        except zlib.error:
            continue  # an image or a font program, not objects
    return {name.decode("ascii", "replace") for name in names}


def require_family(pdf: bytes, wanted: str) -> bytes:
    """The PDF itself, when it embeds this family only.

    Raises: RuntimeError, naming the strange fonts: a letter is missing from the wanted family.
    """
    prefix = wanted.replace(" ", "")
    strange = sorted(name for name in embedded(pdf) if not name.startswith(prefix))
    if strange:
        raise RuntimeError(
            f"{wanted} lacks letters of this document; embedded: {', '.join(strange)}"
        )
    return pdf


def build(source: Path, target: Path = FOLDER) -> list[Path]:
    """Join the subsets of each face into one TTF. Needs fontTools (a development dependency)."""
    from fontTools import merge  # type: ignore[import-untyped]  # noqa: PLC0415 - not installed where the product only runs
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415

    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for face in FACES:
        parts: list[Path] = []
        for subset in SUBSETS:
            font = TTFont(source / f"tinos-{subset}-{face}.woff")
            font.flavor = None
            for table in (
                "GSUB",
                "GPOS",
                "GDEF",
                "kern",
                "fpgm",
                "prep",
                "cvt ",
                "gasp",
                "hdmx",
                "VDMX",
            ):
                if table in font:
                    del font[table]  # hints and features of subsets do not merge; letters do
            for glyph in font["glyf"].glyphs.values():
                glyph.expand(font["glyf"])
                glyph.removeHinting()
            parts.append(target / f".{subset}-{face}.ttf")
            font.save(parts[-1])
        joined = merge.Merger().merge([str(part) for part in parts])
        for record in joined["name"].names:
            if record.nameID in {1, 16}:
                record.string = TINOS
        joined["head"].modified = joined["head"].created  # same sources, same bytes
        joined.recalcTimestamp = False
        path = target / f"Tinos-{face}.ttf"
        joined.save(path)
        written.append(path)
        for part in parts:
            part.unlink()
    return written


if __name__ == "__main__":
    for made in build(Path(sys.argv[1])):
        sys.stdout.write(f"{made.name}\n")
