"""The ladders of nudges, against tables written by hand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.climbing import BERLIN, EASTER, LONG_AGO, SCORECARD, at, climbed
from tracker.rules.deadlines import Calendar, DeadlineKind
from tracker.rules.ladders import DEFAULT_LADDERS, Ladder, Role
from tracker.rules.mornings import Case, Receiver
from tracker.rules.nudges import PlannedNudge, latest_due, next_nudge
from tracker.rules.zones import NaiveMoment

# The promise of that loop is due on Tuesday 7 April: Mon, Tue, Wed, Thu, (Easter), Tue.
PROMISE_DUE = at("2026-04-07T23:59:59")
PROMISE_OVERDUE = [
    # One second after the due moment: at it, the promise is not overdue yet.
    ("overdue", "Wed 08 Apr 00:00:00"),
    ("overdue+1", "Wed 08 Apr 09:00:00"),
    ("overdue+2", "Thu 09 Apr 09:00:00"),
    ("overdue+3", "Fri 10 Apr 09:00:00"),
    ("overdue+4", "Mon 13 Apr 09:00:00"),
]


@pytest.mark.parametrize(
    ("role", "before"),
    [
        (
            Role.RECRUITER,
            [("T-2d", "Wed 01 Apr 09:00:00"), ("T-1d", "Thu 02 Apr 09:00:00"), ("day", "Tue 07 Apr 09:00:00")],
        ),
        (Role.HIRING_MANAGER, [("T-1d", "Thu 02 Apr 09:00:00"), ("day", "Tue 07 Apr 09:00:00")]),
        (Role.RECRUITING_LEAD, []),
    ],
)
def test_the_promise(role, before):
    expected = before + PROMISE_OVERDUE
    assert climbed(DeadlineKind.PROMISE, role, PROMISE_DUE, len(expected)) == expected


def test_the_promise_of_an_ordinary_friday_loop():
    due = at("2026-03-13T23:59:59")
    assert climbed(DeadlineKind.PROMISE, Role.RECRUITER, due, 5) == [
        ("T-2d", "Wed 11 Mar 09:00:00"),
        ("T-1d", "Thu 12 Mar 09:00:00"),
        ("day", "Fri 13 Mar 09:00:00"),
        ("overdue", "Sat 14 Mar 00:00:00"),
        ("overdue+1", "Mon 16 Mar 09:00:00"),
    ]


TEN_MORNINGS = ["Wed 08", "Thu 09", "Fri 10", "Mon 13", "Tue 14", "Wed 15", "Thu 16", "Fri 17", "Mon 20", "Tue 21"]


def scorecard_overdue(first):
    return [(f"overdue+{n}", f"{TEN_MORNINGS[n - 1]} Apr 09:00:00") for n in range(first, 11)]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            Role.INTERVIEWER,
            [("after", "Thu 02 Apr 17:00:00"), ("day", "Tue 07 Apr 09:00:00"), *scorecard_overdue(1)],
        ),
        (Role.RECRUITER, [*scorecard_overdue(2), ("gave_up+10", "Wed 22 Apr 09:00:00")]),
        (Role.HIRING_MANAGER, scorecard_overdue(3)),
        (Role.RECRUITING_LEAD, []),
        (Role.OWNER, []),
    ],
)
def test_the_scorecard_ends_after_ten_mornings(role, expected):
    assert climbed(DeadlineKind.SCORECARD, role, **SCORECARD, count=30) == expected


def test_nobody_is_asked_for_a_scorecard_before_the_interview():
    # Due on the day of the interview itself: the morning lies before it.
    found = climbed(
        DeadlineKind.SCORECARD,
        Role.INTERVIEWER,
        at("2026-04-02T23:59:59"),
        2,
        ends_at=at("2026-04-02T16:00"),
    )
    assert found == [("after", "Thu 02 Apr 17:00:00"), ("overdue+1", "Tue 07 Apr 09:00:00")]


@pytest.mark.parametrize(
    "kind", sorted(set(DeadlineKind) - {DeadlineKind.SCORECARD, DeadlineKind.PROMISE}, key=lambda kind: kind.value)
)
def test_the_others(kind):
    due = at("2026-04-02T23:59:59")
    assert climbed(kind, Role.OWNER, due, 4) == [
        ("day", "Thu 02 Apr 09:00:00"),
        ("overdue+1", "Tue 07 Apr 09:00:00"),
        ("overdue+2", "Wed 08 Apr 09:00:00"),
        ("overdue+3", "Thu 09 Apr 09:00:00"),
    ]
    assert climbed(kind, Role.RECRUITER, due, 2) == [
        ("overdue+2", "Wed 08 Apr 09:00:00"),
        ("overdue+3", "Thu 09 Apr 09:00:00"),
    ]
    assert climbed(kind, Role.HIRING_MANAGER, due, 1) == []


@pytest.mark.parametrize(
    ("zone", "calendar", "expected"),
    [
        # 9 in the morning on the west coast, before the day ends in Berlin (15:00 there).
        (
            "America/Los_Angeles",
            EASTER,
            [("day", "Thu 02 Apr 09:00:00"), ("overdue+1", "Tue 07 Apr 09:00:00")],
        ),
        # For somebody in Kiritimati the Thursday of Pago Pago ends on Saturday at 00:59: Friday morning is the last.
        (
            "Pacific/Kiritimati",
            Calendar("Pacific/Pago_Pago"),
            [("day", "Fri 03 Apr 09:00:00"), ("overdue+1", "Mon 06 Apr 09:00:00")],
        ),
        # For somebody in Pago Pago the Thursday of Kiritimati ends on Wednesday at 22:59 of theirs.
        (
            "Pacific/Pago_Pago",
            Calendar("Pacific/Kiritimati"),
            [("day", "Wed 01 Apr 09:00:00"), ("overdue+1", "Thu 02 Apr 09:00:00")],
        ),
    ],
)
def test_mornings_are_the_receivers_own(zone, calendar, expected):
    due = at("2026-04-02T23:59:59", calendar.zone)
    assert climbed(DeadlineKind.DECISION, Role.OWNER, due, 2, zone=zone, calendar=calendar) == expected


@pytest.mark.parametrize(("hour", "overdue"), [("08:00", "Tue 10"), ("09:00", "Wed 11")])
def test_a_due_hour_up_to_nine_is_announced_the_morning_before(hour, overdue):
    """At the due moment itself nothing is overdue yet."""
    found = climbed(DeadlineKind.DECISION, Role.OWNER, at(f"2026-03-10T{hour}"), 2)
    assert found == [("day", "Mon 09 Mar 09:00:00"), ("overdue+1", f"{overdue} Mar 09:00:00")]


def test_a_scorecard_without_an_end_of_its_interview_starts_with_the_morning():
    found = climbed(DeadlineKind.SCORECARD, Role.INTERVIEWER, at("2026-03-10T23:59:59"), 1)
    assert found == [("day", "Tue 10 Mar 09:00:00")]


def test_a_morning_over_the_change_of_clocks_is_nine_on_the_wall():
    found = climbed(DeadlineKind.DECISION, Role.OWNER, at("2026-03-27T23:59:59"), 2)
    assert found == [("day", "Fri 27 Mar 09:00:00"), ("overdue+1", "Mon 30 Mar 09:00:00")]


def test_after_a_standstill_only_the_latest_counts():
    rita = Receiver((Role.RECRUITER,), BERLIN, EASTER)
    case = Case(DEFAULT_LADDERS[DeadlineKind.PROMISE], PROMISE_DUE, None, EASTER, {1: rita})
    found = latest_due(case, 1, after=LONG_AGO, now=at("2026-04-09T10:00"))
    assert found == PlannedNudge("overdue+2", at("2026-04-09T09:00"), Role.RECRUITER)
    assert latest_due(case, 1, after=found.at, now=at("2026-04-09T23:00")) is None
    at_the_minute = latest_due(case, 1, after=found.at, now=at("2026-04-10T09:00"))
    assert at_the_minute == PlannedNudge("overdue+3", at("2026-04-10T09:00"), Role.RECRUITER)


def test_a_naive_moment_is_refused():
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is the point
    with pytest.raises(NaiveMoment):
        climbed(DeadlineKind.PROMISE, Role.RECRUITER, PROMISE_DUE, 1, after=naive)


ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Asia/Kathmandu")


def brute_force_mornings(due_at, zone, closed, days):
    """Every 09:00 of the receiver on a business day within so many days of the due moment."""
    first = due_at.astimezone(ZoneInfo(zone)).date()
    found = []
    for offset in range(-days, days):
        on = first + timedelta(days=offset)
        if on.weekday() < 5 and on not in closed:
            found.append(datetime(on.year, on.month, on.day, 9, tzinfo=ZoneInfo(zone)).astimezone(UTC))
    return found


def brute_force_promise(due_at, zone, closed, own_closed):
    """Every step of the recruiter's ladder by its moment: laid on the requisition's mornings, moved to own ones."""
    laid = brute_force_mornings(due_at, zone, closed, 90)
    own = brute_force_mornings(due_at, zone, own_closed, 150)
    before, overdue = [m for m in laid if m < due_at], [m for m in laid if m > due_at]
    found = {}
    for key, moment in (("T-2d", before[-3]), ("T-1d", before[-2])):
        found[max(m for m in own if m <= moment)] = key
    found[max(m for m in own if m < due_at)] = "day"
    at_once = due_at + timedelta(seconds=1)
    is_holiday = at_once.astimezone(ZoneInfo(zone)).date() in own_closed
    found[min(m for m in own if m > at_once) if is_holiday else at_once] = "overdue"
    for number, moment in enumerate(overdue, 1):
        found[min(m for m in own if m >= moment)] = f"overdue+{number}"
    return found


closed_days = st.frozensets(st.integers(-20, 20), max_size=15)


@given(
    st.integers(0, 700 * 86400).map(lambda seconds: LONG_AGO + timedelta(seconds=seconds)),
    closed_days,
    st.none() | closed_days,
    st.sampled_from(ZONES),
    st.integers(-30 * 24, 30 * 24),
)
def test_the_promise_agrees_with_brute_force(due_at, closed_offsets, own_offsets, zone, after_hours):
    closed = frozenset(due_at.date() + timedelta(days=offset) for offset in closed_offsets)
    own = closed if own_offsets is None else frozenset(due_at.date() + timedelta(days=n) for n in own_offsets)
    steps = brute_force_promise(due_at, zone, closed, own)
    after = due_at + timedelta(hours=after_hours)
    expected = min((moment for moment in steps if moment > after), default=None)
    rita = Receiver((Role.RECRUITER,), zone, Calendar("UTC", own))
    case = Case(DEFAULT_LADDERS[DeadlineKind.PROMISE], due_at, None, Calendar("UTC", closed), {1: rita})
    found = next_nudge(case, 1, after=after)
    assert found == PlannedNudge(steps[expected], expected, Role.RECRUITER)


def test_who_has_several_roles_hears_in_each_of_them():
    """An owner whom the ladder forgets after one step goes on to be told where he or she is the recruiter too."""
    ladder = Ladder(before={0: frozenset({Role.OWNER})}, overdue_from={Role.RECRUITER: 2})
    due = at("2026-03-10T23:59:59")
    assert climbed(ladder, (Role.OWNER, Role.RECRUITER), due, 3) == [
        ("day", "Tue 10 Mar 09:00:00"),
        ("overdue+2", "Thu 12 Mar 09:00:00"),
        ("overdue+3", "Fri 13 Mar 09:00:00"),
    ]
    assert climbed(ladder, Role.OWNER, due, 3) == [("day", "Tue 10 Mar 09:00:00")]


def test_a_ladder_that_ends_earlier_than_it_has_got_says_so_on_the_next_morning():
    ladder = Ladder(overdue_from={Role.OWNER: 1}, last=3, gave_up_to=Role.RECRUITER)
    due, late = at("2026-03-10T23:59:59"), at("2026-03-20T12:00")
    assert climbed(ladder, Role.RECRUITER, due, 3, after=late) == [("gave_up+3", "Mon 23 Mar 09:00:00")]
    assert climbed(ladder, Role.OWNER, due, 3, after=late) == []


@pytest.mark.parametrize(("told", "again"), [(3, []), (5, []), (2, ["gave_up+3"])])
def test_the_end_is_told_once(told, again):
    ladder = Ladder(overdue_from={Role.OWNER: 1}, last=3, gave_up_to=Role.RECRUITER)
    rita = Receiver((Role.RECRUITER,), BERLIN, EASTER)
    case = Case(ladder, at("2026-03-10T23:59:59"), None, EASTER, {1: rita})
    found = next_nudge(case, 1, after=at("2026-03-12T12:00"), done={f"gave_up+{told}"})
    assert [found.step_key for found in [found] if found] == again
