"""What a debrief waits for, what it shows, and how the votes stand. Contents come through the blind rule alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.debrief import Debrief, Decision, Vote, VotePhase
from tracker.models.interview import Assignment, Interview, InterviewState, Loop
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Evidence, Scorecard
from tracker.queries import scorecards
from tracker.queries.debrief_statements import APPLICATION, DEBRIEF, DECISION, LEADS, LOOP, SECOND_VOTES
from tracker.queries.visibility import NotFound, Right, may
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import Recommendation, ScorecardState


@dataclass(frozen=True)
class Missing:
    """A scorecard that the debrief waits for, since the moment at which its interview ended (or will)."""

    assignment_id: int
    person_id: int
    interviewer: str
    interview_name: str
    ends_at: datetime


@dataclass(frozen=True)
class VoteLine:
    """How one person voted before and after the debrief's reading; None where there is no vote (to be seen).

    ``word`` is what a bar raiser says beyond it.
    ``late``: no vote, but what a scorecard recommends that came in after the debrief was held.
    """

    name: str
    first: Recommendation | None
    second: Recommendation | None
    reason: str
    late: Recommendation | None = None
    is_bar_raiser: bool = False
    word: str = ""


@dataclass(frozen=True)
class Cell:
    """What one interviewer found about one competency."""

    rating: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Matrix:
    """Interviewers by competencies. ``cells`` is keyed by scorecard id and competency name."""

    scorecards: Sequence[Scorecard]
    competencies: tuple[str, ...]
    cells: dict[tuple[int, str], Cell]


@dataclass(frozen=True)
class Standing:
    """Where the debrief of an application stands, for one viewer.

    ``loop`` None: no loop went out. ``own_missing`` is the viewer's own assignment without a submitted scorecard.
    ``is_open``: nothing is waited for, and the viewer may read what was written. ``decision`` is the one that stands;
    who shows it asks ``outcomes.may_know_decision`` where the viewer may not read.
    """

    loop: Loop | None
    debrief: Debrief | None
    missing: tuple[Missing, ...]
    own_missing: Missing | None
    may_read: bool
    decision: Decision | None
    voters: tuple[Person, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the debrief may be read and voted in by this viewer."""
        return self.debrief is not None and not self.missing and self.may_read


def loop_of(session: Session, application_id: int) -> Loop | None:
    """Return the application's loop that went out, None where there is none."""
    return session.scalar(LOOP, {"application": application_id})


def debrief_of(session: Session, loop: Loop) -> Debrief | None:
    """Return the debrief of a loop, None before it was opened."""
    return session.scalar(DEBRIEF, {"loop": loop.id})


def was_held(session: Session, application_id: int) -> bool:
    """Whether the debrief of the application's loop was held."""
    loop = loop_of(session, application_id)
    debrief = debrief_of(session, loop) if loop else None
    return debrief is not None and debrief.held_at is not None


def leads(session: Session, loop: Loop) -> Sequence[tuple[Assignment, ScorecardState | None]]:
    """Return the assignments whose scorecards the loop's debrief rests on, with their state (None: no row yet)."""
    return [(assignment, state) for assignment, state in session.execute(LEADS, {"loop": loop.id})]


def missing(session: Session, loop: Loop) -> tuple[Missing, ...]:
    """Return the scorecards of the loop that are neither submitted nor waived."""
    return _waited_for(leads(session, loop))


def _waited_for(found: Sequence[tuple[Assignment, ScorecardState | None]]) -> tuple[Missing, ...]:
    return tuple(_missing(each) for each, state in found if state in (None, ScorecardState.DRAFT))


def _missing(assignment: Assignment) -> Missing:
    interview = assignment.interview
    assert interview.ends_at is not None  # noqa: S101 - an interview that went out has its time
    return Missing(assignment.id, assignment.person_id, assignment.person.name, interview.name, interview.ends_at)


def get_application(session: Session, viewer: Viewer, application_id: int) -> Application:
    """Return an application whose debrief the viewer takes part in: the recruiting side, the loop's interviewers.

    Raises NotFound to everybody else.
    """
    row = session.scalar(APPLICATION, {"application": application_id})
    if row is None or row.candidate_id in viewer.own_candidate_ids:
        raise NotFound(f"application {application_id}")
    if may(session, viewer, application_id, Right.READ):
        return row
    loop = loop_of(session, application_id)
    if loop is None or viewer.person_id not in {each.person_id for each, _ in leads(session, loop)}:
        raise NotFound(f"application {application_id}")
    return row


def standing(session: Session, viewer: Viewer, application: Application) -> Standing:
    """Return where the debrief stands for this viewer; no contents."""
    loop = loop_of(session, application.id)
    found = leads(session, loop) if loop else ()
    own = (each for each, state in found if each.person_id == viewer.person_id and state != ScorecardState.SUBMITTED)
    own_assignment = next(own, None)
    return Standing(
        loop=loop,
        debrief=debrief_of(session, loop) if loop else None,
        missing=_waited_for(found),
        own_missing=_missing(own_assignment) if own_assignment else None,
        may_read=scorecards.may_read_votes(session, viewer, application.id),
        decision=standing_decision(session, application.id),
        voters=_voters(found),
    )


def standing_decision(session: Session, application_id: int) -> Decision | None:
    """Return the decision that stands, None where there is none."""
    return session.scalar(DECISION, {"application": application_id})


