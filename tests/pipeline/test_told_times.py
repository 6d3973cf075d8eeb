"""The e-mail about a change tells the old time too, as the candidate knows it: as the last that reached him or her."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import community, seat, sent
from tests.pipeline.mails import of_kind, text_of
from tracker.models.application import Application
from tracker.models.interview import Interview
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import loop_changes, screens
from tracker.pipeline.interviews import Arrangement
from tracker.queries.truth import holds
from tracker.rules.stages import StageKind

START = datetime(2026, 11, 4, 14, 0, tzinfo=MONDAY.tzinfo)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("in_app")


def reached(session: Session, mail: OutboxMail, *, is_dropped: bool = False) -> None:
    """The worker got to it: it went out, or was found out of date."""
    assert holds(session, mail.fact) is not is_dropped
    mail.state = MailState.DROPPED if is_dropped else MailState.SENT
    session.commit()


@pytest.fixture
def application(world: World) -> Application:
    return world.application(stage=StageKind.PHONE_SCREEN)


@pytest.fixture
def ana(world: World, application: Application) -> Person:
    person = world.person("Ana Leader", is_senior_leader=True)
    return world.qualify(person, application.requisition.plan, InterviewKind.PHONE_SCREEN)


@pytest.fixture
def screen(session: Session, application: Application, ana: Person) -> Interview:
    wanted = Arrangement(ana.id, START, 60, "https://meet.example/1")
    screen = screens.arrange(session, application, wanted, by=application.requisition.recruiter, now=MONDAY)
    session.commit()
    return screen


def moved(session: Session, screen: Interview, ana: Person, start: datetime, place: str = "") -> str:
    by = screen.application.requisition.recruiter
    screens.change(session, screen, Arrangement(ana.id, start, 60, place), by=by, now=MONDAY)
    session.commit()
    return text_of(of_kind(session, "screen_changed")[-1])


def test_a_moved_phone_screen_tells_when_it_was_to_be(session: Session, screen: Interview, ana: Person) -> None:
    reached(session, of_kind(session, "screen_invitation")[0])
    assert "Before: Wed 4 Nov 2026, 15:00–16:00 (Europe/Berlin)" in moved(session, screen, ana, START + HOUR)
    # That one never went out: what the candidate knows is still the first.
    text = moved(session, screen, ana, START + 2 * HOUR)
    assert "Before: Wed 4 Nov 2026, 15:00–16:00 (Europe/Berlin)" in text
    older, newer = of_kind(session, "screen_changed")
    reached(session, older, is_dropped=True)
    reached(session, newer)
    assert "Before: Wed 4 Nov 2026, 17:00–18:00 (Europe/Berlin)" in moved(session, screen, ana, START)


def test_without_another_time_or_without_a_mail_that_went_out_there_is_no_old_one(
    session: Session, screen: Interview, ana: Person
) -> None:
    assert "Before:" not in moved(session, screen, ana, START + HOUR)
    reached(session, of_kind(session, "screen_changed")[0])
    assert "Before:" not in moved(session, screen, ana, START + HOUR, place="Room 4")


def test_a_moved_loop_tells_it_of_each_interview_that_was_moved(session: Session, world: World) -> None:
    application = world.application(stage=StageKind.LOOP)
    loop = sent(session, application, community(world, application.requisition.plan))
    by = application.requisition.recruiter
    reached(session, of_kind(session, "loop_schedule")[0])
    last = loop.interviews[-1].starts_at
    assert last is not None
    seat(session, loop, 4, by, starts_at=last + HOUR)
    session.commit()
    text = text_of(of_kind(session, "loop_changed")[0]).replace("\r\n", "\n")
    assert text.count("Before:") == 1
    assert "17:00–18:00 (Europe/Berlin)\n   Before: Tue 10 Nov 2026, 16:00–17:00 (Europe/Berlin)\n   With" in text
    reached(session, of_kind(session, "loop_changed")[0])
    loop_changes.set_times(session, loop, last + timedelta(days=1), 15, by=by, now=MONDAY)
    session.commit()
    assert text_of(of_kind(session, "loop_changed")[1]).count("Before: Tue 10 Nov 2026") == 5
