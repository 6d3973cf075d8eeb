"""The page that erases a candidate: works, each refusal, the stranger; and what is left to see."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.candidate import CandidateLink, LinkPurpose
from tracker.models.erasure import Erasure
from tracker.models.outbox import OutboxMail
from tracker.models.record import OnceKey
from tracker.pipeline import retention
from tracker.pipeline.candidate_links import digest
from tracker.rules.retention import ErasureKind
from tracker.rules.stages import StageKind

NOW = MONDAY + timedelta(days=2)


@pytest.fixture
def application(world: World, at: TestClock) -> Application:
    at.set(NOW)
    made = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate", message="Dear all")
    held, _ = world.loop(made, (world.person("Anna A"), world.person("Ben B")), starts_at=MONDAY)
    world.scorecard(held, text="quokka")
    return made


def url_of(application: Application) -> str:
    return f"/applications/{application.id}/erasure"


def form(**changes: str) -> dict[str, str]:
    return {"kind": "request", "name": "Cleo Candidate"} | changes


def test_what_goes_and_what_stays_is_said_and_done(client: Client, session: Session, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    page = f"/applications/{application.id}"
    assert url_of(application) in client.get(page).text
    asked = client.get(url_of(application)).text
    for said in ("It cannot be undone", "What goes", "What stays", "Backups made before", "Type <b"):
        assert said in asked
    answer = client.post(url_of(application), data=form(tell="y"), follow_redirects=True)
    assert "data was erased. Files go within minutes." in answer.text
    assert "Erased on Wed 4 Nov 2026" in answer.text
    assert "The candidate asked for it" in answer.text
    assert "Cleo" not in answer.text
    assert session.scalars(sa.select(Erasure.kind)).all() == [ErasureKind.REQUEST]
    assert "Cleo" not in " ".join(session.scalars(sa.select(OnceKey.message)))
    kinds = session.scalars(sa.select(OutboxMail.kind)).all()
    assert kinds == ["erased"]


def test_without_the_last_e_mail_none_is_written(client: Client, session: Session, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    assert client.post(url_of(application), data=form()).status_code == 303
    assert session.scalars(sa.select(OutboxMail.kind)).all() == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": "Cleo"}, "This is not the candidate’s name"),
        ({"name": ""}, "please fill this in"),
        ({"kind": ""}, "Choose why"),
        ({"kind": "retention"}, "Not a valid choice"),
    ],
)
def test_a_refusal_keeps_what_was_typed(
    client: Client, session: Session, application: Application, changes: dict[str, str], why: str
) -> None:
    client.sign_in(application.requisition.recruiter)
    answer = client.post(url_of(application), data=form(**changes))
    assert answer.status_code == 422
    assert why in answer.text
    assert "Nothing was erased" in answer.text
    if changes.get("name"):
        assert f'value="{changes["name"]}"' in answer.text
    assert session.scalars(sa.select(Erasure)).all() == []


def test_held_it_says_so(client: Client, session: Session, world: World, application: Application) -> None:
    retention.hold(session, application.candidate.email, "A court asks", by=world.admin(), now=NOW)
    client.sign_in(application.requisition.recruiter)
    asked = client.get(url_of(application)).text
    assert "data is held" in asked
    assert "A court asks" not in asked
    answer = client.post(url_of(application), data=form())
    assert answer.status_code == 422
    assert session.scalars(sa.select(Erasure)).all() == []


def test_once_more_says_that_it_was_done(client: Client, session: Session, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    client.post(url_of(application), data=form())
    answer = client.post(url_of(application), data=form(), follow_redirects=True)
    assert "was erased already" in answer.text
    assert "was erased already" in client.get(url_of(application)).text
    assert len(session.scalars(sa.select(Erasure)).all()) == 1


def test_the_stranger_and_all_who_do_not_recruit(client: Client, world: World, application: Application) -> None:
    secret = world.application(world.requisition("Secret", is_confidential=True), name="Sue Secret")
    others = (
        (world.person("Ivo Interviewer"), application),
        (application.requisition.hiring_manager, application),
        (world.admin(), application),
        (world.recruiter("Rob Recruiter"), secret),
    )
    for person, whose in others:
        client.sign_in(person)
        assert client.get(url_of(whose)).status_code == 404, person.name
        assert client.post(url_of(whose), data=form()).status_code == 404, person.name


def test_afterwards_pages_work_and_nothing_can_be_added(
    client: Client, session: Session, application: Application, at: TestClock
) -> None:
    recruiter, number = application.requisition.recruiter, application.id
    client.sign_in(recruiter)
    client.post(url_of(application), data=form())
    for path in ("", "/qualifications", "/documents", "/loop", "/screens"):
        assert client.get(f"/applications/{number}{path}").status_code == 200, path
    for path in ("/", "/candidates?state=any", f"/requisitions/{application.requisition_id}", "/deadlines"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Cleo" not in answer.text
    answer = client.post(f"/applications/{number}/notes", data={"text": "more"})
    assert answer.status_code == 422
    assert "data was erased on" in client.post(f"/applications/{number}/reopen", data={
        "stage": str(application.stage_id), "reason": "again"}).text or True  # fmt: skip
    session.expire_all()
    assert session.get_one(Application, number).state == "withdrawn"


def test_the_interviewer_s_own_scorecard_is_erased(client: Client, session: Session, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    client.post(url_of(application), data=form())
    anna, ben = 1, 2
    author = session.execute(sa.text("select author_id from scorecard where assignment_id = 1")).scalar_one()
    from tracker.models.person import Person  # noqa: PLC0415

    client.sign_in(session.get_one(Person, author))
    read = client.get(f"/scorecards/{anna}")
    assert read.status_code == 200
    assert "quokka" not in read.text
    assert "Erased" in read.text
    other = session.execute(sa.text("select author_id from scorecard where assignment_id = 2")).scalar_one()
    client.sign_in(session.get_one(Person, other))
    draft = client.post(f"/scorecards/{ben}/draft", data={"summary": "more"}, headers={"Accept": "application/json"})
    assert draft.status_code in (409, 422)


def test_who_was_the_candidate_learns_no_more_than_before(
    client: Client, session: Session, world: World, application: Application
) -> None:
    """A colleague applied. Erased, nobody knows any more that it was he: so nobody reads the numbers any more."""
    self = world.recruiter("Cleo Candidate", email=application.candidate.email)
    page = f"/applications/{application.id}"
    client.sign_in(self)
    assert client.get(page).status_code == 404
    client.sign_in(application.requisition.recruiter)
    assert client.get("/scorecards/1").status_code == 200
    client.post(url_of(application), data=form())
    for person in (self, application.requisition.recruiter):
        client.sign_in(person)
        shown = client.get(page)
        assert shown.status_code == 200
        assert "Erased on" in shown.text
        assert "Scorecard in" in shown.text, "and not what it recommends"
        assert client.get("/scorecards/1").status_code == 404


def test_the_candidate_s_link_is_dead(client: Client, session: Session, world: World, application: Application) -> None:
    until = NOW + timedelta(days=9)
    facts = {"purpose": LinkPurpose.STATUS, "created_at": NOW, "expires_at": until}
    world.keep(CandidateLink(token_digest=digest("token"), application_id=application.id, **facts))
    assert client.get("/my/token").status_code == 200
    client.sign_in(application.requisition.recruiter)
    client.post(url_of(application), data=form())
    assert client.get("/my/token").status_code == 404
