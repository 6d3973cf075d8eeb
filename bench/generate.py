"""Fill a database with generated applications: a thousand to a requisition, ten requisitions to a recruiter,
believable names, a tenth still active."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from tracker.db import Base
from tracker.models.application import Application, StageChange
from tracker.models.candidate import Candidate, CandidateWord
from tracker.models.deadline import Deadline
from tracker.models.interview_plan import InterviewPlan, PlanStage
from tracker.models.person import Person
from tracker.models.record import Organisation
from tracker.models.region import ClosedDay, ClosedDaySource, Region, RegionYear, YearState
from tracker.models.requisition import Requisition
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.stages import ApplicationState, ScreensMode, StageKind
from tracker.rules.words import candidate_words, sort_name

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PER_REQUISITION = 1_000
PER_RECRUITER = 10
BATCH = 10_000
FIRST = [
    "Ada",
    "Ben",
    "Chen",
    "Dora",
    "Emil",
    "Fatima",
    "Goran",
    "Hana",
    "Ines",
    "Jonas",
    "Kemal",
    "Lena",
    "Mia",
    "Noor",
    "Olga",
    "Pavel",
    "Quinn",
    "Rosa",
]
LAST = [
    start + end
    for start in ["Al", "Ber", "Cor", "Dan", "Ek", "Fri", "Gar", "Hol", "Iv", "Jan", "Kol", "Lin", "Mor", "Nor", "Ost"]
    for end in ["berg", "sen", "ova", "man", "ström", "idis", "escu", "er"]
]
STAGES = (
    StageKind.APPLICATION,
    StageKind.PHONE_SCREEN,
    StageKind.PHONE_SCREEN_OUTCOME,
    StageKind.LOOP,
    StageKind.OUTCOME,
    StageKind.OFFER,
)
CLOSED = (ApplicationState.REJECTED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN, ApplicationState.HIRED)


def fill(engine: Engine, applications: int, seed: int = 1, *, active: float = 0.1) -> None:
    """Write so many applications into an empty, migrated database, a share of them active. The same seed gives the
    same data."""
    chance = random.Random(seed)
    with Session(engine) as session:
        _people(session, requisitions=-(-applications // PER_REQUISITION))
        stages = list(session.scalars(sa.select(PlanStage.id).order_by(PlanStage.position)))
        session.commit()
    rows = _rows(chance, applications, stages, active)
    with engine.connect() as connection:
        while batch := list(islice(rows, BATCH)):
            with connection.begin():
                _write(connection, batch)
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _people(session: Session, requisitions: int) -> None:
    person: dict[str, Any] = {"password_hash": None, "zone": "Europe/Berlin", "created_at": NOW}
    recruiter = Person(name="Rita Recruiter", email="rita@bench.example", is_recruiter=True, **person)
    manager = Person(name="Hana Manager", email="hana@bench.example", **person)
    region = Region(name="Berlin", country="DE", subdivision="BE", zone="Europe/Berlin")
    region.closed_days = [ClosedDay(on=date(2026, 12, 25), name="Christmas", source=ClosedDaySource.PUBLIC_HOLIDAY)]
    region.years = [RegionYear(year=year, state=YearState.ENTERED, release="") for year in range(2025, 2040)]
    plan = InterviewPlan(name="Security engineer", screens_mode=ScreensMode.ONE)
    plan.stages = [PlanStage(position=n, kind=kind, name=kind.label) for n, kind in enumerate(STAGES, 1)]
    session.add_all([Organisation(id=1, name="Bench Works"), recruiter, manager, region, plan])
    session.flush()
    others = range(1, -(-requisitions // PER_RECRUITER))
    recruiters = [recruiter, *(Person(name=f"R{n}", email=f"r{n}@bench.example", **person) for n in others)]
    session.add_all(
        Requisition(
            title=f"Engineer {n:04}",
            team="Security",
            plan=plan,
            region=region,
            recruiter=recruiters[n // PER_RECRUITER],
            hiring_manager=manager,
            opened_at=NOW,
        )
        for n in range(requisitions)
    )


Row = dict[str, Any]
TABLES: tuple[type[Base], ...] = (Candidate, CandidateWord, Application, StageChange, Deadline)


def _rows(
    chance: random.Random, applications: int, stages: list[int], share: float
) -> Iterator[dict[type[Base], list[Row]]]:
    for number in range(1, applications + 1):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        email = f"{name.lower().replace(' ', '.')}.{number}@people.example"
        applied_at = NOW - timedelta(minutes=chance.randrange(60 * 24 * 365))
        active = chance.random() < share
        stage = chance.randrange(len(stages))
        requisition_id = 1 + (number - 1) // PER_REQUISITION
        application = {
            "id": number,
            "candidate_id": number,
            "requisition_id": requisition_id,
            "stage_id": stages[stage],
            "stage_kind": STAGES[stage],
            "state": ApplicationState.ACTIVE if active else chance.choice(CLOSED),
            "disposition": None,
            "sort_name": sort_name(name),
            "source": "careers",
            "message": "",
            "applied_at": applied_at,
            "entered_stage_at": applied_at,
            "closed_at": None if active else NOW,
            "version": 1,
        }
        yield {
            Candidate: [
                {
                    "id": number, "email": email, "name": name, "phone": "", "zone": "Europe/Berlin",
                    "created_at": NOW, "version": 1,
                }
            ],
            CandidateWord: [{"word": word, "candidate_id": number} for word in sorted(candidate_words(name, email))],
            Application: [application],
            StageChange: [
                {"application_id": number, "from_stage_id": None, "to_stage_id": stages[stage], "from_state": None,
                 "to_state": ApplicationState.ACTIVE, "reason": "", "at": applied_at, "by_id": None}
            ],
            Deadline: [_deadline(application)] if active else [],
        }  # fmt: skip


def _owner(requisition_id: int) -> int:
    """Return the recruiter's number: the first is 1, the others come after the manager, who is 2."""
    nth = (requisition_id - 1) // PER_RECRUITER
    return nth + 2 if nth else 1


def _deadline(application: Row) -> Row:
    # In the future for all: a tick then has nothing due, which is what its benchmark measures.
    due_at = NOW + timedelta(days=3650, minutes=application["id"] % 100_000)
    return {
        "application_id": application["id"], "requisition_id": application["requisition_id"],
        "kind": DeadlineKind.APPLICATION_REVIEW, "subject": 0, "day0_at": NOW,
        "owner_id": _owner(application["requisition_id"]),
        "business_days": 5, "zone": "Europe/Berlin", "due_at": due_at, "state": DeadlineState.OPEN, "paused_at": None,
        "pause_reason": "", "days_kept": None, "opened_at": NOW, "closed_at": None, "revision": 1, "version": 1,
    }  # fmt: skip


def _write(connection: Connection, batch: list[dict[type[Base], list[Row]]]) -> None:
    for table in TABLES:
        rows = [row for each in batch for row in each[table]]
        if rows:
            connection.execute(sa.insert(table), rows)


def database_name() -> str:
    """Return a name for a throw-away database."""
    return f"tracker_bench_{uuid.uuid4().hex}"
