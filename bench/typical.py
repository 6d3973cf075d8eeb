"""Gives one generated application what a typical one has: interviews, scorecards, mails, history."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.generate import NOW
from tracker.models.application import Application, Note
from tracker.models.competency import Competency, CompetencyKind
from tracker.models.deadline import Deadline
from tracker.models.interview import (
    Assignment,
    AssignmentCompetency,
    Interview,
    InterviewState,
    Loop,
    LoopState,
)
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import InterviewKind, Person
from tracker.models.record import RecordEntry
from tracker.models.scorecard import Evidence, Rating, Scorecard, ScorecardVersion
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.rules.stages import ApplicationState, StageKind

NUMBER = 77
INTERVIEWS = 5
MAILS = 12
ENTRIES = 30


def fill(session: Session) -> None:
    """Write the rows and commit them."""
    application = session.get_one(Application, NUMBER)
    stages = {stage.kind: stage for stage in application.requisition.plan.stages}
    application.stage = stages[StageKind.OUTCOME]
    application.stage_kind, application.state = StageKind.OUTCOME, ApplicationState.ACTIVE
    application.closed_at = None
    _interviews(session, application)
    _deadlines(session, application)
    _correspondence(session, application)
    session.commit()


def _interviews(session: Session, application: Application) -> None:
    loop = Loop(application=application, state=LoopState.SENT, created_at=NOW, sent_at=NOW)
    session.add(loop)
    for number in range(INTERVIEWS):
        person = Person(
            name=f"Interviewer {number}",
            email=f"i{number}@bench.example",
            password_hash=None,
            zone="UTC",
            created_at=NOW,
        )
        competency = Competency(name=f"Competency {number}", kind=CompetencyKind.TECHNICAL)
        starts_at = NOW - timedelta(days=2, hours=number)
        interview = Interview(
            application=application,
            loop=loop,
            kind=InterviewKind.LOOP,
            position=number + 1,
            name=f"Interview {number + 1}",
            minutes=60,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            state=InterviewState.SENT,
            uid=f"{number}@bench.example",
        )
        assignment = Assignment(interview=interview, person=person)
        assignment.competencies = [AssignmentCompetency(competency=competency)]
        session.add_all([interview, assignment])
        session.flush()
        _scorecard(session, application, assignment, competency)


def _scorecard(session: Session, application: Application, assignment: Assignment, competency: Competency) -> None:
    card = Scorecard(
        assignment_id=assignment.id,
        application_id=application.id,
        author_id=assignment.person_id,
        state=ScorecardState.SUBMITTED,
        recommendation=Recommendation.HIRE,
        submitted_at=NOW,
    )
    card.ratings = [Rating(competency_id=competency.id, rating=3)]
    card.evidence = [Evidence(competency_id=competency.id, position=1, action="Drew the data flows.")]
    session.add(card)
    session.flush()
    session.add(ScorecardVersion(scorecard_id=card.id, number=1, content={}, at=NOW))


def _deadlines(session: Session, application: Application) -> None:
    for deadline in session.scalars(select(Deadline).where(Deadline.application_id == application.id)):
        deadline.state, deadline.closed_at = DeadlineState.MET, NOW
    for kind in (DeadlineKind.DEBRIEF, DeadlineKind.DECISION, DeadlineKind.PROMISE):
        session.add(
            Deadline(
                application_id=application.id,
                requisition_id=application.requisition_id,
                kind=kind,
                owner_id=1,
                day0_at=NOW,
                business_days=3,
                zone="Europe/Berlin",
                due_at=NOW + timedelta(days=3650),
                opened_at=NOW,
            )
        )


def _correspondence(session: Session, application: Application) -> None:
    for number in range(MAILS):
        session.add(
            OutboxMail(
                dedupe_key=f"bench:{number}",
                kind="nudge",
                receiver="rita@bench.example",
                application_id=application.id,
                subject=f"Write your scorecard, reminder {number}",
                message=b"x" * 4000,
                message_id=f"<{number}@bench.example>",
                fact={},
                state=MailState.SENT,
                created_at=NOW,
                next_try_at=NOW,
                ended_at=NOW,
            )
        )
    for number in range(ENTRIES):
        text = f"Change {number} of the application"
        session.add(RecordEntry(at=NOW, by_id=1, verb="application.move", text=text, application_id=application.id))
    session.add_all(
        Note(application_id=application.id, text="Prefers **mornings**.", at=NOW, by_id=1) for _ in range(2)
    )
