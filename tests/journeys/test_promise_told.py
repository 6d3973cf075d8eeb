"""What a candidate is told of the promise is what holds, whatever becomes of the clock before the worker looks."""

import random
import re
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from tests.journeys.journey import CANDIDATE, Journey
from tracker.models.deadline import Deadline
from tracker.queries.running_deadlines import running
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.zones import moment_words

PROMISED = re.compile(r"(?:outcome from us|[^.]* from us) by (.*?) at the latest")


@pytest.fixture
def journey(journey: Journey) -> Journey:
    """The loop of Wednesday, 12 May was sent; the worker did not look yet. Its promise is for Wednesday the 19th."""
    journey.hire()
    journey.reaches_loop()
    journey.sends_loop("2027-05-12")
    return journey


def promise(journey: Journey) -> Deadline:
    [found] = running(journey.session, journey.row(), (DeadlineKind.PROMISE,), 0)
    return found


def act(journey: Journey, verb: str, **typed: str) -> None:
    journey.sends("Rita", f"/deadlines/{promise(journey).id}/{verb}", **typed)


def pause(journey: Journey) -> None:
    act(journey, "pause", reason="The candidate asked for it")


def extend(journey: Journey, until: str, told: str = "") -> None:
    act(journey, "extend", **{"extend-until": until, "extend-reason": "Busy", "extend-told": told})


def next_weekday(after: datetime, weekday: int) -> date:
    """Return the first such day (Monday is 0) after the date of a moment in UTC."""
    return after.date() + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def dates(journey: Journey) -> list[str]:
    """Return the date in each letter to the candidate that names one, and "-" for a schedule that names none."""
    letters = [each for each in journey.to(CANDIDATE.split("@")[0]) if "interviews" in each.text]
    found = []
    for each in letters:
        named = PROMISED.search(" ".join(each.text.split()))
        if named or any(method == "PUBLISH" for method, _, _ in each.events):
            found.append(named[1].split(",")[0] if named else "-")
    return found


def test_an_extension_that_was_dropped_in_a_pause_is_told_once_the_clock_runs(journey: Journey) -> None:
    journey.work()
    extend(journey, "2027-05-21", told="We are thorough.")
    pause(journey)
    journey.work()
    assert dates(journey) == ["Wed 19 May 2027"]
    act(journey, "resume")
    journey.work()
    assert dates(journey) == ["Wed 19 May 2027", "Fri 21 May 2027"]
    letter = journey.to("cleo")[-1]
    assert "the one we told you before, Wed 19 May 2027" in " ".join(letter.text.split())
    # A pause of a moment after that is nothing to tell.
    pause(journey)
    journey.work()
    act(journey, "resume")
    journey.work()
    assert dates(journey) == ["Wed 19 May 2027", "Fri 21 May 2027"]


def test_of_two_extensions_the_date_before_is_the_one_that_was_told(journey: Journey) -> None:
    journey.work()
    extend(journey, "2027-05-20")
    extend(journey, "2027-05-21")
    journey.work()
    assert dates(journey) == ["Wed 19 May 2027", "Fri 21 May 2027"]
    assert "before, Wed 19 May 2027" in " ".join(journey.to("cleo")[-1].text.split())


def test_a_schedule_says_nothing_of_a_promise_that_was_paused_before_it_went_out(journey: Journey) -> None:
    pause(journey)
    journey.work()
    assert dates(journey) == ["-"]
    [schedule] = [each for each in journey.to("cleo") if "interviews with" in each.subject]
    assert len(schedule.events) == 5
    act(journey, "resume")
    journey.work()
    assert dates(journey)[0] == "-"
    assert len(dates(journey)) == 2
    told = " ".join(journey.to("cleo")[-1].text.split())
    assert moment_words(promise(journey).due_at, "Europe/Berlin") in told
    assert "before" not in told


def test_a_schedule_tells_the_date_to_which_the_promise_moved_before_it_went_out(journey: Journey) -> None:
    extend(journey, "2027-05-21")
    journey.work()
    assert dates(journey) == ["Fri 21 May 2027"]
    assert len(journey.to("cleo")[-1].events) == 5


def test_a_schedule_that_was_found_paused_and_not_sent_yet_tells_the_promise_once_it_runs(journey: Journey) -> None:
    pause(journey)
    act(journey, "resume")
    due = promise(journey).due_at
    journey.work()
    assert len(dates(journey)) == 1
    assert moment_words(due, "Europe/Berlin") in " ".join(journey.to("cleo")[-1].text.split())


@pytest.mark.parametrize("seed", [5, 6, 8])
def test_whatever_is_done_the_last_date_told_is_the_one_that_holds(journey: Journey, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(14):
        row = promise(journey)
        is_paused = row.state is DeadlineState.PAUSED
        choice = chance.choice(["resume", "tick"] if is_paused else ["pause", "extend", "extend", "tick"])
        if choice == "tick":
            journey.work()
        elif choice == "extend":
            # A Wednesday, Thursday or Friday: none is a holiday there in May and June.
            day = next_weekday(row.due_at, chance.choice((2, 3, 4)))
            extend(journey, f"{day:%Y-%m-%d}")
        else:
            act(journey, choice, **({"reason": "On hold"} if choice == "pause" else {}))
    if promise(journey).state is DeadlineState.PAUSED:
        act(journey, "resume")
    journey.work()
    told = [each for each in dates(journey) if each != "-"]
    assert moment_words(promise(journey).due_at, "Europe/Berlin").startswith(told[-1])
    assert all(one != two for one, two in pairwise(told)), "nothing is told twice"
