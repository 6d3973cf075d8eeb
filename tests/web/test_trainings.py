"""Pages of training: begun, seen, signed off; a seat chosen on the loop's page, and left by who sits in it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import Client, TestClock, step_of
from tests.factories import MONDAY, World
from tests.learners import gone, in_training
from tests.pipeline.mails import of_kind
from tracker.models.application import Application
from tracker.models.interview import Assignment, AssignmentRole
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import InterviewKind, Person
from tracker.models.training import Training, TrainingState
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("monday")

NEW = "/interviewers/training/new"


@pytest.fixture
def plan(world: World) -> InterviewPlan:
    return world.plan()


@pytest.fixture
def nora(world: World) -> Person:
    return world.person("Nora Newcomer", team="Identity")


def do(client: Client, session: Session, row: Training, verb: str, **data: object) -> TestResponse:
    """Press a button of a training's page as it is now, and send the e-mails."""
    session.refresh(row)
    form = verb.replace("-", "_").replace("competencies", "learnt")
    given = {f"{form}-{name}": value for name, value in (data | {"version": row.version}).items()}
    url = f"/interviewers/training/{row.id}/{verb}"
    answer = client.post(url, data=given)
    return client.post(url, data=step_of(answer)) if answer.status_code == 200 else answer


def sent(client: Client, url: str, **data: object) -> int:
    """Send a form and, where e-mails are shown first, send them; return the last status."""
    answer = client.post(url, data=data)
    if answer.status_code == 200:
        answer = client.post(url, data=step_of(answer))
    return answer.status_code


def test_somebody_is_put_in_training_and_seen_in_the_community(
    client: Client, session: Session, world: World, plan: InterviewPlan, nora: Person
) -> None:
    world.qualify(world.person("Ina Interviewer"), plan)
    client.sign_in(world.admin())
    page = client.get(NEW).text
    assert "Nora Newcomer" in page
    ids = [each.competency_id for each in plan.competencies][:2]
    assert sent(client, NEW, person_id=nora.id, plan_id=plan.id, kind="loop", competencies=ids) == 303
    row = session.scalars(select(Training)).one()
    assert [each.competency_id for each in row.competencies] == ids
    page = client.get("/interviewers").text
    for words in ("In training", "Nora Newcomer", "Shadowed 0 of 2, reverse-shadowed 0 of 2", "one in training"):
        assert words in page
    client.sign_in(nora)
    assert "You learn to interview" in client.get("/").text
    page = client.get(f"/interviewers/training/{row.id}").text
    assert "Your training" in page
    assert "Sign off" not in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person_id": 0}, "Choose who is to learn."),
        ({"plan_id": 999}, "Choose the plan by which he or she is to learn."),
        ({"competencies": []}, "Choose what is to be learnt"),
        ({"competencies": [10**9]}, "Choose what is to be learnt"),
        ({"kind": "nonsense"}, "Not a valid choice"),
    ],
)
def test_a_bad_form_says_what_to_do_and_keeps_what_was_typed(
    client: Client, world: World, plan: InterviewPlan, nora: Person, changes: dict[str, object], said: str
) -> None:
    client.sign_in(world.admin())
    ids = [plan.competencies[0].competency_id]
    given = {"person_id": nora.id, "plan_id": plan.id, "kind": "loop", "competencies": ids}
    answer = client.post(NEW, data=given | changes)
    assert answer.status_code == 422
    assert said in answer.text
    if "person_id" not in changes:
        assert f'<option selected value="{nora.id}">' in answer.text


def test_nobody_is_offered_to_decide_on_the_own_training(
    client: Client, session: Session, world: World, plan: InterviewPlan
) -> None:
    rose = world.person("Rose Lead", is_recruiting_lead=True)
    row = in_training(world, rose, plan)
    client.sign_in(rose)
    assert ">Rose Lead</option>" not in client.get(NEW).text
    page = client.get(f"/interviewers/training/{row.id}").text
    for words in ("End the training", "Change what is learnt", "Sign off"):
        assert words not in page
    for verb, data in (("end", {"reason": "x"}), ("competencies", {"competencies": []})):
        answer = do(client, session, row, verb, **data)
        assert answer.status_code == 422, verb
    assert session.scalars(select(Training.state)).all() == [TrainingState.OPEN]


def test_the_page_says_what_does_not_count_and_that_nothing_new_is_learnt_after_the_first_interview(
    client: Client, world: World, plan: InterviewPlan, nora: Person
) -> None:
    ina = world.qualify(world.person("Ina Interviewer"), plan)
    row = in_training(world, nora, plan, letters="AB")
    client.sign_in(world.admin())
    page = f"/interviewers/training/{row.id}"
    assert "Competency C" in client.get(page).text
    gone(world, nora, ina, 2, 0)
    lead = world.session.scalars(select(Assignment).where(Assignment.person_id == ina.id)).all()[0]
    lead.declined_at = MONDAY - timedelta(days=30)
    world.keep(lead)
    text = client.get(page).text
    for words in ("1 of 2", "Nobody led it: does not count", "What is new needs a training of its own"):
        assert words in text
    assert "Competency C" not in text


