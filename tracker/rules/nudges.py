"""Nudges: when each step of a deadline's ladder reaches one receiver, and what the next one is.

Steps are counted in business mornings of the requisition's calendar, each 09:00 in the receiver's own zone (section 4):
roles begin to be told, and the chase ends, on the same count for everybody. They reach a receiver on business mornings
of his or her own calendar, which is that of the own region, or the requisition's where none is set:

* The morning it is due is the receiver's last own business morning before the due moment.
* An earlier warning that falls on no own business morning comes on the last one before it.
* What is overdue comes on the next own business morning, which then says the latest of what has come together.
* A step at an hour of its own (after the interview, at once) waits for the next own business morning where it falls on
  a holiday of the receiver. A weekend is no holiday: an interview held on a Saturday is asked about on that Saturday.

So nobody gets two steps of one deadline in one moment: the later one counts.

Whoever is away gets none. What was overdue meanwhile is said on the first own business morning after the return. For
the first step that is withheld a stand-in is told, on that step's moment in the stand-in's own mornings, once for each
absence: the recruiter, or the hiring manager or a recruiting lead where it is the recruiter who is away. Where the
stand-in has a step of the same deadline in that moment anyway, that one says it.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby, islice

from tracker.rules.business_days import previous_business_day
from tracker.rules.deadlines import Calendar
from tracker.rules.ladders import Ladder, Role
from tracker.rules.mornings import AFTER, AT_ONCE, OVERDUE, Absence, Case, Mornings, Receiver, Step
from tracker.rules.zones import NaiveMoment, local, local_date, moment_of

GAVE_UP, AWAY, THE_DAY = "gave_up", "away", "day"
DAY_BEFORE, HOUR_BEFORE = "day-before", "hour-before"
# What comes late, after a standstill, is left to the next one that says the same within this time.
SOON = timedelta(hours=2)
_STAND_INS = (Role.RECRUITER, Role.HIRING_MANAGER, Role.RECRUITING_LEAD)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class PlannedNudge:
    """One step for one receiver, its moment (UTC), and the first of the receiver's roles that hears of it."""

    step_key: str
    at: datetime
    role: Role


def next_nudge(case: Case, person_id: int, *, after: datetime, done: Set[str] = frozenset()) -> PlannedNudge | None:
    """Return the first step for a receiver strictly after ``after`` that is not among ``done``.

    ``done`` are the keys of the steps that were raised for him or her. None if there is no more.
    """
    return next(_climb(case, person_id, after, done), None)


def latest_due(
    case: Case, person_id: int, *, after: datetime, now: datetime, done: Set[str] = frozenset()
) -> PlannedNudge | None:
    """Return the latest step in (``after``, ``now``]: after a standstill only that one still says something true.

    None on a holiday of the receiver and while he or she is away: what was missed is not made up for then. Nor is what
    a morning should have said at night, in the evening or on a weekend: the next morning says what is true then. Nor is
    what should have come after an interview, and is that late, where the next step is due so soon: it says the same.
    """
    receiver, latest, coming = case.receivers[person_id], None, None
    if receiver.is_off(local_date(now, receiver.zone)):
        return None
    for planned in _climb(case, person_id, after, done):
        if planned.at > now:
            coming = planned
            break
        latest = planned
    if latest is not None and coming is not None and _is_said_again_soon(latest, coming, now):
        return None
    if latest is not None and receiver.is_morning(latest.at) and not receiver.is_at_work(now):
        return None
    return latest


def _is_said_again_soon(latest: PlannedNudge, coming: PlannedNudge, now: datetime) -> bool:
    is_late = latest.step_key == AFTER.key and now - latest.at >= SOON
    return is_late and coming.at - now <= SOON and not coming.step_key.startswith(AWAY)


