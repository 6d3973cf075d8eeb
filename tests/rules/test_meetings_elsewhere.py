"""What people's own calendars say is advice: for suggestions, the check of a loop, the list for a phone screen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.rules.busy_times import Span, stale_words
from tracker.rules.coverage import PlanNeed, ProblemCode, Seat, check_loop
from tracker.rules.interviewers import PersonFacts, elsewhere
from tracker.rules.loop_planning import why_not_first
from tracker.rules.screen_seats import ranked, why_not_hold
from tracker.rules.suggestions import suggest

NINE = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEEDS = (PlanNeed(1, "Depth", 1),)
SEAT = Seat(1, "Interview 1", NINE, NINE + HOUR, 7, "Ian", (1,))
SURE, PERHAPS = Span(NINE - HOUR / 2, NINE + HOUR / 2), Span(NINE, NINE + HOUR, True)


def ian(*meetings: Span) -> PersonFacts:
    return PersonFacts(7, "Ian", frozenset({1}), True, meetings=meetings)


def test_one_that_is_sure_counts_before_one_that_is_not() -> None:
    person = ian(PERHAPS, SURE, Span(NINE + HOUR, NINE + 2 * HOUR))
    assert elsewhere(person, NINE, NINE + HOUR) == SURE
    assert elsewhere(person, NINE + HOUR * 2, NINE + HOUR * 3) is None
    assert elsewhere(person, None, None) is None


@pytest.mark.parametrize(("meeting", "has"), [(SURE, "Ian has"), (PERHAPS, "Ian perhaps has")])
def test_a_loop_can_go_out_against_it_and_says_so(meeting: Span, has: str) -> None:
    found = check_loop(NEEDS, [SEAT], {7: ian(meeting)}, frozenset(), 1, NINE - HOUR)
    assert found.ready
    [warning] = found.warnings
    assert warning.code is ProblemCode.BUSY_ELSEWHERE
    assert warning.text == f"{has} another meeting during Interview 1, by the own calendar."
    held = check_loop(NEEDS, [replace(SEAT, is_held=True)], {7: ian(meeting)}, frozenset(), 1, NINE)
    assert held.warnings == ()


def test_who_is_taken_is_not_suggested_and_who_may_be_comes_last() -> None:
    seat = replace(SEAT, person_id=None)
    people = {7: ian(SURE), 8: replace(ian(PERHAPS), person_id=8, name="Eva"), 9: replace(ian(), person_id=9)}
    found = suggest(NEEDS, [seat], people, 1)
    assert [each.person_id for each in found] == [9, 8]
    assert "free then" in found[0].reason
    assert "perhaps in another meeting then" in found[1].reason
    assert why_not_first(people[7], seat, ()) == "busy then: another meeting, by the own calendar"


def test_a_phone_screen_can_be_held_against_it() -> None:
    assert why_not_hold(ian(SURE), {7}, NEEDS, SEAT) is None
    [choice] = ranked({7: ian(SURE)}, {7}, NEEDS, SEAT)
    assert choice.reason == "Busy then with another meeting, by the own calendar."


def test_stale_calendars_are_told() -> None:
    assert stale_words("Ian", None) == "Ian's calendar could not be read yet: other meetings are not known."
    assert stale_words("Ian", "Monday") == "Ian's calendar was last read on Monday: newer meetings are not known."
