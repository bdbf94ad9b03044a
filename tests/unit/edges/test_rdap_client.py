"""The client asks the right server and no other: https, few redirects, bounded bytes and time, no private network."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lachan.adapters import rdap
from lachan.adapters.foreign.errors import ForeignMismatch, ForeignTooLarge, ForeignUnreadable
from lachan.adapters.rdap.bootstrap import Bootstrap
from lachan.adapters.rdap.client import MAX_REDIRECTS, RdapClient
from lachan.adapters.rdap.errors import RdapNoServer, RdapOther, RdapRefused, RdapUnavailable
from lachan.adapters.rdap.network import is_public
from lachan.adapters.rdap.published import MAX_BYTES
from lachan.kernel.web import Domain
from tests.unit.edges.registry import Registry, drips, goes, registry, says

ASKED = Domain.parse("gia-mao.test.com")
PATH = "/rdap/domain/test.com"
BODY = json.dumps({"objectClassName": "domain", "ldhName": "test.com"}).encode()
LOCAL = frozenset({"localhost"})
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rdap+json\r\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with registry(tmp_path_factory.mktemp("registry")) as found:
        yield found


@pytest.fixture
def server(running: Registry) -> Registry:
    running.answers.clear()
    running.asked.clear()
    return running


def client(server: Registry, **changes: Any) -> RdapClient:
    settings: dict[str, Any] = {"private_hosts": LOCAL, "trust": server.trust} | changes
    return RdapClient(Bootstrap({"com": server.base}), **settings)


def test_the_registrable_name_is_asked_and_the_answer_read(server: Registry) -> None:
    server.answers[PATH] = says(BODY)
    found = client(server).domain(ASKED)
    assert found is not None
    assert found.domain == "test.com"
    assert server.asked == [PATH]


def test_a_name_that_is_not_registered_is_none(server: Registry) -> None:
    server.answers[PATH] = says(b"{}", status=404)
    assert client(server).domain(ASKED) is None


def test_a_private_address_is_refused_unless_the_caller_names_the_host(
    server: Registry,
) -> None:
    server.answers[PATH] = says(BODY)
    with pytest.raises(RdapRefused):
        client(server, private_hosts=frozenset()).domain(ASKED)
    assert server.asked == []


def test_a_redirect_into_a_private_network_is_refused(server: Registry) -> None:
    server.answers[PATH] = goes(server.url("/inside", host="127.0.0.1"))
    with pytest.raises(RdapRefused):
        client(server).domain(ASKED)
    assert server.asked == [PATH]


def test_a_public_name_that_resolves_to_a_private_address_is_refused(server: Registry) -> None:
    server.answers[PATH] = goes(server.url("/inside", host="rdap.example.com"))

    def lying(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == "localhost" else ["93.184.216.34", "10.0.0.7"]

    with pytest.raises(RdapRefused):
        client(server, resolve=lying).domain(ASKED)


def test_a_name_is_resolved_once_for_each_connection(server: Registry) -> None:
    server.answers[PATH] = says(BODY)
    asked: list[str] = []

    def counting(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    assert client(server, resolve=counting).domain(ASKED) is not None
    assert asked == ["localhost"]


@pytest.mark.parametrize(
    "location",
    ["http://localhost/", "ftp://localhost/", "file:///etc/passwd", "https://user@localhost/", "https://", "https://[::1",
     "https://localhost:99999999/"],
)  # fmt: skip
def test_a_redirect_to_another_scheme_or_to_nowhere_is_refused(
    server: Registry, location: str
) -> None:
    server.answers[PATH] = goes(location)
    with pytest.raises((RdapRefused, RdapUnavailable)):
        client(server).domain(ASKED)


def test_three_redirects_are_followed_the_fourth_is_not(server: Registry) -> None:
    server.answers[PATH] = goes("/hop/1")
    for hop in range(1, MAX_REDIRECTS):
        server.answers[f"/hop/{hop}"] = goes(server.url(f"/hop/{hop + 1}"), 307)
    last = f"/hop/{MAX_REDIRECTS}"
    server.answers[last] = says(BODY)
    assert client(server).domain(ASKED) is not None
    server.answers[last] = goes("/hop/9")
    server.answers["/hop/9"] = says(BODY)
    with pytest.raises(RdapUnavailable):
        client(server).domain(ASKED)


def test_more_than_one_mebibyte_is_refused(server: Registry) -> None:
    server.answers[PATH] = says(b" " * (MAX_BYTES + 1))
    with pytest.raises(ForeignTooLarge):
        client(server).domain(ASKED)


@pytest.mark.parametrize("head", [HEAD + b"X-Slow: ", HEAD + b"\r\n"], ids=["head", "body"])
def test_a_server_that_drips_holds_nobody(server: Registry, head: bytes) -> None:
    server.answers[PATH] = drips(head, every=0.1, times=200)
    start = time.monotonic()
    with pytest.raises(RdapUnavailable):
        client(server, whole_seconds=0.6).domain(ASKED)
    assert time.monotonic() - start < 20 * 0.6  # the server would go on for 200 × 0.1 s


@pytest.mark.parametrize(
    "answer",
    [
        says(BODY, kind="text/html"),
        says(BODY, status=429, Retry_After="10"),
        says(BODY, status=500),
        says(BODY, Content_Encoding="gzip"),
        drips(b"not http", 0, 1),
    ],
    ids=["html", "busy", "broken", "compressed", "not http"],
)
def test_other_answers_are_no_answer(server: Registry, answer: Any) -> None:
    server.answers[PATH] = answer
    with pytest.raises(RdapUnavailable):
        client(server).domain(ASKED)


def test_an_answer_about_another_name_is_refused(server: Registry) -> None:
    server.answers[PATH] = says(BODY.replace(b"test.com", b"other.com"))
    with pytest.raises(RdapOther):
        client(server).domain(ASKED)


def test_hostile_json_of_a_server_is_refused(server: Registry) -> None:
    server.answers[PATH] = says(b'{"objectClassName":"domain","objectClassName":"domain"}')
    with pytest.raises(ForeignUnreadable):
        client(server).domain(ASKED)


def test_a_certificate_of_nobody_is_refused(server: Registry) -> None:
    server.answers[PATH] = says(BODY)
    with pytest.raises(RdapUnavailable):
        client(server, trust=ssl.create_default_context()).domain(ASKED)
    assert server.asked == []


def test_a_host_without_an_address_is_no_answer(server: Registry) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    def none(host: str, port: int) -> list[str]:
        return []

    for resolve in (nobody, none):
        with pytest.raises(RdapUnavailable):
            client(server, resolve=resolve).domain(ASKED)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
     "ff02::1", "", "nonsense"],
)  # fmt: skip
def test_these_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700:4700::1111", "64:ff9b::5db8:d822"])
def test_these_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_the_bootstrap_that_is_shipped_names_https_servers_and_not_vn() -> None:
    shipped = Bootstrap.shipped()
    assert shipped.address(Domain.parse("www.gia-mao.com")) == (
        "https://rdap.verisign.com/com/v1/domain/gia-mao.com"
    )
    assert all(one.startswith("https://") and one.endswith("/") for one in shipped.servers.values())
    with pytest.raises(RdapNoServer):
        shipped.address(Domain.parse("gia-mao.com.vn"))


def test_the_longest_ending_wins_and_http_is_left_out() -> None:
    made = Bootstrap.read(
        b'{"services": [[["uk"], ["http://x/", "https://uk.example/a"]], [["co.uk."], ["https://co.example/"]],'
        b' [["kg"], ["http://rdap.example/"]], [["zz"], ["https://[::1"]]]}'
    )
    assert made.servers == {"uk": "https://uk.example/a/", "co.uk": "https://co.example/"}
    assert made.address(Domain.parse("a.vidu.co.uk")) == "https://co.example/domain/vidu.co.uk"


@pytest.mark.parametrize("data", [b'{"services": [["a"]]}', b'{"services": 1}', b"{}"])
def test_a_bootstrap_of_another_shape_is_refused(data: bytes) -> None:
    with pytest.raises(ForeignMismatch):
        Bootstrap.read(data)


def test_the_shipped_file_says_that_it_is_an_excerpt() -> None:
    text = Path(rdap.__path__[0], "dns.json").read_text("utf-8")
    assert "excerpt" in json.loads(text)["description"]
