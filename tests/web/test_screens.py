"""The pages of phone screens: each works, each refusal stands beside its field, strangers find nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.interview import Interview, InterviewState
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind, Person
from tracker.rules.stages import ApplicationState, StageKind

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def application(world: World) -> Application:
    candidate = world.candidate("Cleo Candidate", zone="America/New_York")
    return world.application(stage=StageKind.PHONE_SCREEN, candidate=candidate)


@pytest.fixture
def ana(world: World, application: Application) -> Person:
    ana = world.person("Ana Leader", is_senior_leader=True)
    return world.qualify(ana, application.requisition.plan, InterviewKind.PHONE_SCREEN)


@pytest.fixture
def recruiter(client: Client, application: Application) -> Client:
    return client.sign_in(application.requisition.recruiter)


def url(application: Application, rest: str = "") -> str:
    return f"/applications/{application.id}/screens{rest}"


def typed(person: Person, **changes: Any) -> dict[str, Any]:
    given = {
        "date": "2026-11-04",
        "time": "15:00",
        "zone": "Europe/Berlin",
        "minutes": 60,
        "place": "https://meet.example/1",
        "person_id": person.id,
    }
    return given | changes


def arrange(browser: Client, application: Application, person: Person, **changes: Any) -> Any:
    return browser.post(url(application, "/new"), data=typed(person, **changes))


def test_the_form_offers_who_may_hold_it_and_says_who_cannot(
    recruiter: Client, world: World, application: Application, ana: Person
) -> None:
    junior = world.qualify(world.person("Jun Junior"), application.requisition.plan, InterviewKind.PHONE_SCREEN)
    page = recruiter.get(url(application, "/new")).text
    assert "Ana Leader: qualified for all of it" in page
    assert f"{junior.name} is not a senior leader" in page
    assert 'value="60"' in page


def test_arranging(recruiter: Client, session: Session, application: Application, ana: Person) -> None:
    assert arrange(recruiter, application, ana, version=application.version).status_code == 303
    screen = session.scalars(select(Interview)).one()
    assert screen.starts_at == datetime(2026, 11, 4, 14, 0, tzinfo=UTC)
    page = recruiter.get(f"/applications/{application.id}").text
    assert "Waiting for the phone screen" in page
    listed = recruiter.get(url(application)).text
    assert "15:00–16:00 CET" in listed
    assert "09:00–10:00 EST" in listed


def test_a_second_click_arranges_once(
    recruiter: Client, session: Session, application: Application, ana: Person
) -> None:
    for _ in range(2):
        assert arrange(recruiter, application, ana, once="same").status_code == 303
    assert session.query(Interview).count() == 1
    assert session.query(OutboxMail).count() == 2


def test_asking_who_is_free_does_nothing_yet(
    recruiter: Client, session: Session, application: Application, ana: Person
) -> None:
    answer = arrange(recruiter, application, ana, suggest="1")
    assert answer.status_code == 200
    assert 'value="2026-11-04"' in answer.text
    assert session.query(Interview).count() == session.query(OutboxMail).count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date": ""}, "Choose a date"),
        ({"date": "2026-02-30"}, "This is not a date"),
        ({"time": "25:00"}, "This is not a time"),
        ({"zone": "Europe/Atlantis"}, "is not a time zone"),
        ({"zone": ""}, "is not a time zone"),
        ({"date": "2026-11-01"}, "lies in the past"),
        ({"date": "2036-11-01"}, "more than two years away"),
        ({"date": "2027-03-28", "time": "02:30"}, "does not exist on Sun 28 Mar 2027 in Europe/Berlin"),
        ({"date": "2027-10-31", "time": "02:30"}, "comes twice on Sun 31 Oct 2027"),
        ({"minutes": "0"}, "lasts 5 to 480 minutes"),
        ({"minutes": "long"}, "Not a valid integer value"),
        ({"place": "x" * 501}, "500 is the most"),
        ({"person_id": ""}, "Choose who holds the phone screen"),
        ({"person_id": "999999"}, "choose another"),
        ({"person_id": str(10**20)}, "Choose who holds the phone screen"),
    ],
)
def test_each_refusal_is_explained_and_what_was_typed_stays(
    recruiter: Client, session: Session, application: Application, ana: Person, changes: dict[str, str], words: str
) -> None:
    answer = arrange(recruiter, application, ana, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    if "place" not in changes:
        assert "https://meet.example/1" in answer.text
    assert session.query(Interview).count() == 0


@pytest.mark.parametrize(("which", "hour"), [("first", 0), ("second", 1)])
def test_a_repeated_hour_is_asked_for(
    recruiter: Client, session: Session, application: Application, ana: Person, which: str, hour: int
) -> None:
    asked = arrange(recruiter, application, ana, date="2027-10-31", time="02:30")
    assert "The first, before clocks go back" in asked.text
    assert arrange(recruiter, application, ana, date="2027-10-31", time="02:30", which=which).status_code == 303
    screen = session.scalars(select(Interview)).one()
    assert screen.starts_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


def test_a_stale_form_is_told(recruiter: Client, application: Application, ana: Person) -> None:
    answer = arrange(recruiter, application, ana, version=application.version + 3)
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.text


def test_changing_and_cancelling(recruiter: Client, session: Session, application: Application, ana: Person) -> None:
    arrange(recruiter, application, ana)
    screen = session.scalars(select(Interview)).one()
    page = recruiter.get(url(application, f"/{screen.id}")).text
    assert 'value="15:00"' in page
    moved = typed(ana, time="16:00", version=screen.version)
    assert recruiter.post(url(application, f"/{screen.id}"), data=moved).status_code == 303
    session.refresh(screen)
    assert (screen.sequence, screen.starts_at) == (1, datetime(2026, 11, 4, 15, 0, tzinfo=UTC))
    stale = recruiter.post(url(application, f"/{screen.id}"), data=moved)
    assert stale.status_code == 409
    cancel = url(application, f"/{screen.id}/cancel")
    assert recruiter.post(cancel, data={"reason": ""}).status_code == 422
    assert recruiter.post(cancel, data={"reason": "Ana is ill"}).status_code == 303
    session.refresh(screen)
    assert screen.state is InterviewState.CANCELLED
    assert recruiter.get(url(application, f"/{screen.id}")).status_code == 404


def test_a_screen_that_has_begun_is_given_to_nobody_else(
    recruiter: Client, session: Session, world: World, application: Application, ana: Person, at: TestClock
) -> None:
    bea = world.person("Bea Leader", is_senior_leader=True)
    world.qualify(bea, application.requisition.plan, InterviewKind.PHONE_SCREEN)
    arrange(recruiter, application, ana)
    screen = session.scalars(select(Interview)).one()
    edit, instead = url(application, f"/{screen.id}"), "It has begun: nobody can step in any more."
    assert instead not in recruiter.get(edit).text
    assert screen.ends_at is not None
    at.set(screen.ends_at + timedelta(minutes=30))
    assert instead in recruiter.get(edit).text
    answer = recruiter.post(edit, data=typed(bea, place="Room 7"))
    assert answer.status_code == 422
    assert "Phone screen has begun: nobody can step in any more. Once it is over, its scorecard" in answer.text
    assert 'value="Room 7"' in answer.text
    session.refresh(screen)
    assert screen.lead is not None
    assert screen.lead.person_id == ana.id
    assert recruiter.post(edit, data=typed(bea, date="2026-11-06")).status_code == 303


def test_another_applications_screen_is_not_found(
    recruiter: Client, session: Session, world: World, application: Application, ana: Person
) -> None:
    arrange(recruiter, application, ana)
    screen = session.scalars(select(Interview)).one()
    other = world.application(application.requisition, stage=StageKind.PHONE_SCREEN, name="Other")
    assert recruiter.get(url(other, f"/{screen.id}")).status_code == 404
    assert recruiter.post(url(other, f"/{screen.id}/cancel"), data={"reason": "x"}).status_code == 404


@pytest.fixture
def held(world: World, application: Application, ana: Person) -> Application:
    world.scorecard(world.interview(application, ana, starts_at=MONDAY - timedelta(days=1)), text="CANARY")
    stage = world.stage(application.requisition, StageKind.PHONE_SCREEN_OUTCOME)
    application.stage, application.stage_kind = stage, stage.kind
    world.keep(application)
    return application


def decision(**changes: Any) -> dict[str, Any]:
    return {"choice": "go_on", "reason": "", "disposition": "stopped_after_screen"} | changes


def test_deciding(client: Client, session: Session, held: Application) -> None:
    client.sign_in(held.requisition.hiring_manager)
    page = client.get(url(held, "/outcome"))
    assert "Second screen" in page.text
    assert client.post(url(held, "/outcome"), data=decision(choice="second_screen")).status_code == 422
    assert client.post(url(held, "/outcome"), data=decision(choice="")).status_code == 422
    assert client.post(url(held, "/outcome"), data=decision(version=held.version)).status_code == 303
    session.refresh(held)
    assert held.stage_kind is StageKind.LOOP
    late = client.post(url(held, "/outcome"), data=decision(choice="stop", reason="Changed my mind"))
    assert late.status_code == 422
    assert "there is nothing to decide about a phone screen now" in late.text


def test_stopping(client: Client, session: Session, held: Application) -> None:
    client.sign_in(held.requisition.hiring_manager)
    without = client.post(url(held, "/outcome"), data=decision(choice="stop"))
    assert "Say why it stops here" in without.text
    answer = client.post(url(held, "/outcome"), data=decision(choice="stop", reason="Weak on threats"))
    assert answer.status_code == 303
    session.refresh(held)
    assert held.state is ApplicationState.REJECTED


def test_the_next_screener_does_not_read_why(
    client: Client, session: Session, world: World, held: Application, ana: Person
) -> None:
    """He or she judges without the words of the first; whoever may read the scorecards reads them."""
    client.sign_in(held.requisition.hiring_manager)
    said = decision(choice="second_screen", reason="WOMBAT on threats")
    assert client.post(url(held, "/outcome"), data=said).status_code == 303
    session.refresh(held)
    second = world.interview(held, world.recruiter("Rob Recruiter"), position=2)
    pages = [url(held), url(held, "/outcome"), f"/applications/{held.id}", f"/applications/{held.id}?history=all"]
    for person, reads in ((second.person, False), (held.requisition.recruiter, True)):
        client.sign_in(person)
        assert [("WOMBAT" in client.get(page).text) for page in pages] == [reads] * 4
    world.scorecard(second)
    client.sign_in(second.person)
    assert all("WOMBAT" in client.get(page).text for page in pages)


@pytest.mark.parametrize("rest", ["", "/new", "/outcome"])
def test_interviewers_and_strangers_find_nothing(
    client: Client, world: World, held: Application, ana: Person, rest: str
) -> None:
    for person in (ana, world.person("Stu Stranger")):
        client.sign_in(person)
        assert client.get(url(held, rest)).status_code == 404
        if rest:
            assert client.post(url(held, rest)).status_code == 404
