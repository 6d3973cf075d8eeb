"""Nudges to people who are away, or have holidays and weekends of their own."""

from datetime import date
from zoneinfo import ZoneInfo

from tests.rules.climbing import BERLIN, EASTER, LONG_AGO, SCORECARD, at, climbed
from tracker.rules.deadlines import Calendar, DeadlineKind
from tracker.rules.ladders import DEFAULT_LADDERS, Role
from tracker.rules.mornings import Absence, Case, Receiver
from tracker.rules.nudges import absent, next_nudge

# A scorecard of Thursday 2 April is due on Tuesday 7 April. Who is away from Monday the 6th through the 9th misses the
# morning it is due and two overdue ones.
IAN, RITA, HANA, LENA = 1, 2, 3, 4


AWAY = Absence(5, date(2026, 4, 6), date(2026, 4, 9))


def team(*, ian=(), rita=(), hana=(), calendar=EASTER, zones=("America/New_York", BERLIN, BERLIN)):
    return {
        IAN: Receiver((Role.INTERVIEWER,), zones[0], calendar, ian),
        RITA: Receiver((Role.RECRUITER,), zones[1], calendar, rita),
        HANA: Receiver((Role.HIRING_MANAGER,), zones[2], calendar, hana),
    }


def told(receivers, person, count=4, after=LONG_AGO, kind=DeadlineKind.SCORECARD):
    ends_at = SCORECARD["ends_at"] if kind is DeadlineKind.SCORECARD else None
    case = Case(DEFAULT_LADDERS[kind], SCORECARD["due_at"], ends_at, EASTER, receivers)
    zone, found = receivers[person].zone, []
    while len(found) < count and (planned := next_nudge(case, person, after=after, done={key for key, _ in found})):
        after = planned.at
        found.append((planned.step_key, f"{after.astimezone(ZoneInfo(zone)):%a %d %b %H:%M:%S}"))
    return found


def test_who_is_away_gets_none_and_the_next_step_on_return():
    assert told(team(ian=(AWAY,)), IAN, 3) == [
        ("after", "Thu 02 Apr 11:00:00"),
        ("overdue+3", "Fri 10 Apr 09:00:00"),
        ("overdue+4", "Mon 13 Apr 09:00:00"),
    ]


def test_the_recruiter_is_told_instead_once_in_the_morning_of_the_step():
    assert told(team(ian=(AWAY,)), RITA, 3) == [
        ("away+5", "Tue 07 Apr 09:00:00"),
        ("overdue+2", "Thu 09 Apr 09:00:00"),
        ("overdue+3", "Fri 10 Apr 09:00:00"),
    ]
    # The days were entered when the morning it is due was over for the recruiter: the next step that is missed is said.
    assert told(team(ian=(AWAY,)), RITA, 1, after=at("2026-04-07T10:00")) == [("away+5", "Wed 08 Apr 09:00:00")]


def test_the_hiring_manager_is_told_where_the_recruiter_is_away_too():
    both = team(ian=(AWAY,), rita=(Absence(6, date(2026, 4, 7), date(2026, 4, 7)),))
    assert told(both, HANA, 1) == [("away+5", "Tue 07 Apr 09:00:00")]
    assert told(both, RITA, 1) == [("away+5", "Wed 08 Apr 09:00:00")]


def test_who_is_away_when_it_stops_is_told_on_return():
    long = Absence(7, date(2026, 4, 3), date(2026, 5, 1))
    assert told(team(ian=(long,)), IAN, 9)[1:] == [("overdue+10", "Mon 04 May 09:00:00")]
    assert told(team(rita=(long,)), RITA, 9) == [("gave_up+10", "Mon 04 May 09:00:00")]
    # It is Rita's absence that is told to Hana, and of it the first step that Rita would have had.
    assert told(team(rita=(long,)), HANA, 2) == [
        ("away+7", "Thu 09 Apr 09:00:00"),
        ("overdue+3", "Fri 10 Apr 09:00:00"),
    ]


def test_a_promise_that_breaks_while_one_is_away_is_said_on_return():
    both = team(rita=(AWAY,)) | {LENA: Receiver((Role.RECRUITING_LEAD,), BERLIN, EASTER)}
    del both[IAN]
    promise = {"kind": DeadlineKind.PROMISE}
    back = [("overdue+3", "Fri 10 Apr 09:00:00"), ("overdue+4", "Mon 13 Apr 09:00:00")]
    assert told(both, RITA, 4, **promise)[2:] == back
    # Hana hears of it in her own steps; Lena only if Hana were away too.
    assert [key for key, _ in told(both, HANA, 3, **promise)] == ["T-1d", "day", "overdue"]
    assert [key for key, _ in told(both, LENA, 2, **promise)] == ["overdue", "overdue+1"]


def test_a_nudge_says_who_is_away_while_they_are():
    case = Case(DEFAULT_LADDERS[DeadlineKind.SCORECARD], **SCORECARD, calendar=EASTER, receivers=team(ian=(AWAY,)))
    assert absent(case, RITA, at("2026-04-07T08:59")) == []
    assert absent(case, RITA, at("2026-04-07T09:00")) == [(IAN, AWAY)]
    assert absent(case, HANA, at("2026-04-09T23:00")) == [(IAN, AWAY)]
    # Thursday ends six hours later in New York.
    assert absent(case, RITA, at("2026-04-10T05:59")) == [(IAN, AWAY)]
    assert absent(case, RITA, at("2026-04-10T06:00")) == []
    assert absent(case, IAN, at("2026-04-07T09:00")) == []


def test_an_own_holiday_moves_warnings_before_it_and_the_overdue_after_it():
    own = Calendar(BERLIN, frozenset({date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 16)}))
    found = climbed(DeadlineKind.PROMISE, Role.RECRUITER, at("2026-03-12T23:59:59"), 4, own=own)
    assert found == [
        ("T-2d", "Tue 10 Mar 09:00:00"),
        # One before is Wednesday, and so is the last own morning: the later step is the one that counts.
        ("day", "Wed 11 Mar 09:00:00"),
        # It is overdue on Friday, which is a holiday, as is Monday: at once waits, and gives way to what has come.
        ("overdue+3", "Tue 17 Mar 09:00:00"),
        ("overdue+4", "Wed 18 Mar 09:00:00"),
    ]


def test_own_weekends_are_no_mornings():
    friday_and_saturday = Calendar("Asia/Riyadh", weekend=frozenset({4, 5}))
    found = climbed(
        DeadlineKind.DECISION, Role.OWNER, at("2026-03-13T23:59:59"), 3, zone="Asia/Riyadh", own=friday_and_saturday
    )
    assert found == [
        ("day", "Thu 12 Mar 09:00:00"),
        # Sunday is an own business morning, but no overdue morning of the requisition has passed.
        ("overdue+1", "Mon 16 Mar 09:00:00"),
        ("overdue+2", "Tue 17 Mar 09:00:00"),
    ]
