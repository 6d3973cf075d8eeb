"""Files of scorecards: sent with the form, or one by one as they are chosen; handed out as attachments only."""

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from tracker import clock
from tracker.models.interview import Assignment
from tracker.models.scorecard import ScorecardFile
from tracker.pipeline import scorecard_files
from tracker.queries import scorecard_files as queries
from tracker.queries import scorecards
from tracker.rules.documents import BadFile
from tracker.rules.evidence_files import EVIDENCE
from tracker.web import uploads
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import person, session, viewer
from tracker.web.scorecard_form import ScorecardForm

blueprint = Blueprint("scorecard_files", __name__)
blueprint.register_error_handler(RequestEntityTooLarge, uploads.too_large_page)


@blueprint.get("/scorecard-files/<id:scorecard_file_id>")
def download(scorecard_file_id: int) -> ResponseReturnValue:
    """The file, to whoever may read the scorecard."""
    row = queries.file(session(), viewer(), scorecard_file_id)
    return uploads.hand_out(row.sha256, row.media_type, row.name)


@blueprint.post("/scorecards/<id:assignment_id>/files")
def add(assignment_id: int) -> ResponseReturnValue:
    """Take files as they are chosen: called by the page's script, and touches nothing that was typed.

    Not once for each form: a file that is sent again is the one that is there.
    """
    assignment = scorecards.own_assignment(session(), viewer(), assignment_id)
    try:
        rows = [_add(assignment, each) for each in request.files.getlist("files") if each.filename]
    except BadFile as error:
        session().rollback()
        return jsonify(ok=False, message=error.message), 422
    items = "".join(render_template("scorecards/_file.html", file=each, may_drop=True) for each in rows)
    session().commit()
    return jsonify(ok=True, items=items)


def take(assignment: Assignment, form: ScorecardForm) -> None:
    """Add the files that came with a form, and take out those that it says. Raises BadFile, NotWritable."""
    scorecard_files.drop(session(), assignment, dropped(), by=person())
    for each in form.files.data or ():
        if isinstance(each, FileStorage) and each.filename:
            _add(assignment, each)


def dropped() -> list[int]:
    """Return the ids of the files that a form takes out."""
    return [each for each in request.form.getlist("drop_file", type=int) if 0 < each <= LARGEST_ID]


def _add(assignment: Assignment, file: FileStorage) -> ScorecardFile:
    upload = uploads.keep(file, field="files", kinds=EVIDENCE)
    if upload is None:
        raise BadFile("Choose a file first.", field="files")
    return scorecard_files.add(session(), assignment, upload, by=person(), now=clock.now())
