"""RFC 3161 time-stamps, read without a network. Pure.

openssl is the judge: a time-stamp is the one thing in a bundle that a third party's software made,
and its CMS form has more corners than are worth a second implementation.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path


class StampInvalid(Exception):
    """Why a token does not prove the time, in a few words."""


def check_stamp(token: bytes, *, data: bytes, ca_pem: bytes) -> str:
    """The time that the token (a TimeStampResp, DER) gives for `data`, as openssl prints it.

    Raises: StampInvalid, also when there is no openssl to ask.
    """
    program = shutil.which("openssl")
    if program is None:
        raise StampInvalid("openssl is not installed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, content in (("data", data), ("token", token), ("ca", ca_pem)):
            (folder / part).write_bytes(content)
        verified = _run(
            [program, "ts", "-verify", "-data", "data", "-in", "token", "-CAfile", "ca"], folder
        )
        if verified.returncode != 0:
            reason = re.search(r"reason\(\d+\)|:([a-z ]+):\.\./", verified.stderr)
            raise StampInvalid(reason[1] if reason and reason[1] else "openssl ts -verify")
        shown = _run([program, "ts", "-reply", "-in", "token", "-text"], folder)
    at = re.search(r"^Time stamp: (.+)$", shown.stdout, re.MULTILINE)
    return at[1] if at else "?"


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=30,
    )
