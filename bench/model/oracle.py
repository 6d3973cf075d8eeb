"""Which nudges must exist, worked out by brute force from the table in section 4 of the process: walks over days, and
nothing of the tracker's rules. Slow, plain, and its own.

Steps are told in order of time. In one moment the later of these counts: of somebody away, before it is due, overdue.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench.model.days import DAY, Days, Somebody, wall

NINE, SIX = time(9), time(18)
# Who is told so many business mornings before the due moment; from which overdue morning on; at once.
BEFORE = {"promise": {2: "r", 1: "rh", 0: "rh"}, "scorecard": {0: "i"}}
OVERDUE = {"promise": {"r": 1, "h": 1, "l": 1}, "scorecard": {"i": 1, "r": 2, "h": 3}}
AT_ONCE = {"promise": "rhl"}
LAST = {"scorecard": 10}
OTHERS_BEFORE, OTHERS_OVERDUE = {0: "o"}, {"o": 1, "r": 2}


@dataclass
class Promise:
    """One deadline of any kind. ``people`` are those with a part: letter of the role (o, i, r, h, l) and who."""

    kind: str
    days: Days
    due: datetime
    people: list[tuple[str, Somebody]]
    day0: datetime
    length: int
    ends: datetime | None = None
    state: str = "open"
    resumed: datetime | None = None
    paused: datetime | None = None
    kept: int = 0
    extra: int = 0
    done: dict[int, set[str]] = field(default_factory=dict)

    @property
    def last(self) -> int | None:
        return LAST.get(self.kind)

    def roles(self, who: Somebody) -> str:
        return "".join(role for role, each in self.people if each is who)

    def receivers(self) -> list[Somebody]:
        return list({each.id: each for _, each in self.people}.values())

    def anew(self) -> None:
        """A new revision: nothing of it was said."""
        self.done = {}


Told = tuple[datetime, str]
# A step: its key, and its morning (0 and less before it is due); None at an hour of its own.
Step = tuple[str, int | None]


class View:
    """A deadline as one receiver's mornings see it."""

    def __init__(self, deadline: Promise, who: Somebody) -> None:
        self.deadline, self.who, self.own = deadline, who, who.own or deadline.days
        due_on = who.day_of(deadline.due)
        nine = self.nine(due_on)
        self.before = due_on if nine < deadline.due else due_on - DAY
        self.until = due_on if nine <= deadline.due else due_on - DAY

    def nine(self, on: date) -> datetime:
        return wall(on, NINE, self.who.zone)

    def overdue_by(self, on: date) -> int:
        return self.deadline.days.count(self.until, on) if on > self.until else 0

    def off_holiday(self, at: datetime) -> datetime:
        on = self.who.day_of(at)
        return self.nine(self.own.or_next(on + DAY)) if on in self.own.closed else at

    def moment(self, step: Step) -> datetime | None:
        key, morning = step
        deadline = self.deadline
        if key == "after":
            return self.off_holiday(deadline.ends + timedelta(hours=1)) if deadline.ends else None
        if morning is None:
            return self.off_holiday(deadline.due + timedelta(seconds=1))
        if morning > 0:
            return self.nine(self.own.or_next(deadline.days.walk(self.until, morning)))
        if morning == 0:
            at = self.nine(self.own.or_last(self.before))
        else:
            laid = deadline.days.walk(deadline.days.or_last(self.before), -morning, -1)
            at = self.nine(self.own.or_last(laid))
        return None if deadline.ends and at <= deadline.ends else at

    def early_steps(self) -> list[Step]:
        """The steps of the own roles without an overdue morning."""
        deadline, roles = self.deadline, set(self.deadline.roles(self.who))
        found: list[Step] = [("after", None)] if deadline.kind == "scorecard" and "i" in roles else []
        before = BEFORE.get(deadline.kind, OTHERS_BEFORE)
        found += [(f"T-{n}d" if n else "day", -n) for n in (2, 1, 0) if set(before.get(n, "")) & roles]
        return found + ([("overdue", None)] if set(AT_ONCE.get(deadline.kind, "")) & roles else [])

    def late_step(self, on: date, said: int, done: set[str]) -> Step | None:
        """What the morning of a date says of what is overdue, where the one before counted ``said`` of them."""
        deadline, roles, number = self.deadline, self.deadline.roles(self.who), self.overdue_by(on)
        last = deadline.last
        if last is not None and number > last:
            if "r" in roles and f"gave_up+{last}" not in done:
                return f"gave_up+{last}", number
            number = last
        first = [n for role, n in OVERDUE.get(deadline.kind, OTHERS_OVERDUE).items() if role in roles]
        return (f"overdue+{number}", number) if number > said and first and min(first) <= number else None

    def mornings(self, first: date, last: date, present: bool) -> list[date]:
        days = (first + DAY * n for n in range((last - first).days + 1))
        return [on for on in days if self.own.works(on) and not (present and self.who.is_away(on))]

    def said_before(self, on: date, present: bool) -> int:
        while True:
            on -= DAY
            if on <= self.until:
                return 0
            if self.own.works(on) and not (present and self.who.is_away(on)):
                return self.overdue_by(on)

    def withheld(self, first: date, last: date) -> list[Step]:
        """The steps that an absence keeps from this receiver, in order of time."""
        moments = [(step, self.moment(step)) for step in self.early_steps()]
        found = [step for step, at in moments if at and first <= self.who.day_of(at) <= last]
        for on in self.mornings(max(first, self.until + DAY), last, present=False):
            step = self.late_step(on, self.said_before(on, present=False), set())
            if step:
                found.append(step)
            if self.deadline.last is not None and self.overdue_by(on) > self.deadline.last:
                break
        return found


