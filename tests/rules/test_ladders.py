"""Ladders as values: what is refused, how they read, and that what is stored comes back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import (
    DEFAULT_LADDERS,
    MOST_HOURS_AFTER,
    MOST_MORNINGS_BEFORE,
    MOST_OVERDUE,
    MOST_OVERDUE_FROM,
    BadLadder,
    Ladder,
    Role,
    check_ladder,
    describe,
    from_data,
    ordinal,
    roles_of,
    to_data,
)

SCORECARD, PROMISE, DECISION = DeadlineKind.SCORECARD, DeadlineKind.PROMISE, DeadlineKind.DECISION
RECRUITER = "overdue_recruiter"
FIRST = Ladder(overdue_from={Role.RECRUITER: 1})


@pytest.mark.parametrize("kind", DeadlineKind)
def test_the_defaults_are_ladders(kind: DeadlineKind) -> None:
    check_ladder(kind, DEFAULT_LADDERS[kind])


def test_the_defaults_in_plain_words() -> None:
    assert describe(SCORECARD, DEFAULT_LADDERS[SCORECARD]) == [
        "1 hour after the interview ends: interviewer.",
        "The morning it is due: interviewer.",
        "Every overdue business morning: interviewer; from the 2nd also recruiter; from the 3rd also hiring manager.",
        "After 10 overdue mornings it stops, and the recruiter is told.",
    ]
    assert describe(PROMISE, DEFAULT_LADDERS[PROMISE]) == [
        "2 business mornings before it is due: recruiter.",
        "1 business morning before it is due: recruiter and hiring manager.",
        "The morning it is due: recruiter and hiring manager.",
        "At once when it is overdue: recruiter, hiring manager and recruiting lead.",
        "Every overdue business morning: recruiter, hiring manager and recruiting lead.",
    ]
    assert describe(DECISION, DEFAULT_LADDERS[DECISION]) == [
        "The morning it is due: owner.",
        "Every overdue business morning: owner; from the 2nd also recruiter.",
    ]


def test_a_ladder_that_begins_late_says_from_when() -> None:
    said = describe(DECISION, Ladder(overdue_from={Role.RECRUITER: 11}))
    assert said == ["Every overdue business morning: from the 11th recruiter."]


@pytest.mark.parametrize(
    ("kind", "ladder", "field"),
    [
        (DECISION, replace(FIRST, overdue_from={Role.INTERVIEWER: 1}), None),
        (SCORECARD, replace(FIRST, before={0: frozenset({Role.OWNER})}), None),
        (PROMISE, replace(FIRST, at_once=frozenset({Role.OWNER})), None),
        (PROMISE, replace(FIRST, last=3, gave_up_to=Role.INTERVIEWER), None),
        (DECISION, replace(FIRST, after=frozenset({Role.RECRUITER})), "after"),
        (SCORECARD, replace(FIRST, hours_after=0), "hours_after"),
        (SCORECARD, replace(FIRST, hours_after=MOST_HOURS_AFTER + 1), "hours_after"),
        (DECISION, replace(FIRST, before={MOST_MORNINGS_BEFORE + 1: frozenset({Role.OWNER})}), None),
        (DECISION, replace(FIRST, before={-1: frozenset({Role.OWNER})}), None),
        (DECISION, replace(FIRST, overdue_from={Role.RECRUITER: 0}), "overdue_recruiter"),
        (DECISION, replace(FIRST, overdue_from={Role.RECRUITER: MOST_OVERDUE_FROM + 1}), "overdue_recruiter"),
        (DECISION, Ladder(before={0: frozenset({Role.OWNER})}), None),
        (DECISION, replace(FIRST, gave_up_to=Role.RECRUITER), "last"),
        (DECISION, replace(FIRST, last=10), "gave_up_to"),
        (DECISION, replace(FIRST, last=0, gave_up_to=Role.RECRUITER), "last"),
        (DECISION, replace(FIRST, last=MOST_OVERDUE + 1, gave_up_to=Role.RECRUITER), "last"),
        (DECISION, replace(FIRST, overdue_from={Role.RECRUITER: 4}, last=3, gave_up_to=Role.OWNER), RECRUITER),
    ],
)  # fmt: skip
def test_what_reaches_nobody_or_never_ends_is_refused(kind: DeadlineKind, ladder: Ladder, field: str | None) -> None:
    with pytest.raises(BadLadder) as refused:
        check_ladder(kind, ladder)
    assert refused.value.field == field
    assert refused.value.message.endswith(".")


@given(st.data(), st.sampled_from(DeadlineKind))
def test_what_is_stored_comes_back(data: st.DataObject, kind: DeadlineKind) -> None:
    roles = st.frozensets(st.sampled_from(roles_of(kind)), min_size=1)
    ladder = Ladder(
        after=data.draw(roles),
        hours_after=data.draw(st.integers(1, MOST_HOURS_AFTER)),
        before=data.draw(st.dictionaries(st.integers(0, MOST_MORNINGS_BEFORE), roles)),
        at_once=data.draw(roles),
        overdue_from=data.draw(st.dictionaries(st.sampled_from(roles_of(kind)), st.integers(1, 20))),
        last=data.draw(st.none() | st.integers(1, 60)),
        gave_up_to=data.draw(st.none() | st.sampled_from(roles_of(kind))),
    )
    assert from_data(to_data(ladder)) == ladder


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd")]
)
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words
