"""The record of a decision on one page, for paper: what was decided, by whom, on what, and who saw it differently."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.pipeline import scorecards
from tracker.queries import decision_record, visibility
from tracker.queries.debriefs import counts
from tracker.queries.decision_record import Record
from tracker.queries.scorecards import submitted_of
from tracker.queries.visibility import Right
from tracker.web.context import organisation_name
from tracker.web.doing import person, session, viewer, writes
from tracker.web.record_pdf import Print, as_pdf

blueprint = Blueprint("decision_records", __name__)


@blueprint.get("/applications/<id:application_id>/decision/record")
@writes
def show(application_id: int) -> ResponseReturnValue:
    """The record, to the recruiting side, where the blind rule does not bind."""
    page = render_template("debriefs/record.html", record=_read(application_id), now=clock.now())
    session().commit()
    return page


@blueprint.get("/applications/<id:application_id>/decision/record.pdf")
@writes
def pdf(application_id: int) -> ResponseReturnValue:
    """The same as a file."""
    said = Print(organisation_name(), person().name, person().zone, clock.now())
    made = as_pdf(_read(application_id), said)
    session().commit()
    name = f"decision-record-{application_id}.pdf"
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _read(application_id: int) -> Record:
    """Return the record, and note that its scorecards were read."""
    application = visibility.get_application(session(), viewer(), application_id, Right.READ)
    cards = [each for each in submitted_of(session(), viewer(), application_id) if counts(each)]
    found = decision_record.record(session(), viewer(), application, cards)
    scorecards.note_reading(session(), cards, by=person(), now=clock.now())
    return found
