"""The page of one interview for its interviewer: who, when, where, what to look for, and the way to the scorecard."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.queries import interviews as queries
from tracker.queries import promises
from tracker.rules.scorecards import RATINGS
from tracker.web.doing import session, viewer

blueprint = Blueprint("interviews", __name__)


@blueprint.get("/interviews/<id:assignment_id>")
def show(assignment_id: int) -> ResponseReturnValue:
    """The kit of one's own interview; one that was called off says so, and no more."""
    kit = queries.kit(session(), viewer(), assignment_id)
    template = "interviews/cancelled.html" if kit.is_cancelled else "interviews/show.html"
    starts_at = kit.interview.starts_at
    has_begun = starts_at is not None and starts_at <= clock.now()
    promise = promises.running(session(), kit.application.id, clock.now())
    return render_template(template, kit=kit, has_begun=has_begun, words=RATINGS, promise=promise)
