"""What counts about one person who may interview: qualified for what, busy when, and how much already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.rules.busy_times import Span
from tracker.rules.words import counted, listed
from tracker.rules.working_hours import Hours
from tracker.rules.zones import day_words, local, local_date

Busy = tuple[datetime, datetime, str]


@dataclass(frozen=True)
class PersonFacts:
    """What counts about one person who may interview.

    ``qualified`` holds competency ids, for the kind of interview that is looked at. ``busy`` holds (start, end, what
    for); it and the loads, counted in interviews by the person's own ISO week (year, week) and date, leave out the loop
    (or the one interview) that is looked at. ``meetings`` are those of the person's own calendars on other servers:
    they advise and do not bind, since what is known of them can be old, and a meeting can be moved.
    ``reads_others``: he or she holds none of these interviews and may have read what others wrote. ``has_sat_in``: he
    or she sat in one of them to learn, which has begun; nobody is twice in a loop.
    """

    person_id: int
    name: str
    qualified: frozenset[int] = frozenset()
    is_bar_raiser: bool = False
    on_hiring_team: bool = False
    is_candidate: bool = False
    reads_others: bool = False
    has_sat_in: bool = False
    busy: tuple[Busy, ...] = ()
    meetings: tuple[Span, ...] = ()
    week_load: Mapping[tuple[int, int], int] = field(default_factory=dict)
    day_load: Mapping[date, int] = field(default_factory=dict)
    weekly_cap: int = 5
    daily_cap: int = 2
    zone: str = "UTC"
    hours: Hours = field(default_factory=dict)

    @property
    def raises_the_bar(self) -> bool:
        """Whether he or she counts as the bar raiser of this loop: qualified as one, from outside the hiring team."""
        return self.is_bar_raiser and not self.on_hiring_team

    @property
    def is_kept_out(self) -> bool:
        """Whether he or she cannot lead any interview of this loop; see ``kept_out_words``."""
        return self.is_candidate or self.reads_others or self.has_sat_in


def kept_out_words(person: PersonFacts) -> Iterator[str]:
    """Yield what about this application keeps a person from leading any interview of its loop, in sentences."""
    if person.is_candidate:
        yield f"{person.name} is the candidate and cannot interview here."
    if person.reads_others:
        # The blind rule, the other way round (the process, section 5): nobody evaluates who may have read others first.
        yield f"{person.name} may have read what others wrote already, and cannot join this loop any more."
    if person.has_sat_in:
        yield f"{person.name} sat in an interview of this loop to learn: nobody is twice in a loop."


def overlap(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> bool:
    """Whether two times share a moment; one that begins as the other ends does not."""
    return start < other_end and other_start < end


def clash(person: PersonFacts, starts_at: datetime | None, ends_at: datetime | None) -> str | None:
    """Return what the person is busy with between the moments; None if free, or if there is no time yet."""
    return named(clashes(person, starts_at, ends_at)) or None


def clashes(person: PersonFacts, starts_at: datetime | None, ends_at: datetime | None) -> tuple[Busy, ...]:
    """Return all that the person is busy with between the moments; nothing if there is no time yet."""
    if starts_at is None or ends_at is None:
        return ()
    return tuple(each for each in person.busy if overlap(each[0], each[1], starts_at, ends_at))


def named(found: Sequence[Busy]) -> str:
    """Return in words what busy times are for."""
    return listed(list(dict.fromkeys(what for _, _, what in found)))


def elsewhere(person: PersonFacts, starts_at: datetime | None, ends_at: datetime | None) -> Span | None:
    """Return the meeting in the person's own calendars between the moments; one that is sure before a tentative one."""
    if starts_at is None or ends_at is None:
        return None
    found = [each for each in person.meetings if overlap(each.starts_at, each.ends_at, starts_at, ends_at)]
    return min(found, key=lambda each: each.is_tentative, default=None)


def week_of(on: date) -> tuple[int, int]:
    """Return the ISO year and week of a date, the key of ``week_load``."""
    iso = on.isocalendar()
    return (iso.year, iso.week)


def week_words(person: PersonFacts, starts_at: datetime) -> str:
    """Return "2 of 5 that week": how much of the cap is taken in the week of a moment, without the loop looked at."""
    held = person.week_load.get(week_of(local_date(starts_at, person.zone)), 0)
    return f"{held} of {person.weekly_cap} that week"


def own_time_words(person: PersonFacts, starts_at: datetime, zone: str) -> str | None:
    """Return "15:00 in Asia/Kolkata" where the person's clocks are of another zone than this one."""
    if person.zone == zone:
        return None
    return f"{local(starts_at, person.zone):%H:%M} in {person.zone.replace('_', ' ')}"


def cap_words(person: PersonFacts, days: Sequence[date]) -> Iterator[str]:
    """Yield a sentence for each cap that interviews on ``days`` (the person's dates) would take the person beyond."""
    return (words for _, words in caps_exceeded(person, days))


def caps_exceeded(person: PersonFacts, days: Sequence[date]) -> Iterator[tuple[date | tuple[int, int], str]]:
    """Yield the date, or the ISO year and week, of each cap that would be exceeded, with the sentence that says so."""
    for on in sorted(set(days)):
        load = person.day_load.get(on, 0) + days.count(on)
        if load > person.daily_cap:
            yield on, _beyond(person.name, load, f"on {day_words(on)}", person.daily_cap)
    weeks = [week_of(on) for on in days]
    for week in sorted(set(weeks)):
        load = person.week_load.get(week, 0) + weeks.count(week)
        if load > person.weekly_cap:
            yield week, _beyond(person.name, load, f"in week {week[1]} of {week[0]}", person.weekly_cap)


def _beyond(name: str, load: int, when: str, cap: int) -> str:
    return f"{name} would have {counted(load, 'interview')} {when}; the cap is {cap}."