def test_who_may_see_and_do_what(
    client: Client, session: Session, world: World, plan: InterviewPlan, nora: Person
) -> None:
    ina = world.qualify(world.person("Ina Interviewer"), plan)
    row = in_training(world, nora, plan)
    gone(world, nora, ina)
    page = f"/interviewers/training/{row.id}"
    lead = world.person("Leila", is_recruiting_lead=True)
    for person, sees, begins in (
        (world.person("Stan Stranger"), 404, 404),
        (nora, 200, 404),
        (ina, 200, 404),
        (world.recruiter("Rolf"), 200, 404),
        (lead, 200, 200),
        (world.admin(), 200, 200),
    ):
        client.sign_in(person)
        assert client.get(page).status_code == sees, person.name
        assert client.get(NEW).status_code == begins, person.name
    for verb in ("sign-off", "put-off", "take-back", "end", "competencies"):
        client.sign_in(world.person())
        assert client.post(f"{page}/{verb}").status_code == 404
    client.sign_in(world.recruiter("Rita Two"))
    assert do(client, session, row, "end", reason="I say so").status_code == 422


def test_the_lead_who_watched_is_asked_on_the_first_page_and_signs_off(
    client: Client, session: Session, world: World, plan: InterviewPlan, nora: Person
) -> None:
    ina = world.qualify(world.person("Ina Interviewer"), plan)
    row = in_training(world, nora, plan)
    gone(world, nora, ina)
    page = f"/interviewers/training/{row.id}"
    client.sign_in(ina)
    assert page in client.get("/").text
    assert do(client, session, row, "sign-off", note="").status_code == 422
    assert do(client, session, row, "sign-off", note="Asks well, and listens.").status_code == 303
    session.expire_all()
    assert row.state is TrainingState.SIGNED_OFF
    assert len(of_kind(session, "training_signed_off")) == 1
    client.sign_in(world.admin())
    assert "Asks well, and listens." in client.get(page).text
    assert "1 signed off" in client.get("/interviewers").text
    assert do(client, session, row, "take-back", reason="Too soon").status_code == 303
    assert do(client, session, row, "put-off", reason="Once more", more="1").status_code == 303
    assert "reverse-shadowed 2 of 3" in client.get("/interviewers").text
    ids = [plan.competencies[0].competency_id]
    assert do(client, session, row, "competencies", competencies=ids).status_code == 303
    assert do(client, session, row, "end", reason="Moved on").status_code == 303
    answer = do(client, session, row, "sign-off", note="After all")
    assert answer.status_code == 422
    assert "was ended already" in answer.text


def test_an_older_form_is_told(client: Client, world: World, plan: InterviewPlan, nora: Person) -> None:
    row = in_training(world, nora, plan)
    client.sign_in(world.admin())
    data = {"end-reason": "x", "end-version": str(row.version + 3)}
    assert client.post(f"/interviewers/training/{row.id}/end", data=data).status_code == 409


def test_the_plan_says_how_often(client: Client, session: Session, world: World, plan: InterviewPlan) -> None:
    client.sign_in(world.admin())
    data = {"training-shadows": "3", "training-reverse_shadows": "1", "training-most_trainees": "2"}
    data["training-version"] = str(plan.version)
    assert client.post(f"/settings/plans/{plan.id}/training", data=data).status_code == 303
    session.expire_all()
    assert (plan.shadows, plan.reverse_shadows, plan.most_trainees) == (3, 1, 2)
    for name, value in (("shadows", "11"), ("reverse_shadows", "-1"), ("most_trainees", "3"), ("shadows", "")):
        changed = {f"training-{name}": value, "training-version": str(plan.version)}
        answer = client.post(f"/settings/plans/{plan.id}/training", data=data | changed)
        assert answer.status_code == 422
        assert "Give a number from 0 to" in answer.text


@pytest.fixture
def loop(world: World, plan: InterviewPlan, nora: Person) -> list[Assignment]:
    """A loop of two, tomorrow, that went out."""
    application = world.application(stage=StageKind.LOOP, name="Ada Applicant")
    people = tuple(world.qualify(world.person(name), plan) for name in ("Ina Interviewer", "Ben Bystander"))
    return world.loop(application, people)


def seat_url(loop: list[Assignment], n: int = 0) -> str:
    interview = loop[n].interview
    return f"/applications/{interview.application_id}/interviews/{interview.id}/trainee"


def recruiter_of(loop: list[Assignment]) -> Person:
    application: Application = loop[0].interview.application
    return application.requisition.recruiter


