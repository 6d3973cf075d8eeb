"""The day of a loop: both zones side by side, and changed by hand with every rule checked at once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import World
from tests.web.test_loops import DAY, interviews, url
from tracker.models.application import Application
from tracker.models.interview import Interview, Loop
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def application(world: World) -> Application:
    candidate = world.candidate("Cleo Candidate", zone="America/New_York")
    return world.application(stage=StageKind.LOOP, candidate=candidate)


@pytest.fixture
def people(world: World, application: Application) -> list[Person]:
    plan = application.requisition.plan
    return [world.qualify(world.person(f"Ina{n}", zone="Asia/Kolkata"), plan) for n in range(6)]


@pytest.fixture
def recruiter(client: Client, application: Application, people: list[Person]) -> Client:
    people[0].is_bar_raiser = True
    browser = client.sign_in(application.requisition.recruiter)
    for rest, data in (("/plan", {}), ("/times", DAY), ("/people", {})):
        assert browser.post(url(application, rest), data=data).status_code == 303
    return browser


def swap_url(application: Application, interview: Interview, what: str = "swap") -> str:
    return url(application, f"/interviews/{interview.id}/{what}")


def test_the_day_shows_both_zones_pauses_and_what_counts_about_each(
    recruiter: Client, application: Application
) -> None:
    page = recruiter.get(url(application)).text
    for words in (
        "Candidate, America/New York",
        "04:00–05:00",
        "15 minutes’ break",
        "14:30 in Asia/Kolkata",
        "bar raiser",
    ):
        assert words in page
    assert "0 of 5 that week besides" in page
    assert "Swap with the one before" in page


def test_a_link_is_shortened_to_its_host_and_a_room_is_no_link(
    recruiter: Client, session: Session, application: Application
) -> None:
    first, second, *_ = interviews(session)
    first.place, second.place = "https://meet.example/northwind-security?pwd=a&b", "Room 7"
    page = recruiter.get(url(application)).text
    address = "https://meet.example/northwind-security?pwd=a&amp;b"
    assert f'href="{address}" title="{address}" rel="noreferrer noopener">meet.example</a>' in page
    assert '<span class="quiet day__place" dir="auto">Room 7</span>' in page


def test_its_buttons_do_what_they_say(recruiter: Client, session: Session, application: Application) -> None:
    first, second, *_ = interviews(session)
    before = (first.starts_at, second.starts_at)
    main = recruiter.get(url(application)).text.split("<main")[1]
    form = main.split(f'action="{swap_url(application, first)}"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert fields["version"]
    assert recruiter.post(swap_url(application, first), data=fields).status_code == 303
    first, second, *_ = interviews(session)
    assert (second.starts_at, first.starts_at) == before


def test_two_interviews_change_places_and_one_moves(
    recruiter: Client, session: Session, application: Application
) -> None:
    first, second, *_ = interviews(session)
    before = (first.starts_at, second.starts_at)
    loop = session.get(Loop, first.loop_id)
    assert loop is not None
    data = {"other": second.id, "version": loop.version}
    assert recruiter.post(swap_url(application, first), data=data).status_code == 303
    first, second, *_ = interviews(session)
    assert (second.starts_at, first.starts_at) == before
    assert recruiter.post(swap_url(application, first), data=data).status_code == 409
    data = {"minutes": -15, "version": first.version}
    was = first.starts_at
    assert was is not None
    assert recruiter.post(swap_url(application, first, "shift"), data=data).status_code == 303
    assert interviews(session)[0].starts_at == was - timedelta(minutes=15)


def test_what_a_change_breaks_stands_on_the_page_at_once(
    recruiter: Client, session: Session, application: Application
) -> None:
    first = interviews(session)[0]
    recruiter.post(swap_url(application, first, "shift"), data={"minutes": 60, "version": first.version})
    assert "overlap" in recruiter.get(url(application)).text.lower()


@pytest.mark.parametrize(
    ("what", "data"),
    [("shift", {"minutes": "soon"}), ("shift", {"minutes": 5000}), ("shift", {}), ("swap", {"other": 0}), ("swap", {})],
)
def test_nonsense_changes_nothing(
    recruiter: Client, session: Session, application: Application, what: str, data: dict[str, object]
) -> None:
    first = interviews(session)[0]
    before = first.starts_at
    assert recruiter.post(swap_url(application, first, what), data=data).status_code == 422
    assert interviews(session)[0].starts_at == before


def test_who_was_invited_to_what_is_moved_is_told(
    recruiter: Client, session: Session, application: Application
) -> None:
    assert recruiter.post(url(application, "/send")).status_code == 303
    assert "5 invited" in recruiter.get(url(application)).text
    told = session.scalar(select(func.count()).select_from(OutboxMail)) or 0
    first, second, *_ = interviews(session)
    before = first.starts_at
    loop = session.scalars(select(Loop)).one()
    data = {"other": second.id, "version": loop.version}
    assert recruiter.post(swap_url(application, first), data=data).status_code == 303
    assert interviews(session)[1].starts_at == before
    # Both interviewers and the candidate.
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == told + 3


def test_strangers_find_nothing(client: Client, session: Session, world: World, application: Application) -> None:
    other = client.sign_in(world.person())
    for what in ("shift", "swap"):
        assert other.post(url(application, f"/interviews/1/{what}")).status_code == 404
