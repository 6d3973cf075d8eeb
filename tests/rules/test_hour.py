"""The time of an interview is divided without gap or overlap."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.hour import divide

START = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def test_an_hour_with_three_questions() -> None:
    parts = divide(START, START + timedelta(hours=1), 3)
    assert [f"{each.starts_at:%H:%M} {each.name}" for each in parts] == [
        "09:00 Welcome",
        "09:05 Question 1",
        "09:18 Question 2",
        "09:31 Question 3",
        "09:45 The candidate's questions",
        "09:55 Close",
    ]
    assert parts[-1].ends_at == START + timedelta(hours=1)


@given(st.integers(5, 480), st.integers(0, 5))
def test_no_gap_and_no_overlap(minutes: int, questions: int) -> None:
    end = START + timedelta(minutes=minutes)
    parts = divide(START, end, questions)
    assert (parts[0].starts_at, parts[-1].ends_at) == (START, end)
    assert len(parts) == max(questions, 1) + 3
    for before, after in zip(parts, parts[1:], strict=False):
        assert before.starts_at <= before.ends_at == after.starts_at
