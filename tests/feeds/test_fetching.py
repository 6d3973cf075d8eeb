"""Fetching from a real server: what is taken, what is too large, too slow, broken or hostile, and what stays secret."""

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.feeds import server
from tests.feeds.files import calendar, meeting
from tests.feeds.server import Site
from tests.mail.test_tls import certificate
from tracker.feeds import fetching
from tracker.feeds.fetching import Fetched, Known, Limits, fetch
from tracker.feeds.trouble import FeedTrouble
from tracker.rules.busy_times import Trouble

__all__ = ["certificate"]


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with server.running() as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    running.pages, running.asked = {}, []
    return running


def get(address: str, known: Known | None = None, *, allow_private: bool = True, **limits: Any) -> Fetched:
    return fetch(address, known or Known(), allow_private=allow_private, limits=Limits(**limits))


def trouble(address: str, **facts: Any) -> Trouble:
    with pytest.raises(FeedTrouble) as raised:
        get(address, **facts)
    assert address not in str(raised.value)
    return raised.value.trouble


def test_a_calendar_and_what_is_known_of_it_the_next_time(site: Site) -> None:
    site.pages["/a.ics?key=1"] = server.serving(ETag='"1"', Last_Modified="Mon, 02 Nov 2026 09:00:00 GMT")
    first = get(f"{site.url}/a.ics?key=1")
    assert first.body == calendar(meeting())
    assert first.known == Known('"1"', "Mon, 02 Nov 2026 09:00:00 GMT")
    second = get(f"{site.url}/a.ics?key=1", first.known)
    assert second == Fetched(None, first.known)
    headers = site.asked[1][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"1"', first.known.last_modified)
    assert headers["host"] == site.url.removeprefix("http://")


def test_packed_ones_are_unpacked(site: Site) -> None:
    site.pages["/"] = server.serving(server.gzip.compress(calendar(meeting())), Content_Encoding="gzip")
    assert get(site.url).body == calendar(meeting())


def test_who_sends_on_is_followed(site: Site) -> None:
    site.pages |= {"/1": server.answering(301, Location="2"), "/2": server.answering(307, Location=f"{site.url}/3")}
    site.pages["/3"] = server.serving()
    assert get(f"{site.url}/1").body == calendar(meeting())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (server.gone, Trouble.GONE),
        (server.answering(410), Trouble.GONE),
        (server.answering(401), Trouble.FORBIDDEN),
        (server.answering(500), Trouble.FAILED),
        (server.answering(304), Trouble.FAILED),
        (server.answering(302), Trouble.REDIRECTS),
        (server.answering(302, Location="/"), Trouble.REDIRECTS),
        (server.answering(302, Location="file:///etc/passwd"), Trouble.REDIRECTS),
        (server.answering(302, Location="http://[::1"), Trouble.REDIRECTS),
        (server.large, Trouble.TOO_LARGE),
        (server.answering(200, Content_Length="50000000"), Trouble.TOO_LARGE),
        (server.bomb, Trouble.TOO_LARGE),
        (server.answering(200, Content_Encoding="gzip"), Trouble.NO_CALENDAR),
        (server.answering(200, Content_Encoding="br"), Trouble.NO_CALENDAR),
        (server.cut_short, Trouble.UNREACHABLE),
        (server.gibberish, Trouble.UNREACHABLE),
    ],
)
def test_what_goes_wrong_is_said(site: Site, said: server.Page, why: Trouble) -> None:
    site.pages["/"] = said
    assert trouble(f"{site.url}/") is why


@pytest.mark.parametrize("said", [server.dripping, server.dripping_headers, server.silent])
def test_no_server_takes_longer_than_it_may(site: Site, said: server.Page) -> None:
    site.pages["/"] = said
    began = time.monotonic()
    assert trouble(f"{site.url}/", seconds=0.5) is Trouble.SLOW
    assert time.monotonic() - began < 2


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    assert trouble(address) is Trouble.UNREACHABLE
    assert trouble("http://no-such-host.invalid/") is Trouble.UNREACHABLE


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False), ("172.16.0.1", False), ("0.0.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False),
        ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fd00::1", False), ("ff02::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:169.254.169.254", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False), ("2002:7f00:1::", False), ("2002:a9fe:a9fe::1", False),
        ("64:ff9b::5db8:d822", True),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, is_public: bool) -> None:
    assert fetching.is_public(address) is is_public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "169.254.169.254", "0"])
def test_our_own_network_is_not_asked(site: Site, host: str) -> None:
    port = site.url.rsplit(":", 1)[1]
    assert trouble(f"http://{host}:{port}/", allow_private=False) in (Trouble.PRIVATE, Trouble.UNREACHABLE)
    assert not site.asked


def looks_up(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let names lead to one address after the other; return who was really connected to."""
    left, connected = list(answers), list[str]()

    def getaddrinfo(_host: str, port: int, **_more: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (left.pop(0), port))]

    def create_connection(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address[0])
        # What the test calls a public address is this machine.
        found = socket.socket()
        found.settimeout(timeout)
        found.connect(("127.0.0.1", address[1]))
        return found

    monkeypatch.setattr(fetching.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(fetching.socket, "create_connection", create_connection)
    return connected


def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/"] = server.serving()
    connected = looks_up(monkeypatch, "93.184.216.34", "127.0.0.1")
    port = site.url.rsplit(":", 1)[1]
    assert get(f"http://rebinding.example:{port}/", allow_private=False).body == calendar(meeting())
    assert connected == ["93.184.216.34"]


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data/", "http://inside.example/"])
def test_who_sends_on_into_our_network_is_not_followed(
    site: Site, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    site.pages["/"] = server.answering(302, Location=target)
    connected = looks_up(monkeypatch, "93.184.216.34", "169.254.169.254")
    port = site.url.rsplit(":", 1)[1]
    assert trouble(f"http://outside.example:{port}/", allow_private=False) is Trouble.PRIVATE
    assert connected == ["93.184.216.34"]


def test_a_server_has_to_prove_who_it_is(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate names localhost, which does not help where nobody vouches for it, nor for another name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with server.running(context) as site:
        site.pages["/"] = server.serving()
        assert trouble(site.url) is Trouble.CERTIFICATE
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert trouble(site.url) is Trouble.CERTIFICATE
        assert get(site.url.replace("127.0.0.1", "localhost")).body == calendar(meeting())
        site.pages["/"] = server.answering(302, Location=site.url.replace("https", "http"))
        assert trouble(site.url.replace("127.0.0.1", "localhost")) is Trouble.REDIRECTS
        site.pages["/"] = server.dripping
        assert trouble(site.url.replace("127.0.0.1", "localhost"), seconds=0.5) is Trouble.SLOW
