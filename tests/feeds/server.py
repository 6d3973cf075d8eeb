"""A real web server for calendars, good ones and bad ones."""

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.feeds.files import calendar, meeting


class Handler(BaseHTTPRequestHandler):
    """Answers each path as its test says, and notes what it was asked."""

    server: "_Server"

    def do_GET(self) -> None:
        self.server.site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        # The other side hangs up, as it should.
        with suppress(OSError):
            self.server.site.pages.get(self.path, gone)(self)

    do_REPORT = do_GET

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


Page = Callable[[Handler], None]


@dataclass
class Site:
    """What stands where, what was asked, and the address of it all."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    site: Site
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of who hung up."""


@contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Yield a site of a server on this machine, one that speaks TLS where a context is given."""
    with _Server(("127.0.0.1", 0), Handler) as server:
        server.site = Site(f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}")
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.site
        server.shutdown()
        thread.join()


def gone(to: Handler) -> None:
    to.send(404)


def serving(body: bytes | None = None, **headers: str) -> Page:
    """A page that answers 304 to whoever knows what it holds."""
    body = calendar(meeting()) if body is None else body

    def page(to: Handler) -> None:
        if headers.get("ETag") and to.headers["If-None-Match"] == headers["ETag"]:
            to.send(304)
        else:
            to.send(200, body, **headers)

    return page


def answering(status: int, **headers: str) -> Page:
    return lambda to: to.send(status, b"no", **headers)


def large(to: Handler) -> None:
    """Fifty megabytes, and no word before of how much it will be."""
    to.send_response(200)
    to.end_headers()
    for _ in range(800):
        to.wfile.write(b"X" * 65536)


def bomb(to: Handler) -> None:
    """A gigabyte of nothing, packed."""
    packed = gzip.compress(b"\0" * (64 * 1024 * 1024))
    to.send(200, packed, Content_Encoding="gzip")


def dripping(to: Handler) -> None:
    """A byte now and then, for ever: no single wait is long."""
    to.send_response(200)
    to.end_headers()
    for _ in range(200):
        to.wfile.write(b"B")
        to.wfile.flush()
        time.sleep(0.05)


def dripping_headers(to: Handler) -> None:
    to.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    dripping(to)


def silent(_to: Handler) -> None:
    time.sleep(3)


def cut_short(to: Handler) -> None:
    to.send(200, calendar(meeting())[:100], Content_Length="5000")


def gibberish(to: Handler) -> None:
    to.wfile.write(b"\x00\x01\x02 nothing that HTTP knows\r\n\r\n")
