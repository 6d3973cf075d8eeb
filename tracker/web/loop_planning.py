"""Loops planned by the planner: one button fills the draft; a page shows why, other good plans, or what lacks."""

import re
from datetime import UTC, datetime, timedelta

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, StringField
from wtforms.validators import NumberRange

from tracker import clock
from tracker.models.application import Application
from tracker.models.interview import Loop, LoopState
from tracker.pipeline import loop as verbs
from tracker.pipeline import loop_plans, loop_substitutes
from tracker.pipeline.interviews import Arrangement
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.pipeline.loop_plans import PlanDoesNotFit, Proposal, Proposals
from tracker.queries import declined, loops, visibility
from tracker.queries.visibility import NotFound, Right
from tracker.rules.refused import Refused, Stale
from tracker.rules.stages import ApplicationState, StageKind
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import begin_writing, done, let_go, once, person, refused, searches, session, viewer
from tracker.web.forms import Form
from tracker.web.loop_views import Cell, Column, Row
from tracker.web.loops import new_cautions
from tracker.web.rehearsal import carry_out, is_going_back

blueprint = Blueprint("loop_planning", __name__)

# What the points of a plan are for.
PARTS = {
    "wait": "Days until the loop is over",
    "split": "A second day",
    "idle": "Gaps between interviews",
    "load": "Load of the interviewers",
    "tentative": "Tentative events",
    "shadow": "Empty shadow seats",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_LONGEST = 2000
# interview@minute:person:competency.competency, one after the other.
_ONE = r"(\d{1,10})@(\d{1,10}):(\d{1,10}):((?:\d{1,10}(?:\.\d{1,10})*)?)"
_ALL = re.compile(rf"{_ONE}(?:,{_ONE})*")


class PlanForm(Form):
    """A button."""


class TakeForm(Form):
    """A plan that the page offered."""

    plan = StringField("Plan")


class SubstituteForm(Form):
    """Who steps in."""

    person_id = IntegerField("Who", validators=[NumberRange(1, LARGEST_ID, "Choose somebody from the list.")])


@blueprint.post("/applications/<id:application_id>/loop/best")
@once
@searches
def best(application_id: int) -> ResponseReturnValue:
    """Fill the draft with the best plan, and lead to its day; where there is no draft yet, begin one.

    Read, searched and written one after the other: nobody else waits while it searches. What changed meanwhile is
    told by the draft's version.
    """
    form, to = PlanForm(), url_for("loops.show", application_id=application_id, _anchor="day")
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    if not form.validate_on_submit():
        return _page(application_id, form), 422
    if loops.current_loop(session(), application) is None:
        begin_draft(application_id)
    try:
        loop = _get_loop(application_id)
        # Without a version the page knew of no draft: one that is still empty (a second click) loses nothing.
        is_new = form.version.data is None and loops.is_empty(loop)
        version = loop.version if is_new else form.seen
        question = loop_plans.question_of(session(), loop, now=clock.now(), version=version)
        let_go()
        wanted = loop_plans.best(question)
        begin_writing()
        message = "No plan keeps all rules. Here is what would help."
        if wanted is None:
            to = url_for("loop_planning.plans", application_id=application_id)
        else:
            message = "The draft is filled with the best plan. Nobody is told before you send it."
            loop_plans.fill(session(), _get_loop(application_id), wanted, now=clock.now(), version=version)
        return done(to, message)
    except Refused as error:
        return _not_done(application_id, form, error)


def begin_draft(application_id: int) -> None:
    """Begin a draft where there is no loop, and commit it. What was read before is to be asked anew."""
    begin_writing()
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    if loops.current_loop(session(), application) is None:
        verbs.plan(session(), application, by=person(), now=clock.now())
        session().commit()
    let_go()


def _get_loop(application_id: int) -> Loop:
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    return loops.get_loop(session(), application)


@blueprint.post("/applications/<id:application_id>/loop/take")
@once
def take(application_id: int) -> ResponseReturnValue:
    """Fill the draft with another plan, and lead to its day."""
    loop, form = _get_loop(application_id), TakeForm()
    if not form.validate_on_submit():
        return _page(application_id, form), 422
    try:
        loop_plans.fill(session(), loop, _read(form.plan.data or ""), now=clock.now(), version=form.seen)
    except Refused as error:
        return _not_done(application_id, form, error)
    message = "The draft has this plan now. Nobody is told before you send it."
    return done(url_for("loops.show", application_id=application_id, _anchor="day"), message)


@blueprint.get("/applications/<id:application_id>/loop/plans")
def plans(application_id: int) -> ResponseReturnValue:
    """The best plans of a draft, or what stands in the way of any."""
    return _page(application_id, None)


@blueprint.get("/applications/<id:application_id>/loop/interviews/<id:interview_id>/replace")
def substitutes(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Who could take the interviewer's place."""
    return _substitutes_page(application_id, interview_id, None)


@blueprint.post("/applications/<id:application_id>/loop/interviews/<id:interview_id>/replace")
@once
def put_in(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Give the interview to somebody else; of a loop that went out everybody concerned is told."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    loop, form = loops.get_loop(session(), application), SubstituteForm()
    interview = loops.get_interview(loop, interview_id)

    def act() -> str:
        chosen = form.person_id.data or 0
        loop_substitutes.replace_lead(
            session(), loop, interview, chosen, by=person(), now=clock.now(), version=form.seen
        )
        return f"{interview.name} has another interviewer."

    code = 422
    if form.validate_on_submit() and not is_going_back():
        try:
            to, cautions = url_for("loops.show", application_id=application_id), new_cautions(application)
            return carry_out(act, to, "Replace the interviewer", cautions=cautions)
        except Refused as error:
            refused(error, form)
            code = 409 if isinstance(error, Stale) else 422
            if isinstance(error, LoopNotReady):
                form.form_errors[:] = [problem.text for problem in error.problems]
    return _substitutes_page(application_id, interview_id, form), code


def _substitutes_page(application_id: int, interview_id: int, failed: Form | None) -> str:
    loop = _get_loop(application_id)
    interview = loops.get_interview(loop, interview_id)
    if interview.lead is None or loops.is_held(interview):
        raise NotFound(f"interviewer of interview {interview_id}")
    lines, has_begun = [], loops.has_begun(interview, clock.now())
    if not has_begun:
        question = loop_substitutes.question_of(session(), loop, interview, now=clock.now())
        let_go()
        lines = loop_substitutes.substitutes_for(question)
        loop = _get_loop(application_id)
        interview = loops.get_interview(loop, interview_id)
    lead = interview.lead
    return render_template(
        "loops/replace.html",
        application=loop.application,
        interview=interview,
        present=lead.person.name if lead else "",
        declined=declined.of_application(session(), viewer(), application_id).get(interview_id),
        is_draft=loop.state is LoopState.DRAFT,
        lines=lines,
        has_begun=has_begun,
        failed=failed,
    )


def _not_done(application_id: int, form: Form, error: Refused) -> ResponseReturnValue:
    """Show the plans with the reason; raise it where there is no draft to plan."""
    refused(error, form)
    let_go()
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    if _draft(application) is None:
        raise error
    return _page(application_id, form), 409 if isinstance(error, Stale) else 422


def _draft(application: Application) -> Loop | None:
    """Return the application's loop while it may be planned."""
    loop = loops.current_loop(session(), application)
    here = application.state is ApplicationState.ACTIVE and application.stage_kind is StageKind.LOOP
    return loop if loop is not None and loop.state is LoopState.DRAFT and here else None


def _page(application_id: int, failed: Form | None) -> str:
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    loop = _draft(application)
    if loop is None:
        raise NotFound(f"draft loop of application {application_id}")
    # Plans are of the draft as it is read here, whatever comes of it during the search.
    version, question = loop.version, loop_plans.question_of(session(), loop, now=clock.now())
    let_go()
    proposals = loop_plans.propose(question)
    return render_template(
        "loops/plans.html",
        application=visibility.get_application(session(), viewer(), application_id, Right.MANAGE),
        version=version,
        failed=failed,
        proposals=proposals,
        is_of_windows=question.is_of_windows,
        parts=PARTS,
        written=written,
        coverage=_coverage,
    )


def _coverage(proposals: Proposals, plan: Proposal) -> tuple[list[Column], list[Row]]:
    """Return the columns and rows of a proposal's matrix, which is covered whole."""
    rows = []
    for part in proposals.coverage:
        cells = [
            Cell("covered", pick.person) if part.need.competency_id in pick.competency_ids else Cell(None, None)
            for pick in plan.picks
        ]
        covered = sum(cell.state is not None for cell in cells)
        words = f"{covered} of {part.need.times}"
        rows.append(Row(part.need.name, part.kind.value.replace("_", " ").capitalize(), "covered", words, tuple(cells)))
    return [Column(pick.name, pick.person, None) for pick in plan.picks], rows


def written(proposal: Proposal) -> str:
    """Return a proposal as the form sends it back."""
    return ",".join(
        f"{pick.interview_id}@{(pick.starts_at - _EPOCH) // _MINUTE}:{pick.person_id}:"
        + ".".join(map(str, pick.competency_ids))
        for pick in proposal.picks
    )


def _read(text: str) -> dict[int, Arrangement]:
    if len(text) > _LONGEST or not _ALL.fullmatch(text):
        raise PlanDoesNotFit("This is no plan of the loop: plan it again.")
    found = {}
    for interview, minute, who, competencies in re.findall(_ONE, text):
        ids = tuple(int(each) for each in competencies.split(".") if each)
        if max(int(interview), int(who), *ids) > LARGEST_ID:
            raise PlanDoesNotFit("This is no plan of the loop: plan it again.")
        found[int(interview)] = Arrangement(int(who), _moment(int(minute)), competency_ids=ids)
    return found


def _moment(minute: int) -> datetime:
    try:
        return _EPOCH + minute * _MINUTE
    except OverflowError:
        raise PlanDoesNotFit("This is no plan of the loop: plan it again.") from None
