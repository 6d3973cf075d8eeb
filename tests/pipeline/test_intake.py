"""Applications come in: once each, with their deadline, their history and their e-mail."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import World
from tracker.models.application import Application, Note, StageChange
from tracker.models.candidate import Candidate, CandidateLink, CandidateWord, Document
from tracker.models.deadline import Deadline
from tracker.models.outbox import OutboxMail
from tracker.models.record import RecordEntry
from tracker.models.requisition import Requisition, RequisitionState
from tracker.pipeline import documents, intake
from tracker.pipeline.intake import AlreadyApplied, RequisitionClosed
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.stages import ApplicationState, StageKind

pytestmark = pytest.mark.usefixtures("in_app")


def receive(world: World, requisition: Requisition, **changes: Any) -> Application:
    given: dict[str, Any] = {
        "name": "Zoë O'Neill",
        "email": "Zoe@Mail.Example",
        "phone": "+49 30 1",
        "zone": "Europe/Berlin",
        "resume": None,
        "source": "careers page",
        "message": "Hello",
        "by": None,
        "now": world.now,
    }
    application = intake.receive(world.session, requisition, **(given | changes))
    world.session.commit()
    return application


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def test_everything_is_written_at_once(session: Session, world: World, tmp_path: Path) -> None:
    requisition = world.requisition()
    resume = documents.keep(tmp_path, "cv.pdf", b"%PDF-1.7 words", most=1000)
    application = receive(world, requisition, resume=resume)
    assert (application.stage_kind, application.state) == (StageKind.APPLICATION, ApplicationState.ACTIVE)
    assert (application.sort_name, application.message) == ("zoe o neill", "Hello")
    assert application.candidate.email == "zoe@mail.example"
    words = set(session.scalars(select(CandidateWord.word)))
    assert {"zoe", "o", "neill", "mail", "example", "zoe@mail.example"} <= words
    change = session.scalars(select(StageChange)).one()
    assert (change.from_stage_id, change.to_stage_id, change.by_id) == (None, application.stage_id, None)
    deadline = session.scalars(select(Deadline)).one()
    assert (deadline.kind, deadline.owner_id) == (DeadlineKind.APPLICATION_REVIEW, requisition.recruiter_id)
    document = session.scalars(select(Document)).one()
    assert (document.is_resume, document.name, document.added_by_id) == (True, "cv.pdf", None)


def test_the_candidate_is_told_with_a_link_of_which_only_the_digest_is_stored(session: Session, world: World) -> None:
    receive(world, world.requisition())
    (mail,) = mails(session)
    assert (mail.kind, mail.receiver) == ("application_received", "zoe@mail.example")
    text = mail.message.decode().replace("=\n", "").replace("=3D", "=")
    token = text.split("/my/")[1].split()[0].strip('">')
    link = session.scalars(select(CandidateLink)).one()
    assert link.token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert link.expires_at == world.now + timedelta(days=180)


def test_a_closed_requisition_takes_none(session: Session, world: World) -> None:
    requisition = world.requisition(state=RequisitionState.CLOSED, closed_at=world.now)
    with pytest.raises(RequisitionClosed):
        receive(world, requisition)


def test_the_same_address_twice_is_one_application(session: Session, world: World) -> None:
    requisition = world.requisition()
    first = receive(world, requisition)
    with pytest.raises(AlreadyApplied) as caught:
        receive(world, requisition, email="ZOE@mail.example")
    assert caught.value.application_id == first.id


def test_an_anonymous_form_does_not_change_who_is_known(session: Session, world: World) -> None:
    receive(world, world.requisition())
    second = receive(world, world.requisition("Other"), name="Somebody Else", phone="666", zone="Asia/Tokyo")
    candidate = session.scalars(select(Candidate)).one()
    assert (candidate.name, candidate.phone, candidate.zone) == ("Zoë O'Neill", "+49 30 1", "Europe/Berlin")
    assert second.sort_name == "zoe o neill"


def test_a_confidential_requisition_knows_its_candidates_by_what_was_given_to_it(
    session: Session, world: World
) -> None:
    """And what was given to it does not show where somebody guesses the address."""
    secret, open_one = world.requisition("Secret", is_confidential=True), world.requisition()
    hidden = receive(world, secret, name="Real Name", phone="+49 secret")
    guessed = receive(world, open_one, name="Guess", phone="")
    assert (guessed.candidate.name, guessed.candidate.phone, guessed.sort_name) == ("Guess", "", "guess")
    assert (hidden.candidate.name, hidden.candidate.phone) == ("Real Name", "+49 secret")
    another = receive(world, world.requisition("Secret too", is_confidential=True), name="Third Name")
    assert another.candidate.name == "Third Name"
    assert "Real" not in " ".join(session.scalars(select(RecordEntry.text).order_by(RecordEntry.id)))
    secret.is_confidential = False
    with pytest.raises(AlreadyApplied) as refused:
        receive(world, secret)
    assert refused.value.application_id == hidden.id


def test_a_recruiter_adds_with_a_note_and_need_not_tell(session: Session, world: World) -> None:
    requisition = world.requisition()
    application = receive(
        world, requisition, by=requisition.recruiter, source="Referral", note="Met at a meetup", tell=False
    )
    assert application.source == "Referral"
    assert session.scalars(select(Note.text)).all() == ["Met at a meetup"]
    assert mails(session) == []


def test_applying_again_from_the_careers_page_is_told_by_mail_alone_and_once_a_day(
    session: Session, world: World
) -> None:
    requisition = world.requisition()
    for n in range(3):
        intake.apply(
            session,
            requisition,
            name="Zoë",
            email="zoe@mail.example",
            phone="",
            zone="Europe/Berlin",
            resume=None,
            message="",
            now=world.now + timedelta(minutes=n),
        )
        session.commit()
    assert session.scalar(select(func.count(Application.id))) == 1
    assert [mail.kind for mail in mails(session)] == ["application_received", "application_known"]
    # A link for each mail, none for what was not sent.
    assert session.scalar(select(func.count(CandidateLink.id))) == 2
    verbs = session.scalars(select(RecordEntry.verb).order_by(RecordEntry.id)).all()
    assert verbs.count("intake.apply") == 1


def test_a_name_without_letters_and_a_very_long_one(session: Session, world: World) -> None:
    requisition = world.requisition()
    assert receive(world, requisition, name="🦊").sort_name == "🦊"
    receive(world, requisition, name="ن" * 200, email="b@mail.example")


def test_two_at_the_same_moment_make_one_application(app: Flask, session: Session, world: World) -> None:
    """The row of the other is there before ours is flushed, but after we looked."""
    requisition = world.requisition()
    receive(world, requisition)
    candidate = session.scalars(select(Candidate)).one()
    given = {"source": "x", "message": "", "now": world.now}
    looked = session.scalar

    def blind(query: Any, *args: Any, **kwargs: Any) -> Any:
        return None

    session.scalar = blind  # type: ignore[method-assign, assignment]
    try:
        with pytest.raises(AlreadyApplied):
            intake._application(session, requisition, candidate, **given)  # type: ignore[arg-type]
        found = intake._candidate(
            session, None, name="Zoë", email="zoe@mail.example", phone="", zone="Europe/Berlin", now=world.now
        )
    finally:
        session.scalar = looked  # type: ignore[method-assign]
    assert found is candidate
