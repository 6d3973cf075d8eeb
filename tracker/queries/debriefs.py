"""What a debrief rests on and waits for: the loop, its interviewers and the state of their scorecards; no contents."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from tracker.models.debrief import Debrief, Decision
from tracker.models.interview import Assignment, InterviewState, Loop
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard
from tracker.queries.debrief_statements import DEBRIEF, DECISION, LEAD_LINES, LEADS, LOOP
from tracker.rules.scorecards import ScorecardState
from tracker.statements import rows


class Lead(NamedTuple):
    """An assignment whose scorecard the debrief rests on; asked for since ``ends_at``, when its interview is over.

    ``state`` is the scorecard's, None where it has no row yet.
    """

    assignment_id: int
    person_id: int
    interviewer: str
    interview_name: str
    ends_at: datetime
    state: ScorecardState | None

    @property
    def is_missing(self) -> bool:
        """Whether the debrief waits for it: it was neither submitted nor waived."""
        return self.state in (None, ScorecardState.DRAFT)


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


def lines(session: Session, loop_id: int) -> list[Lead]:
    """Return those of ``leads`` as plain values, at a third of the price."""
    return [Lead(*row) for row in rows(session, LEAD_LINES, {"loop": loop_id})]


def missing(session: Session, loop: Loop) -> tuple[Lead, ...]:
    """Return the scorecards of the loop that are neither submitted nor waived."""
    return tuple(each for each in lines(session, loop.id) if each.is_missing)


def standing_decision(session: Session, application_id: int) -> Decision | None:
    """Return the decision that stands, None where there is none."""
    return session.scalar(DECISION, {"application": application_id})


def voters(session: Session, loop: Loop) -> tuple[Person, ...]:
    """Return who votes: the loop's interviewers whose scorecards were submitted."""
    return tuple(each.person for each, state in leads(session, loop) if state is ScorecardState.SUBMITTED)


def counts(card: Scorecard) -> bool:
    """Whether the debrief rests on a scorecard: its interview was held by its author."""
    return card.assignment.ended_at is None and card.assignment.interview.state is InterviewState.SENT
