"""What surrounds every view: read transactions for reads, the guard, the headers, and what all templates know."""

import time
from typing import Any

from flask import Flask, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Unauthorized

from tracker.db import db, set_reading
from tracker.queries import organisation
from tracker.web.converters import IdConverter
from tracker.web.doing import wants_json
from tracker.web.forms import new_once

# How long a page may show the organisation's old name after it was changed.
KEPT_SECONDS = 5.0
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

# Label, where it leads, and the areas of which it is the way in.
NAV = (
    ("Today", "today.show", {"today", "interviews"}),
    ("Requisitions", "requisitions.index", {"requisitions", "board", "intake", "community"}),
    (
        "Candidates",
        "candidates.index",
        {
            "candidates",
            "applications",
            "qualifications",
            "screens",
            "loops",
            "loop_choices",
            "loop_interviews",
            "loop_days",
            "loop_planning",
            "scorecards",
            "debriefs",
            "decision_records",
            "decisions",
            "outcomes",
        },
    ),
    ("Deadlines", "deadlines.index", {"deadlines"}),
    (
        "Settings",
        "settings.index",
        {
            "settings",
            "regions",
            "competencies",
            "questions",
            "plans",
            "ladders",
            "people",
            "blind_overrides",
            "mail_words",
            "outbox",
            "self_identification",
            "operations",
        },
    ),
)


def register(app: Flask) -> None:
    """Attach all of it to the application."""
    app.url_map.converters["id"] = IdConverter
    app.before_request(_choose_transaction)
    app.before_request(_guard)
    app.teardown_request(_forget_transaction)
    app.after_request(_headers)
    app.context_processor(_everywhere)


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _choose_transaction() -> None:
    is_get = request.method in {"GET", "HEAD", "OPTIONS"}
    set_reading(not getattr(_view(), "writes", False) if is_get else getattr(_view(), "searches", False))


def _forget_transaction(_error: BaseException | None) -> None:
    set_reading(False)


def _guard() -> ResponseReturnValue | None:
    """Let strangers in to public views and static files alone."""
    view = _view()
    if view is None or request.endpoint == "static" or getattr(view, "is_public", False):
        return None
    if current_user.is_authenticated:
        return None
    if wants_json() or request.method != "GET":
        raise Unauthorized("You are signed out. Sign in again; what you typed is still here.")
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def organisation_name() -> str:
    """Return the organisation's name, kept for some seconds; a plain word where the database does not answer."""
    name, until = current_app.extensions.get("organisation_name", ("", 0.0))
    if time.monotonic() < until:
        return str(name)
    try:
        name = organisation.organisation_name(db.session())
    except SQLAlchemyError:
        return organisation.UNNAMED
    current_app.extensions["organisation_name"] = (name, time.monotonic() + KEPT_SECONDS)
    return str(name)


def _nav() -> list[tuple[str, str, bool]]:
    person = current_user
    if not person.is_authenticated:
        return []
    items = [item for item in NAV if item[0] != "Settings" or person.is_admin]
    return [(label, url_for(endpoint), request.blueprint in areas) for label, endpoint, areas in items]


def _everywhere() -> dict[str, Any]:
    try:
        person = current_user._get_current_object() if current_user and current_user.is_authenticated else None
    except SQLAlchemyError:
        return {"person": None, "nav": [], "organisation": organisation.UNNAMED, "new_once": new_once}
    return {
        "person": person,
        "nav": _nav() if person else [],
        "organisation": organisation_name(),
        "new_once": new_once,
        "has_inbox": current_app.config["TRACKER"].inbox,
    }
