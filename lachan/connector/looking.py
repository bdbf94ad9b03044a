"""What `lachan connector test` looks at on the way to the centre and back: one line each, good or bad with its reason.

A line that fails leaves out only the lines that cannot be judged without it. Nothing is changed at the centre but one entry of
the log, the ping; no core system and no message is touched.
"""

from __future__ import annotations

import secrets
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from lachan.connector.centre import HttpCentre, tls_context
from lachan.connector.config import Config
from lachan.connector.member import Member
from lachan.evidence import tree
from lachan.evidence.entries import ping_hash
from lachan.evidence.signing import HEAD
from lachan.exchange.crypto import kid_of
from lachan.exchange.encryption import decrypt, encrypt
from lachan.exchange.receipts import LOGGED, open_compact
from lachan.kernel.checks import Check
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire, pace
from lachan.members.directory import Freshness

HTTPS = 443
SECONDS = 5.0
SOON = timedelta(days=30)
PLACED_SECONDS = 20.0  # a place is promised within 60 s and given within one; a slow centre fails the line, with its reason


def way(config: Config) -> Iterator[Check]:
    """Name and certificate of the centre, before anything is said."""
    url = urlsplit(config.read.centre.url)
    host, port = url.hostname or "", url.port or HTTPS
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as cause:
        yield _line("dns", f"{host}: {cause}", ok=False)
        return
    yield _line("dns", f"{host}: {', '.join(sorted(found))}")
    if config.read.centre.proxy:
        yield _line("tls", "behind the proxy: seen by the ping alone")
    elif url.scheme != "https":
        yield _line("tls", f"{url.scheme}: the exchange port is https", ok=False)
    else:
        yield _certificate(config, host, port)


def _certificate(config: Config, host: str, port: int) -> Check:
    try:
        context = tls_context(config)
        with (
            socket.create_connection((host, port), timeout=SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert() or {}
            version = secured.version()
    except (OSError, ssl.SSLError) as cause:
        return _line("tls", str(cause) or type(cause).__name__, ok=False)
    end = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    # The certificate is judged by the machine's clock, as TLS itself does.
    return _line("tls", f"{version}, until {end:%Y-%m-%d}", ok=end - datetime.now(UTC) > SOON)


def clock(member: Member, centre: HttpCentre) -> Check:
    """This machine's clock against the centre's. Raises: CentreUnreachable."""
    began = time.monotonic()
    theirs = from_wire(str(centre.ping().get("now", "")))
    took = timedelta(seconds=time.monotonic() - began) * pace()
    off = member.clock.now() - theirs
    allowed = timedelta(seconds=member.config.read.limits.clock_warn_seconds) * pace() + took
    return _line("clock", f"{off.total_seconds():+.1f} s", ok=abs(off) <= allowed)


def trusted(member: Member) -> Iterator[Check]:
    """The directory just fetched, the catalogue that it names, and this member's row in it."""
    directory, now = member.trust.directory, member.clock.now()
    if directory is None:
        yield _line("directory", "none", ok=False)
        return
    fresh = directory.freshness(now)
    yield _line("directory", f"version {directory.version}, {fresh.value}", ok=fresh is not Freshness.STALE)  # fmt: skip
    yield _line("catalogue", "as the directory names it", ok=member.trust.complete)
    row = member.row
    known = "not in the directory" if row is None else row.state.value
    yield _line("member", known, ok=row is not None)
    key = directory.sign_key(member.address, now)
    mine = key is not None and key.kid == kid_of(member.sign_jwk)
    yield _line("key", "the directory's signing key is ours" if mine else "the directory has another signing key, or none", ok=mine)  # fmt: skip


def sealed(member: Member, address: str) -> Check:
    """Something encrypted for the address; what is for this member is opened again."""
    directory = member.trust.directory
    key = None if directory is None else directory.encrypt_key(address, member.clock.now())
    if key is None:
        return _line("encryption", f"{address}: no encryption key in the directory", ok=False)
    plain = secrets.token_bytes(64)
    own = directory is not None and directory.member(address) == member.row
    try:
        body = encrypt(plain, [key.jwk])
        if own and decrypt(body, member.encrypt_key) != plain:
            return _line("encryption", "what was opened differs", ok=False)
    except (
        ValueError
    ) as wrong:  # of `decrypt`: the key that was written for is not the one that is here
        return _line("encryption", f"{address}: {wrong}", ok=False)
    return _line("encryption", f"{address}: {'encrypted and opened' if own else 'encrypted'}")


def pinged(member: Member, centre: HttpCentre) -> Iterator[Check]:
    """A signed ping out, the log's signed receipt back, and the entry's place in the tree. Raises: CentreUnreachable."""
    nonce = secrets.token_urlsafe(24)
    h, keys = ping_hash(nonce), member.trust.log_keys
    try:
        receipt = open_compact(centre.log_ping(nonce), keys, typ=LOGGED)
        good = receipt["h"] == h
        leaf = bytes.fromhex(str(receipt["leaf"]))
    except (LachanError, KeyError, ValueError) as wrong:
        yield _line("ping", _said(wrong), ok=False)
        return
    yield _line("ping", "signed out, signed back" if good else "a receipt for something else", ok=good)  # fmt: skip
    try:
        yield _included(centre, h, leaf, member)
    except (LachanError, KeyError, ValueError, TypeError) as wrong:
        yield _line("inclusion", _said(wrong), ok=False)


def _included(centre: HttpCentre, h: str, leaf: bytes, member: Member) -> Check:
    ends = time.monotonic() + PLACED_SECONDS
    while (proof := centre.inclusion(h, leaf.hex())).get("index") is None:
        if time.monotonic() >= ends:
            return _line("inclusion", f"no place after {PLACED_SECONDS:.0f} s", ok=False)
        time.sleep(0.2)
    head = open_compact(str(proof["sth"]), member.trust.log_keys, typ=HEAD)
    index, size = int(proof["index"]), int(head["size"])
    holds = tree.inclusion_holds(
        leaf,
        idx=index,
        size=size,
        path=[bytes.fromhex(one) for one in proof["path"]],
        head=bytes.fromhex(str(head["root"])),
    )
    said = f"entry {index} of {size}" if holds else "the proof does not lead to the signed head"
    return _line("inclusion", said, ok=holds)


def _said(wrong: Exception) -> str:
    return wrong.message("en") if isinstance(wrong, LachanError) else type(wrong).__name__


def _line(name: str, what: str, *, ok: bool = True) -> Check:
    return Check(id=name, ok=ok, what=what)
