"""The latest notes of the recruiting side where a loop is planned."""

import pytest

from tests.conftest import Client
from tests.factories import MONDAY, World
from tests.web.test_loops import ready, url
from tracker.models.application import Application, Note
from tracker.models.person import Person

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def noted(world: World, application: Application) -> Application:
    by = application.requisition.recruiter
    for text in ("The oldest", "Asks for a ramp", "Prefers mornings for the loop", "Long: " + "word " * 80):
        world.keep(Note(application_id=application.id, text=text, at=MONDAY, by_id=by.id))
    return application


def test_the_latest_three_stand_where_a_loop_is_planned(recruiter: Client, noted: Application) -> None:
    for begin in (False, True):
        if begin:
            ready(recruiter, noted)
        page = recruiter.get(url(noted)).text
        card = page.split("Latest notes")[1].split("</section>")[0]
        assert card.index("<details><summary") < card.index("Prefers mornings") < card.index("Asks for a ramp")
        assert "The oldest" not in page
        assert page.count("Latest notes") == 1
        assert noted.requisition.recruiter.name in card
        assert f"/applications/{noted.id}#notes" in page
    assert page.index('id="day"') < page.index("Latest notes"), "what was planned stands first"
    assert recruiter.post(url(noted, "/send")).status_code == 303
    assert "Prefers mornings" not in recruiter.get(url(noted)).text, "planned is planned"


def test_without_any_there_is_no_card(recruiter: Client, application: Application) -> None:
    ready(recruiter, application)
    assert "Latest notes" not in recruiter.get(url(application)).text


def test_the_hiring_manager_reads_them_too_and_interviewers_nothing(
    recruiter: Client, noted: Application, people: list[Person]
) -> None:
    ready(recruiter, noted)
    recruiter.sign_in(noted.requisition.hiring_manager)
    assert "Prefers mornings" in recruiter.get(url(noted)).text
    recruiter.sign_in(people[0])
    assert recruiter.get(url(noted)).status_code == 404
