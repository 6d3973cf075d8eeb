"""The times that a candidate can choose from: loops that can be formed now, of which nothing but the times is told."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker.models.interview import Loop, LoopState
from tracker.pipeline import loop_plans
from tracker.pipeline.interviews import Arrangement
from tracker.pipeline.loop_cases import case_of, person_key, plan_as_held
from tracker.planner.grid import moment
from tracker.planner.instants import EPOCH
from tracker.planner.offers import Times, offers, times_of, within
from tracker.planner.terms import PLAIN, Terms
from tracker.queries import loop_cases, loops
from tracker.queries.declined import who_declined_any
from tracker.rules.busy_times import Span, merged

MOST_OFFERS = 8
# The plan of a booking is searched while others wait for their turn: it is the best, or proven to be near it.
BOOKING_PARTS = 20
# What it costs, in points, to give an interview of a loop that is moved to somebody else.
PERSON_CHANGED = 300
_ONE = r"(\d{1,9})-(\d{1,9})"
_ALL = re.compile(rf"{_ONE}(?:,{_ONE}){{0,30}}")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Offer:
    """When a loop would be held: times (UTC) in their order, with breaks between. ``key`` names them in a form."""

    key: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Question:
    """What the planner is asked; it asks no database any more. ``present`` are the times of a loop that is out."""

    of: loop_plans.Question
    terms: Terms
    present: str


def question_of(session: Session, loop: Loop, *, now: datetime) -> Question:
    """Read all that counts in offering times of a loop: a draft, or one that is out and is to be moved.

    They begin after the notice that everybody needs, and lie within the times that the candidate gave, if any. A loop
    that is moved keeps its people where it can. Who ever declined an interview of it is not asked again: that is for a
    recruiter to do, who knows why.
    """
    facts = loop_cases.facts_of(session, loop, now=now)
    is_out = loop.state is LoopState.SENT
    terms = Terms(previous=plan_as_held(facts), person_changed=PERSON_CHANGED) if is_out else PLAIN
    case = case_of(facts, now, notice=True)
    declined = frozenset(person_key(each) for each in who_declined_any(session, loop))
    planned = tuple(replace(each, conflicts=each.conflicts | declined) for each in case.loops)
    asked = loop_plans.asked(facts, replace(case, loops=planned))
    return Question(asked, terms, key_of(loop) if is_out else "")


def offered(question: Question, most: int = MOST_OFFERS) -> list[Offer]:
    """Return loops that can be formed, the soonest first, on different days as far as there are; maybe none."""
    asked = question.of
    if not asked.loop.interviews:
        return []
    found = (times_of(asked.loop, each) for each in offers(asked.desk, asked.loop, question.terms, most=most + 1))
    return [_offer(times) for times in found if _key(times) != question.present][:most]


def is_among(question: Question, key: str) -> bool:
    """Whether ``key`` names times that can be chosen, whoever has them: as long as the loop, ahead, and given."""
    times = _times(key)
    return times is not None and within(question.of.loop, times) is not None


def planned(question: Question, key: str) -> dict[int, Arrangement] | None:
    """Return the best loop at the times that ``key`` names; None where none can be formed there, or it names none."""
    times = _times(key)
    loop = within(question.of.loop, times) if times else None
    return loop_plans.best(replace(question.of, loop=loop), question.terms, BOOKING_PARTS) if loop else None


def key_of(loop: Loop) -> str:
    """Return what an offer of a loop's own times would be named."""
    seats = [(seat.starts_at, seat.ends_at) for seat in loops.seats_of(loop)]
    spans = merged(Span(starts_at, ends_at) for starts_at, ends_at in seats if starts_at and ends_at)
    return _key(tuple((_minutes(each.starts_at), _minutes(each.ends_at)) for each in spans))


def spans_of(loop: Loop) -> tuple[Span, ...]:
    """Return when a loop is held: times (UTC) in their order, those that touch as one."""
    times = _times(key_of(loop))
    return _offer(times).spans if times else ()


def _offer(times: Times) -> Offer:
    return Offer(_key(times), tuple(Span(moment(start), moment(end)) for start, end in times))


def _key(times: Times) -> str:
    return ",".join(f"{start}-{end}" for start, end in times)


def _times(key: str) -> Times | None:
    if not _ALL.fullmatch(key):
        return None
    times = tuple((int(start), int(end)) for start, end in re.findall(_ONE, key))
    # One loop has one name: the same form twice is known by it.
    return times if _key(times) == key else None


def _minutes(at: datetime) -> int:
    return (at - EPOCH) // _MINUTE
