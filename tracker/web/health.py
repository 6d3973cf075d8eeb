"""Whether the tracker works, for those who watch over it: three questions, each answered with nothing but yes or no.

They are asked of a machine by its address, so they answer to every host name (``AnyHost``).
"""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock, schema
from tracker.queries import heartbeats
from tracker.web.doing import public, session

blueprint = Blueprint("health", __name__)

PROBES = frozenset({"/livez", "/readyz", "/healthz", "/metrics"})


@blueprint.get("/livez")
@public
def livez() -> ResponseReturnValue:
    """Answer 200 while this process answers at all: for liveness probes.

    Neither the database nor the worker is asked: what is wrong with them, no restart of this process mends.
    """
    return _answer(True)


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Answer 200 while the database answers and has this program's schema, else 503: for readiness probes."""
    try:
        return _answer(schema.standing(session().connection()) == schema.newest())
    except SQLAlchemyError:
        return _answer(False)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer 200 while the database answers and the worker's ticks were finished in the last three minutes, else 503.

    For a monitor that calls a person, and for no probe: a dead worker is none of this process' faults.
    """
    try:
        return _answer(heartbeats.is_alive(session(), clock.now()))
    except SQLAlchemyError:
        return _answer(False)


def _answer(is_well: bool) -> ResponseReturnValue:
    return jsonify(ok=is_well), 200 if is_well else 503


class AnyHost:
    """Puts ``host`` (which the application trusts) in the place of what a probe calls it.

    No harm lies in that: these answers hold no link.
    """

    def __init__(self, application: WSGIApplication, host: str) -> None:
        self.application, self.host = application, host

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if environ.get("PATH_INFO") in PROBES:
            environ["HTTP_HOST"] = self.host
        return self.application(environ, start_response)