def test_a_seat_is_given_by_hand_and_taken_back(
    client: Client, session: Session, world: World, loop: list[Assignment], plan: InterviewPlan, nora: Person
) -> None:
    client.sign_in(recruiter_of(loop))
    assert "Nobody is in training for such interviews" in client.get(seat_url(loop)).text
    in_training(world, nora, plan)
    busy = world.person("Bea Busy")
    in_training(world, busy, plan)
    world.interview(world.application(), busy, starts_at=loop[0].interview.starts_at)
    page = client.get(seat_url(loop)).text
    assert 'aria-label="Choose Nora Newcomer"' in page
    assert "Bea Busy is busy during" in page
    assert 'aria-label="Choose Bea Busy"' not in page
    version = loop[0].interview.version
    answer = client.post(seat_url(loop), data={"person_id": busy.id, "version": version})
    assert answer.status_code == 422
    assert "Bea Busy is busy during" in answer.text
    assert sent(client, seat_url(loop), person_id=nora.id, version=version) == 303
    shown = client.get(f"/applications/{loop[0].interview.application_id}/loop").text
    assert "Nora Newcomer</span> shadows" in shown
    # The other interview: two newcomers would be a crowd.
    assert "at most one person in training" in client.get(seat_url(loop, 1)).text
    session.refresh(loop[0].interview)
    assert sent(client, seat_url(loop) + "/out", version=loop[0].interview.version) == 303
    shown = client.get(f"/applications/{loop[0].interview.application_id}/loop").text
    assert "Nora Newcomer</span> shadows" not in shown
    session.refresh(loop[0].interview)
    for who in ("x", 10**8, -1, ""):
        data = {"person_id": who, "version": loop[0].interview.version}
        assert client.post(seat_url(loop), data=data).status_code == 422
    assert client.post(seat_url(loop), data={"person_id": nora.id, "version": 99}).status_code == 409


def test_seats_are_for_those_who_manage_the_application(client: Client, world: World, loop: list[Assignment]) -> None:
    for person in (world.person(), loop[0].person, world.admin()):
        client.sign_in(person)
        assert client.get(seat_url(loop)).status_code == 404
        assert client.post(seat_url(loop), data={"person_id": 1}).status_code == 404
        assert client.post(seat_url(loop) + "/out").status_code == 404
    client.sign_in(recruiter_of(loop))
    assert client.get(seat_url(loop).replace("/interviews/", "/interviews/99")).status_code == 404


@pytest.fixture
def seat(world: World, loop: list[Assignment], plan: InterviewPlan, nora: Person) -> Assignment:
    in_training(world, nora, plan)
    row = Assignment(interview=loop[0].interview, person=nora, role=AssignmentRole.REVERSE_SHADOW)
    world.keep(row)
    return row


def test_kit_and_first_page_say_who_learns_beside_whom(
    client: Client, loop: list[Assignment], seat: Assignment, nora: Person
) -> None:
    client.sign_in(nora)
    page = client.get(f"/interviews/{seat.id}").text
    for words in ("You ask the questions, and Ina Interviewer watches", "What Ina Interviewer evaluates"):
        assert words in page
    assert "Write the scorecard" not in page
    assert "Prepare the scorecard" not in page
    assert "You ask, Ina Interviewer watches" in client.get("/").text
    client.sign_in(loop[0].person)
    assert "You are reverse-shadowed by Nora Newcomer" in client.get(f"/interviews/{loop[0].id}").text
    assert "Nora Newcomer asks, you watch" in client.get("/").text


def test_who_sits_in_can_leave_and_nobody_else_can(
    client: Client, session: Session, loop: list[Assignment], seat: Assignment, nora: Person, at: TestClock
) -> None:
    url = f"/interviews/{seat.id}/leave"
    client.sign_in(loop[0].person)
    assert client.get(url).status_code == 404
    assert client.get(f"/interviews/{loop[0].id}/leave").status_code == 404
    client.sign_in(nora)
    assert "Nobody is looked for in your place" in client.get(url).text
    at.set(MONDAY + timedelta(days=1, minutes=1))
    answer = client.post(url, data={"reason": "late"})
    assert answer.status_code == 422
    assert "The interview has begun" in answer.text
    assert "late</textarea>" in answer.text
    at.set(MONDAY)
    assert sent(client, url, reason="") == 303
    session.expire_all()
    assert seat.ended_at == MONDAY
    assert client.get(f"/interviews/{seat.id}").status_code == 404
    assert len(of_kind(session, "trainee_declined")) == 1


def test_a_phone_screen_has_a_seat_too(client: Client, world: World, plan: InterviewPlan, nora: Person) -> None:
    application = world.application(stage=StageKind.PHONE_SCREEN)
    lead = world.qualify(world.person("Sina", is_senior_leader=True), plan, InterviewKind.PHONE_SCREEN)
    screen = world.interview(application, lead).interview
    in_training(world, nora, plan, letters="AB", kind=InterviewKind.PHONE_SCREEN)
    client.sign_in(application.requisition.recruiter)
    url = f"/applications/{application.id}/interviews/{screen.id}/trainee"
    assert url in client.get(f"/applications/{application.id}/screens").text
    assert sent(client, url, person_id=nora.id, version=screen.version) == 303
    assert "Nora Newcomer (in training)" in client.get(f"/applications/{application.id}/screens").text
