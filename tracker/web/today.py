"""The first page: what waits for me, most urgent first."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.mail import own_words
from tracker.queries import first_steps, today
from tracker.rules.permissions import may_set_up
from tracker.web.addresses import deadline_url, seat_url
from tracker.web.doing import session, viewer

blueprint = Blueprint("today", __name__)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """Show what waits for the person who is signed in."""
    now = clock.now()
    return render_template(
        "today/show.html",
        today=today.of(session(), viewer(), now),
        now=now,
        action_url=deadline_url,
        seat_url=seat_url,
        first_steps=first_steps.of(session(), viewer()),
        broken=own_words.broken(session()) if may_set_up(viewer()) else [],
    )
