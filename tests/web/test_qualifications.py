"""The sheet of qualifications: judging, going on, rejecting."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import World
from tracker.models.application import Application, QualificationJudgement
from tracker.models.outbox import OutboxMail
from tracker.rules.qualifications import Verdict
from tracker.rules.stages import ApplicationState, StageKind

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def application(world: World) -> Application:
    return world.application(world.requisition(basics=("Five years", "A degree")), name="Kai Candidate")


def url(application: Application, rest: str = "") -> str:
    return f"/applications/{application.id}/qualifications{rest}"


def data(application: Application, *verdicts: tuple[str, str], **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for row, (verdict, evidence) in zip(application.requisition.qualifications, verdicts, strict=False):
        given |= {f"verdict-{row.id}": verdict, f"evidence-{row.id}": evidence}
    return given | more


def judged(session: Session) -> list[tuple[Verdict, str]]:
    rows = session.execute(select(QualificationJudgement.verdict, QualificationJudgement.evidence)).all()
    return [tuple(row) for row in rows]


def test_they_are_judged_one_by_one(client: Client, session: Session, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    assert "Not judged yet" in client.get(url(application)).text
    assert client.post(url(application), data=data(application, ("met", "Seven years at Acme"))).status_code == 303
    assert judged(session) == [(Verdict.MET, "Seven years at Acme")]
    page = client.get(url(application)).text
    assert "Rita Recruiter" in page
    assert "Mon 2 Nov 2026" in page
    assert "Move to" not in page


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("met", ""), "Say in one sentence"),
        (("", "Seven years"), "Choose met, not met or unclear"),
        (("perhaps", "Seven years"), "Choose met, not met or unclear"),
        (("met", "x" * 1001), "at most 1,000"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    client: Client, session: Session, application: Application, row: tuple[str, str], said: str
) -> None:
    client.sign_in(application.requisition.recruiter)
    answer = client.post(url(application), data=data(application, row, ("unclear", "Keep me")))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Keep me" in answer.text
    assert judged(session) == []


def test_the_second_judge_of_the_same_is_told(client: Client, session: Session, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    client.post(url(application), data=data(application, ("met", "Seven years")))
    answer = client.post(url(application), data=data(application, ("not_met", "Three years")))
    assert answer.status_code == 422
    assert "meanwhile" in answer.text
    assert judged(session) == [(Verdict.MET, "Seven years")]


def test_all_met_goes_on(client: Client, session: Session, world: World, application: Application) -> None:
    world.judge(application)
    client.sign_in(application.requisition.recruiter)
    assert "Move to Technical phone screen" in client.get(url(application)).text
    stale = client.post(url(application, "/go-on"), data={"version": application.version + 1})
    assert stale.status_code == 409
    answer = client.post(url(application, "/go-on"), data={"version": application.version})
    assert (answer.status_code, answer.location) == (303, f"/applications/{application.id}")
    session.expire_all()
    assert application.stage_kind is StageKind.PHONE_SCREEN


def test_not_all_met_does_not_go_on(client: Client, session: Session, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    answer = client.post(url(application, "/go-on"), data={"version": application.version})
    assert answer.status_code == 422
    assert "not judged yet" in answer.text
    session.expire_all()
    assert application.stage_kind is StageKind.APPLICATION


def test_a_rejection_says_who_is_told(client: Client, session: Session, world: World, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    early = client.post(url(application, "/reject"), data={"version": application.version, "reason": "No"})
    assert early.status_code == 422
    assert "judged “not met”" in early.text
    world.judge(application, Verdict.NOT_MET)
    page = client.get(url(application)).text
    assert application.candidate.email in page
    blank = client.post(url(application, "/reject"), data={"version": application.version, "reason": ""})
    assert blank.status_code == 422
    assert session.scalars(select(OutboxMail)).all() == []
    answer = client.post(url(application, "/reject"), data={"version": application.version, "reason": "Two years"})
    assert answer.status_code == 303
    session.expire_all()
    assert application.state is ApplicationState.REJECTED
    assert session.scalars(select(OutboxMail.kind)).all() == ["closed"]
    assert "is closed (rejected)" in client.get(url(application)).text


def test_the_hiring_manager_reads_and_does_not_judge(client: Client, application: Application) -> None:
    client.sign_in(application.requisition.hiring_manager)
    page = client.get(url(application))
    assert page.status_code == 200
    assert "Save the judgements" not in page.text
    for rest in ("", "/go-on", "/reject"):
        assert client.post(url(application, rest), data={"reason": "x"}).status_code == 404


def test_nobody_else_sees_the_sheet(client: Client, world: World, application: Application) -> None:
    assert client.get(url(application)).status_code == 302
    interviewer = world.person("Ivo Interviewer")
    world.interview(application, interviewer)
    own = world.recruiter("Own Candidate", email=application.candidate.email)
    for person in (interviewer, world.admin(), own):
        client.sign_in(person)
        assert client.get(url(application)).status_code == 404
        assert client.post(url(application), data={}).status_code == 404
