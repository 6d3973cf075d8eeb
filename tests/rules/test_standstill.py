"""What a standstill of the worker kept back: said late, or left to the next step that says what is true then."""

import pytest

from tests.rules.climbing import BERLIN, EASTER, LONG_AGO, at
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import DEFAULT_LADDERS, Role
from tracker.rules.mornings import Case, Receiver
from tracker.rules.nudges import latest_due, next_nudge

PROMISE_DUE = at("2026-04-07T23:59:59")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-04-08T09:00", "overdue+1"),
        ("2026-04-08T17:59", "overdue+1"),
        ("2026-04-08T18:00", None),  # in the evening
        ("2026-04-09T03:00", None),  # at night
        ("2026-04-09T08:59", None),  # the next morning is near
        ("2026-04-09T09:00", "overdue+2"),
        ("2026-04-11T12:00", None),  # on a Saturday
    ],
)
def test_what_a_standstill_kept_back_of_a_morning_is_said_at_work(now, said):
    case = Case(
        DEFAULT_LADDERS[DeadlineKind.DEBRIEF], PROMISE_DUE, None, EASTER, {1: Receiver((Role.OWNER,), BERLIN, EASTER)}
    )
    found = latest_due(case, 1, after=PROMISE_DUE, now=at(now))
    assert (found.step_key if found else None) == said


def test_what_comes_at_once_comes_at_night():
    case = Case(
        DEFAULT_LADDERS[DeadlineKind.PROMISE],
        PROMISE_DUE,
        None,
        EASTER,
        {1: Receiver((Role.RECRUITER,), BERLIN, EASTER)},
    )
    found = latest_due(case, 1, after=PROMISE_DUE, now=at("2026-04-08T03:00"))
    assert found is not None
    assert found.step_key == "overdue"


def test_what_comes_at_once_may_come_at_nine_on_a_saturday():
    due_at = at("2026-04-11T08:59:59")
    case = Case(
        DEFAULT_LADDERS[DeadlineKind.PROMISE], due_at, None, EASTER, {1: Receiver((Role.RECRUITER,), BERLIN, EASTER)}
    )
    found = latest_due(case, 1, after=due_at, now=at("2026-04-11T09:00"))
    assert found is not None
    assert found.step_key == "overdue"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-04-07T18:00", "after"),  # on time
        ("2026-04-07T22:00", "after"),  # late, and the morning is far
        ("2026-04-08T06:59", "after"),
        ("2026-04-08T07:00", None),  # the morning says the same in two hours
        ("2026-04-08T08:59", None),
        ("2026-04-08T09:00", "day"),
    ],
)
def test_what_should_have_come_after_an_interview_is_left_to_a_morning_that_is_near(now: str, said: str | None) -> None:
    case = Case(
        DEFAULT_LADDERS[DeadlineKind.SCORECARD],
        at("2026-04-08T23:59:59"),
        at("2026-04-07T17:00"),
        EASTER,
        {1: Receiver((Role.INTERVIEWER,), BERLIN, EASTER)},
    )
    found = latest_due(case, 1, after=LONG_AGO, now=at(now))
    assert (found.step_key if found else None) == said
    if said is None:
        assert next_nudge(case, 1, after=at(now)).step_key == "day", "and nothing is lost"


def test_what_came_on_time_after_an_interview_that_ended_early_is_said_though_the_morning_is_near() -> None:
    case = Case(
        DEFAULT_LADDERS[DeadlineKind.SCORECARD],
        at("2026-04-08T23:59:59"),
        at("2026-04-08T06:30"),
        EASTER,
        {1: Receiver((Role.INTERVIEWER,), BERLIN, EASTER)},
    )
    assert latest_due(case, 1, after=LONG_AGO, now=at("2026-04-08T07:31")).step_key == "after"
