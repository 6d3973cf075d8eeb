"""The recruiter lets a candidate choose when the loop is held, and takes that back."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.application import Application
from tracker.models.interview import Loop, LoopState
from tracker.pipeline import loop_choices as verbs
from tracker.pipeline import loop_offers
from tracker.queries import loop_choices, loops, visibility
from tracker.queries.visibility import Right
from tracker.web.doing import begin_writing, done, let_go, once, person, searches, session, viewer
from tracker.web.loop_forms import ChoiceForm
from tracker.web.loop_planning import begin_draft
from tracker.web.loops import do, managed, page_of
from tracker.web.rehearsal import is_going_back

blueprint = Blueprint("loop_choices", __name__)


NO_PLACE = "Say where the interviews are held: what the candidate books goes out at once. A link, a room or a number."


@blueprint.post("/applications/<id:application_id>/loop/choice")
@once
@searches
def offer(application_id: int) -> ResponseReturnValue:
    """Ask the candidate to choose, by e-mail, where a loop can be formed now; where none can, lead to what lacks.

    Where an interview has no place yet, it is asked for: what is booked goes out at once, and the schedule with it.
    Searched without a lock, as the candidate's page does it; a draft is begun where there is none.
    """
    form = ChoiceForm()
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    there = loops.current_loop(session(), application)
    if not form.place.data and _lacks_place(application, there):
        form.validate()
        form.place.errors = [*form.place.errors, NO_PLACE]
        return page_of(application_id, form, "choice_form"), 422
    if there is None:
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
        place = form.place.data or ""
        verbs.offer(session(), loop, place=place, by=person(), now=clock.now(), version=version)
        return "The candidate is asked to choose. You are told as soon as the loop is booked."

    return do(application, form, act, "choice_form", heading="Let the candidate choose")


def _lacks_place(application: Application, loop: Loop | None) -> bool:
    """Whether the candidate could be asked to choose now, was not yet, and some of the interviews have no place."""
    if loop is None:
        return application.requisition.plan.candidates_choose
    standing = loop_choices.standing_of(session(), application, loop, clock.now())
    may_ask = loop.state is LoopState.DRAFT and application.requisition.plan.candidates_choose
    if standing.may_choose or not may_ask:
        return False
    return any(not each.place and not loops.is_held(each) for each in loops.interviews_of(loop))


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
