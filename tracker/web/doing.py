"""What every view needs: who asks, the session, and the one way to finish a verb."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast

from flask import flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker import clock
from tracker.db import db, set_reading
from tracker.models.person import Person
from tracker.models.record import OnceKey
from tracker.queries import visibility
from tracker.rules.permissions import Viewer
from tracker.rules.refused import Refused, Stale

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
ONCE_FIELD = "once"
# The page's script says by this that it opens the address of the answer, so that the message waits there.
GOES_ON_FIELD = "goes_on"
ONCE_KEY = re.compile("[0-9A-Za-z-]{1,64}")


class AlreadyDone(Exception):
    """The same form was sent twice, and the other one was quicker."""


def session() -> Session:
    """Return the database session of this request."""
    return db.session()


def person() -> Person:
    """Return who is signed in. Only for views that strangers cannot reach."""
    return cast(Person, current_user._get_current_object())


def viewer() -> Viewer:
    """Return who is signed in as the rules see him or her; worked out once in a request."""
    if "viewer" not in g:
        g.viewer = visibility.viewer_of(session(), person())
    return cast(Viewer, g.viewer)


def wants_json() -> bool:
    """Whether the page's script asks (by fetch), rather than a browser for a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def public(view: View[P]) -> View[P]:
    """Mark a view that strangers may open; every other one demands a signed-in person."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def writes(view: View[P]) -> View[P]:
    """Mark a GET view that writes (a read receipt): its transaction takes the write lock at the start."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def searches(view: View[P]) -> View[P]:
    """Mark a POST view that searches for long before it writes: it begins as a read, see ``begin_writing``."""
    view.searches = True  # type: ignore[attr-defined]
    return view


def let_go() -> None:
    """End what this request has read: nobody waits for it while it searches. What it asks afterwards are reads."""
    db.session.rollback()
    set_reading(True)


def begin_writing() -> None:
    """Begin the part of the request that writes. Nothing that was read counts any more: it is to be asked anew.

    Raises AlreadyDone where the same form was sent twice and the other one is done by now; ``once`` answers it.
    """
    db.session.rollback()
    set_reading(False)
    g.pop("viewer", None)
    if _earlier_answer() is not None:
        raise AlreadyDone


def once(view: View[P]) -> View[P]:
    """Give a form that is sent twice (a second click, a retry) one effect: the second gets the first one's answer."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.once_key = _once_key()
        answer = _earlier_answer()
        if answer is not None:
            return answer
        try:
            return view(*args, **kwargs)
        except StaleDataError as error:
            # The row changed between our reading and our writing, within this very request.
            db.session.rollback()
            raise Stale() from error
        except (IntegrityError, AlreadyDone):
            db.session.rollback()
            answer = _earlier_answer()
            if answer is None:
                raise
            return answer

    return wrapper


def done(url: str, message: str = "", tone: str = "good", **data: Any) -> ResponseReturnValue:
    """Commit, and send the browser on (303) with a message; the page's script gets the same as JSON.

    ``data`` is added to the JSON answer. The idempotency key of a view that is done ``once`` is kept in the same
    transaction.
    """
    key = g.get("once_key")
    if key:
        db.session.add(OnceKey(key=key, location=url, message=message, at=clock.now()))
    db.session.commit()
    return send_on(url, message, tone, **data)


def refused(error: Refused, form: FlaskForm | None = None) -> None:
    """Take back what was begun and show the reason beside the field it is about, else above the form."""
    db.session.rollback()
    field = getattr(form, error.field, None) if form is not None and error.field else None
    if field is not None:
        field.errors = [*field.errors, error.message]
    elif form is not None:
        form.form_errors.append(error.message)
    else:
        flash(error.message, "bad")


def _once_key() -> str | None:
    key = request.form.get(ONCE_FIELD, "")
    if not ONCE_KEY.fullmatch(key):
        return None
    # Bound to the person and the address, so that a key seen elsewhere opens nothing.
    who = current_user.get_id() if current_user.is_authenticated else "stranger"
    return f"{who}:{request.path}:{key}"


def _earlier_answer() -> ResponseReturnValue | None:
    key = g.get("once_key")
    earlier = db.session.get(OnceKey, key) if key else None
    return send_on(earlier.location, earlier.message, "good") if earlier else None


def goes_on() -> bool:
    """Whether the page's script sends a form as the browser would, and opens the address that it is told."""
    return wants_json() and GOES_ON_FIELD in request.form


def send_on(url: str, message: str, tone: str, **data: Any) -> ResponseReturnValue:
    """Send the browser on with a message, or tell the page's script the same; for what was committed already."""
    if message and (not wants_json() or goes_on()):
        flash(message, tone)
    if wants_json():
        return jsonify(ok=True, url=url, message=message, **data)
    return redirect(url, code=303)


def back() -> str:
    """Return the address to offer as a way back: the page before if it is ours, else the first page."""
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else url_for("today.show")
