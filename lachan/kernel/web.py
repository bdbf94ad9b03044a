"""Names and addresses on the web, as victims type them and as registers know them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Self
from urllib.parse import urlsplit

import tldextract

from lachan.kernel.errors import LachanError, Text

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_MAX_DOMAIN = 253
_MAX_URL = 2000


class DomainUnreadable(LachanError):
    """Text that is not a registrable domain name or one below it."""

    code = "kernel.domain"
    text = Text(
        vi="“{given}” không phải tên miền. Viết ví dụ: vidu.com.vn.",
        en="“{given}” is not a domain name. Write it like example.com.vn.",
    )
    given: str


class UrlUnreadable(LachanError):
    """Text that is not an http or https address."""

    code = "kernel.url"
    text = Text(
        vi="“{given}” không phải địa chỉ trang web. Viết ví dụ: https://vidu.com.vn/trang.",
        en="“{given}” is not a web address. Write it like https://example.com.vn/page.",
    )
    given: str


@cache
def _suffixes() -> tldextract.TLDExtract:
    # The list that the package carries: a look-up never reaches for the network or a cache folder.
    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
    )


@dataclass(frozen=True, slots=True, order=True)
class Domain:
    """Lower case, ASCII (punycode), without the last dot."""

    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "VIDU.com.vn.", "hxxp[.]" spellings not included; Unicode names become punycode.

        Raises: DomainUnreadable.
        """
        plain = text.strip().lower().removesuffix(".")
        try:
            name = plain if plain.isascii() else plain.encode("idna").decode()
        except UnicodeError as cause:
            raise DomainUnreadable(given=text[:80]) from cause
        labels = name.split(".")
        fits = len(name) <= _MAX_DOMAIN and all(_LABEL.fullmatch(label) for label in labels)
        if not fits or not _suffixes()(name).top_domain_under_public_suffix:
            raise DomainUnreadable(given=text[:80])
        return cls(name)

    @property
    def registrable(self) -> str:
        """What its owner registered: `vidu.com.vn` of `www.vidu.com.vn`."""
        return _suffixes()(self.name).top_domain_under_public_suffix

    @property
    def shown(self) -> str:
        """With its Unicode letters, for a reader."""
        try:
            return self.name.encode().decode("idna")
        except UnicodeError:
            return self.name  # a punycode label that decodes to nothing legal is shown as it is

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, order=True)
class Url:
    """An http(s) address: scheme and host in lower case, fragment dropped, path and query as typed."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "https://VIDU.vn/a?b#c" or "vidu.vn/a" (then https is meant).

        Raises: UrlUnreadable: another scheme, a user name in it, no public host, a blank inside.
        """
        plain = text.strip()
        if "://" not in plain:
            plain = f"https://{plain}"
        try:
            parts = urlsplit(plain)
            port = parts.port
            host = Domain.parse(parts.hostname or "").name
        except (ValueError, DomainUnreadable) as cause:
            raise UrlUnreadable(given=text[:120]) from cause
        if (
            parts.scheme.lower() not in {"http", "https"}
            or "@" in parts.netloc
            or len(plain) > _MAX_URL
            or re.search(r"[\s\x00-\x1f\x7f]", plain)
        ):
            raise UrlUnreadable(given=text[:120])
        query = f"?{parts.query}" if parts.query else ""
        at = f":{port}" if port else ""
        return cls(f"{parts.scheme.lower()}://{host}{at}{parts.path or '/'}{query}")

    @property
    def domain(self) -> Domain:
        return Domain(urlsplit(self.text).hostname or "")

    def __str__(self) -> str:
        return self.text
