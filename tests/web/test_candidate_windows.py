"""The candidate says when he or she can come: what is asked when, what is refused, and where it shows."""

import re
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.candidate_window import CandidateWindow
from tracker.models.interview import LoopState
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind
from tracker.models.record import RecordEntry
from tracker.pipeline import candidate_links
from tracker.pipeline import loop as loop_verbs
from tracker.rules.stages import ApplicationState, StageKind

THURSDAY = date(2026, 11, 5)


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY)


@pytest.fixture
def application(world: World) -> Application:
    candidate = world.candidate("Kai Candidate", zone="Asia/Tokyo")
    return world.application(candidate=candidate, stage=StageKind.LOOP)


@pytest.fixture
def path(session: Session, application: Application) -> str:
    return link(session, application)


def link(session: Session, application: Application) -> str:
    path = candidate_links.status_link(session, application, now=MONDAY)
    session.commit()
    return path


def lines(*typed: tuple[date, str, str], zone: str = "Asia/Tokyo") -> dict[str, str]:
    data = {"zone_shown": zone}
    for n, (on, begins, ends) in enumerate(typed):
        data |= {f"on_{n}": on.isoformat(), f"can_{n}": "y", f"from_{n}": begins, f"until_{n}": ends}
    return data


def kept(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    rows = session.scalars(select(CandidateWindow).order_by(CandidateWindow.starts_at))
    return [(f"{each.starts_at:%d %H:%M}", f"{each.ends_at:%d %H:%M}") for each in rows]


def records(session: Session) -> list[str]:
    return list(session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "candidate_windows.say")))


def test_ten_days_are_offered_in_the_candidates_zone(client: Client, path: str) -> None:
    page = client.get(path).text
    assert "When can you come?" in page
    assert "Asia/Tokyo" in page
    assert re.findall(r'name="on_\d+"[^>]*value="([\d-]+)"', page) == [
        (THURSDAY + timedelta(days=days)).isoformat() for days in (0, 1, 4, 5, 6, 7, 8, 11, 12, 13)
    ]
    assert not re.search(r'name="can_\d+"[^>]*checked|checked[^>]*name="can_', page)


@pytest.mark.parametrize(
    ("stage", "screen_in", "said"),
    [
        (StageKind.LOOP, None, "for your interviews with the team, which are not arranged yet"),
        (StageKind.PHONE_SCREEN, None, "for your phone screen, which is not arranged yet"),
        (StageKind.PHONE_SCREEN, 2, "come after your phone screen, whose time stands above, if we go on"),
        (StageKind.PHONE_SCREEN, -2, "come after your phone screen, if we go on"),
    ],
)
def test_it_stands_below_the_times_and_says_which_interviews_it_is_for(
    client: Client, session: Session, world: World, stage: StageKind, screen_in: int | None, said: str
) -> None:
    application = world.application(stage=stage)
    if screen_in is not None:
        starts_at = MONDAY + timedelta(days=screen_in)
        world.interview(application, world.person("Ana"), starts_at=starts_at, kind=InterviewKind.PHONE_SCREEN)
    page = client.get(link(session, application)).text
    assert said in page
    if screen_in is not None:
        assert page.index("Your interviews") < page.index("When can you come?")


def test_what_is_given_is_kept_in_utc_on_the_record_and_shown_again(
    client: Client, session: Session, path: str
) -> None:
    friday = THURSDAY + timedelta(days=1)
    given = lines((friday, "13:00", "17:00"), (THURSDAY, "09:00", "12:00"), (THURSDAY, "11:00", "15:30"))
    answer = client.post(f"{path}/times", data=given, follow_redirects=True)
    assert "We look for a time among these." in answer.text
    assert kept(session) == [("05 00:00", "05 06:30"), ("06 04:00", "06 08:00")]
    assert records(session) == [
        "The candidate can come: Thu 5 Nov 2026, 09:00 to 15:30; Fri 6 Nov 2026, 13:00 to 17:00 (Asia/Tokyo)"
    ]
    assert len(re.findall(r'<input[^>]*checked[^>]*name="can_|name="can_\d+"[^>]*checked', answer.text)) == 2
    assert 'value="15:30"' in answer.text
    # The same once more changes nothing; others take the place of all.
    client.post(f"{path}/times", data=given)
    assert len(records(session)) == 1
    client.post(f"{path}/times", data=lines((friday, "09:00", "00:00")))
    assert kept(session) == [("06 00:00", "06 15:00")]
    client.post(f"{path}/times", data=lines())
    assert kept(session) == []
    assert records(session)[-1] == "The candidate took back the times in which he or she can come"


