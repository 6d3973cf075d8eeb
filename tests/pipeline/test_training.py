"""A training: begun, gone, signed off, put off, taken back, ended; what it makes of a person, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.learners import gone, in_training, seat
from tests.pipeline.mails import of_kind, text_of
from tracker.models.interview import Assignment, AssignmentRole, InterviewState
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.record import RecordEntry
from tracker.models.training import Training, TrainingState
from tracker.pipeline import training as verbs
from tracker.pipeline.training import InTrainingAlready, MayNotTrain, NothingToLearn, NotOpen
from tracker.queries import training as queries
from tracker.queries.training import TrainingLine
from tracker.queries.visibility import NotFound, viewer_of
from tracker.rules.refused import ReasonMissing, Stale
from tracker.rules.training import TrainingRole

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def plan(world: World) -> InterviewPlan:
    return world.plan()


@pytest.fixture
def admin(world: World) -> Person:
    return world.admin()


@pytest.fixture
def nora(world: World) -> Person:
    return world.person("Nora Newcomer")


@pytest.fixture
def ina(world: World, plan: InterviewPlan) -> Person:
    return world.qualify(world.person("Ina Interviewer"), plan)


def line(session: Session, row: Training, viewer: Person) -> TrainingLine:
    return queries.get(session, viewer_of(session, viewer), row.id, now=MONDAY)


def ids(plan: InterviewPlan, count: int = 2) -> list[int]:
    return [each.competency_id for each in plan.competencies][:count]


def qualified(session: Session, person: Person) -> set[int]:
    held = select(InterviewerQualification.competency_id).where(InterviewerQualification.person_id == person.id)
    return set(session.scalars(held.where(InterviewerQualification.kind == InterviewKind.LOOP)))


def said(session: Session, verb: str) -> str:
    return session.scalars(select(RecordEntry.text).where(RecordEntry.verb == verb)).one()


def test_it_is_begun_and_the_person_told(session: Session, plan: InterviewPlan, nora: Person, admin: Person) -> None:
    row = verbs.begin(session, nora, plan, InterviewKind.LOOP, ids(plan), by=admin, now=MONDAY)
    assert (row.state, len(row.competencies)) == (TrainingState.OPEN, 2)
    text = text_of(of_kind(session, "training_begun")[0])
    assert "you shadow 2 interviews, then you reverse-shadow 2 interviews" in text
    assert f"/interviewers/training/{row.id}" in text
    assert "Competency A and Competency B" in said(session, "training.begin")
    with pytest.raises(InTrainingAlready):
        verbs.begin(session, nora, plan, InterviewKind.LOOP, ids(plan), by=admin, now=MONDAY)
    screens = verbs.begin(session, nora, plan, InterviewKind.PHONE_SCREEN, ids(plan), by=admin, now=MONDAY)
    assert screens.state is TrainingState.OPEN


def test_a_recruiting_lead_begins_it_and_a_recruiter_does_not(
    session: Session, world: World, plan: InterviewPlan, nora: Person
) -> None:
    lead = world.person(is_recruiting_lead=True)
    row = verbs.begin(session, nora, plan, InterviewKind.LOOP, ids(plan), by=lead, now=MONDAY)
    for by in (world.recruiter("Rolf"), nora):
        with pytest.raises(MayNotTrain):
            verbs.end(session, row, reason="x", by=by, now=MONDAY)
        with pytest.raises(MayNotTrain):
            verbs.begin(session, nora, plan, InterviewKind.PHONE_SCREEN, ids(plan), by=by, now=MONDAY)


def test_what_cannot_be_learnt_is_refused(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person, admin: Person
) -> None:
    for wanted in ([], [10**6], [*ids(plan), world.competency("Elsewhere").id]):
        with pytest.raises(NothingToLearn):
            verbs.begin(session, nora, plan, InterviewKind.LOOP, wanted, by=admin, now=MONDAY)
    # Of phone screens the plan evaluates two alone.
    with pytest.raises(NothingToLearn):
        verbs.begin(session, nora, plan, InterviewKind.PHONE_SCREEN, ids(plan, 3), by=admin, now=MONDAY)
    with pytest.raises(NothingToLearn, match="qualified for Competency A and Competency B already"):
        verbs.begin(session, ina, plan, InterviewKind.LOOP, ids(plan), by=admin, now=MONDAY)
    nora.is_active = False
    with pytest.raises(MayNotTrain):
        verbs.begin(session, nora, plan, InterviewKind.LOOP, ids(plan), by=admin, now=MONDAY)


def test_what_was_held_counts_and_what_was_called_off_declined_or_left_does_not(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person, admin: Person
) -> None:
    row = in_training(world, nora, plan)
    day = timedelta(days=1)
    seat(world, nora, ina, TrainingRole.SHADOW, MONDAY - 5 * day)
    called_off = seat(world, nora, ina, TrainingRole.SHADOW, MONDAY - 4 * day)
    called_off.interview.state = InterviewState.CANCELLED
    declined = seat(world, nora, ina, TrainingRole.SHADOW, MONDAY - 3 * day)
    declined.declined_at = declined.ended_at = MONDAY
    left = seat(world, nora, ina, TrainingRole.REVERSE_SHADOW, MONDAY - 2 * day)
    left.ended_at = MONDAY
    seat(world, nora, ina, TrainingRole.SHADOW, MONDAY - 5 * day, InterviewKind.PHONE_SCREEN)
    seat(world, nora, ina, TrainingRole.SHADOW, MONDAY - 60 * day)
    seat(world, nora, ina, TrainingRole.SHADOW, MONDAY + day)
    _led_by_nobody(world, seat(world, nora, ina, TrainingRole.SHADOW, MONDAY - 6 * day))
    world.keep(called_off.interview, declined, left)
    found = line(session, row, admin)
    assert found.progress.words == "shadowed 1 of 2, reverse-shadowed 0 of 2"
    assert found.next_seat is not None
    assert (found.next_seat.lead, found.next_seat.starts_at) == ("Ina Interviewer", MONDAY + day)


def test_signing_off_qualifies_tells_and_empties_the_seats_to_come(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person, admin: Person
) -> None:
    row = in_training(world, nora, plan, letters="AB")
    world.keep(InterviewerQualification(person_id=nora.id, competency_id=ids(plan)[0], kind=InterviewKind.LOOP))
    gone(world, nora, ina)
    coming = seat(world, nora, ina, TrainingRole.REVERSE_SHADOW, MONDAY + timedelta(days=2))
    version = nora.version
    with pytest.raises(ReasonMissing):
        verbs.sign_off(session, line(session, row, admin), note="  ", by=admin, now=MONDAY)
    verbs.sign_off(session, line(session, row, admin), note="Asks well.", by=admin, now=MONDAY)
    assert qualified(session, nora) == set(ids(plan))
    assert (row.state, row.closed_by_id, row.note) == (TrainingState.SIGNED_OFF, admin.id, "Asks well.")
    assert nora.version > version
    assert "Asks well." in text_of(of_kind(session, "training_signed_off")[0])
    assert "reverse-shadowed 2 of 2): Asks well." in said(session, "training.sign_off")
    assert coming.ended_at == MONDAY
    assert [len(of_kind(session, kind)) for kind in ("trainee_withdrawn", "trainee_declined")] == [1, 1]
    # Taken back, what she was qualified for before stays.
    verbs.take_back(session, row, reason="Another person was meant.", by=admin, now=MONDAY)
    assert qualified(session, nora) == {ids(plan)[0]}
    assert (row.state, row.closed_at) == (TrainingState.OPEN, None)
    assert line(session, row, admin).progress.words == "shadowed 2 of 2, reverse-shadowed 2 of 2"
    assert "Another person was meant." in text_of(of_kind(session, "training_goes_on")[0])


def test_who_watched_signs_off_once_the_way_is_gone(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person
) -> None:
    row = in_training(world, nora, plan)
    gone(world, nora, ina, reverse_shadows=1)
    other = world.qualify(world.person("Ben Bystander"), plan)
    with pytest.raises(NotFound):
        line(session, row, other)
    with pytest.raises(MayNotTrain, match="missing still"):
        verbs.sign_off(session, line(session, row, ina), note="Good", by=ina, now=MONDAY)
    assert queries.concerning(session, viewer_of(session, ina), now=MONDAY).to_sign_off == ()
    seat(world, nora, ina, TrainingRole.REVERSE_SHADOW, MONDAY - timedelta(days=1))
    waiting = queries.concerning(session, viewer_of(session, ina), now=MONDAY).to_sign_off
    assert [each.row.id for each in waiting] == [row.id]
    verbs.sign_off(session, line(session, row, ina), note="Good", by=ina, now=MONDAY)
    assert row.state is TrainingState.SIGNED_OFF


def _led_by_nobody(world: World, seat: Assignment) -> None:
    """Let the lead of an interview have declined it, and nobody have come in the place."""
    [lead] = [each for each in seat.interview.assignments if each.role is AssignmentRole.LEAD]
    lead.declined_at = seat.interview.starts_at
    world.keep(lead)


def test_interviews_that_nobody_led_count_for_nothing_and_who_declined_them_watched_nothing(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person, admin: Person
) -> None:
    row = in_training(world, nora, plan)
    gone(world, nora, ina, reverse_shadows=0)
    for days in (3, 2):
        _led_by_nobody(world, seat(world, nora, ina, TrainingRole.REVERSE_SHADOW, MONDAY - timedelta(days=days)))
    assert line(session, row, admin).progress.words == "shadowed 2 of 2, reverse-shadowed 0 of 2"
    with pytest.raises(NotFound):
        line(session, row, ina)
    assert queries.concerning(session, viewer_of(session, ina), now=MONDAY).to_sign_off == ()


def test_a_lead_who_is_no_longer_qualified_signs_nobody_off(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person
) -> None:
    row = in_training(world, nora, plan)
    gone(world, nora, ina)
    session.delete(ina.interviewer_qualifications[0])
    session.commit()
    with pytest.raises(MayNotTrain):
        verbs.sign_off(session, line(session, row, ina), note="Good", by=ina, now=MONDAY)


def test_it_is_signed_off_early_by_an_admin_and_never_by_oneself(
    session: Session, world: World, plan: InterviewPlan, nora: Person, admin: Person
) -> None:
    row = in_training(world, nora, plan)
    nora.is_admin = True
    world.keep(nora)
    with pytest.raises(MayNotTrain, match="own training"):
        verbs.sign_off(session, line(session, row, nora), note="I am good", by=nora, now=MONDAY)
    verbs.sign_off(session, line(session, row, admin), note="Did it for years elsewhere", by=admin, now=MONDAY)
    assert ", early)" in said(session, "training.sign_off")
    with pytest.raises(MayNotTrain, match="own training"):
        verbs.take_back(session, row, reason="x", by=nora, now=MONDAY)


def test_nobody_decides_on_the_own_training(session: Session, world: World, plan: InterviewPlan, admin: Person) -> None:
    rose = world.person("Rose Lead", is_recruiting_lead=True)
    with pytest.raises(MayNotTrain, match="own training"):
        verbs.begin(session, rose, plan, InterviewKind.LOOP, ids(plan), by=rose, now=MONDAY)
    row = verbs.begin(session, rose, plan, InterviewKind.LOOP, ids(plan), by=admin, now=MONDAY)
    with pytest.raises(MayNotTrain, match="own training"):
        verbs.set_competencies(session, row, ids(plan, 1), by=rose, now=MONDAY)
    with pytest.raises(MayNotTrain, match="own training"):
        verbs.end(session, row, reason="x", by=rose, now=MONDAY)
    assert (row.state, len(row.competencies)) == (TrainingState.OPEN, 2)


def test_who_is_not_active_any_more_is_neither_signed_off_nor_put_off(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person, admin: Person
) -> None:
    row = in_training(world, nora, plan)
    gone(world, nora, ina)
    nora.is_active = False
    world.keep(nora)
    for by in (admin, ina):
        with pytest.raises(MayNotTrain, match="not active any more"):
            verbs.sign_off(session, line(session, row, by), note="Good", by=by, now=MONDAY)
        with pytest.raises(MayNotTrain, match="not active any more"):
            verbs.put_off(session, line(session, row, by), reason="x", more=1, by=by, now=MONDAY)
    verbs.end(session, row, reason="Left us", by=admin, now=MONDAY)


def test_it_is_put_off_with_a_reason_and_asks_for_more(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person
) -> None:
    row = in_training(world, nora, plan)
    gone(world, nora, ina)
    with pytest.raises(ReasonMissing):
        verbs.put_off(session, line(session, row, ina), reason="", more=1, by=ina, now=MONDAY)
    with pytest.raises(verbs.TooManyMore):
        verbs.put_off(session, line(session, row, ina), reason="x", more=11, by=ina, now=MONDAY)
    verbs.put_off(session, line(session, row, ina), reason="Once more, please", more=1, by=ina, now=MONDAY)
    found = line(session, row, ina)
    assert (found.is_ready, found.progress.words) == (False, "shadowed 2 of 2, reverse-shadowed 2 of 3")
    assert "Once more, please" in text_of(of_kind(session, "training_goes_on")[0])


def test_it_is_ended_and_a_new_one_begins_anew(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person, admin: Person
) -> None:
    row = in_training(world, nora, plan)
    gone(world, nora, ina)
    with pytest.raises(ReasonMissing):
        verbs.end(session, row, reason="", by=admin, now=MONDAY)
    with pytest.raises(Stale):
        verbs.end(session, row, reason="x", by=admin, now=MONDAY, version=row.version + 1)
    verbs.end(session, row, reason="Moved on", by=admin, now=MONDAY)
    assert qualified(session, nora) == set()
    assert "Moved on" in text_of(of_kind(session, "training_ended")[0])
    for again in (verbs.end, verbs.take_back):
        with pytest.raises(NotOpen):
            again(session, row, reason="x", by=admin, now=MONDAY)
    anew = verbs.begin(session, nora, plan, InterviewKind.LOOP, ids(plan), by=admin, now=MONDAY)
    assert line(session, anew, admin).progress.words == "shadowed 0 of 2, reverse-shadowed 0 of 2"


def test_what_is_learnt_can_change_and_the_way_stays(
    session: Session, world: World, plan: InterviewPlan, nora: Person, ina: Person, admin: Person
) -> None:
    row = in_training(world, nora, plan, letters="AB")
    verbs.set_competencies(session, row, ids(plan, 3)[1:], by=admin, now=MONDAY)
    gone(world, nora, ina, 1, 0)
    assert line(session, row, admin).competencies == ("Competency B", "Competency C")
    # What nobody watched is nothing that the sign-off could stand for.
    with pytest.raises(NothingToLearn, match="not to learn Competency A: leave that out, or end this training"):
        verbs.set_competencies(session, row, ids(plan), by=admin, now=MONDAY)
    assert line(session, row, admin).competencies == ("Competency B", "Competency C")
    verbs.set_competencies(session, row, ids(plan, 2)[1:], by=admin, now=MONDAY)
    found = line(session, row, admin)
    assert found.competencies == ("Competency B",)
    assert found.progress.shadowed == 1
