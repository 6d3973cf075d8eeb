"""Links in e-mails to staff: they lead whom they were sent to, once signed in, to the very page of the task."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.mail.links import GOOD_FOR, read_link
from tracker.queries.visibility import NotFound
from tracker.web.doing import person

blueprint = Blueprint("go", __name__)


@blueprint.get("/go/<token>")
def follow(token: str) -> ResponseReturnValue:
    """Go on to the page; whether it is there, and for whom, is that page's own answer."""
    link = read_link(token)
    if link is None:
        raise NotFound("link")
    if link.person_id != person().id:
        return render_template("go/somebody_else.html"), 403
    if link.is_expired(clock.now()):
        flash(f"This link is more than {GOOD_FOR.days} days old. Here is how it stands now.", "warn")
    return redirect(link.path)
