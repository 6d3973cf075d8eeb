"""Factories: the rows a test needs, with believable defaults, committed as they are made."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application, QualificationJudgement, StageChange
from tracker.models.candidate import Candidate, CandidateWord
from tracker.models.competency import Competency, CompetencyKind, RatingAnchor
from tracker.models.interview import (
    Assignment,
    AssignmentCompetency,
    Interview,
    InterviewState,
    Loop,
    LoopState,
)
from tracker.models.interview_plan import InterviewPlan, PlanCompetency, PlanInterview, PlanStage
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.record import Organisation
from tracker.models.region import ClosedDay, ClosedDaySource, Region, RegionYear, YearState
from tracker.models.requisition import Qualification, Requisition, RequisitionMember
from tracker.models.scorecard import Evidence, Rating, Scorecard, ScorecardVersion
from tracker.queries.holidays import release
from tracker.rules.qualifications import QualificationKind, Verdict
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.rules.stages import ApplicationState, ScreensMode, StageKind
from tracker.rules.words import candidate_words, sort_name

# A Monday morning, far from holidays and clock changes.
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

STAGES = (
    (StageKind.APPLICATION, "Application review"),
    (StageKind.PHONE_SCREEN, "Technical phone screen"),
    (StageKind.PHONE_SCREEN_OUTCOME, "Phone screen outcome"),
    (StageKind.LOOP, "Interview loop"),
    (StageKind.OUTCOME, "Outcome"),
    (StageKind.OFFER, "Offer"),
)


class World:
    """Makes rows; ``now`` is the moment at which they are made."""

    def __init__(self, session: Session, now: datetime = MONDAY) -> None:
        self.session = session
        self.now = now
        self._numbers = itertools.count(1)
        self.organisation()

    def keep(self, *rows: Any) -> None:
        """Add rows and commit them."""
        self.session.add_all(rows)
        self.session.commit()

    def organisation(self) -> Organisation:
        row = self.session.get(Organisation, 1) or Organisation(id=1, name="Example Works", careers_text="")
        self.keep(row)
        return row

    def person(self, name: str | None = None, **facts: Any) -> Person:
        number = next(self._numbers)
        name = name or f"Person {number}"
        email = facts.pop("email", f"{name.split()[0].lower()}.{number}@tracker.example")
        row = Person(
            name=name,
            email=email,
            password_hash=None,
            zone=facts.pop("zone", "Europe/Berlin"),
            created_at=self.now,
            **facts,
        )
        self.keep(row)
        return row

    def recruiter(self, name: str = "Rita Recruiter", **facts: Any) -> Person:
        return self.person(name, is_recruiter=True, **facts)

    def admin(self, name: str = "Ada Admin", **facts: Any) -> Person:
        return self.person(name, is_admin=True, **facts)

    def region(self, name: str = "Berlin", *, closed: tuple[date, ...] = (), **facts: Any) -> Region:
        found = self.session.scalar(select(Region).where(Region.name == name))
        if found is not None:
            return found
        row = Region(
            name=name,
            country=facts.pop("country", "DE"),
            subdivision=facts.pop("subdivision", "BE"),
            zone=facts.pop("zone", "Europe/Berlin"),
            **facts,
        )
        row.closed_days = [ClosedDay(on=day, name="Closed", source=ClosedDaySource.COMPANY) for day in closed]
        row.years = [
            RegionYear(year=self.now.year + n, state=YearState.ENTERED, release=release()) for n in range(-1, 4)
        ]
        self.keep(row)
        return row

    def competency(self, name: str | None = None, kind: CompetencyKind = CompetencyKind.TECHNICAL) -> Competency:
        name = name or f"Competency {next(self._numbers)}"
        found = self.session.scalar(select(Competency).where(Competency.name == name))
        if found is not None:
            return found
        row = Competency(name=name, kind=kind, description="")
        row.anchors = [RatingAnchor(rating=n, text=f"{name}, anchor {n}") for n in (1, 2, 3, 4)]
        self.keep(row)
        return row

    def plan(
        self, name: str = "Security engineer", *, competencies: int = 5, stages: Any = STAGES, **facts: Any
    ) -> InterviewPlan:
        """A plan of five 60-minute interviews; the first two competencies are for phone screens too."""
        found = self.session.scalar(select(InterviewPlan).where(InterviewPlan.name == name))
        if found is not None:
            return found
        row = InterviewPlan(
            name=name, screens_mode=facts.pop("screens_mode", ScreensMode.SECOND_IF_INCONCLUSIVE), **facts
        )
        row.stages = [PlanStage(position=n, kind=kind, name=label) for n, (kind, label) in enumerate(stages, 1)]
        row.interviews = [PlanInterview(position=n, name=f"Interview {n}", minutes=60) for n in range(1, 6)]
        row.competencies = [
            PlanCompetency(competency=self.competency(f"Competency {letter}"), loop_times=1, in_phone_screen=n < 2)
            for n, letter in enumerate("ABCDEFGHIJ"[:competencies])
        ]
        self.keep(row)
        return row

    def requisition(self, title: str = "Security Engineer", **facts: Any) -> Requisition:
        members = facts.pop("members", ())
        basics = facts.pop("basics", ("Five years of security engineering",))
        given: dict[str, Any] = {"team": "Security", "location": "Berlin", "openings": 1, "opened_at": self.now}
        row = Requisition(
            title=title,
            plan=facts.pop("plan", None) or self.plan(),
            region=facts.pop("region", None) or self.region(),
            hiring_manager=facts.pop("hiring_manager", None) or self.person("Hana Manager"),
            recruiter=facts.pop("recruiter", None) or self.recruiter(),
            **(given | facts),
        )
        row.members = [RequisitionMember(person=person) for person in members]
        row.qualifications = [
            Qualification(kind=QualificationKind.BASIC, position=n, text=text) for n, text in enumerate(basics, 1)
        ]
        self.keep(row)
        return row

    def stage(self, requisition: Requisition, kind: StageKind) -> PlanStage:
        return next(stage for stage in requisition.plan.stages if stage.kind is kind)

    def candidate(self, name: str | None = None, **facts: Any) -> Candidate:
        number = next(self._numbers)
        name = name or f"Candidate {number}"
        email = facts.pop("email", f"candidate.{number}@candidates.example")
        row = Candidate(name=name, email=email, zone=facts.pop("zone", "Europe/Berlin"), created_at=self.now, **facts)
        self.keep(row)
        self.keep(*(CandidateWord(word=word, candidate_id=row.id) for word in sorted(candidate_words(name, email))))
        return row

    def application(
        self, requisition: Requisition | None = None, *, stage: StageKind = StageKind.APPLICATION, **facts: Any
    ) -> Application:
        """An application standing in a stage, as if it had been moved there; earlier stages left no rows."""
        requisition = requisition or self.requisition()
        candidate = facts.pop("candidate", None) or self.candidate(facts.pop("name", None))
        given: dict[str, Any] = {
            "source": "careers",
            "applied_at": self.now,
            "entered_stage_at": self.now,
            "sort_name": sort_name(candidate.name),
        }
        plan_stage = self.stage(requisition, stage)
        row = Application(
            candidate=candidate,
            requisition=requisition,
            stage=plan_stage,
            stage_kind=plan_stage.kind,
            **(given | facts),
        )
        self.keep(row)
        self.keep(
            StageChange(
                application_id=row.id,
                from_stage_id=None,
                to_stage_id=plan_stage.id,
                from_state=None,
                to_state=ApplicationState.ACTIVE,
                at=self.now,
                by_id=None,
            )
        )
        return row

    def judge(self, application: Application, verdict: Verdict = Verdict.MET) -> None:
        """Judge every qualification of the application alike."""
        recruiter = application.requisition.recruiter
        self.keep(
            *(
                QualificationJudgement(
                    application_id=application.id,
                    qualification_id=qualification.id,
                    verdict=verdict,
                    evidence="Says the resume",
                    at=self.now,
                    by_id=recruiter.id,
                )
                for qualification in application.requisition.qualifications
            )
        )

    def qualify(self, person: Person, plan: InterviewPlan, kind: InterviewKind = InterviewKind.LOOP) -> Person:
        """Qualify a person for all competencies of a plan."""
        self.keep(
            *(
                InterviewerQualification(person_id=person.id, competency_id=each.competency_id, kind=kind)
                for each in plan.competencies
            )
        )
        return person

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
