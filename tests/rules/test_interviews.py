"""When an interview may take place."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.rules.interviews import BadInterviewTime, check_interview_time

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [5, 60, 480])
@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(days=1), timedelta(days=731)])
def test_what_is_fine(ahead, minutes):
    check_interview_time(NOW + ahead, minutes, NOW)


@pytest.mark.parametrize(
    ("starts_at", "minutes", "words", "field"),
    [
        (NOW, 60, "in the past", "starts_at"),
        (NOW - timedelta(days=1), 60, "in the past", "starts_at"),
        (NOW + timedelta(days=732), 60, "is the year right", "starts_at"),
        ((NOW + timedelta(days=1)).replace(tzinfo=None), 60, "no time zone", "starts_at"),
        (NOW + timedelta(days=1), 4, "5 to 480 minutes", "minutes"),
        (NOW + timedelta(days=1), 481, "5 to 480 minutes", "minutes"),
    ],
)
def test_what_is_refused(starts_at, minutes, words, field):
    with pytest.raises(BadInterviewTime, match=words) as refused:
        check_interview_time(starts_at, minutes, NOW)
    assert refused.value.field == field
