"""Erasing: a mark in every text of one candidate and of another, on both databases; one is gone, the other stands."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.marked import GONE, STAYS, Marked, everything
from tracker.models.application import Application, Note
from tracker.models.candidate import Candidate, CandidateLink
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.erasure import Erasure, FileRemoval
from tracker.models.interview import Interview, InterviewState
from tracker.models.outbox import MailAbout, MailState, OutboxMail
from tracker.models.personal import ERASED
from tracker.models.record import RecordEntry
from tracker.models.scorecard import Rating, Scorecard, ScorecardVersion
from tracker.pipeline import erasure, moves, notes, retention, scorecards, turns
from tracker.pipeline.erased_words import erased_shape
from tracker.rules.retention import ErasureKind
from tracker.rules.stages import ApplicationState, Disposition

NOW = MONDAY + timedelta(days=3)
REQUEST = ErasureKind.REQUEST


@pytest.fixture
def marked(in_app: Flask, session: Session, world: World) -> Marked:
    made = Marked(session, world)
    made.plant()
    return made


def erase(session: Session, application: Application, **facts: Any) -> bool:
    by = facts.pop("by", application.requisition.recruiter)
    done = erasure.erase(session, application.candidate, REQUEST, by=by, now=NOW, **facts)
    session.commit()
    return done


def test_nothing_of_the_one_is_left_and_all_of_the_other_is_there(session: Session, marked: Marked) -> None:
    before = everything(session)
    planted = {where for where, said in before if GONE in said}
    assert planted >= set(marked.columns), "the marks are in every column of words that is a candidate's"
    erase(session, marked.gone)
    after = everything(session)
    left = {where for where, said in after if GONE in said}
    assert not left, f"words of the erased candidate are left in {sorted(left)}"
    of_the_other = [(where, said) for where, said in before if STAYS in said]
    assert len(of_the_other) > 50
    assert of_the_other == [(where, said) for where, said in after if STAYS in said], "the other's words are changed"


def test_numbers_moments_and_states_stay(session: Session, marked: Marked) -> None:
    tables = (Rating, Scorecard, ScorecardVersion, Deadline, Interview)
    count = lambda: [session.scalar(sa.select(sa.func.count()).select_from(each)) for each in tables]  # noqa: E731
    before = count()
    written = sa.select(Scorecard).where(Scorecard.application_id == marked.gone.id, Scorecard.state == "submitted")
    card = session.scalars(written).one()
    facts = (card.recommendation, card.state, card.submitted_at, [each.rating for each in card.ratings])
    erase(session, marked.gone)
    assert count() == before
    session.refresh(card)
    assert (card.recommendation, card.state, card.submitted_at, [each.rating for each in card.ratings]) == facts
    version = session.scalars(sa.select(ScorecardVersion).where(ScorecardVersion.scorecard_id == card.id)).first()
    assert version is not None
    assert version.content["recommendation"] == "hire"
    assert version.content["ratings"][0]["rating"] == 3
    assert card.evidence[0].situation == "Erased"


def test_what_is_open_is_closed_and_interviewers_hear_it_without_a_name(session: Session, marked: Marked) -> None:
    erase(session, marked.gone)
    application = session.get_one(Application, marked.gone.id)
    assert (application.state, application.disposition) == (ApplicationState.WITHDRAWN, Disposition.ERASED)
    assert application.erased_at == application.candidate.erased_at == NOW
    coming = session.scalars(
        sa.select(Interview).where(Interview.application_id == application.id, Interview.starts_at > NOW)
    ).all()
    assert coming
    assert {each.state for each in coming} == {InterviewState.CANCELLED}
    waiting = session.scalars(
        sa.select(OutboxMail).where(OutboxMail.application_id == application.id, OutboxMail.state == MailState.WAITING)
    ).all()
    assert {each.kind for each in waiting} == {"interview_withdrawn"}
    assert all(b"METHOD:CANCEL" in _calendar(each) for each in waiting), "calendars are right afterwards"
    assert all("Erased candidate" in each.subject + each.message.decode() for each in waiting)


def _calendar(mail: OutboxMail) -> bytes:
    part = next(
        each for each in message_from_bytes(mail.message, policy=SMTP).walk()
        if each.get_content_type() == "text/calendar"
    )  # fmt: skip
    return bytes(part.get_payload(decode=True))


def test_mails_wait_no_more_but_the_others_of_a_digest_are_told_anew(session: Session, marked: Marked) -> None:
    erase(session, marked.gone)
    theirs = sa.select(MailAbout.mail_id).where(MailAbout.application_id == marked.gone.id)
    for mail in session.scalars(sa.select(OutboxMail).where(OutboxMail.id.in_(theirs))):
        assert (mail.message, mail.fact) == (b"", {})
        assert mail.state in (MailState.DROPPED, MailState.SENT)
    gone, stays = (session.get_one(Nudge, each.id) for each in marked.nudges)
    assert (gone.state, stays.state) == (NudgeState.RAISED, NudgeState.WAITING)
    to_candidate = sa.select(OutboxMail.state).where(
        OutboxMail.application_id == marked.gone.id, OutboxMail.person_id.is_(None)
    )
    assert MailState.WAITING not in set(session.scalars(to_candidate))


def test_the_record_says_who_when_and_why(session: Session, marked: Marked) -> None:
    erase(session, marked.gone)
    row = session.scalars(sa.select(Erasure)).one()
    recruiter = marked.requisition.recruiter
    assert (row.candidate_id, row.kind, row.at, row.by_id) == (marked.gone.candidate_id, REQUEST, NOW, recruiter.id)
    said = session.scalars(sa.select(RecordEntry).where(RecordEntry.verb == "candidates.erase")).one()
    assert said.text == f"The data of candidate {row.candidate_id} was erased: the candidate asked for it"


def test_a_name_is_cut_from_texts_about_something_else_however_it_is_written(
    in_app: Flask, session: Session, world: World
) -> None:
    person = world.application(name="Zoë Quokkina")
    other = world.requisition()
    other.close_reason = f"Filled by ZOË QUOKKINA ({person.candidate.email.upper()}), zoë quokkina's friend stays."
    session.commit()
    assert erase(session, person)
    assert other.close_reason.count(ERASED) == 3
    assert "quokkina" not in other.close_reason.lower()
    assert other.close_reason.endswith("'s friend stays.")


def test_once_more_does_nothing_and_going_through_again_finds_what_slipped_in(session: Session, marked: Marked) -> None:
    assert erase(session, marked.gone) is True
    assert erase(session, session.get_one(Application, marked.gone.id)) is False
    late = Note(application_id=marked.gone.id, text=GONE, at=NOW, by_id=marked.requisition.recruiter_id)
    link = CandidateLink(token_digest=GONE, application_id=marked.gone.id, purpose="status", created_at=NOW,
                         expires_at=NOW)  # fmt: skip
    session.add_all([late, link])
    session.commit()
    calls = session.scalars(sa.select(OutboxMail.id).where(OutboxMail.state == MailState.WAITING)).all()
    erasure.go_through_again(session, session.scalars(sa.select(Erasure)).one(), now=NOW)
    session.commit()
    assert not [where for where, said in everything(session) if GONE in said]
    assert session.scalars(sa.select(OutboxMail.id).where(OutboxMail.state == MailState.WAITING)).all() == calls, (
        "interviewers still hear that the meeting is called off"
    )
    assert session.scalars(sa.select(Erasure)).one().finished_at == NOW
    assert session.scalars(sa.select(RecordEntry).where(RecordEntry.verb == "candidates.erase")).one().text != "Erased"


def test_other_verbs_are_refused_afterwards(session: Session, marked: Marked) -> None:
    erase(session, marked.gone)
    application = session.get_one(Application, marked.gone.id)
    recruiter = marked.requisition.recruiter
    with pytest.raises(turns.Erased, match="was erased on 05 Nov 2026"):
        notes.add(session, application, "word", by=recruiter, now=NOW)
    with pytest.raises(turns.Erased):
        moves.reopen(session, application, application.stage_id, by=recruiter, now=NOW, reason="word")
    card = session.scalars(sa.select(Scorecard).where(Scorecard.application_id == application.id)).first()
    assert card is not None
    with pytest.raises(turns.Erased):
        scorecards.waive(session, card.assignment, reason="word", by=recruiter, now=NOW)


def test_held_nothing_is_erased(session: Session, marked: Marked, world: World) -> None:
    admin = world.admin()
    retention.hold(session, f"{GONE}@mail.example", "A court asks", by=admin, now=NOW)
    session.commit()
    before = everything(session)
    with pytest.raises(erasure.Held, match="an admin releases"):
        erase(session, marked.gone)
    session.rollback()
    assert everything(session) == before


def test_a_confidential_requisition_s_own_row_of_the_person_goes_too(session: Session, marked: Marked) -> None:
    world = marked.world
    secret = world.requisition("Secret", is_confidential=True, recruiter=world.recruiter("Sara Secret"))
    row = world.candidate(f"{GONE} Other", email=f"{GONE}@mail.example", requisition_id=secret.id)
    hidden = world.application(secret, candidate=row)
    erase(session, marked.gone)
    assert session.get_one(Candidate, row.id).erased_at == NOW
    assert session.get_one(Application, hidden.id).state is ApplicationState.WITHDRAWN
    assert session.scalar(sa.select(sa.func.count()).select_from(Erasure)) == 2
    assert not [where for where, said in everything(session) if GONE in said]


def test_the_last_word_goes_to_the_address_and_is_erased_once_it_is_settled(session: Session, marked: Marked) -> None:
    erase(session, marked.gone, tell_from=marked.gone)
    last = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "erased")).one()
    assert last.receiver == f"{GONE}@mail.example"
    assert erasure.erase_last_words(session) == 0, "it has not gone out yet"
    erasure.go_through_again(session, session.scalars(sa.select(Erasure)).one(), now=NOW)
    assert last.receiver == f"{GONE}@mail.example"
    last.state = MailState.SENT
    session.commit()
    assert erasure.erase_last_words(session) == 1
    session.commit()
    assert not [where for where, said in everything(session) if GONE in said]


def test_the_name_is_typed_to_confirm(world: World) -> None:
    candidate = world.candidate("Zoë  de Vries")
    erasure.confirm(candidate, " zoë de VRIES ")
    with pytest.raises(erasure.OtherName, match="as it stands"):
        erasure.confirm(candidate, "Zoe de Vries")


def test_files_are_noted_for_removal(session: Session, marked: Marked) -> None:
    erase(session, marked.gone)
    assert session.scalars(sa.select(FileRemoval.sha256)).all() == ["a" * 64]


def test_json_keeps_its_shape() -> None:
    kept = {"recommendation": "hire", "ratings": [{"competency": "A", "rating": 3}], "summary": ""}
    assert erased_shape(kept) == kept
    assert erased_shape({"evidence": [{"competency": "A", "task": "x"}]}) == {
        "evidence": [{"competency": "A", "task": "Erased"}]
    }


def test_what_sqlite_let_go_of_is_not_in_its_file(session: Session, marked: Marked) -> None:
    erase(session, marked.gone)
    bind = session.get_bind()
    if bind.dialect.name != "sqlite":
        pytest.skip("PostgreSQL gives back what is dead by itself (autovacuum)")
    session.close()
    with bind.connect() as connection:  # type: ignore[union-attr]
        done = connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore
        assert done.fetchone()[0] == 0, "somebody reads still"
    path = bind.engine.url.database
    assert path is not None
    raw = b"".join(Path(path + end).read_bytes() for end in ("", "-wal"))
    places = [raw[found.start() - 60 : found.end() + 60] for found in re.finditer(GONE.encode(), raw)]
    assert places == []
    assert STAYS.encode() in raw
