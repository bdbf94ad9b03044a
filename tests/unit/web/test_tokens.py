"""The colours keep the contrast that they promise, light and dark (interface.md §4)."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[3] / "lachan" / "web" / "static"
TEXT = (STATIC / "tokens.css").read_text(encoding="utf-8")


def tokens(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-F]{6})\s*;", text))


LIGHT = tokens(TEXT.split("@media")[0])
DARK = LIGHT | tokens(TEXT.split("prefers-color-scheme: dark")[1].split("@media")[0])


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    ("ink", "paper", 7),
    ("ink", "wash", 7),
    ("muted", "paper", 7),
    ("muted", "wash", 4.5),
    ("link", "paper", 7),
    ("link", "wash", 4.5),
    ("line", "paper", 3),
    ("line", "wash", 3),
    ("on-brand", "brand", 7),
    ("on-act", "act", 4.5),
    ("on-danger", "danger", 7),
    ("danger-text", "paper", 4.5),
    ("danger-text", "wash", 4.5),
    *[(name, f"{name}-ground", 6.5) for name in ("waiting", "running", "due", "late", "done", "disputed")],
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_borders_keep_their_ratio(
    scheme: dict[str, str], one: str, other: str, least: float
) -> None:
    assert ratio(scheme[one], scheme[other]) >= least


def test_focus_is_seen_on_every_ground() -> None:
    assert ratio(LIGHT["focus"], LIGHT["focus-edge"]) >= 12
    assert ratio(DARK["focus"], DARK["paper"]) >= 12


@pytest.mark.parametrize("lane", [f"lane-{n}" for n in range(1, 7)])
def test_lanes_are_seen_on_white(lane: str) -> None:
    assert ratio(LIGHT[lane], "#FFFFFF") >= 5


def test_no_colour_stands_outside_the_tokens() -> None:
    allowed = {"#000000", "#FFFFFF", "#777777", "#14202B", "#E8EDF2"}  # print, and fixed grounds
    sums = {"#0B5D3B", "#0B4A86", "#A4161A", "#E8ECEF"}  # parts of the bar: the tags' own colours
    web = STATIC.parent
    for path in [*STATIC.glob("*.css"), *web.glob("components/*/*.css")]:
        if path.name != "tokens.css":
            found = set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", path.read_text(encoding="utf-8")))
            assert found <= allowed | sums, path.name
