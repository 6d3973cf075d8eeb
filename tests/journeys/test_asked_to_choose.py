"""Who was let choose the times of the loop is asked to, whatever forbade it before the worker looked."""

import re
from collections.abc import Callable

import pytest

from tests.journeys.journey import Journey
from tracker.queries import loops
from tracker.queries.running_deadlines import running
from tracker.rules.deadlines import DeadlineKind


@pytest.fixture
def journey(journey: Journey) -> Journey:
    """Rita asked the candidate; the worker did not look yet."""
    journey.hire()
    for n in range(6):
        # Anybody can evaluate anything, in the candidate's zone: there are times at which a loop can be formed.
        journey.world.qualify(journey.world.person(f"Otto{n}", is_bar_raiser=n == 0), journey.world.plan())
    journey.people["Ada"] = journey.world.admin("Ada")
    journey.reaches_loop()
    journey.row().candidate.zone = "Europe/Berlin"
    journey.does("Rita", "loop/choice", place="https://meet.example/7")
    return journey


def clock(journey: Journey, verb: str, **typed: str) -> None:
    [invited] = running(journey.session, journey.row(), (DeadlineKind.LOOP_INVITED,), 0)
    journey.sends("Rita", f"/deadlines/{invited.id}/{verb}", **typed)


def lets_choose(journey: Journey, *, is_let: bool) -> None:
    """Ada ticks the plan's box, or unticks it; all else stays as the form has it."""
    plan = journey.row().requisition.plan
    typed = {
        "name": plan.name,
        "description": plan.description,
        "preparation": plan.preparation,
        "screens_mode": plan.screens_mode.value,
        "screen_minutes": str(plan.screen_minutes),
        "due_time": f"{plan.due_time:%H:%M}",
        "choice_moves": str(plan.choice_moves),
        "choice_notice_days": str(plan.choice_notice_days),
        "is_active": "y",
    }
    typed |= {"candidates_choose": "y"} if is_let else {}
    typed = {f"basics-{name}": value for name, value in typed.items()} | {"basics-version": str(plan.version)}
    assert journey.browser("Ada").post(f"/settings/plans/{plan.id}/basics", data=typed).status_code == 303


def on_hold(journey: Journey) -> Callable[[], None]:
    clock(journey, "pause", reason="On hold")
    return lambda: clock(journey, "resume")


def not_let(journey: Journey) -> Callable[[], None]:
    lets_choose(journey, is_let=False)
    return lambda: lets_choose(journey, is_let=True)


def asked(journey: Journey) -> list[str]:
    return [each.subject for each in journey.to("cleo") if "Choose your interview times" in each.subject]


@pytest.mark.parametrize("forbid", [on_hold, not_let])
def test_asked_once_what_kept_the_e_mail_from_going_out_is_over(
    journey: Journey, forbid: Callable[[Journey], Callable[[], None]]
) -> None:
    for _ in range(2):
        allow = forbid(journey)
        journey.work()
        assert asked(journey) == []
        allow()
    journey.work()
    assert len(asked(journey)) == 1
    path = re.search(r"http://tracker\.example(/my/\S+/loop)", journey.to("cleo")[-1].text)
    assert path is not None
    assert journey.browser("stranger").get(path[1]).status_code == 200
    # Who was asked is not asked again.
    forbid(journey)()
    journey.work()
    assert len(asked(journey)) == 1


def test_nobody_is_asked_twice_where_the_worker_did_not_look_meanwhile(journey: Journey) -> None:
    on_hold(journey)()
    journey.work()
    assert len(asked(journey)) == 1


def test_what_the_recruiter_took_back_is_not_asked(journey: Journey) -> None:
    allow = on_hold(journey)
    journey.work()
    journey.does("Rita", "loop/choice/revoke", version=loops.get_loop(journey.session, journey.row()).version)
    allow()
    journey.work()
    assert asked(journey) == []
