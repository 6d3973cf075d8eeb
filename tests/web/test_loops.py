"""The pages of the loop: planned by hand, refused while a rule is broken, sent, changed, called off, done."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.interview import Interview, Loop, LoopState
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.models.requisition import RequisitionMember
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("monday")

DAY = {"date": "2026-11-10", "time": "10:00", "zone": "Europe/Berlin", "break_minutes": "15"}


@pytest.fixture
def application(world: World) -> Application:
    candidate = world.candidate("Cleo Candidate", zone="America/New_York")
    return world.application(stage=StageKind.LOOP, candidate=candidate)


@pytest.fixture
def recruiter(client: Client, application: Application) -> Client:
    return client.sign_in(application.requisition.recruiter)


def url(application: Application, rest: str = "") -> str:
    return f"/applications/{application.id}/loop{rest}"


def interviews(session: Session) -> list[Interview]:
    session.expire_all()
    return list(session.scalars(select(Interview).order_by(Interview.position)))


def ready(recruiter: Client, application: Application) -> None:
    assert recruiter.post(url(application, "/plan")).status_code == 303
    assert recruiter.post(url(application, "/times"), data=DAY).status_code == 303
    assert recruiter.post(url(application, "/people")).status_code == 303


def sent(recruiter: Client, application: Application) -> None:
    ready(recruiter, application)
    assert recruiter.post(url(application, "/send")).status_code == 303


def test_the_address_of_the_e_mails_leads_back_to_the_loop(
    client: Client, world: World, people: list[Person], recruiter: Client, application: Application
) -> None:
    ready(recruiter, application)
    answer = recruiter.get(url(application, "/send"))
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/applications/{application.id}/loop")
    client.sign_in(world.person("Nobody Here"))
    assert client.get(url(application, "/send")).status_code == 404


def typed(interview: Interview, **changes: Any) -> dict[str, Any]:
    lead = interview.assignments[-1]
    given = {
        "date": "2026-11-10",
        "time": "10:00",
        "zone": "Europe/Berlin",
        "minutes": 60,
        "place": "",
        "person_id": lead.person_id,
        "competencies": [each.competency_id for each in lead.competencies],
        "version": interview.version,
    }
    return given | changes


def test_the_whole_way_of_a_loop(
    recruiter: Client, session: Session, application: Application, people: list[Person], at: TestClock
) -> None:
    assert "Plan this loop" in recruiter.get(url(application)).text
    recruiter.post(url(application, "/plan"))
    page = recruiter.get(url(application)).text
    for words in ("Interview 1 has no time yet", "Interview 5 has no interviewer yet", "No bar raiser", "Set times"):
        assert words in page
    assert "Send the loop" not in page
    recruiter.post(url(application, "/times"), data=DAY)
    page = recruiter.get(url(application)).text
    assert "10:00–11:00" in page
    assert "04:00–05:00" in page, "the candidate’s own time stands beside ours"
    assert "11:15–12:15" in page
    assert "CET" in page
    recruiter.post(url(application, "/people"))
    page = recruiter.get(url(application)).text
    assert "Before it can go out" not in page
    assert "Tue 17 Nov 2026, 23:59 CET" in page, "the promise is shown before anybody is told"
    assert "Read the 6 e-mails…" in page, "five interviewers and the candidate"
    assert recruiter.post(url(application, "/send")).status_code == 303
    assert session.query(OutboxMail).count() == 6
    assert "Waiting for the interviews" in recruiter.get(f"/applications/{application.id}").text
    early = recruiter.post(url(application, "/done"))
    assert early.status_code == 422
    assert "not over yet" in early.text
    at.set(MONDAY + timedelta(days=9))
    assert "The loop is done" in recruiter.get(f"/applications/{application.id}").text
    assert recruiter.post(url(application, "/done")).status_code == 303
    session.refresh(application)
    assert application.stage_kind is StageKind.OUTCOME


def test_a_loop_that_is_not_ready_is_refused_with_every_reason(recruiter: Client, application: Application) -> None:
    recruiter.post(url(application, "/plan"))
    answer = recruiter.post(url(application, "/send"))
    assert answer.status_code == 422
    for n in range(1, 6):
        assert f"Interview {n} has no time yet." in answer.text
        assert f"Interview {n} has no interviewer yet." in answer.text
    assert "please look at these" in answer.text
    listed = re.findall(r"<li[^>]*>(.*?)</li>", answer.text.split('class="errors"')[1].split("</ul>")[0])
    assert len(listed) == len(set(listed)) == 11, "five times, five people, a bar raiser"
    assert 'Before it can go out <span class="count">11</span>' in answer.text
    assert '<a href="#problems">Before it can go out</a>' in answer.text


def test_what_came_to_stand_against_it_since_it_went_out_is_said(
    recruiter: Client, session: Session, application: Application, people: list[Person], at: TestClock
) -> None:
    """Its only bar raiser joined the hiring team."""
    said, words = "could not go out as it stands now", "No bar raiser from outside the hiring team"
    sent(recruiter, application)
    assert said not in recruiter.get(url(application)).text
    application.requisition.members.append(RequisitionMember(person=people[0]))
    page = recruiter.get(url(application)).text
    assert said in page
    assert words in page
    at.set(MONDAY.replace(day=10, hour=11))
    begun = recruiter.get(url(application)).text
    assert words in begun
    assert "lies in the past" not in begun
    at.set(MONDAY + timedelta(days=9))
    assert said not in recruiter.get(url(application)).text, "it is over: nothing can be changed"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date": ""}, "Choose a date"),
        ({"date": "2026-10-01"}, "lies in the past"),
        ({"zone": "Mars/Base"}, "is not a time zone"),
        ({"date": "2027-03-28", "time": "02:15"}, "does not exist"),
        ({"date": "2027-10-31", "time": "02:15"}, "comes twice"),
        ({"break_minutes": "-1"}, "0 to 240"),
        ({"break_minutes": "9000"}, "0 to 240"),
        ({"version": "99"}, "Somebody was faster"),
    ],
)
def test_wrong_times_are_explained(
    recruiter: Client, session: Session, application: Application, changes: dict[str, str], words: str
) -> None:
    recruiter.post(url(application, "/plan"))
    answer = recruiter.post(url(application, "/times"), data=DAY | changes)
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert all(each.starts_at is None for each in interviews(session))


def test_one_place_is_set_for_all(recruiter: Client, session: Session, application: Application) -> None:
    recruiter.post(url(application, "/plan"))
    loop = session.scalars(select(Loop)).one()
    assert "For all interviews at once" in recruiter.get(url(application)).text
    refused = recruiter.post(url(application, "/place"), data={"place": " ", "version": loop.version})
    assert refused.status_code == 422
    typed_in = {"place": "https://meet.example/7", "version": loop.version}
    assert recruiter.post(url(application, "/place"), data=typed_in).status_code == 303
    assert {each.place for each in interviews(session)} == {"https://meet.example/7"}
    assert "For all interviews at once" not in recruiter.get(url(application)).text


def test_one_interview_is_changed_by_hand(
    recruiter: Client, session: Session, application: Application, people: list[Person]
) -> None:
    ready(recruiter, application)
    first = interviews(session)[0]
    edit = url(application, f"/interviews/{first.id}")
    page = recruiter.get(edit).text
    assert "Suggested, the best first" in page
    assert "in this loop already" in page
    wanted = typed(first, time="08:30", place="Room 7")
    looked = recruiter.post(edit, data=wanted | {"suggest": "1"})
    assert (looked.status_code, "Room 7" in looked.text) == (200, True)
    assert interviews(session)[0].place == ""
    assert recruiter.post(edit, data=wanted).status_code == 303
    assert interviews(session)[0].place == "Room 7"
    assert recruiter.post(edit, data=wanted).status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date": "2026-10-01"}, "lies in the past"),
        ({"minutes": "481"}, "5 to 480 minutes"),
        ({"date": "gestern"}, "This is not a date"),
        ({"zone": "Nowhere"}, "is not a time zone"),
        ({"competencies": ["99999"]}, "not a valid choice"),
    ],
)
def test_a_wrong_interview_is_explained(
    recruiter: Client,
    session: Session,
    application: Application,
    people: list[Person],
    changes: dict[str, Any],
    words: str,
) -> None:
    ready(recruiter, application)
    first = interviews(session)[0]
    answer = recruiter.post(url(application, f"/interviews/{first.id}"), data=typed(first, **changes))
    assert answer.status_code == 422
    assert words in answer.text


def test_after_it_went_out_changes_are_told(
    recruiter: Client, session: Session, application: Application, people: list[Person]
) -> None:
    sent(recruiter, application)
    last = interviews(session)[4]
    edit = url(application, f"/interviews/{last.id}")
    later = typed(last, date="2026-11-11")
    assert recruiter.post(edit, data=later).status_code == 303
    assert session.query(OutboxMail).count() == 8
    broken = recruiter.post(edit, data=typed(interviews(session)[4], date="2026-11-11", competencies=[]))
    assert broken.status_code == 422
    assert "Nobody in this loop evaluates" in broken.text
    one_less = recruiter.post(edit + "/cancel", data={"reason": "Ill"})
    assert one_less.status_code == 422
    assert "the plan asks for 5" in one_less.text


def test_a_cap_is_overridden_on_the_record(
    recruiter: Client, session: Session, world: World, application: Application, people: list[Person]
) -> None:
    ready(recruiter, application)
    people[0].daily_cap = 0
    world.keep(people[0])
    page = recruiter.get(url(application)).text
    assert "the cap is 0" in page
    assert "Allow it" in page
    data = {"person_id": people[0].id, "reason": ""}
    assert recruiter.post(url(application, "/override"), data=data).status_code == 422
    assert recruiter.post(url(application, "/override"), data=data | {"reason": "She offered"}).status_code == 303
    assert "She offered" in recruiter.get(url(application)).text
    assert recruiter.post(url(application, "/send")).status_code == 303


def test_cancelling(recruiter: Client, session: Session, application: Application, people: list[Person]) -> None:
    sent(recruiter, application)
    assert recruiter.post(url(application, "/cancel"), data={"reason": ""}).status_code == 422
    assert recruiter.post(url(application, "/cancel"), data={"reason": "Ill"}).status_code == 303
    session.expire_all()
    assert session.scalars(select(Loop.state)).one() is LoopState.CANCELLED
    assert "Plan this loop" in recruiter.get(url(application)).text


def test_throwing_a_draft_away(recruiter: Client, session: Session, application: Application) -> None:
    recruiter.post(url(application, "/plan"))
    assert recruiter.post(url(application, "/cancel")).status_code == 303
    assert session.query(OutboxMail).count() == 0


def test_the_hiring_manager_looks_and_others_find_nothing(
    recruiter: Client, session: Session, world: World, application: Application, people: list[Person]
) -> None:
    sent(recruiter, application)
    first = interviews(session)[0]
    recruiter.sign_in(application.requisition.hiring_manager)
    page = recruiter.get(url(application))
    assert page.status_code == 200
    assert "Cancel the loop" not in page.text
    writes = ["/plan", "/times", "/people", "/override", "/send", "/cancel", "/done", f"/interviews/{first.id}"]
    for rest in writes:
        assert recruiter.post(url(application, rest)).status_code == 404
    for person in (people[0], world.person("Stu Stranger")):
        recruiter.sign_in(person)
        assert recruiter.get(url(application)).status_code == 404
        for rest in writes:
            assert recruiter.post(url(application, rest)).status_code == 404


def test_another_loops_interview_is_not_found(
    recruiter: Client, session: Session, world: World, application: Application, people: list[Person]
) -> None:
    ready(recruiter, application)
    first = interviews(session)[0]
    other = world.application(application.requisition, stage=StageKind.LOOP, name="Other")
    recruiter.post(url(other, "/plan"))
    assert recruiter.get(url(other, f"/interviews/{first.id}")).status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_community(
    recruiter: Client, session: Session, world: World, application: Application, people: list[Person]
) -> None:
    ready(recruiter, application)
    recruiter.get(url(application))
    with recruiter.application.app_context():
        engine = recruiter.application.extensions["sqlalchemy"].engine
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_r: seen.append(statement))
    recruiter.get(url(application))
    few = len(seen)
    for n in range(12):
        world.qualify(world.person(f"More{n}"), application.requisition.plan)
    seen.clear()
    recruiter.get(url(application))
    assert len(seen) == few


def test_a_loop_that_was_broken_off_is_completed_on_its_page(
    recruiter: Client, session: Session, application: Application, people: list[Person], at: TestClock
) -> None:
    sent(recruiter, application)
    at.set(MONDAY.replace(day=10, hour=10, minute=30))
    page = f"/applications/{application.id}"
    recruiter.post(f"{page}/close", data={"end": "withdrawn:other", "reason": "A slip"})
    data = {"stage": application.stage_id, "reason": "It was a slip"}
    assert recruiter.post(f"{page}/reopen", data=data).status_code == 303
    shown = recruiter.get(url(application)).text
    assert "To be completed" in shown
    assert "Cancel the whole loop" in shown
    assert "Throw the draft away" not in shown
    assert recruiter.post(url(application, "/times"), data=DAY | {"date": "2026-11-17"}).status_code == 303
    assert recruiter.post(url(application, "/people")).status_code == 303
    shown = recruiter.get(url(application)).text
    assert shown.count("an invitation to Interview") == 4
    assert recruiter.post(url(application, "/send")).status_code == 303
    assert recruiter.post(url(application, "/cancel"), data={"reason": ""}).status_code == 422
