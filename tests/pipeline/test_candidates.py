"""The candidate's own page: its links, its zone, and withdrawing."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import World
from tracker.models.candidate import CandidateLink
from tracker.models.outbox import OutboxMail
from tracker.models.record import RecordEntry
from tracker.pipeline import candidate_links, candidates, moves
from tracker.pipeline.candidates import NotActive
from tracker.queries import candidate_page
from tracker.queries.candidate_page import Found
from tracker.queries.truth import holds
from tracker.queries.visibility import NotFound
from tracker.rules.stages import ApplicationState, Disposition

pytestmark = pytest.mark.usefixtures("in_app")


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)))


def test_a_link_opens_one_page_for_180_days(session: Session, world: World) -> None:
    application, other = world.application(), world.application(world.requisition("Other"))
    token = candidate_links.status_link(session, application, now=world.now).removeprefix("/my/")
    candidate_links.status_link(session, other, now=world.now)
    digest = candidate_links.digest(token)
    last = world.now + timedelta(days=180) - timedelta(seconds=1)
    assert candidate_page.by_link(session, digest, now=last) == (Found.GOOD, application)
    assert candidate_page.by_link(session, digest, now=last + timedelta(seconds=1)) == (Found.EXPIRED, application)
    # The digest that is stored is no key itself.
    with pytest.raises(NotFound):
        candidate_page.by_link(session, candidate_links.digest(digest), now=world.now)


def test_a_revoked_link_opens_nothing(session: Session, world: World) -> None:
    token = candidate_links.status_link(session, world.application(), now=world.now).removeprefix("/my/")
    session.scalars(select(CandidateLink)).one().revoked_at = world.now
    with pytest.raises(NotFound):
        candidate_page.by_link(session, candidate_links.digest(token), now=world.now)


def test_each_link_has_a_token_of_its_own(session: Session, world: World) -> None:
    application = world.application()
    assert len({candidate_links.status_link(session, application, now=world.now) for _ in range(5)}) == 5


def test_a_renewed_link_goes_to_the_stored_address_and_not_in_a_stream(session: Session, world: World) -> None:
    application = world.application()
    for minutes in (0, 1, 9, 11):
        candidates.renew(session, application, now=world.now + timedelta(minutes=minutes))
    session.commit()
    assert kinds(session) == ["status_link", "status_link"]
    assert set(session.scalars(select(OutboxMail.receiver))) == {application.candidate.email}


def test_the_zone_is_kept_and_on_the_record(session: Session, world: World) -> None:
    application = world.application()
    candidates.set_zone(session, application, "Asia/Tokyo", now=world.now)
    candidates.set_zone(session, application, "Asia/Tokyo", now=world.now)
    assert application.candidate.zone == "Asia/Tokyo"
    assert session.scalar(select(func.count(RecordEntry.id))) == 1


def test_withdrawing_closes_and_tells_both_sides(session: Session, world: World) -> None:
    application = world.application()
    candidates.withdraw(session, application, reason="Another offer", now=world.now)
    session.commit()
    assert (application.state, application.disposition) == (
        ApplicationState.WITHDRAWN,
        Disposition.CANDIDATE_WITHDREW,
    )
    assert kinds(session) == ["withdrawn", "candidate_withdrew"]
    receivers = list(session.scalars(select(OutboxMail.receiver).order_by(OutboxMail.id)))
    assert receivers == [application.candidate.email, application.requisition.recruiter.email]
    with pytest.raises(NotActive):
        candidates.withdraw(session, application, reason="", now=world.now)


def test_only_the_closing_that_stands_is_told(session: Session, world: World) -> None:
    application, by = world.application(), world.recruiter()
    for seconds in (0, 2):
        now = world.now + timedelta(seconds=seconds)
        moves.close(session, application, ApplicationState.REJECTED, Disposition.OTHER, by=by, now=now)
        candidates.tell_closed(session, application, now=now)
        if not seconds:
            again = world.now + timedelta(seconds=1)
            moves.reopen(session, application, application.stage_id, by=by, now=again, reason="A slip")
        session.commit()
    facts = list(session.scalars(select(OutboxMail.fact).where(OutboxMail.kind == "closed").order_by(OutboxMail.id)))
    assert [holds(session, fact) for fact in facts] == [False, True]


def test_a_withdrawal_that_was_taken_back_is_told_to_nobody(session: Session, world: World) -> None:
    application, by = world.application(), world.recruiter()
    for seconds in (0, 2):
        candidates.withdraw(session, application, reason="", now=world.now + timedelta(seconds=seconds))
        again = world.now + timedelta(seconds=seconds + 1)
        if not seconds:
            moves.reopen(session, application, application.stage_id, by=by, now=again, reason="Came back")
        session.commit()
    facts = session.scalars(select(OutboxMail.fact).order_by(OutboxMail.id))
    assert [holds(session, fact) for fact in facts] == [False, False, True, True]
