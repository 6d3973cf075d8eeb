"""How interviews go, in numbers: each sees the own ones, leads the community's."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.queries import getting_better as queries
from tracker.queries import self_identification
from tracker.queries.visibility import NotFound
from tracker.rules import getting_better as rules
from tracker.rules.permissions import may_see_judging
from tracker.web.doing import person, session, viewer

blueprint = Blueprint("getting_better", __name__)


@blueprint.get("/getting-better")
def own() -> ResponseReturnValue:
    """The numbers of whoever asks."""
    line, usual_load = queries.own(session(), viewer(), person().name, clock.now())
    return render_template(
        "getting_better/own.html",
        line=line,
        usual_load=usual_load,
        fewest=rules.FEWEST,
        days=rules.PRIVATELY.days,
        is_lead=may_see_judging(viewer()),
    )


@blueprint.get("/getting-better/community")
def community() -> ResponseReturnValue:
    """Everybody's numbers, to recruiting leads and admins."""
    if not may_see_judging(viewer()):
        raise NotFound("the community's numbers are for leads")
    found = queries.community(session(), viewer(), clock.now())
    return render_template(
        "getting_better/community.html",
        community=found,
        fewest=rules.FEWEST,
        days=rules.PRIVATELY.days,
        is_asked=self_identification.is_any_asked(session()),
    )
