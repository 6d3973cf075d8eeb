"""The recruiter lets a candidate choose when the loop is held, and takes that back."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.pipeline import loop_choices as verbs
from tracker.pipeline import loop_offers
from tracker.queries import loops, visibility
from tracker.queries.visibility import Right
from tracker.web.doing import begin_writing, done, let_go, once, person, searches, session, viewer
from tracker.web.forms import Form
from tracker.web.loop_planning import begin_draft
from tracker.web.loops import do, managed
from tracker.web.rehearsal import is_going_back

blueprint = Blueprint("loop_choices", __name__)


class ChoiceForm(Form):
    """A button."""


@blueprint.post("/applications/<id:application_id>/loop/choice")
@once
@searches
def offer(application_id: int) -> ResponseReturnValue:
    """Ask the candidate to choose, by e-mail, where a loop can be formed now; where none can, lead to what lacks.

    Searched without a lock, as the candidate's page does it; a draft is begun where there is none.
    """
    form = ChoiceForm()
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    if loops.current_loop(session(), application) is None:
        begin_draft(application_id)
    application, loop = managed(application_id)
    # Without a version the page knew of no draft.
    version = loop.version if form.version.data is None and loops.is_empty(loop) else form.seen
    if not is_going_back():
        question = loop_offers.question_of(session(), loop, now=clock.now())
        let_go()
        if not loop_offers.offered(question, most=1):
            begin_writing()
            message = "No loop can be formed now, so there is nothing to choose from. Here is what would help."
            return done(url_for("loop_planning.plans", application_id=application_id), message, "info")
    begin_writing()
    application, loop = managed(application_id)

    def act() -> str:
        verbs.offer(session(), loop, by=person(), now=clock.now(), version=version)
        return "The candidate is asked to choose. You are told as soon as the loop is booked."

    return do(application, form, act, heading="Let the candidate choose")


@blueprint.post("/applications/<id:application_id>/loop/choice/revoke")
@once
def revoke(application_id: int) -> ResponseReturnValue:
    """Take it back; what is booked stays."""
    application, loop = managed(application_id)
    form = ChoiceForm()

    def act() -> str:
        verbs.revoke(session(), loop, by=person(), now=clock.now(), version=form.seen)
        return "The candidate can no longer choose or move this loop."

    return do(application, form, act)
