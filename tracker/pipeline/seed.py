"""What a new tracker begins with: regions, competencies with anchors and questions, and the security engineer plan."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.models.competency import Competency, CompetencyKind, RatingAnchor
from tracker.models.interview_plan import InterviewPlan, PlanCompetency, PlanInterview, PlanLimit, PlanStage
from tracker.models.record import Organisation
from tracker.models.region import Region
from tracker.pipeline import questions, region_years
from tracker.pipeline.record import note_change
from tracker.rules.deadlines import DEFAULT_LIMITS
from tracker.rules.questions import from_csv
from tracker.rules.stages import ScreensMode, StageKind

SEED = Path(__file__).with_name("seed.json")
QUESTIONS = Path(__file__).with_name("seed_questions.csv")
REGIONS = (
    ("Germany, Berlin", "DE", "BE", "Europe/Berlin"),
    ("United Kingdom, England", "GB", "ENG", "Europe/London"),
    ("United States, Washington", "US", "WA", "America/Los_Angeles"),
)
STAGES = (
    (StageKind.APPLICATION, "Application review"),
    (StageKind.PHONE_SCREEN, "Technical phone screen"),
    (StageKind.PHONE_SCREEN_OUTCOME, "Phone screen outcome"),
    (StageKind.LOOP, "Interview loop"),
    (StageKind.OUTCOME, "Outcome"),
    (StageKind.OFFER, "Offer"),
)
INTERVIEWS = 5


def seed(session: Session, *, now: datetime) -> bool:
    """Fill a database that has no organisation yet; return whether it was empty. An used one is left as it is."""
    if session.scalar(select(exists().where(Organisation.id == 1))):
        return False
    session.add(Organisation(id=1, name="Our organisation", careers_text=""))
    for name, country, subdivision, zone in REGIONS:
        session.add(_region(name, country, subdivision, zone, now))
    said = json.loads(SEED.read_text(encoding="utf-8"))
    competencies = [_competency(each) for each in said["competencies"]]
    session.add_all(competencies)
    session.add(_plan(said, competencies))
    session.flush()
    questions.take_in(session, from_csv(QUESTIONS.read_text(encoding="utf-8")), by=None, now=now)
    note_change(session, "seed", "The tracker was set up with its standard plan", by=None, now=now)
    return True


def _region(name: str, country: str, subdivision: str, zone: str, now: datetime) -> Region:
    region = Region(name=name, country=country, subdivision=subdivision, zone=zone)
    region_years.fill(region, now=now)
    return region


def _competency(said: dict[str, Any]) -> Competency:
    row = Competency(name=said["name"], kind=CompetencyKind(said["kind"]), description=said["description"])
    row.anchors = [RatingAnchor(rating=rating, text=text) for rating, text in enumerate(said["anchors"], 1)]
    return row


def _plan(said: dict[str, Any], competencies: list[Competency]) -> InterviewPlan:
    plan = InterviewPlan(
        name="Security engineer",
        description="One phone screen, a second where the first is inconclusive, and a loop of five interviews.",
        preparation=said["preparation"],
        screens_mode=ScreensMode.SECOND_IF_INCONCLUSIVE,
        screen_minutes=60,
    )
    plan.stages = [PlanStage(position=n, kind=kind, name=name) for n, (kind, name) in enumerate(STAGES, 1)]
    plan.interviews = [PlanInterview(position=n, name=f"Interview {n}", minutes=60) for n in range(1, INTERVIEWS + 1)]
    plan.competencies = [
        PlanCompetency(competency=row, loop_times=1, in_phone_screen=row.name in said["phone_screen"])
        for row in competencies
    ]
    plan.limits = [PlanLimit(kind=kind, business_days=days) for kind, days in DEFAULT_LIMITS.items()]
    return plan
