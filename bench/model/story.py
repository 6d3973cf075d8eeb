"""One year of one seed: random events through the tracker's verbs, each told to the oracle as well."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.model.days import Somebody
from bench.model.oracle import Promise
from bench.model.year import Year
from tracker.db import db
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Interview
from tracker.models.leave import Leave
from tracker.models.person import Person
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.pipeline import deadline_changes, deadline_clock, deadlines, leaves, plan_limits, regions
from tracker.queries import deadline_changes as changes_of
from tracker.queries.visibility import viewer_of
from tracker.rules.deadlines import DeadlineKind

KINDS = ("promise", "scorecard", "debrief", "application_review")


class Story(Year):
    """What happens in a year."""

    def happen(self) -> None:
        """Let one thing happen."""
        events: tuple[tuple[int, Callable[[], None]], ...] = (
            (6, self.open), (3, self.move), (7, self.meet), (2, self.cancel), (2, self.pause), (3, self.resume),
            (2, self.extend), (3, self.holiday), (2, self.leave), (1, self.back), (1, self.limit), (1, self.reassign),
        )  # fmt: skip
        chosen = self.chance.choices([event for _, event in events], [weight for weight, _ in events])
        chosen[0]()
        self.session.commit()

    def _pick(self, *states: str) -> tuple[Deadline, Promise] | None:
        numbers = [number for number, each in self.promises.items() if each.state in states]
        if not numbers:
            return None
        number = self.chance.choice(numbers)
        return self.session.get_one(Deadline, number), self.promises[number]

    def _limit(self, kind: str, on: date) -> int:
        return [count for first, count in self.limits[kind] if first <= on][-1]

    def open(self) -> None:
        if sum(each.state in ("open", "paused") for each in self.promises.values()) > 3:
            return
        kind = self.chance.choice(KINDS)
        requisition = self.chance.choice(self.requisitions)
        application = self.world.application(requisition)
        days, day0, ends, subject = self.days[requisition.region_id], self.now, None, 0
        owner = requisition.hiring_manager if kind == "debrief" else requisition.recruiter
        if kind == "scorecard":
            owner = self._row(self.chance.choice((5, 6)))
            starts = self.now + timedelta(hours=self.chance.randrange(1, 72))
            assignment = self.world.interview(application, owner, starts_at=starts)
            day0 = ends = starts + timedelta(hours=1)
            subject = assignment.id
        elif kind == "promise":
            day0 = self.now + timedelta(hours=self.chance.randrange(1, 72))
        row = deadlines.open_(
            self.session, application, DeadlineKind(kind), day0_at=day0, owner=owner, now=self.now, subject=subject
        )
        length = self._limit(kind, days.on(day0))
        self.promises[row.id] = Promise(
            kind, days, days.due(day0, length), self._parts(kind, requisition, owner), day0, length, ends
        )

    def _parts(self, kind: str, requisition: Requisition, owner: Person) -> list[tuple[str, Somebody]]:
        parts = {"promise": [], "scorecard": [("i", owner.id)]}.get(kind, [("o", owner.id)])
        parts += [("r", requisition.recruiter_id), ("h", requisition.hiring_manager_id), ("l", self.ids[4])]
        return [(role, self.people[number]) for role, number in parts]

    def move(self) -> None:
        """An interview is moved, and with it its day 0."""
        picked = self._pick("open", "paused")
        if picked is None or picked[1].kind not in ("promise", "scorecard"):
            return
        row, promise = picked
        if promise.kind == "scorecard" and promise.state == "open" and self.now > promise.due:
            # An interview that was not held: another scorecard is then asked for.
            return
        day0 = max(self.now, promise.day0) + timedelta(hours=self.chance.randrange(-20, 60))
        if day0 <= self.now:
            return
        application = self.session.get_one(Application, row.application_id)
        if promise.kind == "scorecard":
            interview = self.session.scalars(select(Interview).where(Interview.application_id == application.id)).one()
            interview.starts_at, interview.ends_at = day0 - timedelta(hours=1), day0
            self.session.flush()
        deadlines.open_(
            self.session, application, row.kind, day0_at=day0, owner=self.session.get_one(Person, row.owner_id),
            now=self.now, subject=row.subject,
        )  # fmt: skip
        if promise.kind == "scorecard":
            promise.ends = day0
        if promise.state == "open" and self.now > promise.due:
            return
        self._count_anew(promise, day0)

    def _count_anew(self, promise: Promise, day0: datetime) -> None:
        before, promise.day0 = promise.day0, day0
        if promise.days.on(before) == promise.days.on(day0) and (promise.length or promise.resumed):
            return
        length = self._limit(promise.kind, promise.days.on(day0)) + promise.extra
        due = promise.days.due(day0, length)
        if promise.resumed and due <= promise.due:
            return
        promise.resumed, promise.length = None, length
        if due == promise.due:
            return
        promise.due = due
        promise.anew()
        if promise.paused:
            promise.kept = self._kept(promise, promise.paused)

    def _kept(self, promise: Promise, at: datetime) -> int:
        on, due_on = promise.days.on(at), promise.days.on(promise.due)
        return promise.days.count(on, due_on) if due_on > on else 0

    def _close(self, verb: Callable[..., None], **more: object) -> None:
        picked = self._pick("open", "paused")
        if picked:
            row, promise = picked
            application = self.session.get_one(Application, row.application_id)
            verb(self.session, application, row.kind, now=self.now, subject=row.subject, **more)
            promise.state = "closed"

    def meet(self) -> None:
        self._close(deadlines.meet)

    def cancel(self) -> None:
        """Called off; of a scorecard: waived, or given to somebody else."""
        self._close(deadlines.cancel, reason="called off")

    def pause(self) -> None:
        picked = self._pick("open")
        if picked and self.now <= picked[1].due:
            row, promise = picked
            application = self.session.get_one(Application, row.application_id)
            deadline_clock.pause(self.session, application, row, reason="On hold", by=self._row(0), now=self.now)
            promise.state, promise.paused, promise.kept = "paused", self.now, self._kept(promise, self.now)
            promise.anew()

    def resume(self) -> None:
        picked = self._pick("paused")
        if picked:
            row, promise = picked
            application = self.session.get_one(Application, row.application_id)
            deadline_clock.resume(self.session, application, row, by=self._row(0), now=self.now)
            promise.state, promise.paused, promise.resumed = "open", None, self.now
            promise.length, promise.due = promise.kept, promise.days.due(self.now, promise.kept)
            promise.anew()

    def extend(self) -> None:
        picked = self._pick("open")
        if picked and self.now <= picked[1].due:
            row, promise = picked
            until = promise.days.walk(promise.days.on(promise.due), self.chance.randrange(1, 5))
            application = self.session.get_one(Application, row.application_id)
            deadline_clock.extend(self.session, application, row, until, reason="Ill", by=self._row(0), now=self.now)
            start = promise.resumed or promise.day0
            length = promise.days.count(promise.days.on(start), until)
            promise.extra += length - promise.length
            promise.length, promise.due = length, promise.days.due(start, length)
            promise.anew()

    def holiday(self) -> None:
        """A holiday is entered, perhaps late; a person then accepts what it moves."""
        region = self.session.get_one(Region, self.chance.choice(list(self.days)))
        days = self.days[region.id]
        on = self.now.date() + timedelta(days=self.chance.randrange(-3, 12))
        if on in days.closed:
            return
        regions.add_closed_day(self.session, region, on, "Closed", by=self._row(0), now=self.now)
        days.closed.add(on)
        self._accept()

    def _accept(self) -> None:
        self.session.flush()
        for number in (0, 1):
            viewer = viewer_of(self.session, self._row(number))
            changes = changes_of.pending(self.session, viewer, self.now)
            deadline_changes.accept(self.session, changes, by=self._row(number), now=self.now)
        for promise in self.promises.values():
            if promise.state != "open" or promise.due < self.now:
                continue
            limit = self._limit(promise.kind, promise.days.on(promise.day0)) + promise.extra
            length = promise.length if promise.resumed else limit
            due = promise.days.due(promise.resumed or promise.day0, length)
            if due != promise.due and due >= self.now:
                promise.due, promise.length = due, length
                promise.anew()

    def leave(self) -> None:
        who = self.people[self.chance.choice(self.ids)]
        first = who.day_of(self.now) + timedelta(days=self.chance.randrange(0, 8))
        last = first + timedelta(days=self.chance.randrange(0, 12))
        if any(one <= last and first <= two for one, two in who.away.values()):
            return
        row = leaves.add(self.session, self.session.get_one(Person, who.id), first, last, by=self._row(0), now=self.now)
        who.away[row.id] = (first, last)

    def back(self) -> None:
        """Somebody is back early, or does not go away after all."""
        gone = [(who, key) for who in self.people.values() for key, (_, last) in who.away.items()
                if last >= who.day_of(self.now)]  # fmt: skip
        if not gone:
            return
        who, key = self.chance.choice(gone)
        person = self.session.get_one(Person, who.id)
        row = self.session.get_one(Leave, key)
        leaves.end(self.session, person, row, by=self._row(0), now=self.now)
        first, today = who.away[key][0], who.day_of(self.now)
        if first < today:
            who.away[key] = (first, today - timedelta(days=1))
        else:
            del who.away[key]

    def limit(self) -> None:
        kind = self.chance.choice(KINDS)
        by, count = self._row(0), self.chance.randrange(1, 8)
        on = self.people[by.id].day_of(self.now)
        plan_limits.change(self.session, self.requisitions[0].plan, DeadlineKind(kind), count, on, by=by, now=self.now)
        self.limits[kind] = [each for each in self.limits[kind] if each[0] < on] + [(on, count)]
        self._accept()

    def reassign(self) -> None:
        requisition = self.chance.choice(self.requisitions)
        requisition.recruiter = self._row(self.chance.choice((0, 1)))
        requisition.hiring_manager = self._row(self.chance.choice((2, 3)))
        self.session.flush()
        deadlines.reassign(self.session, requisition, now=self.now)
        for number, promise in self.promises.items():
            row = self.session.get_one(Deadline, number)
            if row.requisition_id == requisition.id and promise.state in ("open", "paused"):
                owner = self.session.get_one(Person, row.owner_id)
                promise.people = self._parts(promise.kind, requisition, owner)
                promise.anew()


def live(app: Flask, seed: int, events: int, most: int | None = None) -> int:
    """Live through a year of a seed on the application's empty database; return how many nudges were raised.

    ``events`` happen in it; with ``most`` it ends after so many of them.

    Raises Difference.
    """
    with app.app_context(), Session(db.engine) as session:
        year = Story(session, seed)
        for _ in range(most or events):
            hours = year.chance.randrange(1, 2 * 365 * 24 // events)
            until = year.now + timedelta(hours=hours, minutes=year.chance.randrange(60))
            year.pass_by(until, asleep=year.chance.random() < 0.15)
            year.happen()
        return year.raised
