"""Due moments and how they stand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.business_days import first_business_day
from tracker.rules.clock_checks import IllegalPause, check_pause, check_resume
from tracker.rules.deadlines import (
    DEFAULT_LIMITS,
    HANGS_ON_INTERVIEW,
    Calendar,
    DeadlineKind,
    DeadlineState,
    StandingState,
    business_calendar,
    days_kept,
    due_at,
    met_state,
    resumed_due_at,
    sort_key,
    standing,
)

BERLIN = Calendar("Europe/Berlin", frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1)}))
ZONES = ("UTC", "Europe/Berlin", "America/Santiago", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Beirut")


def berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


def stands(due, now, state=DeadlineState.OPEN, **more):
    return standing(state, berlin(due), berlin(now), BERLIN, **more)


def test_limits_are_those_of_the_process():
    assert [DEFAULT_LIMITS[kind] for kind in DeadlineKind] == [5, 2, 5, 1, 2, 3, 5]
    assert {DeadlineKind.SCORECARD} == HANGS_ON_INTERVIEW
    assert DeadlineKind.PHONE_SCREEN_OUTCOME.label == "Phone screen outcome"


@pytest.mark.parametrize(
    ("day0", "days", "due"),
    [
        ("2026-03-06T16:00", 5, "2026-03-13T23:59:59"),  # Friday: the next Friday
        ("2026-03-23T16:00", 5, "2026-03-30T23:59:59"),  # over the start of summer time
        ("2026-04-01T16:00", 5, "2026-04-10T23:59:59"),  # over Easter: Thu, Tue, Wed, Thu, Fri
        ("2026-05-01T16:00", 1, "2026-05-04T23:59:59"),  # ends on a holiday: Monday is day 1
        ("2026-05-02T00:30", 5, "2026-05-08T23:59:59"),  # ends on a Saturday
        ("2026-12-28T16:00", 5, "2027-01-04T23:59:59"),
        ("2028-02-28T16:00", 1, "2028-02-29T23:59:59"),
        ("2026-03-06T16:00", 0, "2026-03-06T23:59:59"),
        ("2026-03-07T16:00", 0, "2026-03-09T23:59:59"),  # due the same day, but that is a Saturday
    ],
)
def test_due_moments(day0, days, due):
    found = due_at(berlin(day0), days, BERLIN)
    assert found == berlin(due)
    assert found.tzinfo is UTC


def test_day_0_is_the_date_on_the_wall_of_the_requisition():
    ended = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)  # 2 June in Kiritimati, 31 May (a Sunday) in Pago Pago
    kiritimati = due_at(ended, 1, Calendar("Pacific/Kiritimati"))
    assert kiritimati == datetime(2026, 6, 3, 23, 59, 59, tzinfo=ZoneInfo("Pacific/Kiritimati"))
    pago_pago = due_at(ended, 1, Calendar("Pacific/Pago_Pago"))
    assert pago_pago == datetime(2026, 6, 1, 23, 59, 59, tzinfo=ZoneInfo("Pacific/Pago_Pago"))


def test_a_day_that_never_was_is_no_business_day():
    ended = datetime(2011, 12, 28, 12, tzinfo=ZoneInfo("Pacific/Apia"))
    samoa = business_calendar("Pacific/Apia", [date(2011, 12, 26), date(2012, 1, 2)])
    # Thursday the 29th, then Saturday the 31st: there was no Friday. Monday is a holiday.
    assert due_at(ended, 2, samoa) == datetime(2012, 1, 3, 23, 59, 59, tzinfo=ZoneInfo("Pacific/Apia"))
    assert business_calendar("Europe/Berlin", []) == Calendar("Europe/Berlin")


def test_the_end_of_a_day_that_comes_twice_is_the_later_one():
    saturdays_too = Calendar("America/Santiago", weekend=frozenset({6}))
    ended = datetime(2026, 4, 3, 16, tzinfo=ZoneInfo("America/Santiago"))
    assert due_at(ended, 1, saturdays_too) == datetime(2026, 4, 5, 3, 59, 59, tzinfo=UTC)


def test_a_due_hour_that_is_skipped_is_the_first_moment_after():
    sundays_too = Calendar("Europe/Berlin", weekend=frozenset())
    assert due_at(berlin("2026-03-28T16:00"), 1, sundays_too, time(2, 30)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_due_the_same_day_after_the_due_hour_is_the_next_business_day():
    assert due_at(berlin("2026-03-06T18:00"), 0, BERLIN, time(17)) == berlin("2026-03-09T17:00")


@given(
    st.integers(1_577_836_800, 2_082_758_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(0, 30),
    st.sampled_from(ZONES),
    st.sampled_from([time(23, 59, 59), time(17), time(0), time(2, 30)]),
    st.frozensets(st.dates(date(2020, 1, 1), date(2036, 6, 1)), max_size=30),
)
def test_a_due_moment_lies_ahead_on_a_business_day(day0_at, days, zone, due_time, closed):
    calendar = Calendar(zone, closed)
    due = due_at(day0_at, days, calendar, due_time)
    on = due.astimezone(ZoneInfo(zone)).date()
    assert due > day0_at
    assert on.weekday() < 5
    assert on not in closed
    counted = calendar.days_between(day0_at.astimezone(ZoneInfo(zone)).date(), on)
    assert counted == days or (days == 0 and counted == 1)


@pytest.mark.parametrize(
    ("now", "state", "words", "left"),
    [
        ("2026-03-06T18:00", StandingState.ON_TRACK, "5 business days left", 5),
        ("2026-03-08T18:00", StandingState.ON_TRACK, "5 business days left", 5),
        ("2026-03-11T18:00", StandingState.ON_TRACK, "2 business days left", 2),
        ("2026-03-12T00:00", StandingState.DUE_SOON, "due tomorrow", 1),
        ("2026-03-13T00:00", StandingState.DUE_TODAY, "24 h left today", 0),
        ("2026-03-13T19:00", StandingState.DUE_TODAY, "5 h left today", 0),
        ("2026-03-13T23:00", StandingState.DUE_TODAY, "1 h left today", 0),
        ("2026-03-13T23:20", StandingState.DUE_TODAY, "40 min left", 0),
        ("2026-03-13T23:59:59", StandingState.DUE_TODAY, "1 min left", 0),
        ("2026-03-14T00:00", StandingState.OVERDUE, "overdue since 23:59 on Fri 13 Mar 2026", 0),
        ("2026-03-15T12:00", StandingState.OVERDUE, "overdue since 23:59 on Fri 13 Mar 2026", 0),
        ("2026-03-16T00:00", StandingState.OVERDUE, "overdue by 1 business day", -1),
        ("2026-03-17T12:00", StandingState.OVERDUE, "overdue by 2 business days", -2),
    ],
)
def test_how_an_open_deadline_stands(now, state, words, left):
    found = stands("2026-03-13T23:59:59", now)
    assert (found.state, found.words, found.business_days_left) == (state, words, left)
    assert found.zone == "Europe/Berlin"
    assert found.due_at == berlin("2026-03-13T23:59:59")


@pytest.mark.parametrize(
    ("due", "now", "words"),
    [
        ("2026-03-09T17:00", "2026-03-06T18:00", "due on Monday"),
        ("2026-04-07T17:00", "2026-04-02T18:00", "due on Tuesday"),  # over Easter
        ("2026-03-13T09:10", "2026-03-13T11:00", "overdue since 09:10 today"),
        ("2026-03-14T17:00", "2026-03-13T11:00", "due tomorrow"),  # a day that was closed afterwards
    ],
)
def test_words_across_closed_days(due, now, words):
    assert stands(due, now).words == words


@pytest.mark.parametrize(("due_on", "words"), [(9, "due on Friday"), (10, "due on Sat 10 Jan 2026")])
def test_a_weekday_is_named_within_six_days(due_on, words):
    closed = frozenset(date(2026, 1, day) for day in range(4, 10))
    now = datetime(2026, 1, 3, 12, tzinfo=UTC)
    due = datetime(2026, 1, due_on, 12, tzinfo=UTC)
    assert standing(DeadlineState.OPEN, due, now, Calendar("UTC", closed)).words == words


def test_a_long_closure_names_the_date():
    closed = frozenset(date(2026, 12, 24) + timedelta(days=offset) for offset in range(11))
    found = standing(
        DeadlineState.OPEN,
        datetime(2027, 1, 4, 12, tzinfo=UTC),
        datetime(2026, 12, 23, 12, tzinfo=UTC),
        Calendar("UTC", closed),
    )
    assert (found.state, found.words) == (StandingState.DUE_SOON, "due on Mon 4 Jan 2027")


@pytest.mark.parametrize(
    ("state", "closed_at", "words"),
    [
        (DeadlineState.MET, "2026-03-11T12:00", "met with 2 business days left"),
        (DeadlineState.MET, "2026-03-12T12:00", "met with 1 business day left"),
        (DeadlineState.MET, "2026-03-13T12:00", "met"),
        (DeadlineState.MET_LATE, "2026-03-14T12:00", "met late"),
        (DeadlineState.MET_LATE, "2026-03-16T12:00", "met late by 1 business day"),
        (DeadlineState.CANCELLED, "2026-03-11T12:00", "cancelled"),
    ],
)
def test_how_a_closed_deadline_stands_does_not_change(state, closed_at, words):
    for now in ("2026-03-16T12:00", "2027-01-01T12:00"):
        found = stands("2026-03-13T23:59:59", now, state, closed_at=berlin(closed_at))
        assert (found.state, found.words) == (StandingState(state.value), words)


def test_a_paused_deadline_keeps_its_days_however_long():
    found = stands("2026-03-13T23:59:59", "2026-06-01T12:00", DeadlineState.PAUSED, kept=3)
    assert (found.state, found.words, found.business_days_left) == (
        StandingState.PAUSED,
        "paused: 3 business days kept",
        3,
    )
    assert (
        stands("2026-03-13T23:59:59", "2026-03-12T12:00", DeadlineState.PAUSED).words == "paused: 1 business day kept"
    )


@pytest.mark.parametrize(
    ("paused", "kept", "resumed", "due"),
    [
        ("2026-03-09T12:00", 4, "2026-03-09T15:00", "2026-03-13T23:59:59"),  # the same day: nothing is lost or won
        ("2026-03-09T12:00", 4, "2026-03-10T09:00", "2026-03-16T23:59:59"),
        ("2026-03-09T12:00", 4, "2026-04-01T09:00", "2026-04-09T23:59:59"),  # over Easter
        ("2026-03-13T12:00", 0, "2026-03-17T09:00", "2026-03-17T23:59:59"),
        ("2026-03-13T12:00", 0, "2026-03-21T09:00", "2026-03-23T23:59:59"),  # resumed on a Saturday
    ],
)
def test_pausing_and_resuming(paused, kept, resumed, due):
    assert days_kept(berlin(paused), berlin("2026-03-13T23:59:59"), BERLIN) == kept
    assert resumed_due_at(berlin(resumed), kept, BERLIN) == berlin(due)


def test_resumed_after_the_due_hour_is_due_on_the_next_business_day():
    assert resumed_due_at(berlin("2026-03-13T18:00"), 0, BERLIN, time(17)) == berlin("2026-03-16T17:00")


@given(st.integers(0, 20), st.integers(0, 40), st.integers(0, 23))
def test_a_pause_moves_the_due_moment_by_the_business_days_it_lasts(days, after, hour):
    opened = datetime(2026, 3, 2, 8, tzinfo=UTC)
    calendar = Calendar("UTC", frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
    due = due_at(opened, days, calendar)
    kept = days_kept(opened, due, calendar)
    resumed = opened + timedelta(days=after, hours=hour)
    new_due = resumed_due_at(resumed, kept, calendar)
    if kept:
        lasted = calendar.days_between(opened.date(), resumed.date())
        assert calendar.days_between(due.date(), new_due.date()) == lasted
    else:
        # Due on the day it was paused: due on the day it is resumed, or on the next business day.
        assert new_due.date() == first_business_day(resumed.date(), calendar.closed)


def test_pausing_is_refused_in_words():
    due, before, after = berlin("2026-03-13T17:00"), berlin("2026-03-13T17:00"), berlin("2026-03-13T17:01")
    check_pause(DeadlineState.OPEN, due, before, "the candidate is on holiday")
    with pytest.raises(IllegalPause, match="overdue"):
        check_pause(DeadlineState.OPEN, due, after, "on hold")
    with pytest.raises(IllegalPause, match="Say why") as refused:
        check_pause(DeadlineState.OPEN, due, before, "  ")
    assert refused.value.field == "reason"
    for state in set(DeadlineState) - {DeadlineState.OPEN}:
        with pytest.raises(IllegalPause, match="only an open one"):
            check_pause(state, due, before, "on hold")


def test_only_a_paused_deadline_is_resumed():
    check_resume(DeadlineState.PAUSED)
    for state in set(DeadlineState) - {DeadlineState.PAUSED}:
        with pytest.raises(IllegalPause, match="only a paused one"):
            check_resume(state)


def test_met_at_the_due_moment_is_met():
    due = berlin("2026-03-13T23:59:59")
    assert met_state(due, due) is DeadlineState.MET
    assert met_state(due, due + timedelta(microseconds=1)) is DeadlineState.MET_LATE
    assert stands("2026-03-13T23:59:59", "2026-03-13T23:59:59").state is not StandingState.OVERDUE


def test_a_due_moment_in_a_year_that_is_not_entered_is_in_doubt():
    calendar = Calendar("Pacific/Kiritimati", years=frozenset({2026}))
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    last = datetime(2026, 12, 31, 9, 59, 59, tzinfo=UTC)  # 23:59:59 on New Year's Eve there
    after = last + timedelta(seconds=1)
    assert standing(DeadlineState.OPEN, last, now, calendar).doubt == ""
    doubt = "The public holidays of 2027 are not entered for this region."
    for state in (DeadlineState.OPEN, DeadlineState.PAUSED):
        assert standing(state, after, now, calendar).doubt == doubt
    assert standing(DeadlineState.MET, after, now, calendar, now).doubt == ""
    assert standing(DeadlineState.OPEN, after, now, Calendar("UTC")).doubt == ""


def test_the_most_urgent_comes_first():
    now = "2026-03-11T12:00"
    found = [
        stands("2026-03-09T17:00", now, DeadlineState.CANCELLED, closed_at=berlin(now)),
        stands("2026-03-20T17:00", now),
        stands("2026-03-10T17:00", now),
        stands("2026-03-12T17:00", now),
        stands("2026-03-11T17:00", now),
        stands("2026-03-09T17:00", now),
        stands("2026-03-09T17:00", now, DeadlineState.PAUSED, kept=1),
    ]
    words = [each.words for each in sorted(found, key=sort_key)]
    assert words == [
        "overdue by 2 business days",
        "overdue by 1 business day",
        "5 h left today",
        "due tomorrow",
        "7 business days left",
        "paused: 1 business day kept",
        "cancelled",
    ]