def test_the_recruiter_is_told_once_in_ten_minutes(
    client: Client, session: Session, application: Application, path: str, at: TestClock
) -> None:
    for minutes, begins in ((0, "09:00"), (1, "10:00"), (2, "10:00"), (11, "11:00"), (30, "11:00")):
        at.set(MONDAY + timedelta(minutes=minutes))
        client.post(f"{path}/times", data=lines((THURSDAY, begins, "18:00")))
    sent = select(OutboxMail).where(OutboxMail.kind == "candidate_times").order_by(OutboxMail.id)
    mails = session.scalars(sent).all()
    assert [each.receiver for each in mails] == [application.requisition.recruiter.email] * 2
    text = message_from_bytes(mails[1].message, policy=default).get_body(("plain",)).get_content()
    assert "Thu 5 Nov 2026, 03:00 to 10:00 (Europe/Berlin)" in text
    assert f"/applications/{application.id}" in text


def test_a_note_is_kept_shown_and_told_as_plain_text(
    client: Client, session: Session, application: Application, path: str
) -> None:
    note = "By video, please.\n<b>I use</b> a screen reader {{ link }}"
    given = lines((THURSDAY, "09:00", "18:00")) | {"note": note}
    assert client.post(f"{path}/times", data=given).status_code == 303
    session.expire_all()
    assert application.candidate_note == note
    assert "&lt;b&gt;I use&lt;/b&gt;" in client.get(path).text
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "candidate_times")).one()
    text = message_from_bytes(mail.message, policy=default).get_body(("plain",)).get_content()
    assert "A note came with them: By video, please." in text
    assert "I use" not in records(session)[0]
    # The same once more changes nothing; without it, it is gone.
    client.post(f"{path}/times", data=given)
    assert len(records(session)) == 1
    client.post(f"{path}/times", data=given | {"note": ""})
    session.expire_all()
    assert application.candidate_note == ""
    assert len(records(session)) == 2


def test_a_note_shows_to_who_arranges_and_to_nobody_else(
    client: Client, session: Session, application: Application, path: str
) -> None:
    client.post(f"{path}/times", data=lines((THURSDAY, "09:00", "18:00")) | {"note": "<i>Hay fever"})
    loop_verbs.plan(session, application, by=application.requisition.recruiter, now=MONDAY)
    requisition = application.requisition
    for person, is_shown in ((requisition.recruiter, True), (requisition.hiring_manager, False)):
        client.sign_in(person)
        page = client.get(f"/applications/{application.id}/loop").text
        assert ("&lt;i&gt;Hay fever" in page) is is_shown
        assert "<i>Hay" not in page


