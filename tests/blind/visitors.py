"""Somebody who opens every address, and what comes back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient

from tests.blind.crawl import Address
from tests.blind.world import MARK, MARKED
from tests.conftest import HOST
from tracker.models.person import Person

# In forms these words are choices; anywhere else they tell what somebody recommended.
FORMS = re.compile(r"<form\b.*?</form>", re.S)
TOLD = re.compile(r"strong[ _]no[ _]hire", re.I)
# What differs from one answer to the next by itself.
CHANCE = re.compile(r'name="([a-z]+-)?(once|csrf_token)"[^>]*')
CHANCE_HEADERS = {"X-Request-ID", "Set-Cookie", "Date"}
# Filters that a page may have: what a search finds, and how much, tells of what it read.
ASKED = {"q": MARK, "history": "all", "whose": "all", "state": "any"}
DATA, PAGE = "application/json", "text/html"


@dataclass(frozen=True)
class Who:
    """Somebody as the browser knows him or her: no row, so that the tests hold no lock while they crawl."""

    name: str
    number: int | None
    cookie: str

    @property
    def own(self) -> str:
        """What bears the person's own mark."""
        return f"{MARK}-{self.number}-"


def known(person: Person | None) -> Who:
    """Return how the browser knows a person; None is somebody who is not signed in."""
    return Who(person.name, person.id, person.get_id()) if person else Who("nobody", None, "")


@dataclass
class Walk:
    """What somebody saw: the answers to which there was something to see, and where others' words stood.

    ``marks`` are the numbers of all authors who were read, the own left out.
    """

    seen: dict[Address, str] = field(default_factory=dict)
    leaks: dict[str, str] = field(default_factory=dict)
    marks: set[int] = field(default_factory=set)


def few(crawl: Iterable[Address]) -> list[Address]:
    """Return what is posted to: of each route the first and the last address. All that they show was read before."""
    routes: dict[str, list[Address]] = {}
    for each in crawl:
        if each.is_post:
            routes.setdefault(each.rule, []).append(each)
    return [each for found in routes.values() for each in dict.fromkeys((found[0], found[-1]))]


def read_all(app: Flask, who: Who, crawl: Iterable[Address], *, filters: bool = False) -> Walk:
    """Open every address that is read; where asked, lists with filters too."""
    walk, client, refusals = Walk(), _browser(app, who), set[str]()
    for each in crawl:
        text = _ask(client, each, DATA)
        texts = [text]
        if not text.startswith("200"):
            # The same sentence in a page of its own: one of each kind is enough.
            texts += [_ask(client, each, PAGE)] if text not in refusals else []
            refusals.add(text)
        else:
            walk.seen[each] = text
            if "application/json" in text.partition("\n\n")[0]:
                texts.append(_ask(client, each, PAGE))
            if filters and each.url == each.rule:
                texts.append(_ask(client, each, PAGE, **ASKED))
        _note(walk, who, each, texts)
    return walk


def post_all(app: Flask, who: Who, crawl: Iterable[Address]) -> Walk:
    """Post nothing to every address that takes posts; a refusal may quote what was there."""
    walk, client = Walk(), _browser(app, who)
    for each in crawl:
        _note(walk, who, each, [_ask(client, each, DATA)])
    return walk


def changed(app: Flask, who: Who, walk: Walk) -> list[str]:
    """Return the addresses that now answer otherwise than they did; those with words of the visitor's own left out."""
    client = _browser(app, who)
    shown = ((each, text) for each, text in walk.seen.items() if who.own not in text)
    return [each.url for each, text in shown if _ask(client, each, DATA) != text]


def _note(walk: Walk, who: Who, address: Address, texts: list[str]) -> None:
    for text in texts:
        others = {int(number) for number in MARKED.findall(text)} - {who.number}
        told = TOLD.search(FORMS.sub("", text))
        walk.marks |= others
        if others or told:
            walk.leaks[address.url] = f"words of {sorted(others)}" if others else "what somebody recommended"


def _browser(app: Flask, who: Who) -> FlaskClient:
    """A browser that adds nothing to what it sends: no version of a row, no click on what is asked again."""
    client = FlaskClient(app, app.response_class)
    if who.cookie:
        with client.session_transaction(base_url=f"http://{HOST}") as cookie:
            cookie["_user_id"], cookie["_fresh"] = who.cookie, True
    return client


def _ask(client: FlaskClient, address: Address, accept: str, **asked: str) -> str:
    """Return all that comes back: status, headers, body."""
    send = client.post if address.is_post else client.get
    with send(address.url, headers={"Accept": accept}, base_url=f"http://{HOST}", query_string=asked or None) as answer:
        assert answer.status_code != 500, f"{address.url} failed"
        headers = [f"{name}: {value}" for name, value in answer.headers if name not in CHANCE_HEADERS]
        body = CHANCE.sub("", answer.get_data().decode(errors="replace"))
        return "\n".join([str(answer.status_code), *headers, "", body])
