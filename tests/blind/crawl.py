"""Every address that the application answers to, filled with every id that a database holds.

Nothing is listed: the routes are the application's own, what fills them is found by the names of their parts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.conftest import HOST
from tracker.db import Base
from tracker.mail.kinds import KINDS
from tracker.models.interview_plan import InterviewPlan, PlanLimit, PlanStage
from tracker.models.outbox import OutboxMail
from tracker.models.region import ClosedDay
from tracker.models.self_identification import SelfIdentificationQuestion
from tracker.rules.deadlines import DeadlineKind

# ``<id:thing_id>`` is a row of the table ``thing``, but for these.
TABLES = {
    **{"mail": OutboxMail, "stage": PlanStage, "plan": InterviewPlan, "day": ClosedDay, "limit": PlanLimit},
    "asked": SelfIdentificationQuestion,
}
# What is no id of a row.
VALUES: dict[str, list[object]] = {
    "year": [2027],
    "name": sorted(KINDS)[:1],
    "kind": [DeadlineKind.SCORECARD.value],
}
# Pages that the link of another area opens as well.
SAME_LINK = {"candidate_choices": "candidate_pages"}
# How many rows are tried of a table in which nothing hangs on an application: a person, a plan, a region.
FEW = 2
# What is found in links alone. Static files hold nothing of anybody.
LINKS = re.compile(rf"http://{re.escape(HOST)}(/[^\s\"'<>)]+)")


@dataclass(frozen=True)
class Address:
    """One address, whether to post to it, the route that it belongs to, and whether it is open to strangers."""

    url: str
    is_post: bool
    rule: str
    is_public: bool


class Unfillable(AssertionError):
    """A route that the crawl cannot visit."""


def addresses(app: Flask, session: Session, texts: list[str]) -> list[Address]:
    """Return every address of every route but static files. ``texts`` are the mails, in which tokens are found.

    Raises Unfillable, with what to do, where a part of a route can be filled with nothing.
    """
    tokens = _tokens(app, texts)
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static":
                continue
            for values in _fillings(session, rule, tokens):
                url = app.url_for(rule.endpoint, **values)
                is_public = getattr(app.view_functions[rule.endpoint], "is_public", False)
                methods = (rule.methods or set()) & {"GET", "POST"}
                found += [Address(url, method == "POST", rule.rule, is_public) for method in methods]
    # Who signs out sees nothing after it.
    return sorted(set(found), key=lambda each: (each.is_post, each.url == "/sign-out", each.url))


def _tokens(app: Flask, texts: list[str]) -> dict[str, list[object]]:
    """What the links of e-mails hold in the place of a route's ``<token>``, by endpoint."""
    found: dict[str, list[object]] = {}
    urls = app.url_map.bind(HOST)
    for path in sorted({urlsplit(link).path for text in texts for link in LINKS.findall(text)}):
        try:
            endpoint, values = urls.match(path)
        except HTTPException:
            continue
        if "token" in values:
            found.setdefault(endpoint.split(".")[0], []).append(values["token"])
    return {endpoint: tokens[:3] for endpoint, tokens in found.items()}


def _fillings(session: Session, rule: Rule, tokens: dict[str, list[object]]) -> Iterator[dict[str, object]]:
    # In the order of the address: the parent comes first.
    names = sorted(rule.arguments, key=lambda name: rule.rule.index(f"{name}>"))
    choices = [_choices(session, rule, name, tokens) for name in names]
    for values in product(*choices):
        if len(names) < 2 or _belong(session, names, values):
            yield dict(zip(names, values, strict=True))


def _choices(session: Session, rule: Rule, name: str, tokens: dict[str, list[object]]) -> list[object]:
    if name == "token":
        area = rule.endpoint.split(".")[0]
        found = tokens.get(SAME_LINK.get(area, area), [])
    elif name in VALUES:
        found = VALUES[name]
    else:
        table = _table(rule, name)
        found = list(session.scalars(select(table.id).order_by(table.id)))
        found = found if table.__tablename__ in _about_applications() else found[:FEW]
    if not found:
        raise Unfillable(f"{rule.rule}: nothing in the world of the blind test fills <{name}>: plant one there")
    return found


@cache
def _about_applications() -> frozenset[str]:
    """The tables whose rows belong to an application, by whatever way."""
    tables = Base.metadata.tables.values()
    found: set[str] = {"application"}
    while True:
        more = {each.name for each in tables if {key.column.table.name for key in each.foreign_keys} & found}
        if more <= found:
            return frozenset(found)
        found |= more


def _table(rule: Rule, name: str) -> Any:
    table = _by_name(name)
    if table is None:
        raise Unfillable(f"{rule.rule}: say in tests/blind/crawl.py what fills <{name}>")
    return table


def _by_name(name: str) -> Any:
    if not name.endswith("_id"):
        return None
    base = name.removesuffix("_id")
    return TABLES.get(base) or {each.class_.__tablename__: each.class_ for each in Base.registry.mappers}.get(base)


def _belong(session: Session, names: list[str], values: tuple[object, ...]) -> bool:
    """Whether the second row hangs on the first, or is the first of those that do not: one of these is enough."""
    table = _by_name(names[1])
    column = getattr(table, names[0], None)
    if column is None:
        return True
    mine = session.scalar(select(column).where(table.id == values[1]))
    stranger = session.scalar(select(table.id).where(column != values[0]).order_by(table.id).limit(1))
    return mine == values[0] or values[1] == stranger