def absent(case: Case, person_id: int, now: datetime) -> list[tuple[int, Absence]]:
    """Return who else is away with a step withheld until now, as (person, absence): a nudge to ``person_id`` says so.

    Until now means that the step has come for whom it is told.
    """
    here = Mornings(case, case.receivers[person_id])
    found = []
    for other, receiver in case.receivers.items():
        for absence in receiver.absences if other != person_id else ():
            is_over = absence.last_on < Mornings(case, receiver).date_of(now)
            if not is_over and any(_has_come(here, step, now) for step in _withheld(case, receiver, absence)):
                found.append((other, absence))
    return found


def away_key(absence: Absence) -> str:
    """Return the key of the step by which somebody is told of an absence."""
    return f"{AWAY}+{absence.key}"


def reminders(
    starts_at: datetime, sent_at: datetime, receiver_zone: str, calendar: Calendar | None = None
) -> list[tuple[str, datetime]]:
    """Return the reminders of an interview as (key, UTC moment): the day before at the same hour, and 1 hour before.

    "The same hour" is the receiver's; on most days that is 24 hours before. For somebody who works here, by the own
    ``calendar``, it is the last business day before: of a Monday's interview he or she hears on Friday. Those that
    would lie before ``sent_at``, when the invitation went out, are left out.
    """
    start = local(starts_at, receiver_zone)
    on = start.date() - _DAY
    if calendar is not None:
        on = previous_business_day(start.date(), calendar.closed, calendar.weekend)
    day_before = moment_of(on, start.time(), receiver_zone)
    planned = [(DAY_BEFORE, day_before), (HOUR_BEFORE, starts_at - _HOUR)]
    return [(key, at) for key, at in planned if at > sent_at]


def says_nothing_new(step: str, starts_at: datetime, now: datetime) -> bool:
    """Whether a reminder of the day before comes so late that the one of the hour before follows within two hours."""
    return step == DAY_BEFORE and starts_at - _HOUR - now <= SOON


def _climb(case: Case, person_id: int, after: datetime, done: Set[str]) -> Iterator[PlannedNudge]:
    """Yield the steps strictly after a moment in order of time, one for each moment, without those that are done."""
    if after.utcoffset() is None:
        raise NaiveMoment(f"{after!r} has no zone: pass an aware moment")
    receiver = case.receivers[person_id]
    # Where several come in one moment the last of them counts, so that the order of these is one of urgency.
    steps = merge(
        _of_others(case, person_id, after, done),
        sorted(_until_due(case, receiver), key=_when),
        (PlannedNudge(step.key, at, role) for at, step, role in _overdue(Mornings(case, receiver), after, done)),
        key=_when,
    )
    for at, together in groupby(steps, key=_when):
        *_, last = together
        if at > after and last.step_key not in done:
            yield last


def _when(planned: PlannedNudge) -> datetime:
    return planned.at


def _until_due(case: Case, receiver: Receiver) -> Iterator[PlannedNudge]:
    """Yield the steps that have no overdue morning, in the order of the ladder."""
    mornings = Mornings(case, receiver)
    for step, role in _steps_until_due(case.ladder, receiver):
        at = mornings.moment(step)
        if at is None:
            continue
        on = mornings.date_of(at)
        if receiver.away(on) is None:
            yield PlannedNudge(step.key, at, role)
        elif step == OVERDUE:
            yield PlannedNudge(step.key, mornings.at(mornings.next_on(on)), role)


def _steps_until_due(ladder: Ladder, receiver: Receiver) -> Iterator[tuple[Step, Role]]:
    told = [(AFTER, ladder.after)]
    told += [(Step(f"T-{n}d" if n else THE_DAY, -n), ladder.before[n]) for n in sorted(ladder.before, reverse=True)]
    told += [(OVERDUE, ladder.at_once)]
    for step, roles in told:
        role = next((role for role in receiver.roles if role in roles), None)
        if role:
            yield step, role


