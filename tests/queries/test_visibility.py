"""What the conditions on rows let somebody do is what the rules say (rules/permissions is the oracle)."""

from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import World
from tracker.models.application import Application
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.queries.visibility import ON_REQUISITION, Right
from tracker.rules import permissions
from tracker.rules.permissions import RequisitionFacts, Viewer

FLAGS = (False, True)


def facts_of(row: Requisition) -> RequisitionFacts:
    members = frozenset(each.person_id for each in row.members)
    return RequisitionFacts(row.is_confidential, row.hiring_manager_id, row.recruiter_id, members)


def allowed(viewer: Viewer, application: Application, *, is_assigned: bool) -> set[Right]:
    asked = (viewer, facts_of(application.requisition), application.candidate_id)
    reads = permissions.may_read_application(*asked)
    found = {
        Right.READ_KIT: reads or permissions.may_open_kit(viewer, application.candidate_id, is_assigned=is_assigned),
        Right.READ: reads,
        Right.MANAGE: permissions.may_manage_application(*asked),
        Right.DECIDE: permissions.may_decide(*asked),
        Right.JUDGE: permissions.may_judge(*asked),
    }
    return {right for right in Right if found[right]}


def test_every_right_of_every_viewer(session: Session, world: World) -> None:
    me, somebody, other = world.person("Me"), world.person("Somebody"), world.person("Other")
    requisitions = [
        world.requisition(f"{n}", hiring_manager=manager, recruiter=recruiter, members=members, is_confidential=hidden)
        for n, (manager, recruiter, members, hidden) in enumerate(
            product((me, somebody), (me, other), ((), (me,)), FLAGS)
        )
    ]
    candidates = [world.candidate(), world.candidate()]
    applications = {
        (row.id, candidate.id): world.application(row, candidate=candidate)
        for row, candidate in product(requisitions, candidates)
    }
    assigned = {each.id for (_, candidate_id), each in applications.items() if candidate_id == candidates[1].id}
    for each in applications.values():
        world.interview(each, me if each.id in assigned else somebody)
    ids = [each.id for each in candidates]
    for admin, recruits, leads, own in product(FLAGS, FLAGS, FLAGS, ([], ids[:1], ids[1:], ids)):
        viewer = Viewer(me.id, admin, recruits, leads, frozenset(own))
        found = session.execute(select(Application, *visibility.rights_columns(viewer))).all()
        assert len(found) == len(applications)
        for application, *values in found:
            is_assigned = application.id in assigned
            assert visibility.rights_in(values) == allowed(viewer, application, is_assigned=is_assigned)
        for right, rule in (
            (Right.READ, permissions.may_see_requisition),
            (Right.MANAGE, permissions.may_manage_requisition),
        ):
            shown = set(session.scalars(select(Requisition.id).where(ON_REQUISITION[right](viewer))))
            assert shown == {each.id for each in requisitions if rule(viewer, facts_of(each))}
