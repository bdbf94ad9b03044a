"""Translation catalogues: collect the Vietnamese source texts, keep the English ones, compile for Django.

Texts come from `{% translate %}`, `{% blocktranslate %}` and `_("…")` of templates and from `gettext` calls of the
Python edges. Written in Python so that no gettext programs are needed. With --check it fails when something is
missing, left over or untranslated.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "lachan" / "web"
CATALOGUE = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
HEAD = (
    "Content-Type: text/plain; charset=UTF-8\\n"
    "Language: en\\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\\n"
)
Key = tuple[str, str]  # (text, plural or "")

_TRANSLATE = re.compile(r'\{%\s*translate\s+"([^"]*)"')
_QUOTED = re.compile(r'_\("([^"]*)"\)')
_BLOCK = re.compile(r"\{%\s*blocktranslate\b[^%]*%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
_VALUE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def of_templates() -> dict[Key, str]:
    """Every text of the templates → the file where it stands first."""
    found: dict[Key, str] = {}
    for path in sorted([*(WEB / "templates").rglob("*.html"), *(WEB / "components").rglob("*.html")]):  # fmt: skip
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(ROOT).as_posix()
        for match in (*_TRANSLATE.finditer(text), *_QUOTED.finditer(text)):
            found.setdefault((match[1], ""), where)
        for match in _BLOCK.finditer(text):
            parts = [_VALUE.sub(r"%(\1)s", part.replace("%", "%%")) for part in _PLURAL.split(match[1])]  # fmt: skip
            found.setdefault((parts[0], parts[1] if len(parts) > 1 else ""), where)
    return found


def of_python() -> dict[Key, str]:
    """Every text of gettext calls in the edges and the contexts' pages."""
    found: dict[Key, str] = {}
    sources = [*WEB.rglob("*.py"), *ROOT.glob("lachan/*/pages.py"), *ROOT.glob("lachan/*/pages/*.py")]  # fmt: skip
    for path in sorted(sources):
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]  # fmt: skip
            if node.func.id in CALLS and words:
                found.setdefault((words[0], ""), where)
            elif node.func.id in {"ngettext", "ngettext_lazy"} and len(words) == 2:  # noqa: PLR2004 - one, many
                found.setdefault((words[0], words[1]), where)
    return found


def collected() -> dict[Key, str]:
    """All source texts with their first place, in the order of the alphabet."""
    both = {**of_python(), **of_templates()}
    by_text: dict[str, Key] = {}
    for key in sorted(both, key=lambda one: (one[0], one[1] == "")):
        by_text.setdefault(key[0], key)
    return {key: both[key] for key in by_text.values()}


def unquote(text: str) -> str:
    """A quoted line of a .po file."""
    return str(ast.literal_eval(text))


def quote(text: str) -> str:
    """The other way."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{plain}"'


def read_po(path: Path = CATALOGUE) -> dict[Key, list[str]]:
    """Key → translations (one, or one and many). The simple form that `write_po` writes."""
    found: dict[Key, list[str]] = {}
    if not path.exists():
        return found
    text, plural, forms = "", "", []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        word, _sep, rest = line.partition(" ")
        if word == "msgid":
            text, plural, forms = unquote(rest), "", []
        elif word == "msgid_plural":
            plural = unquote(rest)
        elif word.startswith("msgstr"):
            forms.append(unquote(rest))
        elif not line and text:
            found[(text, plural)] = forms
            text, plural, forms = "", "", []
    return found


def write_po(texts: dict[Key, str], known: dict[Key, list[str]]) -> None:
    """The catalogue, one entry a text, with the first place as its comment."""
    lines = ['msgid ""', f'msgstr "{HEAD}"', ""]
    for (text, plural), where in texts.items():
        forms = known.get((text, plural)) or ([""] if not plural else ["", ""])
        lines += [f"#: {where}", f"msgid {quote(text)}"]
        if plural:
            lines += [f"msgid_plural {quote(plural)}"]
            lines += [f"msgstr[{n}] {quote(form)}" for n, form in enumerate(forms)]
        else:
            lines += [f"msgstr {quote(forms[0])}"]
        lines += [""]
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text("\n".join(lines), encoding="utf-8")


def compiled(known: dict[Key, list[str]]) -> bytes:
    """A .mo file (GNU gettext manual, "The Format of GNU MO Files")."""
    pairs = {"": HEAD.replace("\\n", "\n")}
    for (text, plural), forms in known.items():
        if all(forms):
            pairs[f"{text}\0{plural}" if plural else text] = "\0".join(forms)
    items = sorted((key.encode(), value.encode()) for key, value in pairs.items())
    ids = b"".join(key + b"\0" for key, _ in items)
    texts = b"".join(value + b"\0" for _, value in items)
    start = 28 + 16 * len(items)
    table_ids, table_texts, at, to = b"", b"", start, start + len(ids)
    for key, value in items:
        table_ids += struct.pack("<II", len(key), at)
        table_texts += struct.pack("<II", len(value), to)
        at, to = at + len(key) + 1, to + len(value) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(items), 28, 28 + 8 * len(items), 0, 0)
    return head + table_ids + table_texts + ids + texts


def problems() -> list[str]:
    """What keeps the English catalogue from being complete."""
    texts, known = collected(), read_po()
    wrong = [f"not in the catalogue: {key[0]}" for key in texts if key not in known]
    wrong += [f"left over: {key[0]}" for key in known if key not in texts]
    wrong += [f"untranslated: {key[0]}" for key, forms in known.items() if not all(forms)]
    if CATALOGUE.with_suffix(".mo").read_bytes() != compiled(known):
        wrong.append("django.mo is older than django.po: run make messages")
    return wrong


def main() -> None:
    """Collect, keep, compile; or check."""
    if "--check" in sys.argv:
        wrong = problems()
        print("\n".join(wrong))
        raise SystemExit(1 if wrong else 0)
    texts = collected()
    write_po(texts, read_po())
    known = read_po()
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(known))
    missing = [key[0] for key, forms in known.items() if not all(forms)]
    print(f"{len(known)} texts, {len(missing)} untranslated")


if __name__ == "__main__":
    main()
