"""Scorecards: who writes them, when, what a submission sets in motion, and that no version is ever lost."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.debrief import Debrief
from tracker.models.interview import Assignment, InterviewState
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind
from tracker.models.record import RecordEntry
from tracker.models.scorecard import Scorecard, ScorecardRead, ScorecardVersion
from tracker.pipeline import deadlines, debrief, moves, scorecards
from tracker.pipeline.scorecard_contents import content_of
from tracker.pipeline.scorecards import NothingToWaive, NotSubmitted, NotWritable, TooEarly
from tracker.pipeline.turns import take_turn
from tracker.queries import screens
from tracker.queries.debrief_votes import vote_lines
from tracker.queries.visibility import viewer_of
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.refused import ReasonMissing, Stale
from tracker.rules.scorecards import (
    EvidenceContent,
    IncompleteScorecard,
    Recommendation,
    ScorecardContent,
    ScorecardState,
)
from tracker.rules.stages import IllegalMove, StageKind

pytestmark = pytest.mark.usefixtures("in_app")

DAY = timedelta(days=1)
AFTER = MONDAY + 2 * DAY
SECRET = "quokka"


def full(assignment: Assignment, **changes: object) -> ScorecardContent:
    ids = [each.competency_id for each in assignment.competencies]
    evidence = tuple(EvidenceContent(each, SECRET, SECRET, SECRET, SECRET, SECRET) for each in ids)
    given = {"recommendation": Recommendation.HIRE, "summary": SECRET, "ratings": dict.fromkeys(ids, 3)}
    return ScorecardContent(**({"evidence": evidence} | given | changes))  # type: ignore[arg-type]


def submit(session: Session, assignment: Assignment, now: datetime = AFTER) -> Scorecard:
    return scorecards.submit(session, assignment, full(assignment), by=assignment.person, now=now)


@pytest.fixture
def screen(session: Session, world: World, in_app: Flask) -> Assignment:
    """A phone screen held on Tuesday, its deadline running."""
    application = world.application(stage=StageKind.PHONE_SCREEN)
    world.judge(application)
    assignment = world.interview(application, world.person("Lena Lead"))
    deadlines.rework(session, application, now=MONDAY)
    return assignment


@pytest.fixture
def loop(session: Session, world: World, in_app: Flask) -> list[Assignment]:
    """A loop of two, held on Tuesday."""
    application = world.application(stage=StageKind.LOOP)
    made = world.loop(application, (world.person("Anna A"), world.person("Ben B")))
    deadlines.rework(session, application, now=MONDAY)
    return made


def deadline(session: Session, assignment: Assignment) -> Deadline:
    return session.scalars(
        select(Deadline).where(Deadline.kind == DeadlineKind.SCORECARD, Deadline.subject == assignment.id)
    ).one()


def test_a_draft_is_kept_part_by_part(session: Session, screen: Assignment) -> None:
    card = scorecards.save_draft(session, screen, ScorecardContent(summary="so far"), by=screen.person, now=MONDAY)
    assert (card.state, card.summary, card.recommendation) == (ScorecardState.DRAFT, "so far", None)
    version = card.version
    card = scorecards.save_draft(session, screen, full(screen), by=screen.person, now=MONDAY, version=version)
    assert card.version == version + 1
    two = full(screen, evidence=(*full(screen).evidence, EvidenceContent(screen.competencies[0].competency_id, "two")))
    scorecards.save_draft(session, screen, two, by=screen.person, now=MONDAY)
    session.expire_all()
    assert [row.question for row in card.evidence] == [SECRET, "two"]
    only = full(screen, evidence=two.evidence[1:], ratings={})
    scorecards.save_draft(session, screen, only, by=screen.person, now=MONDAY)
    session.expire_all()
    assert [row.question for row in card.evidence] == ["two"]
    assert card.ratings == []


def test_saving_ratings_alone_raises_the_version(session: Session, screen: Assignment) -> None:
    card = scorecards.save_draft(session, screen, full(screen), by=screen.person, now=MONDAY)
    before = card.version
    worse = full(screen, ratings=dict.fromkeys(full(screen).ratings, 1))
    scorecards.save_draft(session, screen, worse, by=screen.person, now=MONDAY + timedelta(seconds=1))
    assert card.version == before + 1


def test_an_older_window_overwrites_nothing(session: Session, screen: Assignment) -> None:
    card = scorecards.save_draft(session, screen, full(screen), by=screen.person, now=MONDAY)
    with pytest.raises(Stale):
        scorecards.save_draft(
            session, screen, ScorecardContent(), by=screen.person, now=MONDAY, version=card.version - 1
        )
    assert card.summary == SECRET


def test_ratings_of_foreign_competencies_are_left_out(session: Session, world: World, screen: Assignment) -> None:
    foreign = world.competency("Foreign")
    content = full(screen, ratings={foreign.id: 4}, evidence=(EvidenceContent(foreign.id, "q"),))
    card = scorecards.save_draft(session, screen, content, by=screen.person, now=MONDAY)
    assert card.ratings == []
    assert card.evidence == []


def test_only_its_interviewer_writes(session: Session, world: World, screen: Assignment) -> None:
    for verb in (scorecards.save_draft, scorecards.submit):
        with pytest.raises(NotWritable):
            verb(session, screen, full(screen), by=screen.interview.application.requisition.recruiter, now=AFTER)


def test_a_missing_row_is_made(session: Session, screen: Assignment) -> None:
    session.delete(session.scalars(select(Scorecard)).one())
    session.flush()
    assert scorecards.ensure(session, screen).author_id == screen.person_id
    assert len(session.scalars(select(Scorecard)).all()) == 1


def test_nothing_is_submitted_before_the_interview(session: Session, screen: Assignment) -> None:
    with pytest.raises(TooEarly):
        submit(session, screen, now=MONDAY)
    assert submit(session, screen, now=MONDAY + DAY).state is ScorecardState.SUBMITTED


def test_what_is_missing_is_named(session: Session, screen: Assignment) -> None:
    with pytest.raises(IncompleteScorecard) as caught:
        scorecards.submit(session, screen, ScorecardContent(), by=screen.person, now=AFTER)
    competency = screen.competencies[0].competency_id
    assert set(caught.value.missing) == {"recommendation", f"rating_{competency}"}


def test_a_phone_screen_goes_on_to_its_outcome(session: Session, screen: Assignment) -> None:
    card = submit(session, screen)
    application = session.get_one(Application, card.application_id)
    assert application.stage_kind is StageKind.PHONE_SCREEN_OUTCOME
    assert deadline(session, screen).state is DeadlineState.MET
    kinds = set(session.scalars(select(Deadline.kind).where(Deadline.closed_at.is_(None))))
    assert kinds == {DeadlineKind.PHONE_SCREEN_OUTCOME}
    assert session.scalars(select(ScorecardVersion.number)).all() == [1]


def test_a_late_one_is_met_late(session: Session, screen: Assignment) -> None:
    submit(session, screen, now=MONDAY + 7 * DAY)
    assert deadline(session, screen).state is DeadlineState.MET_LATE


def test_a_second_submission_is_refused(session: Session, screen: Assignment) -> None:
    submit(session, screen)
    with pytest.raises(NotWritable):
        submit(session, screen)


def test_the_record_and_the_mails_hold_no_content(session: Session, loop: list[Assignment]) -> None:
    for each in loop:
        submit(session, each)
    assert session.scalars(select(RecordEntry.text)).all()
    assert not [text for text in session.scalars(select(RecordEntry.text)) if SECRET in text or "hire" in text.lower()]
    assert not [mail for mail in session.scalars(select(OutboxMail.message)) if SECRET.encode() in mail]


def test_the_last_scorecard_opens_the_debrief_and_tells(session: Session, loop: list[Assignment]) -> None:
    submit(session, loop[0])
    assert session.scalars(select(Debrief)).all() == []
    submit(session, loop[1])
    debrief = session.scalars(select(Debrief)).one()
    assert [vote.recommendation for vote in debrief.votes] == [Recommendation.HIRE] * 2
    people = loop[0].interview.application.requisition
    told = session.scalars(select(OutboxMail.receiver).where(OutboxMail.kind == "debrief_ready")).all()
    assert sorted(told) == sorted([people.hiring_manager.email, people.recruiter.email])


@pytest.mark.parametrize("how", ["cancelled", "replaced"])
def test_a_lost_interview_takes_no_scorecard_and_keeps_the_draft(
    session: Session, screen: Assignment, how: str
) -> None:
    card = scorecards.save_draft(session, screen, full(screen), by=screen.person, now=MONDAY)
    if how == "cancelled":
        screen.interview.state = InterviewState.CANCELLED
    else:
        screen.ended_at = MONDAY
    session.flush()
    with pytest.raises(NotWritable, match="What you wrote is kept"):
        submit(session, screen)
    assert card.summary == SECRET


def test_an_amendment_keeps_every_version_and_the_first_vote(session: Session, loop: list[Assignment]) -> None:
    for each in loop:
        submit(session, each)
    changed = full(loop[0], recommendation=Recommendation.NO_HIRE)
    with pytest.raises(ReasonMissing):
        scorecards.amend(session, loop[0], changed, reason=" ", by=loop[0].person, now=AFTER)
    card = scorecards.amend(session, loop[0], changed, reason="misheard", by=loop[0].person, now=AFTER + DAY)
    kept = session.scalars(
        select(ScorecardVersion).where(ScorecardVersion.scorecard_id == card.id).order_by(ScorecardVersion.number)
    ).all()
    assert [(row.number, row.content["recommendation"], row.reason) for row in kept] == [
        (1, "hire", ""),
        (2, "no_hire", "misheard"),
    ]
    assert kept[0].content["evidence"][0]["situation"] == SECRET
    debrief = session.scalars(select(Debrief)).one()
    assert {vote.recommendation for vote in debrief.votes} == {Recommendation.HIRE}


def test_only_the_author_amends_only_what_was_submitted(session: Session, loop: list[Assignment]) -> None:
    with pytest.raises(NotSubmitted):
        scorecards.amend(session, loop[0], full(loop[0]), reason="r", by=loop[0].person, now=AFTER)
    submit(session, loop[0])
    with pytest.raises(NotSubmitted):
        scorecards.amend(session, loop[0], full(loop[0]), reason="r", by=loop[1].person, now=AFTER)


def test_waiving_lets_the_process_go_on(session: Session, loop: list[Assignment]) -> None:
    recruiter = loop[0].interview.application.requisition.recruiter
    submit(session, loop[0])
    with pytest.raises(ReasonMissing):
        scorecards.waive(session, loop[1], reason="", by=recruiter, now=AFTER)
    scorecards.waive(session, loop[1], reason="ill", by=recruiter, now=AFTER)
    assert deadline(session, loop[1]).state is DeadlineState.CANCELLED
    assert [vote.person_id for vote in session.scalars(select(Debrief)).one().votes] == [loop[0].person_id]
    with pytest.raises(NothingToWaive):
        scorecards.waive(session, loop[0], reason="r", by=recruiter, now=AFTER)


def test_a_waived_one_may_come_in_late_and_votes(session: Session, loop: list[Assignment]) -> None:
    recruiter = loop[0].interview.application.requisition.recruiter
    submit(session, loop[0])
    scorecards.waive(session, loop[1], reason="ill", by=recruiter, now=AFTER)
    assert submit(session, loop[1], now=AFTER + DAY).waived_at is None
    assert len(session.scalars(select(Debrief)).one().votes) == 2
    mails = session.scalars(select(OutboxMail).where(OutboxMail.kind == "debrief_ready")).all()
    assert len(mails) == 2


def test_what_comes_in_after_the_debrief_is_kept_and_no_vote(session: Session, loop: list[Assignment]) -> None:
    """Those at the debrief did not see it: it must not look as if they had."""
    application = loop[0].interview.application
    recruiter = application.requisition.recruiter
    submit(session, loop[0])
    scorecards.waive(session, loop[1], reason="ill", by=recruiter, now=AFTER)
    held = session.scalars(select(Debrief)).one()
    debrief.hold(session, application, held, by=recruiter, now=AFTER)
    assert submit(session, loop[1], now=AFTER + DAY).state is ScorecardState.SUBMITTED
    session.expire_all()
    assert [vote.person_id for vote in held.votes] == [loop[0].person_id]
    lines = vote_lines(session, viewer_of(session, recruiter), held)
    assert [(line.first, line.late) for line in lines] == [(Recommendation.HIRE, None), (None, Recommendation.HIRE)]
    said = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "scorecard.submit")).all()
    assert [text.endswith("after the debrief was held") for text in said] == [False, True]


def test_what_was_not_held_is_cancelled_not_waived(session: Session, screen: Assignment) -> None:
    with pytest.raises(NothingToWaive, match="cancel it instead"):
        scorecards.waive(session, screen, reason="r", by=screen.person, now=MONDAY)


def test_a_waived_phone_screen_is_held_anew(session: Session, world: World, screen: Assignment) -> None:
    """It is left by a scorecard that was submitted (section 3): nobody comes to the loop without any evidence."""
    application = screen.interview.application
    recruiter = application.requisition.recruiter
    assert screens.is_awaited(session, application)
    scorecards.waive(session, screen, reason="left us", by=recruiter, now=AFTER)
    assert application.stage_kind is StageKind.PHONE_SCREEN
    assert not screens.is_awaited(session, application)
    with pytest.raises(IllegalMove, match="scorecard of the phone screen is missing"):
        moves.advance(session, application, by=recruiter, now=AFTER)
    anew = world.interview(application, world.person(), kind=InterviewKind.PHONE_SCREEN)
    # The late one alone does not end the stage while the other is to be held.
    submit(session, screen)
    assert application.stage_kind is StageKind.PHONE_SCREEN
    submit(session, anew)
    assert application.stage_kind is StageKind.PHONE_SCREEN_OUTCOME


def test_readings_go_on_the_record_once_an_hour_and_not_the_authors(session: Session, screen: Assignment) -> None:
    card = submit(session, screen)
    recruiter = screen.interview.application.requisition.recruiter
    for minutes in (0, 30, 90):
        scorecards.note_reading(session, [card], by=recruiter, now=AFTER + timedelta(minutes=minutes))
    scorecards.note_reading(session, [card], by=screen.person, now=AFTER)
    rows = session.scalars(select(ScorecardRead).order_by(ScorecardRead.at)).all()
    assert [(row.person_id, row.at) for row in rows] == [
        (recruiter.id, AFTER),
        (recruiter.id, AFTER + timedelta(minutes=90)),
    ]


def test_each_version_that_is_read_is_on_the_record(session: Session, screen: Assignment) -> None:
    card = submit(session, screen)
    recruiter = screen.interview.application.requisition.recruiter
    for minutes in (1, 3):
        scorecards.note_reading(session, [card], by=recruiter, now=AFTER + timedelta(minutes=minutes))
        amended = AFTER + timedelta(minutes=minutes + 1)
        scorecards.amend(session, screen, content_of(card), reason="More exactly", by=screen.person, now=amended)
    assert len(session.scalars(select(ScorecardRead)).all()) == 2


def test_kinds_of_interviews_do_not_mix(session: Session, world: World, loop: list[Assignment]) -> None:
    """A late phone screen's scorecard neither moves an application in its loop nor opens the debrief."""
    application = loop[0].interview.application
    screen = world.interview(application, world.person(), kind=InterviewKind.PHONE_SCREEN)
    submit(session, screen)
    assert application.stage_kind is StageKind.LOOP
    assert session.scalars(select(Debrief)).all() == []


def test_two_who_submit_at_once_take_turns(session: Session, loop: list[Assignment]) -> None:
    """Else each would find the other's missing, and the debrief would never open."""
    application_id = loop[0].interview.application_id
    session.commit()
    submit(session, loop[0])
    if session.get_bind().dialect.name == "sqlite":
        return  # It has one writer at a time anyway.
    with Session(session.get_bind()) as other:
        other.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            take_turn(other, other.get_one(Application, application_id))
