"""Judging qualifications one by one, and the rejection that may follow."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import World
from tracker.models.application import Application, QualificationJudgement
from tracker.models.outbox import OutboxMail
from tracker.models.requisition import Qualification
from tracker.pipeline import moves, qualifications
from tracker.pipeline.qualifications import EvidenceMissing, Judgement, NothingNotMet, NotToBeJudged
from tracker.queries import qualifications as queries
from tracker.rules.qualifications import QualificationKind, Verdict
from tracker.rules.refused import Stale
from tracker.rules.stages import ApplicationState, Disposition, StageKind

pytestmark = pytest.mark.usefixtures("in_app")
MET, NOT_MET, UNCLEAR = Verdict.MET, Verdict.NOT_MET, Verdict.UNCLEAR


def judge(world: World, application: Application, *judgements: Judgement) -> int:
    by = application.requisition.recruiter
    changed = qualifications.judge(world.session, application, judgements, by=by, now=world.now)
    world.session.commit()
    return changed


@pytest.fixture
def application(world: World) -> Application:
    return world.application(world.requisition(basics=("Five years", "A degree")))


def first_of(application: Application) -> Qualification:
    return application.requisition.qualifications[0]


def test_each_is_recorded_with_evidence_who_and_when(session: Session, world: World, application: Application) -> None:
    key = first_of(application).id
    assert judge(world, application, Judgement(key, MET, "Seven years at Acme")) == 1
    row = session.scalars(select(QualificationJudgement)).one()
    assert (row.verdict, row.evidence, row.at) == (MET, "Seven years at Acme", world.now)
    assert row.by_id == application.requisition.recruiter_id
    assert judge(world, application, Judgement(key, MET, "Seven years at Acme")) == 0


@pytest.mark.parametrize("verdict", list(Verdict))
def test_no_verdict_without_evidence(world: World, application: Application, verdict: Verdict) -> None:
    with pytest.raises(EvidenceMissing, match="Five years"):
        judge(world, application, Judgement(first_of(application).id, verdict, "  "))


def test_all_that_lack_evidence_are_named_at_once(world: World, application: Application) -> None:
    asked = application.requisition.qualifications[:2]
    with pytest.raises(EvidenceMissing) as refused:
        judge(world, application, *(Judgement(each.id, MET, " ") for each in asked))
    assert len(asked) == 2
    assert all(each.text in refused.value.message for each in asked)


def test_the_second_of_two_judges_is_told(session: Session, world: World, application: Application) -> None:
    key = first_of(application).id
    judge(world, application, Judgement(key, MET, "Seven years"))
    with pytest.raises(Stale, match="meanwhile"):
        judge(world, application, Judgement(key, NOT_MET, "Three years", seen_at=None))
    session.rollback()
    world.now += timedelta(hours=1)
    seen = session.scalars(select(QualificationJudgement.at)).one()
    assert judge(world, application, Judgement(key, NOT_MET, "Three years", seen_at=seen)) == 1


def test_basic_ones_are_judged_in_the_first_stage_only_preferred_ones_later_too(session: Session, world: World) -> None:
    requisition = world.requisition()
    requisition.qualifications.append(Qualification(kind=QualificationKind.PREFERRED, position=1, text="Rust"))
    session.commit()
    application = world.application(requisition, stage=StageKind.LOOP)
    basic, preferred = requisition.qualifications
    with pytest.raises(NotToBeJudged, match="Interview loop"):
        judge(world, application, Judgement(basic.id, MET, "Yes"))
    assert judge(world, application, Judgement(preferred.id, NOT_MET, "No trace")) == 1


def test_nothing_is_judged_of_a_closed_application_or_of_another_requisition(world: World) -> None:
    closed = world.application(state=ApplicationState.WITHDRAWN, closed_at=world.now)
    with pytest.raises(NotToBeJudged, match="closed"):
        judge(world, closed, Judgement(first_of(closed).id, MET, "Yes"))
    other = world.application(world.requisition("Other"))
    with pytest.raises(NotToBeJudged, match="changed meanwhile"):
        judge(world, other, Judgement(first_of(closed).id, MET, "Yes"))


def test_unclear_blocks_and_preferred_never_does(session: Session, world: World, application: Application) -> None:
    application.requisition.qualifications.append(
        Qualification(kind=QualificationKind.PREFERRED, position=1, text="Rust")
    )
    session.commit()
    five, rust, degree = application.requisition.qualifications
    judge(world, application, Judgement(five.id, MET, "Yes"), Judgement(degree.id, UNCLEAR, "Not said"))
    assert not queries.sheet(session, application).can_go_on
    seen = session.scalars(
        select(QualificationJudgement.at).where(QualificationJudgement.qualification_id == degree.id)
    ).one()
    judge(world, application, Judgement(degree.id, MET, "Said", seen), Judgement(rust.id, NOT_MET, "No trace"))
    sheet = queries.sheet(session, application)
    assert sheet.can_go_on
    assert sheet.following is not None
    assert sheet.following.kind is StageKind.PHONE_SCREEN
    moves.advance(session, application, by=application.requisition.recruiter, now=world.now)
    assert application.stage_kind is StageKind.PHONE_SCREEN


def test_a_rejection_needs_one_that_is_not_met_and_tells_the_candidate(
    session: Session, world: World, application: Application
) -> None:
    by = application.requisition.recruiter
    with pytest.raises(NothingNotMet):
        qualifications.reject(session, application, reason="No", by=by, now=world.now)
    judge(world, application, Judgement(first_of(application).id, NOT_MET, "Two years"))
    qualifications.reject(session, application, reason="Two years only", by=by, now=world.now)
    session.commit()
    assert (application.state, application.disposition) == (ApplicationState.REJECTED, Disposition.NOT_QUALIFIED)
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.kind, mail.receiver) == ("closed", application.candidate.email)
    closed_at = application.closed_at.isoformat() if application.closed_at else ""
    assert mail.fact == {"application": application.id, "state": "rejected", "closed_at": closed_at}
    # What was found lacking stays with us.
    assert b"Two years" not in mail.message


def test_a_retired_qualification_is_on_the_sheet_of_those_judged_by_it(
    session: Session, world: World, application: Application
) -> None:
    world.judge(application)
    first_of(application).is_active = False
    session.commit()
    sheet = queries.sheet(session, application)
    assert [line.qualification.is_active for line in sheet.basic] == [True, False]
    other = world.application(application.requisition)
    assert [line.qualification.text for line in queries.sheet(session, other).basic] == ["A degree"]
