"""A year of the tracker's rows and the oracle's values, side by side: time passes, and the nudges are compared."""

import random
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.model import oracle
from bench.model.days import Days, Somebody
from bench.model.oracle import Promise
from tests.factories import World
from tracker.models.application import Application
from tracker.models.deadline import Nudge, NudgeState
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.worker import tasks

BEGIN = datetime(2026, 1, 5, 7, tzinfo=UTC)
PLACES = (("Europe/Berlin", {5, 6}), ("Asia/Dubai", {4, 5}), ("America/Los_Angeles", {5, 6}), ("Asia/Kolkata", {6}))
LIMITS = {"promise": 5, "scorecard": 1, "debrief": 2, "application_review": 5}
Mail = tuple[datetime, int, int, str]


class Difference(AssertionError):
    """The tracker raised other nudges than the oracle."""


class Year:
    """The tracker's rows and the oracle's values, side by side; ``chance`` decides what happens."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.chance, self.now = session, random.Random(seed), BEGIN
        self.world = World(session, BEGIN)
        self.days: dict[int, Days] = {}
        self.people: dict[int, Somebody] = {}
        self.limits = {kind: [(date.min, count)] for kind, count in LIMITS.items()}
        self.promises: dict[int, Promise] = {}
        self.applications: list[Application] = []
        self.raised = 0
        self.last_nudge = 0
        self._found()

    def _found(self) -> None:
        chance, world = self.chance, self.world
        places = chance.sample(PLACES, 2)
        rows = []
        for zone, weekend in places:
            weekdays = "".join(str(each) for each in sorted(weekend))
            rows.append(world.region(f"Region {zone}", zone=zone, weekend=weekdays))
        for row, (zone, weekend) in zip(rows, places, strict=True):
            self.days[row.id] = Days(zone, set(weekend))
        recruiter, lead, other = {"is_recruiter": True}, {"is_recruiting_lead": True}, dict[str, bool]()
        for number, flag in enumerate((recruiter, recruiter, other, other, lead, other, other)):
            region = chance.choice([None, *rows])
            zone = chance.choice(PLACES)[0]
            row_of = world.person(f"Person{number}", zone=zone, region_id=region.id if region else None, **flag)
            self.people[row_of.id] = Somebody(row_of.id, zone, self.days[region.id] if region else None)
        self.ids = list(self.people)
        plan = world.plan()
        self.requisitions = [
            world.requisition(
                f"Role {n}", plan=plan, region=row, recruiter=self._row(n), hiring_manager=self._row(2 + n)
            )
            for n, row in enumerate(rows)
        ]
        self.session.commit()

    def _row(self, number: int) -> Person:
        return self.session.get_one(Person, self.ids[number])

    # --- Time.

    def pass_by(self, until: datetime, *, asleep: bool) -> None:
        """Let the worker tick at each moment that is due until then; asleep, only at the end. Compare the nudges."""
        since, found = self.now, []
        while not asleep:
            due = self.session.scalar(select(func.min(Nudge.at)).where(Nudge.state == NudgeState.WAITING))
            self.session.rollback()
            if due is None or due > until:
                break
            found += self._tick(max(due, since))
        found += self._tick(until)
        self.now = until
        say = oracle.woken if asleep else oracle.awake
        wanted = say({key: each for key, each in self.promises.items()}, since, until)
        if sorted(found) != sorted(wanted):
            raise Difference(
                f"{since} to {until}{' asleep' if asleep else ''}\n"
                f"  only the tracker: {sorted(set(found) - set(wanted))}\n"
                f"  only the oracle: {sorted(set(wanted) - set(found))}"
            )
        self.raised += len(found)

    def _tick(self, now: datetime) -> list[Mail]:
        tasks.work_off_facts(now)
        mails = self.session.scalars(
            select(OutboxMail).where(OutboxMail.id > self.last_nudge, OutboxMail.kind.in_(["nudge", "digest"]))
        ).all()
        ids = [number for mail in mails for number in mail.fact["nudges"]]
        self.last_nudge = max([self.last_nudge, *(mail.id for mail in mails)])
        rows = self.session.execute(
            select(Nudge.deadline_id, Nudge.person_id, Nudge.step).where(Nudge.id.in_(ids))
        ).all()
        self.session.rollback()
        return [(now, *row) for row in rows]
