"""How the votes of a debrief stand, before and after the reading. They come through the blind rule alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.debrief import Debrief, Vote, VotePhase
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, Loop
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard
from tracker.queries import debriefs, scorecards
from tracker.queries.debrief_statements import SECOND_VOTES
from tracker.queries.debriefs import Lead
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.statements import rows


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


@lru_cache(maxsize=1024)
def _votes_query(viewer: Viewer) -> AnySelect:
    mine = Vote.person_id == viewer.person_id
    # Whoever votes stands where his or her interview stands.
    held_at = (
        select(func.min(Interview.starts_at))
        .join(Assignment, Assignment.interview_id == Interview.id)
        .where(
            Interview.loop_id == Debrief.loop_id,
            Interview.state == InterviewState.SENT,
            Assignment.person_id == Vote.person_id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        select(
            Vote.person_id, Person.name, Person.is_bar_raiser, Vote.phase, Vote.recommendation, Vote.reason, Vote.word
        )
        .join(Person, Vote.person_id == Person.id)
        .join(Debrief, Vote.debrief_id == Debrief.id)
        .join(Application, Debrief.application_id == Application.id)
        .where(Vote.debrief_id == bindparam("debrief"), or_(scorecards.unblind(viewer), mine))
        .order_by(held_at.nulls_last(), Vote.id)
    )


class GivenVote(NamedTuple):
    """A vote, with the name of who gave it."""

    person_id: int
    name: str
    is_bar_raiser: bool
    phase: VotePhase
    recommendation: Recommendation
    reason: str
    word: str


@dataclass(frozen=True)
class Votes:
    """The votes as one viewer is shown them, the names of those whose second one is not in, and the viewer's own."""

    lines: tuple[VoteLine, ...]
    waiting: tuple[str, ...]
    are_shown: bool
    own: GivenVote | None


def votes(session: Session, viewer: Viewer, debrief: Debrief, voters: Sequence[Lead]) -> Votes:
    """Return the votes of a debrief that is open to the viewer (see ``Standing.is_open``), in one statement.

    ``voters`` are those of its standing.
    """
    found = [GivenVote(*row) for row in rows(session, _votes_query(viewer), {"debrief": debrief.id})]
    second = {each.person_id: each for each in found if each.phase is VotePhase.SECOND}
    waiting = tuple(each.interviewer for each in voters if each.person_id not in second)
    shown = debrief.held_at is not None or not waiting
    return Votes(_lines(session, viewer, debrief, found, shown), waiting, shown, second.get(viewer.person_id))


def vote_lines(session: Session, viewer: Viewer, debrief: Debrief) -> tuple[VoteLine, ...]:
    """Return both votes of everybody, for those whom the blind rule lets read; nothing for others.

    Second votes of others are seen together: when all have given theirs, or the debrief was held. Scorecards that came
    in after that stand at the end.
    """
    found = [GivenVote(*row) for row in rows(session, _votes_query(viewer), {"debrief": debrief.id})]
    return _lines(session, viewer, debrief, found, second_votes_are_shown(session, debrief))


def _lines(
    session: Session, viewer: Viewer, debrief: Debrief, found: Sequence[GivenVote], shown: bool
) -> tuple[VoteLine, ...]:
    first = {vote.person_id: vote for vote in found if vote.phase is VotePhase.FIRST}
    second = {
        vote.person_id: vote
        for vote in found
        if vote.phase is VotePhase.SECOND and (shown or vote.person_id == viewer.person_id)
    }
    people = {vote.person_id: vote for vote in found}
    lines = (_vote_line(each, first.get(key), second.get(key)) for key, each in people.items())
    return (*lines, *_late_lines(session, viewer, debrief))


def _late_lines(session: Session, viewer: Viewer, debrief: Debrief) -> Iterator[VoteLine]:
    if debrief.held_at is None:
        return
    late = session.execute(
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
    for name, recommendation in late:
        yield VoteLine(name, None, None, "", late=recommendation)


def _vote_line(person: GivenVote, first: GivenVote | None, second: GivenVote | None) -> VoteLine:
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


def still_to_vote(session: Session, debrief: Debrief) -> tuple[str, ...]:
    """Return the names of those whose second vote is not in."""
    those = debriefs.voters(session, session.get_one(Loop, debrief.loop_id))
    voted = {person_id for (person_id,) in rows(session, SECOND_VOTES, {"debrief": debrief.id})}
    return tuple(each.name for each in those if each.id not in voted)
