"""A loop whose candidate was asked to choose the times."""

from datetime import datetime

from sqlalchemy.orm import Session

from tests.factories import MONDAY
from tracker.models.application import Application
from tracker.models.interview import Loop
from tracker.pipeline import loop as verbs
from tracker.pipeline import loop_choices, loop_offers
from tracker.pipeline.loop_offers import Offer


def asked(session: Session, application: Application) -> Loop:
    by = application.requisition.recruiter
    row = verbs.plan(session, application, by=by, now=MONDAY)
    loop_choices.offer(session, row, by=by, now=MONDAY)
    session.commit()
    return row


def offers(session: Session, loop: Loop, now: datetime = MONDAY) -> list[Offer]:
    return loop_offers.offered(loop_offers.question_of(session, loop, now=now))
