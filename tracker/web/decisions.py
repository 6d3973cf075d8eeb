"""The decision: made, shown, and recorded anew with a reason; what stood before is kept."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.application import Application
from tracker.models.debrief import Decision
from tracker.models.person import InterviewKind
from tracker.pipeline import decision as verbs
from tracker.queries import debriefs as queries
from tracker.queries import promises, visibility
from tracker.queries.debrief_standing import Standing, take_part
from tracker.queries.debrief_votes import VoteLine, vote_lines
from tracker.queries.matrices import Matrix, matrices
from tracker.queries.outcomes import may_know_decision
from tracker.queries.readings import to_note_of_loop
from tracker.queries.visibility import Right
from tracker.queries.waivers import left_out, waivers
from tracker.rules.decisions import Grounds
from tracker.rules.refused import Refused, Stale
from tracker.rules.stages import DecisionKind
from tracker.web import decision_form
from tracker.web.decision_form import DecisionForm
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.readings import note_shown

blueprint = Blueprint("decisions", __name__)


@blueprint.get("/applications/<id:application_id>/decision")
def show(application_id: int) -> ResponseReturnValue:
    """The decision that stands, to the recruiting side; else its form, to whoever decides."""
    application = visibility.get_application(session(), viewer(), application_id, Right.READ)
    return _page(application)


@blueprint.post("/applications/<id:application_id>/decision")
@once
def decide(application_id: int) -> ResponseReturnValue:
    """Show what is about to be recorded; once confirmed, record it for good."""

    def check(application: Application, kind: DecisionKind, grounds: Grounds) -> None:
        verbs.check_decision(session(), application, kind, grounds, by=person())

    def record(application: Application, kind: DecisionKind, grounds: Grounds, _form: DecisionForm) -> None:
        verbs.decide(session(), application, kind, grounds, by=person(), now=clock.now())

    return _take(application_id, check, record, "The decision is recorded.")


@blueprint.get("/applications/<id:application_id>/decision/change")
def change(application_id: int) -> ResponseReturnValue:
    """The form for a new version of the decision that stands, to whoever decides."""
    application = _decided_by_viewer(application_id)
    standing = verbs.check_can_change(session(), application, by=person())
    return _page(application, decision_form.make(_rated(application), standing), before=standing)


@blueprint.post("/applications/<id:application_id>/decision/change")
@once
def record_anew(application_id: int) -> ResponseReturnValue:
    """Show the new version; once confirmed, let it stand in the place of the one before."""

    def check(application: Application, kind: DecisionKind, grounds: Grounds) -> None:
        verbs.check_change(session(), application, kind, grounds, by=person())

    def record(application: Application, kind: DecisionKind, grounds: Grounds, form: DecisionForm) -> None:
        reason = form.reason.data or ""
        verbs.change(
            session(), application, kind, grounds, reason=reason, by=person(), now=clock.now(), standing_id=form.seen
        )

    return _take(application_id, check, record, "The decision is recorded anew; the one before is kept.", anew=True)


Check = Callable[[Application, DecisionKind, Grounds], None]
Keep = Callable[[Application, DecisionKind, Grounds, DecisionForm], None]


def _take(application_id: int, check: Check, keep: Keep, message: str, *, anew: bool = False) -> ResponseReturnValue:
    """Take what was typed through its two steps: looked over, then recorded."""
    application = _decided_by_viewer(application_id)
    form = decision_form.make(_rated(application))
    before = verbs.check_can_change(session(), application, by=person()) if anew else None
    is_valid = form.validate()
    if "change" in request.form or not is_valid:
        return _page(application, form, before=before), 200 if "change" in request.form else 422
    kind = DecisionKind(form.kind.data)
    try:
        check(application, kind, form.grounds())
        if "confirmed" not in request.form:
            return _page(application, form, to_confirm=kind, before=before)
        keep(application, kind, form.grounds(), form)
        return done(url_for(".show", application_id=application_id), message)
    except Refused as error:
        refused(error, form)
        before = queries.standing_decision(session(), application_id) if anew else None
        return _page(_decided_by_viewer(application_id), form, before=before), 409 if isinstance(error, Stale) else 422


def _decided_by_viewer(application_id: int) -> Application:
    return visibility.get_application(session(), viewer(), application_id, Right.DECIDE)


def _rated(application: Application) -> Matrix:
    """Return what was found in the loop, with rows for what nobody evaluated: a decision may say what that means."""
    loop = matrices(session(), viewer(), application.id, now=clock.now())[InterviewKind.LOOP]
    return loop.with_rows(left_out(waivers(session(), viewer(), application.id), loop.competencies))


def _why_not(application: Application) -> str:
    """Return why the viewer cannot decide now, empty where he or she can."""
    try:
        verbs.check_can_decide(session(), application)
        if visibility.may(session(), viewer(), application.id, Right.DECIDE):
            verbs.check_sees(session(), application, by=person())
            return ""
    except Refused as error:
        return error.message
    return f"It waits for {application.requisition.hiring_manager.name}."


def _may_change(application: Application, standing: Standing) -> bool:
    if standing.decision is None or not visibility.may(session(), viewer(), application.id, Right.DECIDE):
        return False
    try:
        verbs.check_can_change(session(), application, by=person())
        return True
    except Refused:
        return False


def _page(
    application: Application,
    form: DecisionForm | None = None,
    *,
    to_confirm: DecisionKind | None = None,
    before: Decision | None = None,
) -> str:
    """The page; ``before`` is the version that is about to be superseded."""
    standing = take_part(session(), viewer(), application.id)
    votes: tuple[VoteLine, ...] = ()
    if standing.debrief is not None and standing.may_read:
        votes = vote_lines(session(), viewer(), standing.debrief)
    application_id = application.id
    made = render_template(
        "debriefs/decision.html",
        application=application,
        standing=standing,
        promise=promises.running(session(), application.id, clock.now()),
        votes=votes,
        form=form or decision_form.make(_rated(application)),
        before=before,
        why_not=_why_not(application) if standing.decision is None else "",
        is_hidden=standing.decision is not None and not may_know_decision(session(), viewer(), application.id),
        to_confirm=to_confirm,
        may_change=_may_change(application, standing),
        may_manage=visibility.may(session(), viewer(), application.id, Right.MANAGE),
    )
    if votes:
        # First votes are what the scorecards recommend.
        note_shown(to_note_of_loop(session(), viewer(), application_id, now=clock.now()))
    return made
