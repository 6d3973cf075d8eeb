"""Answers for what cannot be done: each a page (or JSON) that says what happened and what to do."""

import logging

from flask import Flask, g, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from tracker.db import db
from tracker.queries.visibility import NotFound
from tracker.rules.refused import Refused, Stale
from tracker.web.doing import back, wants_json
from tracker.web.logged import request_id

log = logging.getLogger(__name__)

PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})


def register(app: Flask) -> None:
    """Attach the answers to the application."""
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(StaleDataError, lambda _error: _refused(Stale()))
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _page(code: int, message: str) -> ResponseReturnValue:
    if wants_json():
        return jsonify(ok=False, message=message), code
    template = f"errors/{code}.html" if code in PAGES else "errors/400.html"
    return render_template(template, message=message, back=back()), code


def _not_found(_error: NotFound) -> ResponseReturnValue:
    return _page(404, "There is nothing at this address, or nothing that you may see.")


def _refused(error: Refused) -> ResponseReturnValue:
    db.session.rollback()
    return _page(409 if isinstance(error, Stale) else 422, error.message)


def _expired(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, "This form is too old, or cookies are off. Go back, reload the page and send it again.")


def _no_database(error: OperationalError) -> ResponseReturnValue:
    log.error("database: %s", error.orig)
    db.session.rollback()
    # Who is signed in stands in the database, too: the page does without.
    g._login_user = AnonymousUserMixin()
    return _page(503, "The database does not answer. Nothing was changed; please try again in a minute.")


def _strange_host(_error: SecurityError) -> ResponseReturnValue:
    # In words alone: where the host is not believed, no page with links can be made.
    text = "The tracker is not known by this host name: see TRACKER_BASE_URL and TRACKER_TRUSTED_HOSTS."
    return text, 400, {"Content-Type": "text/plain; charset=utf-8"}


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code, error.description or error.name)


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.exception("a page failed", exc_info=error)
    db.session.rollback()
    noted = f"the fault was noted as {request_id()}"
    return _page(500, f"Something went wrong on our side. Nothing was changed; {noted}.")
