"""What people do to a running clock: pause, let it run again, extend; and what becomes of it when interviews move."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.mails import of_kind, text_of
from tracker.models.application import Application
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.interview import Interview
from tracker.models.record import RecordEntry
from tracker.models.region import ClosedDay, ClosedDaySource
from tracker.pipeline import deadline_clock, deadlines
from tracker.queries import deadline_changes, truth, visibility
from tracker.rules.clock_checks import IllegalExtension
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.refused import Stale
from tracker.rules.stages import StageKind

DAY = timedelta(days=1)
# The loop ends on Tuesday the 3rd in Berlin; the fifth business day after is Tuesday the 10th.
DUE = datetime.fromisoformat("2026-11-10T22:59:59+00:00")


@pytest.fixture
def application(in_app: Flask, session: Session, world: World) -> Application:
    application = world.application(name="Ann Active", stage=StageKind.LOOP)
    world.loop(application, tuple(world.person() for _ in range(5)), starts_at=MONDAY + DAY)
    deadlines.rework(session, application, now=MONDAY)
    return application


def of(session: Session, application: Application, kind: DeadlineKind = DeadlineKind.PROMISE) -> Deadline:
    query = select(Deadline).where(Deadline.application_id == application.id, Deadline.kind == kind)
    return session.scalars(query).one()


def extend(session: Session, application: Application, until: date, now: datetime = MONDAY, **more: object) -> Deadline:
    row = of(session, application)
    given = {"reason": "The bar raiser is ill", "by": application.requisition.recruiter, "now": now} | more
    deadline_clock.extend(session, application, row, until, **given)  # type: ignore[arg-type]
    return row


def move_loop(session: Session, application: Application, by: timedelta) -> None:
    for interview in session.scalars(select(Interview).where(Interview.application_id == application.id)):
        assert interview.starts_at is not None
        interview.starts_at += by
        interview.ends_at = interview.starts_at + timedelta(hours=1)
    deadlines.rework(session, application, now=MONDAY)


def pending(session: Session, application: Application) -> list[DeadlineKind]:
    viewer = visibility.viewer_of(session, application.requisition.recruiter)
    return [change.kind for change in deadline_changes.pending(session, viewer, MONDAY)]


def test_an_extension_moves_it_replans_its_nudges_and_is_on_the_record(
    session: Session, application: Application
) -> None:
    row = extend(session, application, date(2026, 11, 12))
    assert (row.due_at, row.business_days, row.extra_days) == (DUE + 2 * DAY, 7, 2)
    assert (row.state, row.revision, row.extension_reason) == (DeadlineState.OPEN, 2, "The bar raiser is ill")
    nudges = session.scalars(select(Nudge).where(Nudge.deadline_id == row.id, Nudge.state == NudgeState.WAITING)).all()
    assert {nudge.revision for nudge in nudges} == {2}
    # The first is two business days before: Tuesday the 10th.
    assert min(nudge.at for nudge in nudges).date() == date(2026, 11, 10)
    text = "Promise was extended by 2 business days, to Thu 12 Nov 2026 (Europe/Berlin): The bar raiser is ill"
    assert text in set(session.scalars(select(RecordEntry.text)))
    extend(session, application, date(2026, 11, 13))
    assert (row.business_days, row.extra_days) == (8, 3)


def test_the_candidate_is_told_in_words_of_his_own(session: Session, application: Application) -> None:
    extend(session, application, date(2026, 11, 12), told="We want to hear everybody before we decide.")
    (mail,) = of_kind(session, "promise_moved")
    text = text_of(mail)
    assert mail.receiver == application.candidate.email
    assert "by Thu 12 Nov 2026, 23:59 (Europe/Berlin) at the latest" in text
    assert "the one we told you before, Tue 10 Nov 2026, 23:59 (Europe/Berlin)" in text
    assert "We want to hear everybody" in text
    assert "bar raiser" not in text


def test_only_the_latest_date_is_told(session: Session, application: Application) -> None:
    extend(session, application, date(2026, 11, 12))
    extend(session, application, date(2026, 11, 13))
    assert [truth.holds(session, mail.fact) for mail in of_kind(session, "promise_moved")] == [False, True]
    deadlines.meet(session, application, DeadlineKind.PROMISE, now=MONDAY + 2 * DAY)
    session.flush()
    assert [truth.holds(session, mail.fact) for mail in of_kind(session, "promise_moved")] == [False, False]


def test_a_new_recruiter_does_not_keep_the_candidate_from_being_told(
    session: Session, application: Application
) -> None:
    extend(session, application, date(2026, 11, 12))
    deadlines.reassign(session, application.requisition, now=MONDAY)
    session.flush()
    assert [truth.holds(session, mail.fact) for mail in of_kind(session, "promise_moved")] == [True]


def test_nobody_writes_to_the_candidate_about_other_deadlines(session: Session, application: Application) -> None:
    row = of(session, application, DeadlineKind.DEBRIEF)
    recruiter = application.requisition.recruiter
    deadline_clock.extend(session, application, row, date(2026, 11, 6), reason="ill", by=recruiter, now=MONDAY)
    assert (row.extra_days, of_kind(session, "promise_moved")) == (1, [])


@pytest.mark.parametrize(
    ("until", "reason", "said", "field"),
    [
        (date(2026, 11, 10), "ill", "after Tue 10 Nov 2026", "until"),
        (date(2028, 1, 3), "ill", "within a year", "until"),
        (date(9999, 12, 31), "ill", "within a year", "until"),
        (date(2026, 11, 14), "ill", "no business day there; Mon 16 Nov 2026 is the next", "until"),
        (date(2026, 11, 12), "  ", "Say why", "reason"),
    ],
)
def test_what_is_refused_says_why(
    session: Session, application: Application, until: date, reason: str, said: str, field: str
) -> None:
    with pytest.raises(IllegalExtension, match=said) as refused:
        extend(session, application, until, reason=reason)
    assert refused.value.field == field
    with pytest.raises(Stale):
        extend(session, application, date(2026, 11, 12), version=99)
    assert of(session, application).due_at == DUE


def test_a_missed_one_and_a_paused_one_are_not_extended(session: Session, application: Application) -> None:
    with pytest.raises(IllegalExtension, match="was missed"):
        extend(session, application, date(2026, 11, 12), now=DUE + timedelta(seconds=1))
    row, recruiter = of(session, application), application.requisition.recruiter
    deadline_clock.pause(session, application, row, reason="ill", by=recruiter, now=MONDAY)
    with pytest.raises(IllegalExtension, match="only an open one"):
        extend(session, application, date(2026, 11, 12))


def test_an_extension_outlives_a_move_of_the_loop_and_a_new_holiday(session: Session, application: Application) -> None:
    row = extend(session, application, date(2026, 11, 12))
    assert pending(session, application) == []
    move_loop(session, application, DAY)
    assert (row.due_at, row.business_days, row.extra_days) == (DUE + 3 * DAY, 7, 2)
    region = application.requisition.region
    region.closed_days.append(ClosedDay(on=date(2026, 11, 9), name="Outing", source=ClosedDaySource.COMPANY))
    region.calendar_changed()
    session.flush()
    assert DeadlineKind.PROMISE in pending(session, application)


def test_extended_over_a_day_that_was_closed_meanwhile_it_falls_on_the_day_chosen(
    session: Session, application: Application
) -> None:
    region = application.requisition.region
    region.closed_days.append(ClosedDay(on=date(2026, 11, 9), name="Outing", source=ClosedDaySource.COMPANY))
    region.calendar_changed()
    session.flush()
    row = extend(session, application, date(2026, 11, 12))
    # Day 0 the 3rd, without the 9th: the 12th is the sixth business day.
    assert (row.due_at, row.business_days, row.extra_days) == (DUE + 2 * DAY, 6, 1)
    assert DeadlineKind.PROMISE not in pending(session, application)


def test_what_ran_again_stays_where_it_is_while_day_0_stays(session: Session, application: Application) -> None:
    """An interviewer who changes is no reason to count anew."""
    row, recruiter = of(session, application), application.requisition.recruiter
    deadline_clock.pause(session, application, row, reason="ill", by=recruiter, now=MONDAY + DAY * 3)
    assert row.days_kept == 3
    deadline_clock.resume(session, application, row, by=recruiter, now=MONDAY + DAY * 10)
    assert (row.due_at, row.business_days) == (datetime.fromisoformat("2026-11-17T22:59:59+00:00"), 3)
    deadlines.rework(session, application, now=MONDAY + DAY * 10)
    assert row.due_at == datetime.fromisoformat("2026-11-17T22:59:59+00:00")
    assert pending(session, application) == []
    (mail,) = of_kind(session, "promise_moved")
    assert "by Tue 17 Nov 2026" in text_of(mail)
    # Another day 0 is another count, with the whole limit.
    move_loop(session, application, DAY * 14)
    assert (row.business_days, row.resumed_at) == (5, None)
    assert row.due_at == DUE + DAY * 14


def test_resuming_on_the_day_of_the_pause_tells_nobody_anything(session: Session, application: Application) -> None:
    row, recruiter = of(session, application), application.requisition.recruiter
    deadline_clock.pause(session, application, row, reason="ill", by=recruiter, now=MONDAY + DAY)
    deadline_clock.resume(session, application, row, by=recruiter, now=MONDAY + DAY)
    assert row.due_at == DUE
    assert of_kind(session, "promise_moved") == []


def test_a_loop_that_ends_later_on_the_same_day_changes_nothing(session: Session, application: Application) -> None:
    row = of(session, application)
    move_loop(session, application, timedelta(hours=2))
    assert (row.due_at, row.revision) == (DUE, 1)
    assert row.day0_at == MONDAY + DAY + timedelta(hours=7)
