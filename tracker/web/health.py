"""Whether the tracker works, for those who watch over it: nothing but yes or no."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.queries import heartbeats
from tracker.web.doing import public, session

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer 200 while the database answers and the worker's ticks were finished in the last three minutes, else 503.

    To strangers too, hence without details.
    """
    try:
        is_alive = heartbeats.is_alive(session(), clock.now())
    except SQLAlchemyError:
        is_alive = False
    return jsonify(ok=is_alive), 200 if is_alive else 503
