"""An interviewer says yes or no to an interview that is still to come, or no to the scorecard of one that is over."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from tracker import clock
from tracker.models.interview import Assignment, InterviewState
from tracker.pipeline import answers, declining, substitute_searches
from tracker.queries import scorecards as queries
from tracker.queries.visibility import NotFound
from tracker.rules.answers import Answer
from tracker.rules.refused import Refused, Stale
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import LINE_LENGTH, Form, Words, many_lines
from tracker.web.rehearsal import again, carry_out, is_going_back

blueprint = Blueprint("declining", __name__)


class DeclineForm(Form):
    """Why."""

    reason = TextAreaField("Why", filters=[many_lines], validators=[Words(LINE_LENGTH)])


@blueprint.get("/interviews/<id:assignment_id>/decline")
def ask(assignment_id: int) -> ResponseReturnValue:
    """Ask an interviewer why he or she cannot hold an interview, or write its scorecard."""
    assignment = _standing(assignment_id)
    return _page(assignment, DeclineForm(formdata=None, version=assignment.interview.sequence))


@blueprint.post("/interviews/<id:assignment_id>/decline")
@once
def decline(assignment_id: int) -> ResponseReturnValue:
    """Say no; whoever answers for the requisition is told."""
    assignment = queries.own_assignment(session(), viewer(), assignment_id)
    form, is_over = DeclineForm(), declining.has_begun(assignment.interview, clock.now())

    def act() -> str:
        reason, now = form.reason.data or "", clock.now()
        if is_over:
            declining.decline_scorecard(session(), assignment, reason=reason, by=person(), now=now)
        else:
            declining.decline(session(), assignment, reason=reason, by=person(), now=now, sequence=form.seen)
        told = "whoever answers for the requisition is told" if is_over else "somebody else is looked for"
        return f"It is said, and {told}. You are not reminded any more."

    if form.validate() and not is_going_back():
        try:
            heading = "Say that you cannot write it" if is_over else "Decline the interview"
            return carry_out(act, url_for("today.show"), heading)
        except Refused as error:
            refused(error, form)
            if isinstance(error, Stale):
                # The page says now when and where it is.
                form.shows(assignment.interview.sequence)
    return _page(_standing(assignment_id), form), again()


@blueprint.post("/interviews/<id:assignment_id>/accept")
@once
def accept(assignment_id: int) -> ResponseReturnValue:
    """Say yes with one click."""
    assignment = queries.own_assignment(session(), viewer(), assignment_id)
    form = Form()
    form.validate()
    answers.answer_seat(session(), assignment, Answer.ACCEPTED, by=person(), now=clock.now(), sequence=form.seen)
    return done(url_for("interviews.show", assignment_id=assignment_id), "You hold it. The recruiter sees that.")


@blueprint.post("/interviews/<id:assignment_id>/hold")
@once
def hold(assignment_id: int) -> ResponseReturnValue:
    """Hold it after all."""
    assignment = queries.own_assignment(session(), viewer(), assignment_id)
    form = Form()
    form.validate()
    declining.take_back(session(), assignment, by=person(), now=clock.now(), sequence=form.seen)
    return done(url_for("interviews.show", assignment_id=assignment_id), "The interview is yours again.")


def _standing(assignment_id: int) -> Assignment:
    """Return the viewer's own assignment of an interview that is to be held, or was. Raises NotFound."""
    assignment = queries.own_assignment(session(), viewer(), assignment_id)
    if assignment.ended_at is not None or assignment.interview.state is not InterviewState.SENT:
        raise NotFound(f"assignment {assignment_id}")
    return assignment


def _page(assignment: Assignment, form: DeclineForm) -> str:
    now = clock.now()
    told = declining.receiver_of(assignment.interview.application, assignment.person_id)
    return render_template(
        "interviews/decline.html",
        assignment=assignment,
        form=form,
        is_over=declining.has_begun(assignment.interview, now),
        search=substitute_searches.would_be(session(), assignment, now=now),
        told=told.name if told else "",
    )
