"""One's own calendars on other servers: added, read again, removed, on the account page."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.pipeline import busy_feeds as verbs
from tracker.queries import busy_feeds as queries
from tracker.rules.refused import Refused
from tracker.web import auth
from tracker.web.busy_feed_forms import BusyFeedForm
from tracker.web.doing import done, once, person, refused, session

blueprint = Blueprint("busy_feeds", __name__)


@blueprint.post("/account/calendars")
@once
def add() -> ResponseReturnValue:
    """Let one more calendar of one's own be read."""
    form = BusyFeedForm()
    if form.validate_on_submit():
        try:
            verbs.add(session(), person(), form.address.data or "", now=clock.now())
            return done(_back(), "Added. It is read within the next minute: look here again to see how that went.")
        except Refused as error:
            refused(error, form)
    return auth.account_page(busy_form=form), 422


@blueprint.post("/account/calendars/<id:busy_feed_id>/read")
@once
def read(busy_feed_id: int) -> ResponseReturnValue:
    """Have a calendar read at once."""
    verbs.read_soon(queries.get(session(), person().id, busy_feed_id), now=clock.now())
    return done(_back(), "It is read within the next minute.")


@blueprint.post("/account/calendars/<id:busy_feed_id>/remove")
@once
def remove(busy_feed_id: int) -> ResponseReturnValue:
    """Forget a calendar, and what was known from it."""
    verbs.remove(session(), person(), queries.get(session(), person().id, busy_feed_id), now=clock.now())
    return done(_back(), "Removed, with all that was known from it.")


def _back() -> str:
    return url_for("auth.account", _anchor="busy")