def _overdue(
    mornings: Mornings, after: datetime, done: Set[str], *, present: bool = True
) -> Iterator[tuple[datetime, Step, Role]]:
    """Yield the steps of overdue mornings after a moment, with theirs; without an end where the ladder has none.

    ``present`` False counts mornings on which the receiver is away, too.
    """
    ladder, roles = mornings.case.ladder, mornings.receiver.roles
    from_ = {role: ladder.overdue_from[role] for role in roles if role in ladder.overdue_from}
    is_told_of_end = ladder.gave_up_to in roles and not _gave_up_by(done, ladder)
    if not from_ and not is_told_of_end:
        return
    on = max(mornings.until_due, mornings.date_of(after) - _DAY)
    said = mornings.overdue_by(mornings.last_on(on, present=present))
    while True:
        on = mornings.next_on(on, present=present)
        number, at = mornings.overdue_by(on), mornings.at(on)
        step = _step_on(ladder, from_, number, said, is_told_of_end)
        if at > after and step is not None:
            yield at, *step
        if at > after and ladder.last is not None and number > ladder.last:
            return
        said = number


def _step_on(
    ladder: Ladder, from_: dict[Role, int], number: int, said: int, is_told_of_end: bool
) -> tuple[Step, Role] | None:
    """Return what an own morning says when ``number`` overdue mornings passed, and ``said`` by the own one before."""
    if ladder.last is not None and number > ladder.last and is_told_of_end and ladder.gave_up_to:
        return Step(f"{GAVE_UP}+{ladder.last}", number), ladder.gave_up_to
    number = number if ladder.last is None else min(number, ladder.last)
    told = [role for role, first in from_.items() if first <= number]
    return (Step(f"overdue+{number}", number), told[0]) if told and number > said else None


def _gave_up_by(done: Set[str], ladder: Ladder) -> bool:
    """Whether its end was told already; of an end that was put off since, it will be told once more."""
    ends = [int(key.partition("+")[2]) for key in done if key.startswith(GAVE_UP)]
    return ladder.last is None or any(end >= ladder.last for end in ends)


def _withheld(case: Case, receiver: Receiver, absence: Absence) -> Iterator[Step]:
    """Yield the steps that somebody does not get because of an absence, in order of time."""
    mornings = Mornings(case, receiver)
    for step, _ in _steps_until_due(case.ladder, receiver):
        at = mornings.moment(step)
        if at is not None and absence.first_on <= mornings.date_of(at) <= absence.last_on:
            yield step
    before = mornings.at(absence.first_on) - AT_ONCE
    for at, step, _ in _overdue(mornings, before, frozenset(), present=False):
        if mornings.date_of(at) > absence.last_on:
            return
        yield step


def _of_others(case: Case, person_id: int, after: datetime, done: Set[str]) -> list[PlannedNudge]:
    """Return the steps by which somebody is told that others are away, one for each absence not told yet."""
    found: list[PlannedNudge] = []
    for other, receiver in case.receivers.items():
        for absence in receiver.absences:
            if other != person_id and away_key(absence) not in done:
                told = (_told_instead(case, other, step) for step in _withheld(case, receiver, absence))
                mine = (each for each in told if each and each[0] == person_id and each[1] > after)
                found += [PlannedNudge(away_key(absence), at, role) for _, at, role in islice(mine, 1)]
    return sorted(found, key=_when)


def _told_instead(case: Case, absent_id: int, step: Step) -> tuple[int, datetime, Role] | None:
    """Return who is told instead of somebody who is away, when, and why he or she; None where nobody is here."""
    for role in _STAND_INS:
        for person_id, receiver in case.receivers.items():
            if role in receiver.roles and person_id != absent_id:
                mornings = Mornings(case, receiver)
                at = mornings.moment(step)
                if at is not None and receiver.away(mornings.date_of(at)) is None:
                    return person_id, at, role
    return None


def _has_come(mornings: Mornings, step: Step, now: datetime) -> bool:
    at = mornings.moment(step)
    return at is not None and at <= now
