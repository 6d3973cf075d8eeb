"""What people answer to the invitation of an interview, and how an interview's seat stands by it."""

from datetime import datetime, timedelta
from enum import StrEnum

# A substitute is looked for by itself where so much time remains, and so often for one interview.
NOTICE = timedelta(hours=48)
MOST_SEARCHES = 3


class Answer(StrEnum):
    """The latest answer of one invited person; none yet is no answer."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    OTHER_TIME = "other_time"

    @property
    def label(self) -> str:
        """The word that pages show."""
        return "Asks for another time" if self is Answer.OTHER_TIME else self.value.capitalize()


def may_search(starts_at: datetime | None, searches: int, is_on: bool, now: datetime) -> bool:
    """Whether the tracker itself looks for a substitute.

    ``searches`` is how many it made for this interview before, ``is_on`` whether the interview plan wants it.
    """
    return is_on and searches < MOST_SEARCHES and has_time(starts_at, now)


def has_time(starts_at: datetime | None, now: datetime) -> bool:
    """Whether enough time remains before an interview for somebody to be put in unasked."""
    return starts_at is not None and starts_at - now >= NOTICE
