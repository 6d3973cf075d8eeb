"""Whether the fact behind an e-mail still holds: asked in the moment before it goes out.

What is asked stays as it is until the transaction ends, for the mail is begun in it: PostgreSQL locks the rows (a share
of them, so that only who changes them waits), and on SQLite the sender's transaction is the only one that writes.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.models.application import Application
from tracker.models.candidate import CandidateLink
from tracker.models.deadline import Deadline
from tracker.models.debrief import Debrief, Decision
from tracker.models.interview import Assignment, Interview, Loop, LoopState
from tracker.models.leave import Leave
from tracker.models.loop_choice import LoopChoice
from tracker.models.outcome import Outcome
from tracker.models.scorecard import Scorecard
from tracker.queries import debriefs, loop_choices, told
from tracker.queries.told import held, stands
from tracker.rules.deadlines import DeadlineState
from tracker.rules.loop_choices import Choosing
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import ApplicationState

Fact = dict[str, Any]


def holds(session: Session, fact: Fact, *, now: datetime | None = None) -> bool:
    """Whether a fact holds. Shapes, of which each but the side keys (``_SIDE``) names its own question:

    {} always; {"interview": id, "sequence": n} went out, of an active application, and was not changed since;
    {"interviews": {id: n}} the same of each; {"declined": assignment} the interview, or its scorecard, still is;
    {"interview_cancelled": id, "sequence": n}; {"nudges": [ids]} each of an open deadline of its revision;
    {"reminders": [ids]} each of an interview that stands; {"outcome": id};
    {"application": id, "state": "active"}, and at the "stage" or closed at the moment "closed_at" where it names one;
    {"seated": assignment} it holds its interview; {"answered": assignment, "answer": word}, {"candidate_answered":
    interview, "answer": word} the answer to the invitation still is; {"link": id} not revoked;
    {"loop_choice": id, "offered_at": moment} the candidate is still to choose, as was offered then;
    {"promise": id, "due_at": moment} open and due at that moment, or paused where that is null; {"debrief": id} open,
    and nothing waited for;
    {"decision": id} it stands, and nobody set about telling the candidate; {"leave": id, "last_on": date} somebody is
    away until then; {"person": id, "about": application} the member of staff who gets the mail is still here and may
    be told of that application (it may be about none), and is still in the interview that the fact names, if any.
    Each may have {"until": moment in ISO 8601}, after which the words are no longer right. An unknown shape is an
    error.
    """
    until = fact.get("until")
    if until is not None and now is not None and now >= datetime.fromisoformat(until):
        return False
    # The person first: with him or her the application is held, and what hangs on it afterwards, as the verbs do it.
    # The other way round a sender and a verb could wait for each other.
    named = sorted((name for name in fact if name not in _SIDE), key=lambda name: name != "person")
    return all(_QUESTIONS[name](session, fact) for name in named)


def _any(session: Session, key: InstrumentedAttribute[int], *conditions: Any) -> bool:
    return session.scalar(held(select(key).where(*conditions))) is not None


def _interview(session: Session, fact: Fact) -> bool:
    is_that = (Interview.id == fact["interview"], Interview.sequence == fact["sequence"])
    if not _any(session, Interview.id, *is_that, *stands()):
        return False
    assigned = (Assignment.interview_id == fact["interview"], Assignment.person_id == fact.get("person"))
    return "person" not in fact or _any(session, Assignment.id, *assigned, Assignment.ended_at.is_(None))


def _interviews(session: Session, fact: Fact) -> bool:
    """Whether a whole schedule stands: a candidate is told of all interviews of a loop in one mail."""
    sequences = {int(each): sequence for each, sequence in fact["interviews"].items()}
    standing = select(Interview.id, Interview.sequence).where(Interview.id.in_(sequences), *stands())
    return {row.id: row.sequence for row in session.execute(held(standing))} == sequences


def _interview_cancelled(session: Session, fact: Fact) -> bool:
    """Whether it is still called off: given to somebody else counts, for whom it was taken from."""
    is_that = Interview.id == fact["interview_cancelled"]
    return _any(session, Interview.id, is_that, Interview.sequence == fact["sequence"])


def _declined(session: Session, fact: Fact) -> bool:
    """Whether an interviewer still declines the interview, or its scorecard, and nobody was put in the place."""
    theirs = (Assignment.id == fact["declined"], Assignment.ended_at.is_(None))
    if not _any(session, Interview.id, *theirs, Interview.id == Assignment.interview_id, *stands()):
        return False
    if _any(session, Assignment.id, *theirs, Assignment.declined_at.is_not(None)):
        return True
    is_open = (Scorecard.state == ScorecardState.DRAFT, Scorecard.declined_at.is_not(None))
    return _any(session, Scorecard.id, Scorecard.assignment_id == fact["declined"], *is_open)


def _seated(session: Session, fact: Fact) -> bool:
    """Whether who was put in an interview still holds it, and did not decline."""
    theirs = (Assignment.id == fact["seated"], Assignment.ended_at.is_(None), Assignment.declined_at.is_(None))
    return _any(session, Interview.id, *theirs, Interview.id == Assignment.interview_id, *stands())


def _answered(session: Session, fact: Fact) -> bool:
    theirs = (Assignment.id == fact["answered"], Assignment.ended_at.is_(None), Assignment.answer == fact["answer"])
    return _any(session, Interview.id, *theirs, Interview.id == Assignment.interview_id, *stands())


def _candidate_answered(session: Session, fact: Fact) -> bool:
    is_that = Interview.id == fact["candidate_answered"]
    return _any(session, Interview.id, is_that, Interview.answer == fact["answer"], *stands())


def _nudges(session: Session, fact: Fact) -> bool:
    return len(told.true_nudges(session, fact["nudges"], hold=True)) == len(set(fact["nudges"]))


def _reminders(session: Session, fact: Fact) -> bool:
    return len(told.true_reminders(session, fact["reminders"])) == len(set(fact["reminders"]))


def _person(session: Session, fact: Fact) -> bool:
    # True nudges are those whose receiver may be told.
    return "nudges" in fact or told.may_be_told(session, fact["person"], fact.get("about"))


def _outcome(session: Session, fact: Fact) -> bool:
    """Whether it is still to be delivered. Whoever tells it otherwise takes the application's turn, held here first."""
    of = session.scalar(select(Outcome.application_id).where(Outcome.id == fact["outcome"]))
    return _is_active(session, of) and _any(
        session,
        Outcome.id,
        Outcome.id == fact["outcome"],
        Outcome.delivered_at.is_(None),
        Decision.id == Outcome.decision_id,
        Decision.superseded_at.is_(None),
    )


