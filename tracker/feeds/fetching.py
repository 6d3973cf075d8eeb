"""Asking a stranger's server for a calendar: a bounded time, a bounded size, and never a machine of our own network.

A name is looked up once for each request, and the connection goes to the very address that was checked: a name that
leads elsewhere the second time gains nothing.
"""

import socket
import ssl
import threading
import time
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from tracker.feeds.trouble import FeedTrouble
from tracker.rules.busy_times import BadAddress, Trouble, checked_address

# NAT64 (RFC 6052) and 6to4 (RFC 3056): the IPv4 address that such an address stands for, and where in it that is.
_BEARERS = ((IPv6Network("64:ff9b::/96"), 0), (IPv6Network("2002::/16"), 80))
_CHUNK = 64 * 1024
_TRIED_ADDRESSES = 3


@dataclass(frozen=True)
class Limits:
    """What one answer may take: seconds for all of it, bytes as sent and as unpacked, and how often it may send on."""

    seconds: float = 20
    size: int = 10 * 1024 * 1024
    redirects: int = 5


@dataclass(frozen=True)
class Known:
    """What the server said of the calendar the last time, word for word; empty where it said nothing."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Login:
    """Who asks. It goes to the server that it was given for, and to no other."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Question:
    """What is asked, where that is more than what stands at the address: an XML document for the method REPORT."""

    report: bytes | None = None
    login: Login | None = None


PLAIN = Question()


@dataclass(frozen=True)
class Fetched:
    """An answer. ``body`` is None where the server says that nothing has changed."""

    body: bytes | None
    known: Known


def fetch(
    address: str, known: Known, *, allow_private: bool, limits: Limits | None = None, question: Question = PLAIN
) -> Fetched:
    """Return what stands at an address. Raises FeedTrouble; its text holds nothing of the address."""
    limits = limits or Limits()
    until = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        try:
            with _asked(urlsplit(address), known, question, allow_private, until) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    address = _sent_on(address, answer.getheader("Location"), question)
                    continue
                found = _taken(answer, known, limits)
                if time.monotonic() >= until:
                    # What has no length and was cut looks like what came to its end.
                    raise FeedTrouble(Trouble.SLOW)
                return found
        except FeedTrouble:
            raise
        except ssl.SSLCertVerificationError as error:
            raise FeedTrouble(Trouble.CERTIFICATE) from error
        except (OSError, HTTPException, ValueError) as error:
            is_late = isinstance(error, TimeoutError) or time.monotonic() >= until
            raise FeedTrouble(Trouble.SLOW if is_late else Trouble.UNREACHABLE) from error
    raise FeedTrouble(Trouble.REDIRECTS)


def is_public(text: str) -> bool:
    """Whether an address of the internet protocol is one of the public internet, also in disguise."""
    address = _undisguised(ip_address(text.partition("%")[0]))
    return address.is_global and not address.is_multicast


def _undisguised(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        for network, shift in _BEARERS:
            if address in network:
                return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return address


@contextmanager
def _asked(
    url: SplitResult, known: Known, question: Question, allow_private: bool, until: float
) -> Iterator[HTTPResponse]:
    """Yield the answer to one request; after the moment ``until`` its connection is cut, whatever it is about."""
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    plain = _connected(_looked_up(host, port, allow_private), until)
    cut = plain.dup()
    timer = threading.Timer(max(0.0, until - time.monotonic()), _cut, [cut])
    timer.daemon = True
    timer.start()
    connection = HTTPConnection(host, port)
    try:
        if url.scheme == "https":
            plain = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        connection.sock = plain
        method = "GET" if question.report is None else "REPORT"
        connection.putrequest(method, f"{url.path or '/'}{'?' if url.query else ''}{url.query}", skip_host=True)
        for name, value in _headers(url, known, question):
            connection.putheader(name, value)
        connection.endheaders(question.report)
        with connection.getresponse() as answer:
            yield answer
    finally:
        timer.cancel()
        connection.close()
        plain.close()
        cut.close()


def _headers(url: SplitResult, known: Known, question: Question) -> Iterator[tuple[str, str]]:
    yield "Host", url.netloc
    yield "Accept", "text/calendar, */*;q=0.1"
    yield "Accept-Encoding", "gzip"
    yield "User-Agent", "Tracker (busy times)"
    yield "Connection", "close"
    if question.report is not None:
        yield "Depth", "1"
        yield "Content-Type", "application/xml; charset=utf-8"
        yield "Content-Length", str(len(question.report))
    if question.login is not None:
        said = f"{question.login.user}:{question.login.password}".encode()
        yield "Authorization", f"Basic {b64encode(said).decode()}"
    if known.etag:
        yield "If-None-Match", known.etag
    if known.last_modified:
        yield "If-Modified-Since", known.last_modified


def _looked_up(host: str, port: int, allow_private: bool) -> list[tuple[str, int]]:
    found = [(str(each[4][0]), port) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not allow_private and not all(is_public(address) for address, _ in found):
        raise FeedTrouble(Trouble.PRIVATE)
    return found[:_TRIED_ADDRESSES]


def _connected(addresses: list[tuple[str, int]], until: float) -> socket.socket:
    last: OSError = OSError("no address")
    for address in addresses:
        try:
            return socket.create_connection(address, timeout=max(0.01, until - time.monotonic()))
        except OSError as error:
            last = error
    raise last


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # It ended by itself in this very moment.


def _sent_on(address: str, location: str | None, question: Question) -> str:
    try:
        target = checked_address(urljoin(address, location or ""))
    except (BadAddress, ValueError):
        raise FeedTrouble(Trouble.REDIRECTS) from None
    if not location or (address.startswith("https:") and not target.startswith("https:")):
        raise FeedTrouble(Trouble.REDIRECTS)
    if question.login is not None and urlsplit(target)[:2] != urlsplit(address)[:2]:
        # The password is for the one server.
        raise FeedTrouble(Trouble.REDIRECTS)
    return target


def _taken(answer: HTTPResponse, known: Known, limits: Limits) -> Fetched:
    if answer.status == 304 and known != Known():
        return Fetched(None, known)
    if answer.status != 200:
        code = {401: Trouble.FORBIDDEN, 403: Trouble.FORBIDDEN, 404: Trouble.GONE, 410: Trouble.GONE}
        raise FeedTrouble(code.get(answer.status, Trouble.FAILED))
    said = Known(_header(answer, "ETag"), _header(answer, "Last-Modified"))
    body = b"".join(_parts(answer, limits))
    if answer.length:
        raise HTTPException("less was sent than was promised")
    return Fetched(body, said)


def _header(answer: HTTPResponse, name: str) -> str:
    value = (answer.getheader(name) or "").strip()
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""


def _parts(answer: HTTPResponse, limits: Limits) -> Iterator[bytes]:
    if (answer.length or 0) > limits.size:
        raise FeedTrouble(Trouble.TOO_LARGE)
    packing = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise FeedTrouble(Trouble.NO_CALENDAR)
    unpack = zlib.decompressobj(wbits=31) if packing != "identity" else None
    sent = unpacked = 0
    while chunk := answer.read(_CHUNK):
        sent += len(chunk)
        part = _unpacked(unpack, chunk, limits.size - unpacked) if unpack else chunk
        unpacked += len(part)
        if sent > limits.size or unpacked > limits.size:
            raise FeedTrouble(Trouble.TOO_LARGE)
        yield part


def _unpacked(unpack: "zlib._Decompress", chunk: bytes, room: int) -> bytes:
    try:
        return unpack.decompress(chunk, room + 1)
    except zlib.error as error:
        raise FeedTrouble(Trouble.NO_CALENDAR) from error
