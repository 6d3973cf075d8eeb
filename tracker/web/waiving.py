"""Going on without a scorecard, with a reason: the recruiting side's decision."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from tracker import clock
from tracker.models.interview import Assignment
from tracker.models.person import InterviewKind
from tracker.pipeline import scorecards
from tracker.queries import declined, promises
from tracker.queries import scorecards as queries
from tracker.queries.dictated import may_enter
from tracker.rules.refused import Refused
from tracker.web.doing import once, person, refused, session, viewer
from tracker.web.forms import Form, Words, many_lines
from tracker.web.rehearsal import again, carry_out, is_going_back

blueprint = Blueprint("waiving", __name__)

REASON_LENGTH = 2_000


class WaiveForm(Form):
    """Why nobody waits for a scorecard any longer."""

    reason = TextAreaField("Reason", filters=[many_lines], validators=[Words(REASON_LENGTH)])


@blueprint.get("/scorecards/<id:assignment_id>/waive")
def ask(assignment_id: int) -> ResponseReturnValue:
    """Ask why the process goes on without a scorecard."""
    return _waive_page(queries.managed_assignment(session(), viewer(), assignment_id), WaiveForm())


@blueprint.post("/scorecards/<id:assignment_id>/waive")
@once
def waive(assignment_id: int) -> ResponseReturnValue:
    """Go on without it."""
    assignment = queries.managed_assignment(session(), viewer(), assignment_id)
    form = WaiveForm()

    def act() -> str:
        scorecards.waive(session(), assignment, reason=form.reason.data or "", by=person(), now=clock.now())
        if assignment.interview.kind is InterviewKind.PHONE_SCREEN:
            return "Waived. Without its scorecard the phone screen does not count: arrange it anew."
        return "Waived: nothing waits for this scorecard any longer."

    if form.validate() and not is_going_back():
        try:
            url = url_for("applications.show", application_id=assignment.interview.application_id)
            return carry_out(act, url, "Waive the scorecard")
        except Refused as error:
            refused(error, form)
    return _waive_page(queries.managed_assignment(session(), viewer(), assignment_id), form), again()


def _waive_page(assignment: Assignment, form: WaiveForm) -> str:
    promise = promises.running(session(), assignment.interview.application_id, clock.now())
    said = declined.of_application(session(), viewer(), assignment.interview.application_id)
    return render_template(
        "scorecards/waive.html",
        assignment=assignment,
        form=form,
        promise=promise,
        declined=said.get(assignment.interview_id),
        may_enter=may_enter(session(), viewer(), assignment.interview.application_id),
    )
