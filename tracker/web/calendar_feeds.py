"""A person's calendar by a secret address, for programs that cannot sign in; and the form that makes the address."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.mail import calendar_feeds as words
from tracker.mail.invitations import Event
from tracker.mail.links import url
from tracker.models.calendar_feed import CalendarFeed
from tracker.models.person import Person
from tracker.pipeline import calendar_feeds as verbs
from tracker.queries import beside, deadlines, visibility
from tracker.queries import calendar_feeds as queries
from tracker.queries.organisation import organisation_name
from tracker.queries.visibility import NotFound
from tracker.rules.permissions import Viewer
from tracker.web.addresses import deadline_url
from tracker.web.doing import done, once, person, public, session, writes

blueprint = Blueprint("calendar_feeds", __name__)


@blueprint.get("/calendar/<token>.ics")
@public
@writes
def show(token: str) -> ResponseReturnValue:
    """Show whose address it is his or her interviews and deadlines, to whoever bears the address."""
    key = words.key_of(token)
    feed = queries.by_key(session(), key) if key is not None else None
    found = visibility.signed_in(session(), feed.person_id) if feed is not None else None
    if feed is None or found is None:
        raise NotFound("calendar")
    now = clock.now()
    events = _events(found[1], now)
    verbs.note_visit(feed, words.digest(events), now=now)
    name = f"{organisation_name(session())}: interviews"
    answer = _answer(words.file_of(events, name=name, changed_at=feed.changed_at), feed)
    session().commit()
    return answer


@blueprint.post("/account/calendar")
@once
def make() -> ResponseReturnValue:
    """Make an address for one's own calendar; an earlier one is void."""
    verbs.make(session(), person(), now=clock.now())
    return done(url_for("auth.account", _anchor="calendar"), "Here is the address. Only this one opens your calendar.")


@blueprint.post("/account/calendar/end")
@once
def take_back() -> ResponseReturnValue:
    """Take back the address of one's own calendar."""
    verbs.take_back(session(), person(), by=person(), now=clock.now())
    return done(url_for("auth.account", _anchor="calendar"), "Taken back: the address opens nothing any more.")


def calendar_facts(whose: Person) -> dict[str, Any]:
    """Return what a person's own page shows of the address."""
    feed = queries.of_person(session(), whose.id)
    if feed is None:
        return {"calendar_url": None, "calendar_fetched_at": None}
    path = url_for("calendar_feeds.show", token=words.token_of(feed.key))
    return {"calendar_url": url(path), "calendar_fetched_at": feed.fetched_at}


def _events(viewer: Viewer, now: datetime) -> list[Event]:
    rows = queries.interviews(session(), viewer, now)
    learning = beside.words_of(session(), [row.id for row in rows]) if rows else {}
    interviews = [
        words.interview_event(
            uid=row.uid,
            sequence=row.sequence,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            name=row.name,
            candidate=row.candidate,
            title=row.title,
            place=row.place,
            role=learning.get(row.id, ""),
            path=url_for("interviews.show", assignment_id=row.id),
        )
        for row in rows
    ]
    due = [
        words.deadline_event(
            number=line.id,
            revision=line.revision,
            due_at=line.standing.due_at,
            what=line.kind.label,
            candidate=line.candidate,
            title=line.requisition,
            path=deadline_url(line),
        )
        for line in deadlines.mine(session(), viewer, now, queries.MOST)
    ]
    return interviews + due


def _answer(data: bytes, feed: CalendarFeed) -> Response:
    """The validators are made of the file and of nothing that is not in it."""
    answer = Response(data, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = "inline; filename=interviews.ics"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.last_modified = feed.changed_at
    answer.add_etag()
    answer.make_conditional(request)
    return answer