def test_a_note_that_is_too_long_stays_in_the_form(client: Client, session: Session, path: str) -> None:
    answer = client.post(f"{path}/times", data=lines((THURSDAY, "09:00", "18:00")) | {"note": "x" * 1001})
    assert answer.status_code == 422
    assert "1,000 is the most" in answer.text
    assert "x" * 1001 in answer.text
    assert kept(session) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lines(), "Tick the days on which you can."),
        (lines((THURSDAY, "09:00", "")), "needs both times"),
        (lines((THURSDAY, "nine", "12:00")), "This is not a time."),
        (lines((THURSDAY, "12:00", "09:00")), "ends before it begins"),
        (lines((date(2026, 11, 2), "09:00", "12:00")), "is over already"),
        (lines((date(2027, 11, 2), "09:00", "12:00")), "too far ahead"),
        (lines((THURSDAY, "09:00", "12:00")) | {"on_0": "<b>soon"}, "is no date"),
        (lines((THURSDAY, "09:00", "12:00"), zone="Europe/Berlin"), "was changed meanwhile"),
    ],
)
def test_what_is_refused_keeps_nothing(
    client: Client, session: Session, path: str, data: dict[str, str], words: str
) -> None:
    answer = client.post(f"{path}/times", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<b>soon" not in answer.text
    assert kept(session) == records(session) == []


@pytest.mark.parametrize("stage", [StageKind.APPLICATION, StageKind.PHONE_SCREEN_OUTCOME, StageKind.OUTCOME])
def test_in_other_stages_nothing_is_asked(client: Client, session: Session, world: World, stage: StageKind) -> None:
    refuses(client, session, link(session, world.application(stage=stage)))


def test_nor_of_a_closed_application_nor_once_the_loop_is_out(
    client: Client, session: Session, world: World, application: Application, path: str
) -> None:
    assignment = world.loop(application, (world.person("Ivo First"),))[0]
    assert assignment.interview.loop.state is LoopState.SENT
    refuses(client, session, path)
    other = world.application(candidate=world.candidate("Lu Other"), stage=StageKind.PHONE_SCREEN)
    assert "When can you come?" in client.get(link(session, other)).text
    other.state, other.closed_at = ApplicationState.WITHDRAWN, MONDAY
    refuses(client, session, link(session, other))


def refuses(client: Client, session: Session, path: str) -> None:
    assert "When can you come?" not in client.get(path).text
    answer = client.post(f"{path}/times", data=lines((THURSDAY, "09:00", "12:00")), follow_redirects=True)
    assert "Nothing is to be arranged" in answer.text
    assert session.scalar(select(func.count(CandidateWindow.id))) == 0


def test_strangers_and_old_links_give_nothing(client: Client, session: Session, path: str, at: TestClock) -> None:
    given = lines((THURSDAY, "09:00", "12:00"))
    assert client.post(f"{path}x/times", data=given).status_code == 404
    at.set(MONDAY + timedelta(days=181))
    assert client.post(f"{path}/times", data=given).status_code != 303
    assert kept(session) == []


def test_the_loop_and_the_screen_show_them_and_say_what_is_outside(
    client: Client, session: Session, world: World, application: Application, path: str
) -> None:
    recruiter = application.requisition.recruiter
    client.post(f"{path}/times", data=lines((THURSDAY, "18:00", "20:00")))
    loop = loop_verbs.plan(session, application, by=recruiter, now=MONDAY)
    inside, outside = loop.interviews[:2]
    inside.starts_at, inside.ends_at = (datetime(2026, 11, 5, hour, tzinfo=MONDAY.tzinfo) for hour in (9, 10))
    outside.starts_at, outside.ends_at = (datetime(2026, 11, 5, hour, tzinfo=MONDAY.tzinfo) for hour in (11, 12))
    session.commit()
    client.sign_in(recruiter)
    page = client.get(f"/applications/{application.id}/loop").text
    assert "The candidate can come at 1 time" in page
    assert "Thu 5 Nov 2026, 18:00–20:00 JST" in page
    assert f"{outside.name} is outside the times that the candidate gave." in page
    assert f"{inside.name} is outside" not in page


def test_so_does_the_form_of_a_phone_screen(client: Client, session: Session, world: World) -> None:
    application = world.application(stage=StageKind.PHONE_SCREEN)
    zone = application.candidate.zone
    client.post(f"{link(session, application)}/times", data=lines((THURSDAY, "09:00", "12:00"), zone=zone))
    client.sign_in(application.requisition.recruiter)
    address = f"/applications/{application.id}/screens/new"
    assert "The candidate can come at 1 time" in client.get(address).text
    typed = {"date": "2026-11-05", "minutes": "60", "zone": zone, "suggest": "1"}
    for start, is_outside in (("09:00", False), ("11:30", True)):
        page = client.post(address, data=typed | {"time": start}).text
        assert ("outside the times that the candidate gave" in page) is is_outside