def voters(session: Session, loop: Loop) -> tuple[Person, ...]:
    """Return who votes: the loop's interviewers whose scorecards were submitted."""
    return _voters(leads(session, loop))


def _voters(found: Sequence[tuple[Assignment, ScorecardState | None]]) -> tuple[Person, ...]:
    return tuple(each.person for each, state in found if state is ScorecardState.SUBMITTED)


def matrix(session: Session, viewer: Viewer, application_id: int, kind: InterviewKind) -> Matrix:
    """Return the submitted scorecards of one kind of interview that the viewer may read, competency by competency."""
    return matrices(session, viewer, application_id)[kind]


def matrices(session: Session, viewer: Viewer, application_id: int) -> dict[InterviewKind, Matrix]:
    """Return the matrix of each kind of interview."""
    found = [each for each in scorecards.submitted_of(session, viewer, application_id) if counts(each)]
    return {kind: _matrix([each for each in found if each.assignment.interview.kind is kind]) for kind in InterviewKind}


def _matrix(found: Sequence[Scorecard]) -> Matrix:
    names = {each.competency.name: None for card in found for each in card.assignment.competencies}
    cells = {
        (card.id, rating.competency.name): Cell(
            rating.rating, tuple(e for e in card.evidence if e.competency_id == rating.competency_id)
        )
        for card in found
        for rating in card.ratings
    }
    return Matrix(found, tuple(names), cells)


def counts(card: Scorecard) -> bool:
    """Whether the debrief rests on a scorecard: its interview was held by its author."""
    return card.assignment.ended_at is None and card.assignment.interview.state is InterviewState.SENT


@lru_cache(maxsize=1024)
def _votes_query(viewer: Viewer) -> AnySelect:
    mine = Vote.person_id == viewer.person_id
    return (
        select(Vote)
        .join(Debrief, Vote.debrief_id == Debrief.id)
        .join(Application, Debrief.application_id == Application.id)
        .where(Vote.debrief_id == bindparam("debrief"), or_(scorecards.unblind(viewer), mine))
        .order_by(Vote.id)
        .options(joinedload(Vote.person))
    )


def vote_lines(
    session: Session, viewer: Viewer, application: Application, debrief: Debrief, *, shown: bool | None = None
) -> tuple[VoteLine, ...]:
    """Return both votes of everybody, for those whom the blind rule lets read; nothing for others.

    ``shown``: whether second votes are (see ``second_votes_are_shown``), where that is known already.

    Second votes of others are seen together: when all have given theirs, or the debrief was held. Scorecards that came
    in after that stand at the end.
    """
    rows = session.scalars(_votes_query(viewer), {"debrief": debrief.id}).all()
    shown = second_votes_are_shown(session, debrief) if shown is None else shown
    people = {vote.person_id: vote.person for vote in rows}
    first = {vote.person_id: vote for vote in rows if vote.phase is VotePhase.FIRST}
    second = {
        vote.person_id: vote
        for vote in rows
        if vote.phase is VotePhase.SECOND and (shown or vote.person_id == viewer.person_id)
    }
    lines = (_vote_line(each, first.get(key), second.get(key)) for key, each in people.items())
    return (*lines, *_late_lines(session, viewer, debrief))


def _late_lines(session: Session, viewer: Viewer, debrief: Debrief) -> Iterator[VoteLine]:
    if debrief.held_at is None:
        return
    rows = session.execute(
        select(Person.name, Scorecard.recommendation)
        .join(Assignment, Scorecard.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Person, Scorecard.author_id == Person.id)
        .where(
            Interview.loop_id == debrief.loop_id,
            Scorecard.state == ScorecardState.SUBMITTED,
            Scorecard.submitted_at > debrief.held_at,
            scorecards.readable(viewer),
        )
        .order_by(Scorecard.submitted_at)
    )
    for name, recommendation in rows:
        yield VoteLine(name, None, None, "", late=recommendation)


def _vote_line(person: Person, first: Vote | None, second: Vote | None) -> VoteLine:
    return VoteLine(
        name=person.name,
        is_bar_raiser=person.is_bar_raiser or bool(second and second.word),
        first=first.recommendation if first else None,
        second=second.recommendation if second else None,
        reason=second.reason if second else "",
        word=second.word if second else "",
    )


def second_votes_are_shown(session: Session, debrief: Debrief) -> bool:
    """Whether everybody's second vote may be seen: all have voted, or the debrief was held."""
    return debrief.held_at is not None or not still_to_vote(session, debrief)


def still_to_vote(session: Session, debrief: Debrief, of: Sequence[Person] | None = None) -> tuple[str, ...]:
    """Return the names of those whose second vote is not in; ``of`` are the voters, where they are known already."""
    those = voters(session, session.get_one(Loop, debrief.loop_id)) if of is None else of
    voted = set(session.scalars(SECOND_VOTES, {"debrief": debrief.id}))
    return tuple(each.name for each in those if each.id not in voted)


def own_vote(session: Session, viewer: Viewer, debrief: Debrief) -> Vote | None:
    """Return the viewer's own second vote, None where there is none."""
    return session.scalar(
        select(Vote).where(
            Vote.debrief_id == debrief.id, Vote.person_id == viewer.person_id, Vote.phase == VotePhase.SECOND
        )
    )
