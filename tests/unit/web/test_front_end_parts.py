"""Front-end parts are exact, named without a registry, and no stylesheet or script asks another host."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "lachan" / "web"


def test_every_version_is_exact_and_equals_the_lock() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, version in (package["dependencies"] | package["devDependencies"]).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert lock[f"node_modules/{name}"]["version"] == version
        assert lock[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_the_lock_names_no_registry() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_no_stylesheet_or_module_names_another_host() -> None:
    sources = [*WEB.glob("static/*.css"), *WEB.glob("static/*.js"), *WEB.glob("components/*/*")]
    for path in sources:
        if path.suffix in {".css", ".js"}:
            assert not re.search(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", path.read_text("utf-8")), path  # fmt: skip


def test_modules_are_short_and_mount_one_element() -> None:
    for path in WEB.glob("components/*/*.js"):
        text = path.read_text(encoding="utf-8")
        assert "export function mount(" in text
        assert len(text.splitlines()) < 150
        assert "innerHTML" not in text
        assert "eval(" not in text


def test_every_component_is_one_folder_with_files_of_its_name() -> None:
    for path in (WEB / "components").iterdir():
        assert {one.stem for one in path.iterdir()} == {path.name}
