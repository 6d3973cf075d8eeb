"""The page of the promises kept: by team and by requisition, over a period that the address bar says."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.queries import kept as queries
from tracker.rules.kept import FEWEST, BadPeriod, Period, check_period, usual_period
from tracker.rules.zones import local_date
from tracker.web.doing import person, session, viewer

blueprint = Blueprint("kept", __name__)
MOST_PAGES = 10_000


@blueprint.get("/deadlines/kept")
def index() -> ResponseReturnValue:
    """Show how often the promise was kept; a period that cannot be is said, and the usual one shown."""
    now, zone = clock.now(), person().zone
    period, problem = _period(local_date(now, zone))
    team = request.args.get("team") or None
    number = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    report = queries.report(session(), viewer(), period, zone, now, team=team, number=number)
    return render_template(
        "deadlines/kept.html",
        report=report,
        period=period,
        problem=problem,
        team=team,
        fewest=FEWEST,
        page_url=_page_url,
    )


def _period(today: date) -> tuple[Period, str]:
    usual = usual_period(today)
    try:
        first = date.fromisoformat(request.args.get("from") or usual.first.isoformat())
        last = date.fromisoformat(request.args.get("to") or usual.last.isoformat())
        return check_period(first, last), ""
    except BadPeriod as error:
        return usual, error.message
    except ValueError:
        return usual, "A day is written as 2026-11-27: choose both days again."


def _page_url(**changes: object) -> str:
    said = {name: value for name, value in (request.args | changes).items() if value}
    return url_for("kept.index") + (f"?{urlencode(said)}" if said else "")
