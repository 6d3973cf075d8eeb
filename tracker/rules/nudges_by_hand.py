"""A nudge that a person sends by hand: of what is due today or overdue and is somebody else's to do, to its owner.

The ladders' nudges (section 4) go on as they would. Whoever was told of a deadline within the last hours, by them or by
hand, is not told again yet; that somebody is not at work is said before.
"""

from datetime import datetime, timedelta

from tracker.rules.deadlines import Standing
from tracker.rules.mornings import Receiver
from tracker.rules.refused import Refused
from tracker.rules.zones import day_words, local_date, moment_words

# Of one deadline nobody is told more often than this.
APART = timedelta(hours=4)
BY_HAND = "by-hand"


class NotToBeReminded(Refused):
    """Nobody is to be reminded of the deadline now."""


def step_key(now: datetime) -> str:
    """Return the key of the step that is a nudge by hand at a moment."""
    return f"{BY_HAND}+{now:%Y%m%dT%H%M%S}"


def check_by_hand(
    standing: Standing,
    owner: str,
    receiver: Receiver | None,
    *,
    last_at: datetime | None,
    now: datetime,
    zone: str,
) -> Receiver:
    """Return the owner as a receiver. Raises NotToBeReminded, with the reason, unless he or she is to be reminded now.

    ``receiver`` is None where the owner left or may not be told. ``last_at`` is when the owner was told of the deadline
    last; ``zone`` that of whoever asks.
    """
    if not standing.is_due_now:
        raise NotToBeReminded("People are reminded by hand of what is due today or overdue. This is not, or no longer.")
    if receiver is None:
        raise NotToBeReminded(not_told(owner))
    if last_at is not None and now < last_at + APART:
        told, again = moment_words(last_at, zone), moment_words(last_at + APART, zone)
        raise NotToBeReminded(f"{owner} was reminded of this on {told}. It can be done again from {again} on.")
    return receiver


def not_told(owner: str) -> str:
    """Return why somebody who left, or lost the part in it, is not reminded."""
    return f"{owner} is not to be told of this any more: give it to somebody who is here."


def not_at_work(receiver: Receiver, name: str, now: datetime) -> str:
    """Return, as a sentence, why a receiver may not read an e-mail now; empty while he or she is at work."""
    today = local_date(now, receiver.zone)
    absence = receiver.away(today)
    if absence is not None:
        return f"{name} is away until {day_words(absence.last_on)}."
    if today in receiver.calendar.closed:
        return f"{day_words(today)} is a holiday where {name} works."
    if not receiver.is_at_work(now):
        return f"It is {moment_words(now, receiver.zone)} where {name} works, outside of business hours."
    return ""
