"""One's own working hours, on the account page."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.pipeline import people as verbs
from tracker.rules.refused import Refused
from tracker.rules.working_hours import hours_of, hours_words
from tracker.web import auth
from tracker.web.doing import done, once, person, refused, session
from tracker.web.hours_forms import HoursForm

blueprint = Blueprint("working_hours", __name__)


@blueprint.post("/account/hours")
@once
def change() -> ResponseReturnValue:
    """Say when one works; all left blank, the usual hours count again."""
    form = HoursForm()
    if form.validate_on_submit():
        try:
            verbs.set_hours(session(), person(), form.hours, now=clock.now(), version=form.seen)
            words = hours_words(hours_of(person().hours))
            said = f"Saved. Interviews are planned {words}." if words else "Saved. The usual hours count."
            return done(url_for("auth.account", _anchor="hours"), said)
        except Refused as error:
            refused(error, form)
    return auth.account_page(hours_form=form), 422
