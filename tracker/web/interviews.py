"""The page of one interview for its interviewer: who, when, where, what to ask, and the way to the scorecard."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.interview import AssignmentRole
from tracker.models.person import InterviewKind
from tracker.pipeline import questions as verbs
from tracker.queries import interviews as queries
from tracker.queries import kit_questions, promises, scorecard_lines
from tracker.queries.interviews import Kit
from tracker.queries.kit_questions import KitQuestions
from tracker.queries.scorecard_lines import ScorecardLine
from tracker.queries.visibility import NotFound
from tracker.rules.hour import Part, divide
from tracker.rules.scorecards import RATINGS
from tracker.rules.training import TrainingRole, beside_words, task_words
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import done, once, person, session, viewer

blueprint = Blueprint("interviews", __name__)


@blueprint.get("/interviews/<id:assignment_id>")
def show(assignment_id: int) -> ResponseReturnValue:
    """The kit of one's own interview; one that was called off, or declined, says so, and no more."""
    kit = queries.kit(session(), viewer(), assignment_id)
    name = "cancelled" if kit.is_cancelled else "declined" if kit.assignment.declined_at else "show"
    now, starts_at, ends_at = clock.now(), kit.interview.starts_at, kit.interview.ends_at
    questions = kit_questions.for_kit(session(), kit.lead or kit.assignment)
    return render_template(
        f"interviews/{name}.html",
        kit=kit,
        questions=questions,
        parts=_parts(kit, questions),
        has_begun=starts_at is not None and starts_at <= now,
        is_over=ends_at is not None and ends_at <= now,
        words=RATINGS,
        promise=promises.running(session(), kit.application.id, now),
        screens=_screens(kit),
        beside=_beside(kit),
    )


@blueprint.post("/interviews/<id:assignment_id>/questions")
@once
def choose(assignment_id: int) -> ResponseReturnValue:
    """Say which questions one asks oneself (``hold``), or does not any more (``let_go``); both at once is a swap."""
    kit = queries.kit(session(), viewer(), assignment_id)
    for each in _ids("let_go"):
        verbs.let_go(session(), kit.assignment, kit_questions.asked(session(), each), by=person())
    for each in _ids("hold"):
        question = kit_questions.asked(session(), each)
        verbs.hold(session(), kit.assignment, question, by=person(), now=clock.now())
    return done(url_for(".show", assignment_id=assignment_id) + "#questions")


def _screens(kit: Kit) -> list[ScorecardLine]:
    """The phone screens' scorecards that the interviewer may read: the plan opens them, or the own is in."""
    lines = scorecard_lines.for_application(session(), viewer(), kit.application, now=clock.now(), rights=(), due={})
    screens = (each for each in lines if each.kind is InterviewKind.PHONE_SCREEN)
    return [each for each in screens if each.state == "submitted" and each.url is not None]


def _beside(kit: Kit) -> list[str]:
    """What it means that somebody learns here: for who learns, and for who leads."""
    own = kit.assignment.role
    if own is not AssignmentRole.LEAD:
        return [task_words(TrainingRole(own.value), kit.lead.person.name if kit.lead else "the interviewer")]
    learning = ((name, role) for name, role in kit.with_me if role is not AssignmentRole.LEAD)
    return [beside_words(TrainingRole(role.value), name) for name, role in learning]


def _parts(kit: Kit, questions: KitQuestions) -> list[Part]:
    starts_at, ends_at = kit.interview.starts_at, kit.interview.ends_at
    if starts_at is None or ends_at is None:
        return []
    return list(divide(starts_at, ends_at, len(questions.held or questions.proposed)))


def _ids(name: str) -> list[int]:
    given = request.form.getlist(name, type=int)
    if any(not 0 < each <= LARGEST_ID for each in given):
        raise NotFound("question")
    return given
