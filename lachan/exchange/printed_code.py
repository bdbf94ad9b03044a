"""The code on a printed order, by which anybody asks the log about the paper. Pure (exchange.md §6).

Scanned: `LC1:<H in base32>:<place in the log>:<code10>`. Typed, for who has no camera: `LC1-<place>-XXXXX-XXXXX`.
The ten symbols (50 bits) are keyed over H: places are counted, so without them anybody could walk through the log.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass

from lachan.kernel.codes import ALPHABET
from lachan.kernel.ids import keyed_hash

PRINTED = "printed-order"  # the deployment's secret under which codes are made
_SYMBOLS = 10
_BITS = 5  # of one symbol: the alphabet has 32, none of them I, O, 0 or 1
_MOST = 120  # characters looked at; a scanned code has under ninety
_CODE = f"[{ALPHABET}]{{{_SYMBOLS}}}"
_SCANNED = re.compile(rf"LC1:([A-Z2-7]{{52}}):([0-9]{{1,15}}):({_CODE})")
_TYPED = re.compile(rf"(?:LC1)?([0-9]{{1,15}})({_CODE})")
_NO_PLACE = -1
_NO_CODE = "A" * _SYMBOLS


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """What a paper says of itself. `h32` is H in base32; empty when it was typed."""

    place: int
    code: str
    h32: str = ""

    @property
    def scanned(self) -> str:
        """The text of the QR."""
        return f"LC1:{self.h32}:{self.place}:{self.code}"

    @property
    def typed(self) -> str:
        """The text under the QR; also the name of the files with which the order is answered."""
        return f"LC1-{self.place}-{self.code[:5]}-{self.code[5:]}"

    def belongs_to(self, h: str, secret: bytes) -> bool:
        """Whether this is the code of the message H; takes the same time whatever is wrong with it."""
        right = printed_code(h, self.place, secret)
        code = hmac.compare_digest(self.code, right.code)
        return hmac.compare_digest(self.h32 or right.h32, right.h32) and code


def printed_code(h: str, place: int, secret: bytes) -> PrintedCode:
    """The code of the message H (64 hex digits) whose entry stands at that place of the log."""
    value = int(keyed_hash(secret, "printed-order", h), 16)
    code = "".join(ALPHABET[value >> _BITS * n & 31] for n in range(_SYMBOLS))
    return PrintedCode(place, code, base64.b32encode(bytes.fromhex(h)).decode().rstrip("="))


def read_printed_code(text: str) -> PrintedCode:
    """From a scan, or as typed: small letters, blanks, missing hyphens. What is no code becomes one that fits nothing."""
    plain = re.sub(r"\s", "", text[:_MOST]).upper()
    scanned = _SCANNED.fullmatch(plain)
    if scanned is not None:
        return PrintedCode(int(scanned[2]), scanned[3], scanned[1])
    typed = _TYPED.fullmatch(re.sub(r"[-–—.]", "", plain))
    if typed is not None:
        return PrintedCode(int(typed[1]), typed[2])
    return PrintedCode(_NO_PLACE, _NO_CODE)
