"""Interviews that went out, loops of them, and scorecards."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tests.factories.applications import ApplicationMaker
from tracker.models.application import Application
from tracker.models.competency import Competency
from tracker.models.interview import (
    Assignment,
    AssignmentCompetency,
    Interview,
    InterviewState,
    Loop,
    LoopState,
)
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Evidence, Rating, Scorecard, ScorecardVersion
from tracker.rules.scorecards import Recommendation, ScorecardState


class InterviewMaker(ApplicationMaker):
    """Makes what is held and written."""

    def interview(
        self,
        application: Application,
        person: Person,
        *,
        starts_at: datetime | None = None,
        kind: InterviewKind = InterviewKind.PHONE_SCREEN,
        position: int = 1,
        loop: Loop | None = None,
        state: InterviewState = InterviewState.SENT,
        competencies: tuple[Competency, ...] = (),
    ) -> Assignment:
        """An interview that went out, with its one lead and the lead's empty scorecard."""
        starts_at = starts_at or self.now + timedelta(days=1)
        interview = Interview(
            application_id=application.id,
            kind=kind,
            position=position,
            name=f"{kind.value} {position}",
            minutes=60,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            place="https://meet.example/room",
            state=state,
            uid=f"{next(self._numbers)}@tracker.example",
            loop_id=loop.id if loop else None,
        )
        assignment = Assignment(interview=interview, person=person)
        plan = application.requisition.plan
        chosen = competencies or tuple(each.competency for each in plan.competencies[:1])
        assignment.competencies = [AssignmentCompetency(competency=competency) for competency in chosen]
        self.keep(interview, assignment)
        self.keep(Scorecard(assignment_id=assignment.id, application_id=application.id, author_id=person.id))
        return assignment

    def loop(
        self, application: Application, people: tuple[Person, ...], *, starts_at: datetime | None = None
    ) -> list[Assignment]:
        """A loop that went out: one interview for each person, one after the other, a competency each."""
        starts_at = starts_at or self.now + timedelta(days=1)
        loop = Loop(application_id=application.id, state=LoopState.SENT, created_at=self.now, sent_at=self.now)
        self.keep(loop)
        competencies = [each.competency for each in application.requisition.plan.competencies]
        return [
            self.interview(
                application,
                person,
                kind=InterviewKind.LOOP,
                position=n,
                loop=loop,
                starts_at=starts_at + timedelta(hours=n),
                competencies=(competencies[n % len(competencies)],),
            )
            for n, person in enumerate(people)
        ]

    def scorecard(
        self,
        assignment: Assignment,
        *,
        text: str = "Clear and convincing",
        recommendation: Recommendation = Recommendation.HIRE,
        rating: int = 3,
        state: ScorecardState = ScorecardState.SUBMITTED,
    ) -> Scorecard:
        """Fill in (and submit) the scorecard of an assignment, with ``text`` in every field."""
        card = self.session.scalars(select(Scorecard).where(Scorecard.assignment_id == assignment.id)).one()
        card.state, card.recommendation, card.summary = state, recommendation, text
        card.submitted_at = self.now if state is ScorecardState.SUBMITTED else None
        for n, each in enumerate(assignment.competencies, 1):
            card.ratings.append(Rating(competency_id=each.competency_id, rating=rating))
            card.evidence.append(
                Evidence(
                    competency_id=each.competency_id,
                    position=n,
                    question=text,
                    situation=text,
                    task=text,
                    action=text,
                    result=text,
                    metric=text,
                )
            )
        if state is ScorecardState.SUBMITTED:
            ratings = [{"competency": each.competency.name, "rating": rating} for each in assignment.competencies]
            content = {"summary": text, "recommendation": recommendation.value, "ratings": ratings}
            self.keep(ScorecardVersion(scorecard_id=card.id, number=1, content=content, at=self.now))
        self.session.commit()
        return card
