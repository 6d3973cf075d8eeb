"""A scorecard that the recruiting side enters as its interviewer dictates it, and the interviewer's word on it."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.competency import Competency
from tracker.models.interview import Assignment
from tracker.pipeline import dictated
from tracker.queries import dictated as may
from tracker.queries import kit_questions, promises
from tracker.queries import scorecards as queries
from tracker.queries.visibility import NotFound
from tracker.rules.refused import Refused
from tracker.rules.scorecards import RATINGS, IncompleteScorecard
from tracker.web import scorecard_form
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.scorecard_form import ScorecardForm

blueprint = Blueprint("dictated", __name__)


@blueprint.get("/scorecards/<id:assignment_id>/enter")
def ask(assignment_id: int) -> ResponseReturnValue:
    """The form for who types; nothing of the interviewer's own draft is in it."""
    assignment = may.dictated_assignment(session(), viewer(), assignment_id)
    return _page(assignment, _form(assignment))


@blueprint.post("/scorecards/<id:assignment_id>/enter")
@once
def enter(assignment_id: int) -> ResponseReturnValue:
    """Hand it in with both names; the interviewer is told."""
    assignment = may.dictated_assignment(session(), viewer(), assignment_id)
    form, name = _form(assignment), assignment.person.name
    if form.validate():
        try:
            dictated.enter(session(), assignment, form.content(), by=person(), now=clock.now())
            said = f"Entered for {name}, who gets an e-mail and confirms it."
            return done(url_for("scorecards.show", assignment_id=assignment_id), said)
        except IncompleteScorecard as error:
            session().rollback()
            form.show_missing(error)
        except Refused as error:
            refused(error, form)
    return _page(may.dictated_assignment(session(), viewer(), assignment_id), form), 422


@blueprint.post("/scorecards/<id:assignment_id>/confirm")
@once
def confirm(assignment_id: int) -> ResponseReturnValue:
    """Its interviewer stands by what somebody else entered."""
    card = queries.own_scorecard(session(), viewer(), assignment_id)
    if card is None:
        raise NotFound(f"scorecard of assignment {assignment_id}")
    dictated.confirm(session(), card, by=person(), now=clock.now())
    return done(url_for("scorecards.show", assignment_id=assignment_id), "Confirmed: it counts as your own.")


def _form(assignment: Assignment) -> ScorecardForm:
    questions = kit_questions.held(session(), assignment.id)
    competencies: list[Competency] = [each.competency for each in assignment.competencies]
    return scorecard_form.make(competencies, questions=questions)


def _page(assignment: Assignment, form: ScorecardForm) -> str:
    interview = assignment.interview
    return render_template(
        "scorecards/form.html",
        assignment=assignment,
        promise=promises.running(session(), interview.application_id, clock.now()),
        form=form,
        messages=scorecard_form.messages(form),
        words=RATINGS,
        is_entering=True,
        has_begun=interview.starts_at is not None and interview.starts_at <= clock.now(),
        checks=[],
    )
