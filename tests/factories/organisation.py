"""The organisation itself: its people, regions, competencies and interview plans."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.competency import Competency, CompetencyKind, RatingAnchor
from tracker.models.interview_plan import InterviewPlan, PlanCompetency, PlanInterview, PlanStage
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.record import Organisation
from tracker.models.region import ClosedDay, ClosedDaySource, Region, RegionYear, YearState
from tracker.queries.holidays import release
from tracker.rules.stages import ScreensMode, StageKind

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


class OrganisationMaker:
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

    def qualify(self, person: Person, plan: InterviewPlan, kind: InterviewKind = InterviewKind.LOOP) -> Person:
        """Qualify a person for all competencies of a plan."""
        self.keep(
            *(
                InterviewerQualification(person_id=person.id, competency_id=each.competency_id, kind=kind)
                for each in plan.competencies
            )
        )
        return person
