"""A mail that speaks of several applications says of which: it is found when one of them is erased."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.candidate import Candidate
from tracker.models.outbox import MailAbout, OutboxMail
from tracker.pipeline import deadlines, erasure, leaves, nudges
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.retention import ErasureKind

pytestmark = pytest.mark.usefixtures("in_app")
DAY = timedelta(days=1)


def spoken_of(session: Session) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    rows = session.execute(
        select(OutboxMail.kind, MailAbout.application_id).join(MailAbout, MailAbout.mail_id == OutboxMail.id)
    )
    for kind, application_id in rows:
        found.setdefault(kind, set()).add(application_id)
    return found


def test_a_digest(session: Session, world: World) -> None:
    requisition = world.requisition()
    made = [world.application(requisition, name=f"Quokka {n}") for n in "ABC"]
    owner = requisition.hiring_manager
    for application in made:
        deadlines.open_(session, application, DeadlineKind.DEBRIEF, day0_at=MONDAY, owner=owner, now=MONDAY)
    due = MONDAY.replace(hour=8) + 2 * DAY
    nudges.raise_for(session, nudges.due_receivers(session, due), now=due)
    session.commit()
    assert spoken_of(session) == {"digest": {each.id for each in made}}
    mail = session.scalars(select(OutboxMail)).one()
    assert b"Quokka A" in mail.message
    gone = session.get_one(Candidate, made[0].candidate_id)
    erasure.erase(session, gone, ErasureKind.REQUEST, by=requisition.recruiter, now=due)
    session.commit()
    session.refresh(mail)
    assert mail.message == b""
    assert nudges.due_receivers(session, due) == [owner.id], "the others are told anew"
    nudges.raise_for(session, [owner.id], now=due)
    again = session.scalars(select(OutboxMail).where(OutboxMail.kind == "digest", OutboxMail.id != mail.id)).one()
    assert b"Quokka B" in again.message
    assert b"Quokka A" not in again.message


def test_an_absence_is_told_all_the_same_and_erased_then(session: Session, world: World) -> None:
    requisition = world.requisition()
    person = world.person("Ian Interviewer")
    made = [world.application(requisition, name=f"Quokka {n}") for n in "AB"]
    for n, application in enumerate(made):
        world.interview(application, person, starts_at=MONDAY + 2 * DAY + timedelta(hours=n))
    leaves.add(session, person, date(2026, 11, 4), date(2026, 11, 5), by=person, now=MONDAY)
    session.commit()
    assert spoken_of(session) == {"interviewer_away": {each.id for each in made}}
    gone = session.get_one(Candidate, made[0].candidate_id)
    erasure.erase(session, gone, ErasureKind.REQUEST, by=requisition.recruiter, now=MONDAY)
    session.commit()
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "interviewer_away")).one()
    assert (mail.state, mail.is_last_word) == ("waiting", True)
    assert b"Quokka B" in mail.message
    mail.state = mail.state.__class__.SENT
    session.commit()
    assert erasure.erase_last_words(session) == 1
    assert mail.message == b""
