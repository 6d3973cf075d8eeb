"""When an interview may take place."""

from datetime import datetime, timedelta

from tracker.rules.refused import Refused

LATEST_AHEAD = timedelta(days=731)
SHORTEST_MINUTES = 5
LONGEST_MINUTES = 480


class BadInterviewTime(Refused):
    """The moment or the length of an interview makes no sense."""


def check_interview_time(starts_at: datetime, minutes: int, now: datetime) -> None:
    """Raise BadInterviewTime unless the interview lies ahead, within two years, and lasts 5 minutes to 8 hours.

    Both moments are aware; a naive one is refused (README, "What always holds").
    """
    if starts_at.utcoffset() is None or now.utcoffset() is None:
        raise BadInterviewTime("The start has no time zone: choose one.", "starts_at")
    if starts_at <= now:
        raise BadInterviewTime("The start lies in the past: choose a later one.", "starts_at")
    if starts_at - now > LATEST_AHEAD:
        raise BadInterviewTime("The start is more than two years away: is the year right?", "starts_at")
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise BadInterviewTime(f"An interview lasts {SHORTEST_MINUTES} to {LONGEST_MINUTES} minutes.", "minutes")