def stand_in(deadline: Promise, absent: Somebody, step: Step) -> tuple[Somebody, datetime] | None:
    for role in "rhl":
        for each, who in deadline.people:
            if each == role and who is not absent:
                at = View(deadline, who).moment(step)
                if at and not who.is_away(who.day_of(at)):
                    return who, at
    return None


def of_absences(deadline: Promise, who: Somebody, after: datetime, done: set[str]) -> list[Told]:
    found = []
    for other in deadline.receivers():
        for key, (first, last) in other.away.items():
            if other is who or f"away+{key}" in done:
                continue
            for step in View(deadline, other).withheld(first, last):
                told = stand_in(deadline, other, step)
                if told and told[0] is who and told[1] > after:
                    found.append((told[1], f"away+{key}"))
                    break
    return found


def following(deadline: Promise, who: Somebody, after: datetime, until: datetime, done: set[str]) -> Told | None:
    """The first step for somebody after one moment, up to and with another; None where there is none."""
    view = View(deadline, who)
    found: list[tuple[datetime, int, str]] = [(at, 0, key) for at, key in of_absences(deadline, who, after, done)]
    for number, step in enumerate(view.early_steps(), 1):
        at = view.moment(step)
        if at and who.is_away(who.day_of(at)):
            at = _next_morning(view, at) if step[0] == "overdue" else None
        if at:
            found.append((at, number, step[0]))
    first = max(view.until + DAY, who.day_of(after) - DAY)
    for on in view.mornings(first, who.day_of(until) + DAY, present=True):
        late = view.late_step(on, view.said_before(on, present=True), done)
        if late:
            found.append((view.nine(on), 9, late[0]))
    by_moment: dict[datetime, tuple[int, str]] = {}
    for at, rank, key in sorted(found):
        if after < at <= until:
            by_moment[at] = max(by_moment.get(at, (0, "")), (rank, key))
    return next(((at, key) for at, (_, key) in sorted(by_moment.items()) if key not in done), None)


def _next_morning(view: View, at: datetime) -> datetime:
    on = view.who.day_of(at) + DAY
    while not view.own.works(on) or view.who.is_away(on):
        on += DAY
    return view.nine(on)


def note(deadline: Promise, who: Somebody, key: str, now: datetime) -> None:
    """A nudge was told: with it, who is away meanwhile."""
    done = deadline.done.setdefault(who.id, set())
    done.add(key)
    for other in deadline.receivers():
        for number, (first, last) in other.away.items():
            if other is who or last < other.day_of(now):
                continue
            moments = [View(deadline, who).moment(step) for step in View(deadline, other).withheld(first, last)]
            if any(at and at <= now for at in moments):
                done.add(f"away+{number}")


def is_off(deadline: Promise, who: Somebody, now: datetime) -> bool:
    on = who.day_of(now)
    return on in (who.own or deadline.days).closed or who.is_away(on)


def is_too_late(deadline: Promise, who: Somebody, at: datetime, now: datetime) -> bool:
    """Whether what a morning should have said cannot be made up for now: not in somebody's hours of work."""
    days, then, here = who.own or deadline.days, at.astimezone(ZoneInfo(who.zone)), now.astimezone(ZoneInfo(who.zone))
    was_morning = then.time() == NINE and days.works(then.date())
    return was_morning and not (days.works(here.date()) and NINE <= here.time() < SIX)


def is_said_again_soon(deadline: Promise, who: Somebody, told: Told, now: datetime, done: set[str]) -> bool:
    """Whether the hour after an interview is long gone, and a step that asks for the same is at the door."""
    (at, key), two_hours = told, timedelta(hours=2)
    if key != "after" or at > now - two_hours:
        return False
    following_now = following(deadline, who, now, now + two_hours, done)
    return following_now is not None and not following_now[1].startswith("away")


def awake(deadlines: dict[int, Promise], since: datetime, until: datetime) -> list[tuple[datetime, int, int, str]]:
    """What a worker that never sleeps raises after one moment, up to and with another.

    Each as (moment, deadline, person, key).
    """
    found = []
    for number, deadline in deadlines.items():
        for who in deadline.receivers() if deadline.state == "open" else ():
            after = since
            while step := following(deadline, who, after, until, deadline.done.get(who.id, set())):
                after = step[0]
                if not is_off(deadline, who, after):
                    found.append((after, number, who.id, step[1]))
                    note(deadline, who, step[1], after)
    return found


def woken(deadlines: dict[int, Promise], since: datetime, now: datetime) -> list[tuple[datetime, int, int, str]]:
    """What a worker raises that slept from one moment to another: of each the latest, where it may be said now."""
    found = []
    for number, deadline in deadlines.items():
        for who in deadline.receivers() if deadline.state == "open" else ():
            done, after, latest = set(deadline.done.get(who.id, set())), since, None
            while step := following(deadline, who, after, now, done):
                latest, after = step, step[0]
                done |= {step[1]} if step[1].startswith("away") else set()
            is_repeated = latest and is_said_again_soon(deadline, who, latest, now, done)
            if latest and not (is_repeated or is_off(deadline, who, now) or is_too_late(deadline, who, latest[0], now)):
                found.append((now, number, who.id, latest[1]))
                note(deadline, who, latest[1], now)
    return found
