"""A recruiter lets a candidate choose when the loop is held, or takes that back. What the candidate does is in
``loop_bookings``."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.interview import Loop
from tracker.models.loop_choice import LoopChoice
from tracker.models.person import Person
from tracker.pipeline import interviews, loop_choice_mails
from tracker.pipeline.loop_checks import check_draft
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries import loops
from tracker.queries.loop_choices import choice_of
from tracker.rules.refused import Refused


class ChoosingOff(Refused):
    """The interview plan does not let candidates choose."""


class NothingOffered(Refused):
    """The candidate cannot choose anyway."""


def offer(
    session: Session, loop: Loop, *, by: Person, now: datetime, place: str = "", version: int | None = None
) -> LoopChoice:
    """Let the candidate choose among the loops that can be formed, by a link that is mailed; again: another mail.

    ``place`` is kept for the interviews that have none: what the candidate books goes out with it.
    Whether one can be formed is asked before (``loop_offers``): that search is not for a transaction that writes.
    Raises Stale, WrongStage, NotADraft, ChoosingOff.
    """
    application = loop.application
    take_turn(session, application)
    expect(loop, version)
    check_draft(loop)
    if not application.requisition.plan.candidates_choose:
        raise ChoosingOff("This interview plan does not let candidates choose: plan the loop, or ask an admin.")
    for each in loops.interviews_of(loop):
        if place and not each.place and not loops.is_held(each):
            interviews.arrange(session, each, replace(interviews.arrangement_of(each), place=place), now=now)
    choice = choice_of(session, loop) or LoopChoice(loop_id=loop.id)
    choice.offered_at, choice.offered_by_id = now, by.id
    choice.revoked_at, choice.booked_at, choice.moves = None, None, 0
    session.add(choice)
    interviews.touch(loop)
    session.flush()
    loop_choice_mails.ask(session, application, choice, now=now)
    text = "The candidate was asked to choose when the loop is held"
    note_change(session, "loop_choices.offer", text, by=by, now=now, application=application)
    return choice


def revoke(session: Session, loop: Loop, *, by: Person, now: datetime, version: int | None = None) -> None:
    """Let the candidate neither choose nor move any more; what is booked stays. Raises Stale, NothingOffered."""
    take_turn(session, loop.application)
    expect(loop, version)
    choice = choice_of(session, loop)
    if choice is None or choice.revoked_at is not None:
        raise NothingOffered("The candidate cannot choose or move this loop: there is nothing to take back.")
    choice.revoked_at = now
    interviews.touch(loop)
    session.flush()
    text = "The candidate can no longer choose or move the loop"
    note_change(session, "loop_choices.revoke", text, by=by, now=now, application=loop.application)
