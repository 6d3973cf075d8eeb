"""A line in the log for each request: which route, how it ended, how long it took; never who, and never what for."""

import logging
import re
import time
import uuid

from flask import Flask, Response, current_app, g, request

from tracker import logs

log = logging.getLogger(__name__)

# Asked again and again, of no interest while all is well.
PROBES = frozenset({"static", "health.livez", "health.readyz", "health.healthz", "metrics.metrics"})
# Whether a candidate identified himself or herself is nobody's to know (the process, section 5).
UNTOLD = frozenset({"careers.thanks", "careers.identify", "candidate_pages.identify", "candidate_pages.take_back"})
QUIET = PROBES | UNTOLD
REQUEST_ID = "X-Request-ID"


def register(app: Flask) -> None:
    """Attach it to the application, around everything that is attached after it."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def request_id() -> str:
    """Return the name of this request, which the log and the answer's header bear."""
    return str(g.get("request_id", ""))


def _begin() -> None:
    g.began, g.request_id = time.perf_counter(), _given_id() or uuid.uuid4().hex
    route = request.url_rule.rule if request.url_rule is not None else "(none)"
    # Numbers alone: the other values of an address are tokens.
    ids = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    logs.set_facts(request=g.request_id, method=request.method, route=route, **ids)


def _given_id() -> str | None:
    """Return the id that the proxy in front gave the request. A stranger's is not believed: it could say anything."""
    given = request.headers.get(REQUEST_ID, "") if current_app.config["TRACKER"].proxies else ""
    return given.lower() if re.fullmatch(r"[0-9A-Fa-f-]{16,64}", given) else None


def _end(response: Response) -> Response:
    response.headers[REQUEST_ID] = request_id()
    if request.endpoint not in QUIET or response.status_code >= 400:
        facts = {"status": response.status_code, "ms": round((time.perf_counter() - g.began) * 1000, 1)}
        log.info("request", extra={"facts": facts})
    return response


def _forget(_error: BaseException | None) -> None:
    logs.set_facts()
