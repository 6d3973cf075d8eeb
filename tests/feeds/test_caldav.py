"""Free and busy times asked of a real calendar server (Radicale), with a password that goes nowhere else."""

import threading
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from radicale import app, config

from tests.factories import MONDAY
from tests.feeds import server
from tests.feeds.files import NINE, calendar, meeting
from tracker.feeds import apart, caldav
from tracker.feeds.fetching import Known, Login, fetch
from tracker.feeds.trouble import FeedTrouble
from tracker.rules.busy_times import AHEAD, Span, Trouble

UNTIL = MONDAY + AHEAD
IAN = Login("ian", "sesame, öffne dich")
PATH = "/ian/calendar/"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a calendar server that knows Ian, and his calendar in it."""
    folder: Path = tmp_path_factory.mktemp("radicale")
    users = folder / "users"
    users.write_text(f"{IAN.user}:{IAN.password}\n", encoding="utf-8")
    settings = config.load()
    settings.update(
        {
            "auth": {"type": "htpasswd", "htpasswd_filename": str(users), "htpasswd_encryption": "plain", "delay": "0"},
            "storage": {"filesystem_folder": str(folder / "calendars"), "_filesystem_fsync": "False"},
        },
        "tests",
        privileged=True,
    )
    with make_server("127.0.0.1", 0, app.Application(settings), handler_class=Quiet) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        port = running.server_port
        put(port, "MKCALENDAR", PATH)
        series = "DTSTART:20261030T120000Z\r\nDTEND:20261030T123000Z\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"
        put(port, "PUT", f"{PATH}1.ics", calendar(meeting()))
        put(port, "PUT", f"{PATH}2.ics", calendar(meeting(f"{NINE}\r\nTRANSP:TRANSPARENT", number=2)))
        put(port, "PUT", f"{PATH}3.ics", calendar(meeting(series.strip(), number=3)))
        yield f"http://127.0.0.1:{port}"
        running.shutdown()
        thread.join()


def put(port: int, method: str, path: str, body: bytes = b"") -> None:
    password = b64encode(f"{IAN.user}:{IAN.password}".encode()).decode()
    connection = HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Basic {password}", "Content-Type": "text/calendar"}
    connection.request(method, path, body, headers)
    assert connection.getresponse().status == 201
    connection.close()


def ask(address: str, login: Login = IAN) -> bytes:
    question = caldav.free_busy(MONDAY, UNTIL, login)
    body = fetch(address, Known(), allow_private=True, question=question).body
    assert body is not None
    return body


def trouble(address: str, login: Login = IAN) -> Trouble:
    with pytest.raises(FeedTrouble) as raised:
        ask(address, login)
    return raised.value.trouble


def test_a_real_server_tells_the_times_and_no_title(radicale: str) -> None:
    body = ask(radicale + PATH)
    assert b"Quokka" not in body
    spans = apart.read(body, MONDAY, UNTIL, zone="Europe/Berlin", email="", without=())
    said = [f"{each.starts_at:%d %H:%M}-{each.ends_at:%H:%M}" for each in spans]
    assert said == ["03 09:00-10:00", "06 12:00-12:30", "13 12:00-12:30"]
    assert spans[0] == Span(MONDAY.replace(day=3), MONDAY.replace(day=3, hour=10))


def test_a_wrong_password_and_a_wrong_address_are_told_apart(radicale: str) -> None:
    assert trouble(radicale + PATH, Login("ian", "wrong")) is Trouble.FORBIDDEN
    assert trouble(f"{radicale}/ian/play/") in (Trouble.GONE, Trouble.FORBIDDEN)


def test_the_password_is_for_one_server_and_never_told() -> None:
    with server.running() as theirs, server.running() as ours:
        ours.pages["/"] = server.answering(302, Location=f"{theirs.url}/")
        ours.pages["/1"] = server.answering(302, Location="/2")
        assert trouble(f"{ours.url}/") is Trouble.REDIRECTS
        assert not theirs.asked
        assert trouble(f"{ours.url}/1") is Trouble.GONE
        assert [path for path, _ in ours.asked] == ["/", "/1", "/2"]
        assert ours.asked[-1][1]["depth"] == "1"
    assert IAN.password not in repr(caldav.free_busy(MONDAY, UNTIL, IAN))