def _debrief(session: Session, fact: Fact) -> bool:
    """Whether it is still open, and waits for nothing: who adds an interview takes the application's turn as well."""
    of, loop_id = session.execute(
        select(Debrief.application_id, Debrief.loop_id).where(Debrief.id == fact["debrief"])
    ).one_or_none() or (None, None)
    is_open = _is_active(session, of) and _any(
        session, Debrief.id, Debrief.id == fact["debrief"], Debrief.held_at.is_(None)
    )
    return is_open and not debriefs.missing(session, session.get_one(Loop, loop_id))


def _decision(session: Session, fact: Fact) -> bool:
    """Whether it stands and is still to be told: who tells it takes the application's turn as well."""
    this = Decision.id == fact["decision"]
    of = session.scalar(select(Decision.application_id).where(this))
    if not _is_active(session, of) or not _any(session, Decision.id, this, Decision.superseded_at.is_(None)):
        return False
    return session.scalar(select(Outcome.id).where(Outcome.decision_id == fact["decision"])) is None


def _is_active(session: Session, application_id: int | None) -> bool:
    return _any(session, Application.id, Application.id == application_id, Application.state == ApplicationState.ACTIVE)


def _application(session: Session, fact: Fact) -> bool:
    state = ApplicationState(fact["state"])
    more = [Application.stage_id == fact["stage"]] if "stage" in fact else []
    if "closed_at" in fact:
        more.append(Application.closed_at == datetime.fromisoformat(fact["closed_at"]))
    return _any(session, Application.id, Application.id == fact["application"], Application.state == state, *more)


def _link(session: Session, fact: Fact) -> bool:
    return _any(session, CandidateLink.id, CandidateLink.id == fact["link"], CandidateLink.revoked_at.is_(None))


def _loop_choice(session: Session, fact: Fact) -> bool:
    """Whether the candidate may still choose. Whoever books or takes it back takes the application's turn."""
    this = LoopChoice.id == fact["loop_choice"]
    of = session.scalar(select(Loop.application_id).join(LoopChoice, LoopChoice.loop_id == Loop.id).where(this))
    offered_at = datetime.fromisoformat(fact["offered_at"])
    is_draft = (Loop.id == LoopChoice.loop_id, Loop.state == LoopState.DRAFT)
    same = (this, LoopChoice.offered_at == offered_at, LoopChoice.revoked_at.is_(None), *is_draft)
    if of is None or not _is_active(session, of) or not _any(session, LoopChoice.id, *same):
        return False
    application = session.get_one(Application, of, populate_existing=True)
    # What the page itself asks. Of a draft no moment counts.
    return loop_choices.standing(session, application, offered_at).choosing is Choosing.OFFERED


def _promise(session: Session, fact: Fact) -> bool:
    """Whether a promise is as it was told. Who lets it run again, or moves it, takes the application's turn."""
    this, due_at = Deadline.id == fact["promise"], fact["due_at"]
    of = session.scalar(select(Deadline.application_id).where(this))
    if not _is_active(session, of):
        return False
    if due_at is None:
        return _any(session, Deadline.id, this, Deadline.state == DeadlineState.PAUSED)
    is_open = (Deadline.state == DeadlineState.OPEN, Deadline.due_at == datetime.fromisoformat(due_at))
    return _any(session, Deadline.id, this, *is_open)


def _leave(session: Session, fact: Fact) -> bool:
    last_on = date.fromisoformat(fact["last_on"])
    return _any(session, Leave.id, Leave.id == fact["leave"], Leave.last_on == last_on)


_SIDE = frozenset(
    {"about", "answer", "closed_at", "due_at", "last_on", "offered_at", "sequence", "stage", "state", "told", "until"}
)
_QUESTIONS: dict[str, Callable[[Session, Fact], bool]] = {
    "interview": _interview,
    "interviews": _interviews,
    "interview_cancelled": _interview_cancelled,
    "declined": _declined,
    "seated": _seated,
    "answered": _answered,
    "candidate_answered": _candidate_answered,
    "nudges": _nudges,
    "reminders": _reminders,
    "outcome": _outcome,
    "debrief": _debrief,
    "decision": _decision,
    "application": _application,
    "link": _link,
    "loop_choice": _loop_choice,
    "promise": _promise,
    "leave": _leave,
    "person": _person,
}
