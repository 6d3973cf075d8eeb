"""The record of a decision on one page, for paper: what was decided, by whom, on what, and who saw it differently."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.person import InterviewKind
from tracker.pipeline import scorecards
from tracker.queries import debriefs, decision_record, visibility
from tracker.queries.visibility import NotFound, Right
from tracker.web.doing import person, session, viewer, writes

blueprint = Blueprint("decision_records", __name__)


@blueprint.get("/applications/<id:application_id>/decision/record")
@writes
def show(application_id: int) -> ResponseReturnValue:
    """The record, to the recruiting side, where the blind rule does not bind."""
    application = visibility.get_application(session(), viewer(), application_id, Right.READ)
    found = decision_record.decisions(session(), viewer(), application_id)
    if not found:
        raise NotFound(f"decision of application {application_id}")
    standing = debriefs.standing(session(), viewer(), application)
    loop = debriefs.matrix(session(), viewer(), application_id, InterviewKind.LOOP)
    screens = debriefs.matrix(session(), viewer(), application_id, InterviewKind.PHONE_SCREEN)
    cards = [*screens.scorecards, *loop.scorecards]
    scorecards.note_reading(session(), cards, by=person(), now=clock.now())
    page = render_template(
        "debriefs/record.html",
        application=application,
        decisions=found,
        debrief=standing.debrief,
        votes=debriefs.vote_lines(session(), viewer(), application, standing.debrief) if standing.debrief else (),
        ratings=loop,
        written=decision_record.written(session(), viewer(), cards, found[0].decided_at),
        now=clock.now(),
    )
    session().commit()
    return page
