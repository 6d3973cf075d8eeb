"""Requisitions: opened, changed, closed, opened again, everything on the record."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import World
from tracker.models.deadline import Deadline
from tracker.models.record import RecordEntry
from tracker.models.requisition import Qualification, Requisition, RequisitionState
from tracker.pipeline import deadlines, requisitions
from tracker.pipeline.requisitions import CannotBeChosen, Details, NotInThatState, Wording
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.qualifications import QualificationKind
from tracker.rules.refused import ReasonMissing, Stale

BASIC, PREFERRED = QualificationKind.BASIC, QualificationKind.PREFERRED


def details(world: World, **changes: object) -> Details:
    given = Details(
        title="Security engineer",
        team="Detection",
        location="Berlin",
        description="**Guard** things",
        region_id=world.region().id,
        hiring_manager_id=world.person("Hana Manager").id,
        recruiter_id=world.recruiter().id,
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def words_of(session: Session, requisition: Requisition) -> list[str]:
    query = select(RecordEntry.text).where(RecordEntry.requisition_id == requisition.id).order_by(RecordEntry.id)
    return list(session.scalars(query))


def in_force(session: Session, requisition: Requisition) -> list[tuple[QualificationKind, str]]:
    rows = session.scalars(
        select(Qualification)
        .where(Qualification.requisition_id == requisition.id, Qualification.is_active)
        .order_by(Qualification.kind, Qualification.position)
    )
    return [(row.kind, row.text) for row in rows]


def edit(world: World, requisition: Requisition, given: Details, wordings: list[Wording], **more: object) -> None:
    by = requisition.recruiter
    requisitions.edit(
        world.session,
        requisition,
        given,
        wordings,
        by=by,
        now=world.now,
        version=requisition.version,
        **more,  # type: ignore[arg-type]
    )
    world.session.commit()


def same(requisition: Requisition, **changes: object) -> Details:
    names = Details.__dataclass_fields__.keys() - {"member_ids"}
    members = frozenset(member.person_id for member in requisition.members)
    given = Details(**{name: getattr(requisition, name) for name in names}, member_ids=members)
    return replace(given, **changes)  # type: ignore[arg-type]


def kept(requisition: Requisition) -> list[Wording]:
    return [Wording(row.kind, row.text, row.id) for row in requisition.qualifications if row.is_active]


def test_it_is_opened_from_a_plan(session: Session, world: World) -> None:
    member, recruiter = world.person("Mia Member"), world.recruiter("Rob Recruiter")
    given = details(world, member_ids=frozenset({member.id, 999_999}), is_confidential=True, openings=2)
    wordings = [Wording(BASIC, "Five years"), Wording(PREFERRED, "Rust"), Wording(BASIC, "A degree")]
    row = requisitions.open_(session, world.plan().id, given, wordings, by=recruiter, now=world.now)
    session.commit()
    assert (row.state, row.openings, row.is_confidential) == (RequisitionState.OPEN, 2, True)
    assert [each.person_id for each in row.members] == [member.id]
    assert in_force(session, row) == [(BASIC, "Five years"), (BASIC, "A degree"), (PREFERRED, "Rust")]
    assert words_of(session, row) == ["Opened from the plan “Security engineer”."]


def test_a_plan_without_stages_or_retired_is_refused(session: Session, world: World) -> None:
    retired = world.plan("Old", is_active=False)
    for plan_id in (retired.id, world.plan("Empty", stages=()).id, 999_999):
        with pytest.raises(CannotBeChosen) as caught:
            requisitions.open_(session, plan_id, details(world), [], by=None, now=world.now)
        assert caught.value.field == "plan_id"


@pytest.mark.parametrize("field", ["region_id", "recruiter_id", "hiring_manager_id"])
def test_people_and_regions_that_are_not_there_are_refused(session: Session, world: World, field: str) -> None:
    with pytest.raises(CannotBeChosen) as caught:
        requisitions.open_(session, world.plan().id, details(world, **{field: 0}), [], by=None, now=world.now)
    assert caught.value.field == field


def test_a_recruiter_must_be_one(session: Session, world: World) -> None:
    given = details(world, recruiter_id=world.person("Ned Nobody").id)
    with pytest.raises(CannotBeChosen, match="recruiter"):
        requisitions.open_(session, world.plan().id, given, [], by=None, now=world.now)


def test_whoever_left_may_keep_the_place_but_not_get_one(session: Session, world: World) -> None:
    requisition = world.requisition()
    requisition.recruiter.is_active = False
    session.commit()
    edit(world, requisition, same(requisition, title="New title"), kept(requisition))
    assert requisition.title == "New title"
    other = world.requisition("Other", recruiter=world.recruiter("Rob Recruiter"))
    with pytest.raises(CannotBeChosen):
        edit(world, other, same(other, recruiter_id=requisition.recruiter_id), kept(other))


def test_every_change_is_on_the_record(session: Session, world: World) -> None:
    requisition, member = world.requisition(), world.person("Mia Member")
    changed = same(requisition, title="Lead", is_confidential=True, member_ids=frozenset({member.id}))
    edit(world, requisition, changed, [*kept(requisition), Wording(PREFERRED, "Rust")])
    (text,) = words_of(session, requisition)
    assert text == (
        "The title was changed from “Security Engineer” to “Lead”. Made confidential. "
        "On the hiring team: Mia Member. Qualification added (preferred): “Rust”."
    )


def test_an_edit_that_changes_nothing_leaves_no_trace(session: Session, world: World) -> None:
    requisition = world.requisition()
    version = requisition.version
    edit(world, requisition, same(requisition), kept(requisition))
    assert words_of(session, requisition) == []
    assert requisition.version == version


def test_the_second_of_two_editors_is_told(session: Session, world: World) -> None:
    requisition = world.requisition()
    seen = requisition.version
    # Only a qualification is added: the row itself stays the same, and still the older form is refused.
    edit(world, requisition, same(requisition), [*kept(requisition), Wording(BASIC, "A degree")])
    assert requisition.version == seen + 1
    with pytest.raises(Stale):
        requisitions.edit(
            session, requisition, same(requisition), [], by=requisition.recruiter, now=world.now, version=seen
        )


def test_a_qualification_nobody_was_judged_on_is_changed_or_deleted(session: Session, world: World) -> None:
    requisition = world.requisition(basics=("One", "Two"))
    one, two = requisition.qualifications
    edit(world, requisition, same(requisition), [Wording(BASIC, "One, better", one.id)])
    assert in_force(session, requisition) == [(BASIC, "One, better")]
    assert session.get(Qualification, two.id) is None


def test_a_judged_qualification_is_retired_and_stays(session: Session, world: World) -> None:
    requisition = world.requisition(basics=("One", "Two"))
    one, two = requisition.qualifications
    world.judge(world.application(requisition))
    edit(world, requisition, same(requisition), [Wording(BASIC, "One, better", one.id)])
    assert in_force(session, requisition) == [(BASIC, "One, better")]
    assert (one.text, one.is_active, two.is_active) == ("One", False, False)


def test_a_qualification_of_another_requisition_is_not_touched(session: Session, world: World) -> None:
    requisition, other = world.requisition(basics=()), world.requisition("Other", basics=("Theirs",))
    theirs = other.qualifications[0]
    edit(
        world,
        requisition,
        same(requisition),
        [Wording(BASIC, "Mine", theirs.id), Wording(BASIC, "Mine too", theirs.id)],
    )
    assert in_force(session, requisition) == [(BASIC, "Mine"), (BASIC, "Mine too")]
    assert (theirs.text, theirs.requisition_id) == ("Theirs", other.id)


def test_deadlines_follow_a_new_recruiter(session: Session, world: World) -> None:
    application = world.application()
    requisition = application.requisition
    review = DeadlineKind.APPLICATION_REVIEW
    deadlines.open_(session, application, review, day0_at=world.now, owner=requisition.recruiter, now=world.now)
    session.commit()
    new = world.recruiter("Nora New")
    edit(world, requisition, same(requisition, recruiter_id=new.id), kept(requisition))
    assert session.scalars(select(Deadline.owner_id)).all() == [new.id]
    assert "Recruiter: Nora New instead of Rita Recruiter." in words_of(session, requisition)


def test_closing_and_opening_again_need_reasons_and_are_on_the_record(session: Session, world: World) -> None:
    requisition, by = world.requisition(), world.recruiter("Rob Recruiter")
    with pytest.raises(ReasonMissing):
        requisitions.close(session, requisition, reason=" ", by=by, now=world.now)
    requisitions.close(session, requisition, reason="Filled", by=by, now=world.now)
    assert (requisition.state, requisition.closed_at) == (RequisitionState.CLOSED, world.now)
    with pytest.raises(NotInThatState):
        requisitions.close(session, requisition, reason="Again", by=by, now=world.now)
    with pytest.raises(ReasonMissing):
        requisitions.reopen(session, requisition, reason="", by=by, now=world.now)
    requisitions.reopen(session, requisition, reason="One left", by=by, now=world.now + timedelta(days=1))
    assert (requisition.state, requisition.closed_at, requisition.close_reason) == (RequisitionState.OPEN, None, None)
    with pytest.raises(NotInThatState):
        requisitions.reopen(session, requisition, reason="Again", by=by, now=world.now)
    assert words_of(session, requisition) == ["Closed: Filled", "Opened again: One left"]


def test_closing_from_an_older_form_is_stale(session: Session, world: World) -> None:
    requisition = world.requisition()
    with pytest.raises(Stale):
        requisitions.close(
            session,
            requisition,
            reason="Filled",
            by=requisition.recruiter,
            now=world.now,
            version=requisition.version + 1,
        )
