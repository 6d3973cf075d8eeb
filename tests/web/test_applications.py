"""The page of an application: it works, each refusal is explained, and strangers find nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application, Note
from tracker.models.outbox import OutboxMail
from tracker.models.record import RecordEntry
from tracker.rules.stages import ApplicationState, Disposition, StageKind


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY + timedelta(hours=1))


@pytest.fixture
def application(world: World) -> Application:
    application = world.application(name="Zoë 🦉 أحمد")
    world.judge(application)
    return application


@pytest.fixture
def recruiter(client: Client, application: Application) -> Client:
    return client.sign_in(application.requisition.recruiter)


def url(application: Application, rest: str = "") -> str:
    return f"/applications/{application.id}{rest}"


def stage_id(world: World, application: Application, kind: StageKind) -> int:
    return world.stage(application.requisition, kind).id


def test_everything_is_on_one_page(recruiter: Client, application: Application) -> None:
    page = recruiter.get(url(application)).text
    for words in ("Zoë 🦉 أحمد", "Security Engineer", "Move to Technical phone screen", "Rita Recruiter", "History"):
        assert words in page


def test_what_the_candidate_wrote_is_read_where_it_is_judged(
    recruiter: Client, world: World, application: Application
) -> None:
    application.message = "I built <it> twice"
    for rest in ("", "/qualifications"):
        page = recruiter.get(url(application, rest)).text
        assert "What the candidate wrote" in page
        assert "I built &lt;it&gt; twice" in page


def test_other_applications_of_the_same_person_are_named_where_one_may_see_them(
    recruiter: Client, world: World, application: Application
) -> None:
    open_one = world.application(world.requisition("Other role"), candidate=application.candidate)
    secret = world.requisition("Secret role", is_confidential=True, recruiter=world.recruiter("Ruth"))
    world.application(secret, candidate=application.candidate)
    page = recruiter.get(url(application)).text
    assert f'href="{url(open_one)}"' in page
    assert "Other role" in page
    assert "Secret role" not in page


@pytest.mark.parametrize("who", ["interviewer", "admin", "stranger", "other_manager"])
def test_who_is_not_of_the_recruiting_side_finds_nothing(
    client: Client, world: World, application: Application, who: str
) -> None:
    interviewer = world.person("Iris Interviewer")
    world.interview(application, interviewer)
    people = {
        "interviewer": interviewer,
        "admin": world.admin(),
        "stranger": world.person("Stu Stranger"),
        "other_manager": world.requisition("Other role", hiring_manager=world.person("Om")).hiring_manager,
    }
    client.sign_in(people[who])
    assert client.get(url(application)).status_code == 404
    for verb in ("notes", "move", "close", "reopen", "undo"):
        assert client.post(url(application, f"/{verb}")).status_code == 404


def test_a_confidential_one_is_hidden_from_recruiters_who_are_not_on_it(client: Client, world: World) -> None:
    application = world.application(world.requisition("Secret", is_confidential=True))
    client.sign_in(world.recruiter("Other Recruiter"))
    assert client.get(url(application)).status_code == 404


def test_nobody_opens_his_own(client: Client, world: World, application: Application) -> None:
    me = world.recruiter("Rex", email="rex@tracker.example")
    application.candidate.email = "rex@tracker.example"
    assert client.sign_in(me).get(url(application)).status_code == 404


def test_the_hiring_manager_reads_but_does_not_move(client: Client, world: World, application: Application) -> None:
    client.sign_in(application.requisition.hiring_manager)
    page = client.get(url(application))
    assert page.status_code == 200
    assert "Reject or withdraw" not in page.text
    target = stage_id(world, application, StageKind.PHONE_SCREEN)
    assert client.post(url(application, "/move"), data={"stage": target}).status_code == 404
    assert client.post(url(application, "/notes"), data={"text": "Strong"}).status_code == 303


def test_a_note_is_rendered_and_cleaned(recruiter: Client, session: Session, application: Application) -> None:
    text = "**Strong** in <script>alert(1)</script> [link](javascript:alert(1))"
    assert recruiter.post(url(application, "/notes"), data={"text": text}).status_code == 303
    page = recruiter.get(url(application)).text
    assert "<strong>Strong</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert session.scalars(select(Note.text)).one() == text


@pytest.mark.parametrize(("text", "words"), [("  ", "fill this in"), ("x" * 20_001, "20,000 is the most")])
def test_a_bad_note_is_explained_and_kept_in_the_form(
    recruiter: Client, application: Application, text: str, words: str
) -> None:
    answer = recruiter.post(url(application, "/notes"), data={"text": text})
    assert answer.status_code == 422
    assert words in answer.text


def test_moving_and_taking_it_back(recruiter: Client, session: Session, world: World, application: Application) -> None:
    target = stage_id(world, application, StageKind.PHONE_SCREEN)
    data = {"stage": target, "version": application.version}
    assert recruiter.post(url(application, "/move"), data=data).status_code == 303
    session.refresh(application)
    assert application.stage_kind is StageKind.PHONE_SCREEN
    assert "Undo the last move" in recruiter.get(url(application)).text
    session.refresh(application)
    assert recruiter.post(url(application, "/undo"), data={"version": application.version}).status_code == 303
    session.refresh(application)
    assert application.stage_kind is StageKind.APPLICATION


def test_the_board_gets_json(recruiter: Client, session: Session, world: World, application: Application) -> None:
    headers = {"Accept": "application/json"}
    target = stage_id(world, application, StageKind.PHONE_SCREEN)
    data = {"stage": target, "version": application.version, "once": "k1"}
    answer = recruiter.post(url(application, "/move"), data=data, headers=headers).get_json()
    assert (answer["ok"], answer["stage"]) == (True, target)
    again = recruiter.post(url(application, "/move"), data=data, headers=headers)
    assert again.get_json()["ok"], "a second sending has one effect and the same answer"
    undone = {"version": answer["version"]}
    assert recruiter.post(answer["undo_url"], data=undone, headers=headers).get_json()["ok"]
    loop = stage_id(world, application, StageKind.LOOP)
    refused = recruiter.post(url(application, "/move"), data={"stage": loop}, headers=headers)
    assert refused.status_code == 422
    assert "scorecard of the phone screen is missing" in refused.get_json()["message"]
    empty = recruiter.post(url(application, "/move"), data={}, headers=headers)
    assert (empty.status_code, empty.get_json()["ok"]) == (422, False)


def test_a_refused_move_says_why(recruiter: Client, world: World, application: Application) -> None:
    answer = recruiter.post(url(application, "/move"), data={"stage": stage_id(world, application, StageKind.OFFER)})
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text
    assert "The scorecard of the phone screen is missing" in answer.text


@pytest.mark.parametrize("stage", ["", "x", "0", "99999", str(10**20)])
def test_a_stage_that_is_none_is_refused(recruiter: Client, application: Application, stage: str) -> None:
    assert recruiter.post(url(application, "/move"), data={"stage": stage}).status_code == 422


@pytest.mark.parametrize("version", ["8", ""])
def test_a_stale_form_overwrites_nothing(
    recruiter: Client, world: World, application: Application, version: str
) -> None:
    """Nor does one that does not say which version it was made from."""
    target = stage_id(world, application, StageKind.PHONE_SCREEN)
    answer = recruiter.post(url(application, "/move"), data={"stage": target, "version": version})
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.text


def test_rejecting_tells_the_candidate_if_asked(recruiter: Client, session: Session, application: Application) -> None:
    data = {"end": "rejected:position_filled", "reason": "Somebody else was hired", "tell": "y"}
    assert recruiter.post(url(application, "/close"), data=data).status_code == 303
    session.refresh(application)
    assert (application.state, application.disposition) == (ApplicationState.REJECTED, Disposition.POSITION_FILLED)
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "closed")).one()
    page = recruiter.get(url(application)).text
    assert mail.subject in page
    text = recruiter.get(url(application, f"/mails/{mail.id}")).text
    assert "We have considered your application with care" in text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"end": "rejected:other", "reason": ""}, "fill this in"),
        ({"end": "rejected:accepted", "reason": "x"}, "Not a valid choice"),
        ({"end": "hired:accepted", "reason": "x"}, "bring the application to the offer first"),
        ({"end": "", "reason": "x"}, "Not a valid choice"),
    ],
)
def test_a_refused_end_is_explained(
    recruiter: Client, application: Application, data: dict[str, Any], words: str
) -> None:
    answer = recruiter.post(url(application, "/close"), data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_reopening_needs_a_reason(recruiter: Client, session: Session, world: World, application: Application) -> None:
    recruiter.post(url(application, "/close"), data={"end": "withdrawn:no_response", "reason": "Silent for weeks"})
    stage = stage_id(world, application, StageKind.APPLICATION)
    assert recruiter.post(url(application, "/reopen"), data={"stage": stage, "reason": ""}).status_code == 422
    data = {"stage": stage, "reason": "She wrote again"}
    assert recruiter.post(url(application, "/reopen"), data=data).status_code == 303
    session.refresh(application)
    assert application.state is ApplicationState.ACTIVE
    again = recruiter.post(url(application, "/reopen"), data=data)
    assert (again.status_code, "there is nothing to reopen" in again.text) == (422, True)
    entries = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "application.reopen")).all()
    assert entries == ["Reopened at Application review: She wrote again"]


def test_the_blind_rule_holds_on_this_page(client: Client, world: World, at: TestClock) -> None:
    recruiter = world.recruiter("Rae")
    application = world.application(world.requisition(recruiter=recruiter), stage=StageKind.OUTCOME)
    mine, hers = world.loop(application, (recruiter, world.person("Iris")))
    world.scorecard(hers, text="CANARY")
    client.sign_in(recruiter)
    at.set(MONDAY + timedelta(days=2))
    page = client.get(url(application)).text
    assert "CANARY" not in page
    assert "Scorecard in" in page
    assert '<span dir="auto">Hire</span>' not in page
    world.scorecard(mine, text="Mine")
    assert '<span dir="auto">Hire</span>' in client.get(url(application)).text


def statements(engine: Engine, act: Any) -> int:
    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_the_number_of_statements_does_not_grow(client: Client, session: Session, world: World) -> None:
    application = world.application(stage=StageKind.OUTCOME)
    world.loop(application, (world.person(),))
    client.sign_in(application.requisition.recruiter)
    client.get(url(application))
    with client.application.app_context():
        engine = client.application.extensions["sqlalchemy"].engine
    few = statements(engine, lambda: client.get(url(application)))
    big = world.application(application.requisition, stage=StageKind.OUTCOME, name="Big")
    for assignment in world.loop(big, tuple(world.person() for _ in range(5))):
        world.scorecard(assignment)
    for n in range(40):
        client.post(url(big, "/notes"), data={"text": f"Note {n}"})
    # The first time it is noted that the recommendations were read.
    client.get(url(big))
    assert statements(engine, lambda: client.get(url(big))) == few
    assert "Show the whole history" in client.get(url(big)).text
    assert "Note 3" in client.get(url(big, "?history=all")).text
