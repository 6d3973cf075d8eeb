"""Nudges: once each, to those concerned, one digest a morning, dropped when no longer true."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP as POLICY

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.worker.conftest import Open, leads_to, mails, tick
from tracker.db import db
from tracker.models.application import Application
from tracker.models.deadline import Nudge, NudgeState
from tracker.models.interview import Assignment
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind
from tracker.pipeline import deadlines, nudge_mails, nudges, nudges_by_hand
from tracker.queries import truth
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.nudges_by_hand import NotToBeReminded
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import StageKind
from tracker.worker import tasks

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# The factories' Monday is 10:00 in Berlin; its business mornings are at 08:00 UTC.
MORNING = MONDAY.replace(hour=8)


def days(*mails: OutboxMail) -> list[tuple[str, str]]:
    return sorted((mail.receiver.split(".")[0], mail.kind) for mail in mails)


def test_the_ladder_of_the_others(open_deadline: Open, session: Session) -> None:
    """The morning it is due: its owner; every overdue morning: owner, from the second also the recruiter."""
    open_deadline(DeadlineKind.DEBRIEF)
    told = {}
    for day in range(9):
        told[day] = days(*tick(session, MORNING + day * DAY + HOUR))
    hana, rita = ("hana", "nudge"), ("rita", "nudge")
    # Due on Wednesday; Saturday and Sunday are nobody's mornings.
    assert told == {0: [], 1: [], 2: [hana], 3: [hana], 4: [hana, rita], 5: [], 6: [], 7: [hana, rita], 8: [hana, rita]}


def test_a_second_tick_says_nothing_new(open_deadline: Open, session: Session) -> None:
    open_deadline(DeadlineKind.DEBRIEF)
    assert len(tick(session, MORNING + 2 * DAY)) == 1
    assert tick(session, MORNING + 2 * DAY) == []
    assert tick(session, MORNING + 2 * DAY + 5 * HOUR) == []


def test_after_a_standstill_only_the_latest_is_said(open_deadline: Open, session: Session) -> None:
    open_deadline(DeadlineKind.PROMISE)
    written = tick(session, MORNING + 14 * DAY + HOUR)
    assert days(*written) == [("hana", "nudge"), ("rita", "nudge")]
    assert all("Overdue promise" in mail.subject for mail in written)
    assert "overdue+5" in written[0].dedupe_key
    assert days(*tick(session, MORNING + 15 * DAY)) == [("hana", "nudge"), ("rita", "nudge")]


def test_many_receivers_cost_no_more_statements_than_a_few(open_deadline: Open, session: Session, world: World) -> None:
    costs = []
    for day, count in ((0, 2), (7, 8)):
        for _ in range(count):
            requisition = world.requisition()
            requisition.hiring_manager = world.person(is_recruiter=True)
            session.flush()
            open_deadline(DeadlineKind.DEBRIEF, world.application(requisition), now=MONDAY + day * DAY)
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *all_, asked=asked: asked.append(all_[2]))
        written = tick(session, MORNING + (day + 2) * DAY)
        assert len({mail.receiver for mail in written}) == (2 if day == 0 else 12), "with two recruiters"
        costs.append(len(asked))
    assert costs[1] <= costs[0] + 2, costs


def test_several_in_one_morning_are_one_digest(open_deadline: Open, session: Session, world: World) -> None:
    requisition = world.requisition()
    for _ in range(3):
        open_deadline(DeadlineKind.DEBRIEF, world.application(requisition))
    written = tick(session, MORNING + 2 * DAY)
    assert days(*written) == [("hana", "digest")]
    assert written[0].fact["nudges"] == [nudge.id for nudge in session.scalars(select(Nudge)) if nudge.step == "day"]


def test_a_promise_that_only_today_can_be_kept_is_named_before_what_is_overdue(
    open_deadline: Open, session: Session, world: World
) -> None:
    recruiter = world.recruiter("Rita Recruiter")
    requisition = world.requisition(recruiter=recruiter)
    late = open_deadline(DeadlineKind.APPLICATION_REVIEW, world.application(requisition, name="Lena Late"))
    promised = open_deadline(
        DeadlineKind.PROMISE, world.application(requisition, name="Petra Promised"), now=MONDAY + DAY
    )
    assert late.due_at < promised.due_at
    tick(session, promised.due_at - DAY)
    [digest] = [mail for mail in tick(session, MORNING + 8 * DAY) if mail.person_id == recruiter.id]
    assert digest.kind == "digest"
    assert digest.subject.startswith("2 deadlines, 1 overdue. First: Tell Petra Promised the outcome, due")


def test_the_digest_loses_what_was_done_and_the_rest_is_said_alone(
    open_deadline: Open, session: Session, world: World
) -> None:
    requisition = world.requisition()
    one, two = world.application(requisition), world.application(requisition)
    open_deadline(DeadlineKind.DEBRIEF, one)
    open_deadline(DeadlineKind.DEBRIEF, two)
    now = MORNING + 2 * DAY
    [digest] = tick(session, now)
    deadlines.meet(session, one, DeadlineKind.DEBRIEF, now=now)
    session.commit()
    assert not truth.holds(session, digest.fact, now=now)
    session.commit()
    tasks._dropped(session, digest.fact, now)
    session.commit()
    [alone] = tick(session, now + HOUR)
    assert alone.kind == "nudge"
    assert two.candidate.name in alone.subject
    assert alone.dedupe_key != digest.dedupe_key
    assert truth.holds(session, alone.fact, now=now + HOUR)


def test_what_was_met_before_its_morning_is_not_said(open_deadline: Open, session: Session) -> None:
    deadline = open_deadline(DeadlineKind.DEBRIEF)
    application = session.get_one(Application, deadline.application_id)
    deadlines.meet(session, application, DeadlineKind.DEBRIEF, now=MONDAY + HOUR)
    assert tick(session, MORNING + 2 * DAY) == []
    assert tick(session, MORNING + 20 * DAY) == []
    assert set(session.scalars(select(Nudge.state))) == {NudgeState.DROPPED}


def test_words_that_are_no_longer_right_are_not_sent(open_deadline: Open, session: Session) -> None:
    """A nudge that waited in the outbox until what it calls due is overdue gives way to the next."""
    open_deadline(DeadlineKind.DEBRIEF)
    [due] = tick(session, MORNING + 2 * DAY)
    assert truth.holds(session, due.fact, now=MORNING + 2 * DAY + 14 * HOUR)
    assert not truth.holds(session, due.fact, now=MORNING + 2 * DAY + 15 * HOUR)


def test_nobody_who_left_or_lost_the_role_is_nudged(open_deadline: Open, session: Session, world: World) -> None:
    requisition = world.requisition()
    open_deadline(DeadlineKind.DEBRIEF, world.application(requisition))
    requisition.hiring_manager.is_active = False
    assert tick(session, MORNING + 2 * DAY) == []
    other = world.person("Olga Other")
    requisition.hiring_manager = other
    session.commit()
    deadlines.reassign(session, requisition, now=MORNING + 2 * DAY)
    assert days(*tick(session, MORNING + 3 * DAY)) == [("olga", "nudge")]


def test_nobody_is_nudged_about_his_or_her_own_application(open_deadline: Open, session: Session, world: World) -> None:
    requisition = world.requisition()
    candidate = world.candidate("Hana Manager", email=requisition.hiring_manager.email)
    open_deadline(DeadlineKind.DEBRIEF, world.application(requisition, candidate=candidate))
    assert tick(session, MORNING + 2 * DAY) == []


def test_a_promise_reaches_more_and_more_people(open_deadline: Open, session: Session, world: World) -> None:
    world.person("Lena Lead", is_recruiting_lead=True)
    open_deadline(DeadlineKind.PROMISE)
    # Due on Monday of the next week, 23:59:59.
    assert days(*tick(session, MORNING + 3 * DAY)) == [("rita", "nudge")]
    assert days(*tick(session, MORNING + 4 * DAY)) == [("hana", "nudge"), ("rita", "nudge")]
    assert days(*tick(session, MORNING + 7 * DAY)) == [("hana", "nudge"), ("rita", "nudge")]
    everybody = [("hana", "nudge"), ("lena", "nudge"), ("rita", "nudge")]
    assert days(*tick(session, MORNING + 7 * DAY + 15 * HOUR)) == everybody
    assert days(*tick(session, MORNING + 8 * DAY)) == everybody


def test_a_new_recruiting_lead_hears_of_it_too(open_deadline: Open, session: Session, world: World) -> None:
    open_deadline(DeadlineKind.PROMISE)
    tick(session, MORNING + 3 * DAY)
    world.person("Lena Lead", is_recruiting_lead=True)
    tick(session, MORNING + 7 * DAY)
    overdue = tick(session, MORNING + 7 * DAY + 15 * HOUR)
    assert "lena" in dict(days(*overdue))


def test_a_confidential_requisition_is_not_told_to_leads_who_are_not_on_it(
    open_deadline: Open, session: Session, world: World
) -> None:
    inside = world.person("Lena Lead", is_recruiting_lead=True)
    world.person("Otto Outside", is_recruiting_lead=True)
    requisition = world.requisition(is_confidential=True, members=(inside,))
    open_deadline(DeadlineKind.PROMISE, world.application(requisition))
    told = days(*tick(session, MORNING + 8 * DAY))
    assert [name for name, _ in told] == ["hana", "lena", "rita"]


def scorecard(world: World, session: Session, open_deadline: Open) -> Assignment:
    application = world.application(stage=StageKind.PHONE_SCREEN)
    interviewer = world.person("Ian Interviewer", zone="America/New_York")
    assignment = world.interview(application, interviewer, starts_at=MONDAY, kind=InterviewKind.PHONE_SCREEN)
    open_deadline(
        DeadlineKind.SCORECARD,
        application,
        day0_at=assignment.interview.ends_at,
        owner=interviewer,
        subject=assignment.id,
    )
    return assignment


def test_the_ladder_of_a_scorecard(open_deadline: Open, session: Session, world: World) -> None:
    assignment = scorecard(world, session, open_deadline)
    path = f"/scorecards/{assignment.id}"
    # Held on Monday from 10:00 to 11:00 in Berlin, where it is due on Tuesday; his mornings are at 14:00 UTC.
    [first] = tick(session, MONDAY + 2 * HOUR)
    assert days(first) == [("ian", "nudge")]
    assert leads_to(first) == path
    told = [days(*tick(session, MORNING + day * DAY + 7 * HOUR)) for day in range(1, 20)]
    ian, rita, hana = ("ian", "nudge"), ("rita", "nudge"), ("hana", "nudge")
    everybody = [hana, ian, rita]
    weekend: list[object] = [[], []]
    assert told == [
        [ian],
        [ian],
        [ian, rita],
        everybody,
        *weekend,
        *[everybody] * 5,
        *weekend,
        everybody,
        everybody,
        [rita],
        [],
        [],
        [],
    ]
    assert "The reminders stop after 10 overdue mornings" in quopri(mails()[-1])


def quopri(mail: OutboxMail) -> str:
    return str(message_from_bytes(mail.message, policy=POLICY).get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_nothing_of_a_scorecard_is_in_a_nudge(open_deadline: Open, session: Session, world: World) -> None:
    assignment = scorecard(world, session, open_deadline)
    world.scorecard(assignment, text="CANARY", state=ScorecardState.DRAFT)
    for day in range(6):
        tick(session, MORNING + day * DAY + 7 * HOUR)
    assert len(mails()) > 5
    assert not any(b"CANARY" in mail.message for mail in mails())


def test_replanning_makes_the_old_ones_void(open_deadline: Open, session: Session, world: World) -> None:
    application = world.application()
    deadline = open_deadline(DeadlineKind.DEBRIEF, application)
    later = open_deadline(DeadlineKind.DEBRIEF, application, day0_at=MONDAY + 2 * DAY, now=MONDAY + HOUR)
    assert later.id == deadline.id
    assert tick(session, MORNING + 2 * DAY) == []
    assert len(tick(session, MORNING + 4 * DAY)) == 1


def test_planning_twice_plans_once(open_deadline: Open, session: Session) -> None:
    deadline = open_deadline(DeadlineKind.PROMISE)
    for _ in range(2):
        nudges.plan(session, deadline, now=MONDAY)
    session.commit()
    tick(session, MORNING + 3 * DAY)
    nudges.plan(session, deadline, now=MORNING + 3 * DAY - HOUR)
    session.commit()
    assert tick(session, MORNING + 3 * DAY) == []


def test_a_failing_receiver_holds_up_nobody(
    open_deadline: Open, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_deadline(DeadlineKind.DEBRIEF)
    requisition = world.requisition("Another", hiring_manager=world.person("Zora Boss"))
    open_deadline(DeadlineKind.DEBRIEF, world.application(requisition))
    bad = session.scalars(select(Nudge).order_by(Nudge.person_id)).first()
    assert bad is not None
    bad.person.email = "not an address"
    written = tick(session, MORNING + 2 * DAY)
    assert days(*written) == [("zora", "nudge")]
    assert bad.state is NudgeState.WAITING


def test_every_link_leads_to_a_page(in_app: Flask) -> None:
    pages = in_app.url_map.bind("tracker.example")
    assert set(nudge_mails.PATHS) == set(DeadlineKind)
    for path in nudge_mails.PATHS.values():
        pages.match(path.format(application=3, subject=7), method="GET")


def test_a_nudge_by_hand_leaves_the_ladder_as_it_was(open_deadline: Open, session: Session, world: World) -> None:
    deadline = open_deadline(DeadlineKind.DEBRIEF)
    application = session.get_one(Application, deadline.application_id)
    now = MORNING + 2 * DAY
    assert days(*tick(session, now)) == [("hana", "nudge")]
    recruiter = application.requisition.recruiter
    with pytest.raises(NotToBeReminded, match="was reminded of this"):
        nudges_by_hand.remind(session, application, deadline, by=recruiter, now=now + HOUR)
    nudges_by_hand.remind(session, application, deadline, by=recruiter, now=now + 5 * HOUR)
    session.commit()
    by_hand = mails()[-1]
    assert truth.holds(session, by_hand.fact, now=now + 6 * HOUR)
    assert not truth.holds(session, by_hand.fact, now=now + DAY), "the next step says it by then"
    assert tick(session, now + 6 * HOUR) == []
    # Dropped, it is not said again by itself; the next morning comes as it would have.
    tasks._dropped(session, by_hand.fact, now + DAY)
    assert days(*tick(session, now + DAY + HOUR)) == [("hana", "nudge")]
    assert days(*tick(session, now + 2 * DAY)) == [("hana", "nudge"), ("rita", "nudge")]
