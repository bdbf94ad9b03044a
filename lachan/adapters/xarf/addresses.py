"""Web addresses as XARF wants them: an ASCII URI, and a domain in a pattern that not every domain fits. Pure."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, urlsplit, urlunsplit

from lachan.adapters.foreign.errors import mismatch
from lachan.adapters.xarf.shape import FORM
from lachan.kernel.web import Domain, DomainUnreadable

_SAFE = "/?#[]@!$&'()*+,;=:%-._~"
# content-base.json; no `--`, hence no punycode label, and a last label of letters alone
_DOMAIN = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}\Z", re.ASCII)


def ascii_url(text: str) -> str:
    """An IRI as a URI: host in punycode, the rest percent-encoded, lower-case scheme and host.

    Raises: ForeignMismatch for an address without a host that could be looked up.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
        name = host(text)
    except ValueError as cause:
        raise mismatch(FORM, "url", text, "https://vidu.com.vn/trang") from cause
    at = f"[{name}]" if ":" in name else name
    return urlunsplit(
        (
            parts.scheme.lower(),
            at if port is None else f"{at}:{port}",
            quote(parts.path, safe=_SAFE),
            quote(parts.query, safe=_SAFE),
            quote(parts.fragment, safe=_SAFE),
        )
    )


def host(text: str) -> str:
    """The host as a register or router knows it: punycode, or an address. Raises: ForeignMismatch."""
    try:
        name = urlsplit(text).hostname or ""
        try:
            return str(ipaddress.ip_address(name))
        except ValueError:
            return Domain.parse(name).name
    except (ValueError, DomainUnreadable) as cause:
        raise mismatch(FORM, "url", text, "https://vidu.com.vn/trang") from cause


def fitting_domain(name: str) -> str | None:
    """The host where the standard's pattern for `domain` takes it, else nothing."""
    return name if _DOMAIN.match(name) else None
