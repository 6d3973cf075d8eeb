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


class Search(StrEnum):
    """What becomes of a search for a substitute: pages say this and nothing else."""

    LOOKS = "looks"
    # Nothing is looked for, and nothing goes out, while the outbox is paused.
    WAITS = "waits"
    NOT = "not"


def search_now(
    starts_at: datetime | None, *, is_asked: bool, is_confidential: bool, is_paused: bool, now: datetime
) -> Search:
    """Return whether the tracker looks for a substitute where that was asked of it (``is_asked``), or would be.

    What was asked is given up unless time enough remains, and where the requisition is confidential by now.
    """
    if not is_asked or is_confidential or not has_time(starts_at, now):
        return Search.NOT
    return Search.WAITS if is_paused else Search.LOOKS


def may_search(starts_at: datetime | None, searches: int, is_on: bool, now: datetime) -> bool:
    """Whether the tracker itself looks for a substitute.

    ``searches`` is how many it made for this interview before, ``is_on`` whether the interview plan wants it.
    """
    return is_on and searches < MOST_SEARCHES and has_time(starts_at, now)


def has_time(starts_at: datetime | None, now: datetime) -> bool:
    """Whether enough time remains before an interview for somebody to be put in unasked."""
    return starts_at is not None and starts_at - now >= NOTICE
