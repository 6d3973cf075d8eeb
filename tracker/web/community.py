"""The interviewer community: pools, load, who declines, and where it is thin. For the recruiting side and admins."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.queries.community import community_page
from tracker.queries.visibility import NotFound
from tracker.rules.permissions import may_see_community
from tracker.rules.training import may_train
from tracker.web.doing import session, viewer

blueprint = Blueprint("community", __name__)


@blueprint.get("/interviewers")
def show() -> ResponseReturnValue:
    """Show who may evaluate what, and who does how much."""
    if not may_see_community(viewer()):
        raise NotFound("the community is for the recruiting side and admins")
    page = community_page(session(), viewer(), now=clock.now())
    return render_template("community/show.html", page=page, may_train=may_train(viewer()))
