"""A real Chromium, and the tracker served to it: forms with their guards, a database of the test's own."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.conftest import HOST, Client, TestClock, browser_of
from tests.factories import MONDAY, World
from tracker.launcher.chromium import find_chromium
from tracker.models.person import Person

WIDE, NARROW = (1280, 800), (375, 740)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HOW = "no Chromium: install it (Debian: apt install chromium), or set TRACKER_CHROMIUM to the path of one that starts"


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Skipped, loudly, where there is none; with TRACKER_REQUIRE_CHROMIUM=1 that is a failure."""
    path = find_chromium()
    if path is None:
        if os.environ.get("TRACKER_REQUIRE_CHROMIUM") == "1":
            pytest.fail(HOW)
        pytest.skip(HOW)
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application at a free port of this machine; yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def windows(chromium: Browser, url: str) -> Iterator["Opens"]:
    """Yield what opens windows on an address. No script of a page may fail meanwhile."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def opens(cookie: str | None = None, size: tuple[int, int] = WIDE, **options: Any) -> Page:
        context = chromium.new_context(base_url=url, viewport={"width": size[0], "height": size[1]}, **options)
        opened.append(context)
        # Whatever does not come within this time does not come at all.
        context.set_default_timeout(15_000)
        if cookie is not None:
            context.add_cookies([{"name": "session", "value": cookie, "url": url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield opens
    for context in opened:
        context.close()
    assert faults == []


Opens = Callable[..., Page]


def cookie_of(app: Flask, session: Session, person: Person) -> str:
    """Return the cookie of somebody who signed in."""
    client: Client = browser_of(app, session).sign_in(person)
    cookie = client.get_cookie("session", domain=HOST)
    assert cookie is not None
    # The database is free for the pages: what a test has read, it has read.
    session.commit()
    return str(cookie.value)


@dataclass
class Live:
    """The tracker as it is served, and whoever opens a window on it."""

    app: Flask
    session: Session
    world: World
    url: str
    opens: Opens

    def page(self, person: Person | None = None, size: tuple[int, int] = WIDE, **options: Any) -> Page:
        """Open a window, signed in as somebody; options are those of Playwright's contexts."""
        cookie = cookie_of(self.app, self.session, person) if person is not None else None
        self.session.commit()
        return self.opens(cookie, size, **options)


@pytest.fixture
def live(app: Flask, session: Session, world: World, at: TestClock, chromium: Browser) -> Iterator[Live]:
    """The tracker on an empty database, on Monday, 2 November 2026, 10:00 in Berlin, with all guards of its forms."""
    at.set(MONDAY)
    # What a test looks up again must not begin a transaction: on SQLite it would keep the pages from writing.
    session.expire_on_commit = False
    app.config["WTF_CSRF_ENABLED"] = True
    with served(app) as url, windows(chromium, url) as opens:
        yield Live(app, session, world, url, opens)
