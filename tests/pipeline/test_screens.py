"""Phone screens: arranged, moved, handed over, called off, and what follows from one."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.mails import events_of, method_of, of_kind, text_of
from tracker.models.application import Application, ScreenOutcome
from tracker.models.candidate_window import CandidateWindow
from tracker.models.deadline import Deadline
from tracker.models.interview import Interview, InterviewState
from tracker.models.outbox import OutboxMail, Reminder
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Scorecard
from tracker.pipeline import moves, scorecards, screens
from tracker.pipeline.interviews import AlreadyEvaluated, Arrangement, TooLateToStepIn, WrongStage
from tracker.pipeline.screens import AlreadyArranged
from tracker.queries import truth
from tracker.queries.screens import choices, needs_of, screeners
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.interviews import BadInterviewTime
from tracker.rules.refused import ReasonMissing, Stale
from tracker.rules.scorecards import Recommendation, ScorecardContent
from tracker.rules.screen_seats import CannotHoldScreen
from tracker.rules.screens import IllegalScreenChoice
from tracker.rules.stages import ApplicationState, Disposition, ScreenChoice, ScreensMode, StageKind

START = datetime(2026, 11, 4, 14, 0, tzinfo=MONDAY.tzinfo)

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def application(world: World) -> Application:
    candidate = world.candidate("Cleo Candidate", zone="America/New_York")
    return world.application(stage=StageKind.PHONE_SCREEN, candidate=candidate)


@pytest.fixture
def recruiter(application: Application) -> Person:
    return application.requisition.recruiter


@pytest.fixture
def ana(world: World, application: Application) -> Person:
    return leader(world, application, "Ana Leader")


def leader(world: World, application: Application, name: str) -> Person:
    person = world.person(name, is_senior_leader=True)
    return world.qualify(person, application.requisition.plan, InterviewKind.PHONE_SCREEN)


def arranged(session: Session, application: Application, person: Person, start: datetime = START) -> Interview:
    wanted = Arrangement(person.id, start, 60, "https://meet.example/1")
    screen = screens.arrange(session, application, wanted, by=application.requisition.recruiter, now=MONDAY)
    session.commit()
    return screen


def submitted(world: World, screen: Interview) -> None:
    lead = screen.lead
    assert lead is not None
    world.scorecard(lead)


def test_arranging_invites_both_each_in_words_and_a_zone_of_their_own(
    session: Session, application: Application, ana: Person
) -> None:
    screen = arranged(session, application, ana)
    assert (screen.state, screen.name, screen.sequence) == (InterviewState.SENT, "Phone screen", 0)
    [to_ana], [to_cleo] = of_kind(session, "interview_invitation"), of_kind(session, "screen_invitation")
    assert "Wed 4 Nov 2026, 15:00–16:00 (Europe/Berlin)" in text_of(to_ana)
    assert "Wed 4 Nov 2026, 09:00–10:00 (America/New_York)" in text_of(to_cleo)
    assert "Competency A" in text_of(to_ana)
    assert "Competency A" not in text_of(to_cleo)
    assert "/interviews/" not in text_of(to_cleo)
    for mail in (to_ana, to_cleo):
        assert (method_of(mail), events_of(mail)) == ("REQUEST", [("CONFIRMED", 0)])
        assert truth.holds(session, mail.fact)
    card = session.scalars(select(Scorecard)).one()
    assert (card.author_id, card.application_id) == (ana.id, application.id)
    due = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.SCORECARD)).one()
    assert (due.owner_id, due.due_at.date().isoformat()) == (ana.id, "2026-11-05")
    assert {each.person_id for each in session.scalars(select(Reminder))} == {ana.id, None}


def test_one_screen_at_a_time(session: Session, application: Application, ana: Person) -> None:
    arranged(session, application, ana)
    with pytest.raises(AlreadyArranged):
        arranged(session, application, ana, START + timedelta(days=1))


def test_a_screen_is_arranged_in_its_stage_alone(session: Session, world: World, ana: Person) -> None:
    early = world.application(stage=StageKind.APPLICATION, name="Early")
    with pytest.raises(WrongStage, match="Application review"):
        arranged(session, early, ana)


def test_an_older_form_is_told(session: Session, application: Application, ana: Person, recruiter: Person) -> None:
    wanted = Arrangement(ana.id, START)
    with pytest.raises(Stale):
        screens.arrange(session, application, wanted, by=recruiter, now=MONDAY, version=application.version + 1)


@pytest.mark.parametrize("start", [None, MONDAY - timedelta(minutes=1), MONDAY + timedelta(days=800)])
def test_a_wrong_time_is_refused(
    session: Session, application: Application, ana: Person, recruiter: Person, start: datetime | None
) -> None:
    with pytest.raises(BadInterviewTime):
        screens.arrange(session, application, Arrangement(ana.id, start), by=recruiter, now=MONDAY)


def test_who_may_hold_a_screen(session: Session, world: World, application: Application, ana: Person) -> None:
    plan = application.requisition.plan
    busy = leader(world, application, "Bo Busy")
    other = world.application(application.requisition, stage=StageKind.PHONE_SCREEN, name="Other")
    world.interview(other, busy, starts_at=START + timedelta(minutes=30))
    junior = world.qualify(world.person("Jun Junior"), plan, InterviewKind.PHONE_SCREEN)
    loop_only = world.qualify(world.person("Lou Loop", is_senior_leader=True), plan)
    gone = leader(world, application, "Gus Gone")
    gone.is_active = False
    session.commit()
    for person, words in ((busy, "busy"), (junior, "senior leader"), (loop_only, "Nobody"), (gone, "Nobody")):
        with pytest.raises(CannotHoldScreen, match=words):
            arranged(session, application, person)
        session.rollback()
    needs = needs_of(session, application)
    people = screeners(session, application, needs, now=MONDAY)
    found = choices(people, needs, START, START + timedelta(hours=1))
    assert [(each.name, each.why_not is None) for each in found] == [
        ("Ana Leader", True),
        ("Bo Busy", False),
        ("Jun Junior", False),
    ]


def test_the_candidate_holds_no_screen(session: Session, world: World, application: Application) -> None:
    application.candidate.email = "cleo@tracker.example"
    twin = world.person("Cleo Candidate", email="cleo@tracker.example", is_senior_leader=True)
    world.qualify(twin, application.requisition.plan, InterviewKind.PHONE_SCREEN)
    with pytest.raises(CannotHoldScreen, match="is the candidate"):
        arranged(session, application, twin)


def test_moving_a_screen_raises_the_sequence_and_voids_what_still_waits(
    session: Session, application: Application, ana: Person, recruiter: Person
) -> None:
    screen = arranged(session, application, ana)
    early = of_kind(session, "screen_invitation")[0]
    wanted = Arrangement(ana.id, START + timedelta(days=1), 45, "Room 7")
    screens.change(session, screen, wanted, by=recruiter, now=MONDAY, version=screen.version)
    session.commit()
    assert (screen.sequence, screen.minutes, screen.place) == (1, 45, "Room 7")
    assert not truth.holds(session, early.fact)
    late = of_kind(session, "screen_changed")[0]
    assert late.subject.startswith("Changed:")
    assert events_of(late) == [("CONFIRMED", 1)]
    assert early.order_key == late.order_key == screen.uid
    due = session.scalars(select(Deadline).where(Deadline.state == DeadlineState.OPEN)).one()
    assert due.due_at.date().isoformat() == "2026-11-06"


def test_handing_a_screen_over(
    session: Session, world: World, application: Application, ana: Person, recruiter: Person
) -> None:
    screen = arranged(session, application, ana)
    bea = leader(world, application, "Bea Leader")
    screens.change(session, screen, Arrangement(bea.id, START, 60, ""), by=recruiter, now=MONDAY)
    session.commit()
    [withdrawn] = of_kind(session, "interview_withdrawn")
    assert (withdrawn.receiver, method_of(withdrawn)) == (ana.email, "CANCEL")
    assert of_kind(session, "interview_changed") == []
    assert of_kind(session, "interview_invitation")[-1].receiver == bea.email
    assert "Bea Leader" in text_of(of_kind(session, "screen_changed")[-1])
    # Taken back and given again before anything was sent: every mail is in the order of the interview.
    screens.change(session, screen, Arrangement(ana.id, START, 60, ""), by=recruiter, now=MONDAY)
    lead = screen.lead
    assert lead is not None
    assert lead.person_id == ana.id
    assert len({mail.dedupe_key for mail in session.scalars(select(OutboxMail))}) == session.query(OutboxMail).count()


@pytest.mark.parametrize("minutes", [0, 90])
def test_a_screen_that_has_begun_is_handed_over_only_with_a_time_to_come(
    session: Session, world: World, application: Application, ana: Person, recruiter: Person, minutes: int
) -> None:
    screen, bea = arranged(session, application, ana), leader(world, application, "Bea Leader")
    [first], now = screen.assignments, START + timedelta(minutes=minutes)
    with pytest.raises(TooLateToStepIn, match="as Ana Leader dictates it"):
        screens.change(session, screen, Arrangement(bea.id, START, 60, ""), by=recruiter, now=now)
    session.commit()
    assert (screen.lead, first.ended_at, screen.sequence) == (first, None, 0)
    assert of_kind(session, "interview_withdrawn") == []
    screens.change(session, screen, Arrangement(bea.id, START + timedelta(days=1), 60, ""), by=recruiter, now=now)
    assert screen.lead is not None
    assert screen.lead.person_id == bea.id


def test_who_gets_a_screen_back_gets_the_draft_back(
    session: Session, world: World, application: Application, ana: Person, recruiter: Person
) -> None:
    screen, bea = arranged(session, application, ana), leader(world, application, "Bea Leader")
    [first] = screen.assignments
    content = ScorecardContent(Recommendation.HIRE, "Written before it was handed over", {}, [])
    scorecards.save_draft(session, first, content, by=ana, now=MONDAY)
    first.declined_at, first.declined_reason = MONDAY, "Ill"
    for person in (bea, ana):
        screens.change(session, screen, Arrangement(person.id, START, 60, ""), by=recruiter, now=MONDAY)
    session.commit()
    assert screen.lead is first
    assert (first.ended_at, first.declined_at) == (None, None)
    cards = session.scalars(select(Scorecard).where(Scorecard.author_id == ana.id)).all()
    assert [card.summary for card in cards] == ["Written before it was handed over"]
    [due] = session.scalars(select(Deadline).where(Deadline.state == DeadlineState.OPEN))
    assert (due.subject, due.owner_id) == (first.id, ana.id)
    after = START + timedelta(hours=1)
    content = ScorecardContent(Recommendation.HIRE, "Done", {}, [])
    assert scorecards.save_draft(session, first, content, by=ana, now=after).summary == "Done"


def test_one_whose_scorecard_was_waived_is_arranged_anew(
    session: Session, world: World, application: Application, ana: Person, recruiter: Person
) -> None:
    first, after = arranged(session, application, ana), START + timedelta(hours=2)
    with pytest.raises(AlreadyArranged):
        arranged(session, application, ana)
    scorecards.waive(session, first.assignments[0], reason="Ana has left", by=recruiter, now=after)
    wanted = Arrangement(leader(world, application, "Bea Leader").id, START + timedelta(days=1), 60)
    anew = screens.arrange(session, application, wanted, by=recruiter, now=after)
    assert (anew.position, anew.name) == (1, "Phone screen")
    assert application.stage_kind is StageKind.PHONE_SCREEN


def test_cancelling_a_screen(session: Session, application: Application, ana: Person, recruiter: Person) -> None:
    screen = arranged(session, application, ana)
    with pytest.raises(ReasonMissing):
        screens.cancel(session, screen, reason="", by=recruiter, now=MONDAY)
    screens.cancel(session, screen, reason="Ana is ill", by=recruiter, now=MONDAY)
    session.commit()
    assert screen.state is InterviewState.CANCELLED
    [to_cleo] = of_kind(session, "screen_cancelled")
    assert (method_of(to_cleo), events_of(to_cleo)) == ("CANCEL", [("CANCELLED", 1)])
    assert truth.holds(session, to_cleo.fact)
    assert session.scalars(select(Deadline.state)).all() == [DeadlineState.CANCELLED]
    assert arranged(session, application, ana).position == 1


def test_nobody_is_told_that_the_screen_of_a_closed_application_is_cancelled(
    session: Session, application: Application, ana: Person, recruiter: Person
) -> None:
    screen = arranged(session, application, ana)
    over = START + timedelta(hours=2)
    moves.close(session, application, ApplicationState.REJECTED, Disposition.OTHER, by=recruiter, now=over)
    with pytest.raises(WrongStage, match="closed"):
        screens.cancel(session, screen, reason="Too late", by=recruiter, now=over)
    assert (screen.state, of_kind(session, "screen_cancelled")) == (InterviewState.SENT, [])


def test_what_was_evaluated_stays(
    session: Session, world: World, application: Application, ana: Person, recruiter: Person
) -> None:
    screen = arranged(session, application, ana)
    submitted(world, screen)
    with pytest.raises(AlreadyEvaluated):
        screens.change(session, screen, Arrangement(ana.id, START + timedelta(days=1)), by=recruiter, now=MONDAY)
    session.rollback()
    with pytest.raises(AlreadyEvaluated):
        screens.cancel(session, screen, reason="Too late", by=recruiter, now=MONDAY)


# What follows.


@pytest.fixture
def held(session: Session, world: World, application: Application, ana: Person) -> Application:
    """The first screen was held and its scorecard is in."""
    submitted(world, arranged(session, application, ana))
    stage = world.stage(application.requisition, StageKind.PHONE_SCREEN_OUTCOME)
    application.stage, application.stage_kind = stage, stage.kind
    session.commit()
    return application


def decide(session: Session, application: Application, choice: ScreenChoice, reason: str = "Because") -> None:
    screens.decide(session, application, choice, reason=reason, by=application.requisition.hiring_manager, now=MONDAY)
    session.commit()


def test_going_on(session: Session, held: Application) -> None:
    decide(session, held, ScreenChoice.GO_ON, "")
    assert held.stage_kind is StageKind.LOOP
    invited = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.LOOP_INVITED)).one()
    assert invited.state is DeadlineState.OPEN


def test_who_goes_on_is_told_while_it_is_so(session: Session, held: Application) -> None:
    decide(session, held, ScreenChoice.GO_ON, "")
    [told] = of_kind(session, "goes_on")
    assert told.receiver == held.candidate.email
    assert "/my/" in text_of(told)
    assert truth.holds(session, told.fact)
    held.stage_id = held.requisition.plan.stages[0].id
    session.flush()
    assert not truth.holds(session, told.fact)


def test_who_said_already_when_to_come_is_not_asked_again(session: Session, world: World, held: Application) -> None:
    later = START + timedelta(days=9)
    world.keep(CandidateWindow(application_id=held.id, starts_at=later, ends_at=later + timedelta(hours=4)))
    decide(session, held, ScreenChoice.GO_ON)
    [told] = of_kind(session, "goes_on")
    assert "within the times that you gave us" in text_of(told)
    assert "when you can come" not in text_of(told)


def test_a_second_screen_needs_a_reason_and_follows(
    session: Session, world: World, held: Application, ana: Person
) -> None:
    with pytest.raises(IllegalScreenChoice):
        decide(session, held, ScreenChoice.SECOND_SCREEN, " ")
    decide(session, held, ScreenChoice.SECOND_SCREEN, "Too little about incident response")
    assert held.stage_kind is StageKind.PHONE_SCREEN
    second = arranged(session, held, ana, START + timedelta(days=1))
    assert (second.position, second.name) == (2, "Phone screen 2")


def test_a_second_screen_where_the_plan_has_one(session: Session, held: Application) -> None:
    held.requisition.plan.screens_mode = ScreensMode.ONE
    session.commit()
    with pytest.raises(IllegalScreenChoice, match="the plan allows"):
        decide(session, held, ScreenChoice.SECOND_SCREEN)


def test_stopping_rejects_and_tells_the_candidate_without_the_reason(session: Session, held: Application) -> None:
    with pytest.raises(ReasonMissing):
        decide(session, held, ScreenChoice.STOP, "")
    decide(session, held, ScreenChoice.STOP, "Weak on threat modelling")
    assert (held.state, held.disposition) == (ApplicationState.REJECTED, Disposition.STOPPED_AFTER_SCREEN)
    [told] = of_kind(session, "closed")
    assert "threat" not in text_of(told)
    kept = session.scalars(select(ScreenOutcome)).one()
    assert (kept.choice, kept.reason, kept.screen) == (ScreenChoice.STOP, "Weak on threat modelling", 1)


def test_nothing_is_decided_in_another_stage(session: Session, application: Application) -> None:
    with pytest.raises(WrongStage):
        decide(session, application, ScreenChoice.GO_ON)
