"""One's own calendars on other servers: added, read again, removed, on the account page."""

import secrets

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue

from config import Settings
from tracker import clock
from tracker.pipeline import busy_feeds as verbs
from tracker.queries import busy_feeds as queries
from tracker.rules.busy_times import checked_address, checked_login
from tracker.rules.refused import Refused
from tracker.rules.sealing import NONCE, sealed
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
            _add(form)
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


def _add(form: BusyFeedForm) -> None:
    settings: Settings = current_app.config["TRACKER"]
    address = checked_address(form.address.data or "")
    login, password = (form.login.data or "").strip(), form.app_password.data or ""
    checked_login(address, login, password, may_be_plain=settings.private_feeds)
    kept = sealed(password, settings.secret_key, secrets.token_bytes(NONCE)) if password else ""
    verbs.add(session(), person(), address, login=login, password=kept, now=clock.now())


def _back() -> str:
    return url_for("auth.account", _anchor="busy")
