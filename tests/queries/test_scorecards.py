"""The blind rule in SQL says in every world what the rule itself says (rules/permissions is the oracle)."""

import itertools
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, Loop, LoopState
from tracker.models.person import InterviewKind, Person
from tracker.models.requisition import Requisition, RequisitionMember
from tracker.models.scorecard import Scorecard
from tracker.queries import scorecard_lines, scorecards, visibility
from tracker.rules import permissions
from tracker.rules.permissions import RequisitionFacts, Viewer
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.rules.stages import ApplicationState, Disposition, StageKind

PEOPLE = 4


@dataclass(frozen=True)
class Given:
    """One assignment of a random world; ``card`` None: no scorecard row was made."""

    application: int
    kind: InterviewKind
    state: InterviewState
    person: int
    ended: bool
    role: AssignmentRole
    card: ScorecardState | None


assignments = st.builds(
    Given,
    application=st.integers(0, 1),
    kind=st.sampled_from(InterviewKind),
    state=st.sampled_from([InterviewState.SENT, InterviewState.SENT, InterviewState.PLANNED, InterviewState.CANCELLED]),
    person=st.integers(0, PEOPLE - 1),
    ended=st.sampled_from([False, False, False, True]),
    role=st.sampled_from([AssignmentRole.LEAD, AssignmentRole.LEAD, *AssignmentRole]),
    card=st.sampled_from([*ScorecardState, ScorecardState.SUBMITTED, None]),
)
recruiting = st.lists(st.sampled_from(["", "", "recruiter", "lead", "admin"]), min_size=PEOPLE, max_size=PEOPLE)


class Random:
    """A small random world, flushed and never committed."""

    def __init__(self, session: Session, base: Requisition, numbers: "itertools.count[int]") -> None:
        self.session, self.base, self.numbers = session, base, numbers
        self.given: list[tuple[Given, Assignment, Scorecard | None]] = []

    def people(self, flags: list[str], own: int | None) -> None:
        self.persons = [
            Person(
                name=f"P{n}", email=f"p{next(self.numbers)}@random.example", zone="UTC", created_at=MONDAY,
                is_recruiter=flag == "recruiter", is_recruiting_lead=flag == "lead", is_admin=flag == "admin",
            )
            for n, flag in enumerate(flags)
        ]  # fmt: skip
        self.session.add_all(self.persons)
        self.candidates = [
            Candidate(
                name="C", email=self.persons[own].email if own == n else f"c{next(self.numbers)}@random.example",
                zone="UTC", created_at=MONDAY,
            )
            for n in range(2)
        ]  # fmt: skip
        self.session.add_all(self.candidates)
        self.session.flush()

    def requisition(self, manager: int, recruiter: int, members: set[int], *, confidential: bool) -> None:
        self.row = Requisition(
            title="R", team="T", plan_id=self.base.plan_id, region_id=self.base.region_id, opened_at=MONDAY,
            hiring_manager_id=self.persons[manager].id, recruiter_id=self.persons[recruiter].id,
            is_confidential=confidential,
        )  # fmt: skip
        self.row.members = [RequisitionMember(person_id=self.persons[n].id) for n in members]
        self.session.add(self.row)
        self.session.flush()
        stage = self.base.plan.stages[0]
        self.applications = [
            Application(
                candidate_id=candidate.id, requisition_id=self.row.id, stage_id=stage.id, stage_kind=StageKind.LOOP,
                state=ApplicationState.ACTIVE, sort_name="c", source="x", applied_at=MONDAY, entered_stage_at=MONDAY,
            )
            for candidate in self.candidates
        ]  # fmt: skip
        self.session.add_all(self.applications)
        self.session.flush()
        self.loops = [
            Loop(application_id=each.id, state=LoopState.SENT, created_at=MONDAY) for each in self.applications
        ]
        self.session.add_all(self.loops)
        self.session.flush()

    def assignment(self, given: Given) -> None:
        application = self.applications[given.application]
        interview = Interview(
            application_id=application.id, kind=given.kind, position=1, name="I", minutes=60, starts_at=MONDAY,
            ends_at=MONDAY + timedelta(hours=1), state=given.state, uid=f"u{next(self.numbers)}",
            loop_id=self.loops[given.application].id if given.kind is InterviewKind.LOOP else None,
        )  # fmt: skip
        person = self.persons[given.person]
        made = Assignment(interview=interview, person_id=person.id, role=given.role)
        made.ended_at = MONDAY if given.ended else None
        self.session.add_all([interview, made])
        self.session.flush()
        self.given.append((given, made, self._card(given, made, application)))

    def _card(self, given: Given, assignment: Assignment, application: Application) -> Scorecard | None:
        if given.card is None:
            return None
        card = Scorecard(
            assignment_id=assignment.id, application_id=application.id, author_id=assignment.person_id,
            state=given.card, recommendation=Recommendation.HIRE,
            submitted_at=MONDAY if given.card is ScorecardState.SUBMITTED else None,
            waived_at=MONDAY if given.card is ScorecardState.WAIVED else None,
        )  # fmt: skip
        self.session.add(card)
        self.session.flush()
        return card

    def decide(self, numbers: set[int]) -> None:
        """Close these applications: what was decided there no longer concerns who learns."""
        self.decided = numbers
        for number in numbers:
            application = self.applications[number]
            application.state, application.disposition = ApplicationState.REJECTED, Disposition.NOT_QUALIFIED
            application.closed_at = MONDAY
        self.session.flush()

    def facts(self) -> RequisitionFacts:
        members = frozenset(each.person_id for each in self.row.members)
        return RequisitionFacts(self.row.is_confidential, self.row.hiring_manager_id, self.row.recruiter_id, members)


def oracle(world: Random, viewer: Viewer, card: Scorecard, given: Given) -> bool:
    candidate_id = world.applications[given.application].candidate_id
    mine = [
        each
        for each, assignment, _ in world.given
        if each.application == given.application
        and assignment.person_id == viewer.person_id
        and not each.ended
        and each.state is not InterviewState.CANCELLED
    ]
    own = [each for each in mine if each.role is AssignmentRole.LEAD]
    return candidate_id not in viewer.own_candidate_ids and permissions.may_read_scorecard(
        viewer.person_id,
        author_id=card.author_id,
        state=card.state,
        interviewing_in_application=bool(own),
        own_submitted=all(each.card is ScorecardState.SUBMITTED for each in own),
        is_opened_screen=world.base.plan.screens_open
        and given.kind is InterviewKind.PHONE_SCREEN
        and any(each.kind is InterviewKind.LOOP and each.state is InterviewState.SENT for each in own)
        and all(each.card is ScorecardState.SUBMITTED for each in own if each.kind is InterviewKind.PHONE_SCREEN),
        is_of_own_stage=any(each.kind in (InterviewKind.LOOP, given.kind) for each in own),
        may_read_application=permissions.may_read_application(viewer, world.facts(), candidate_id),
        # Who leads an interview of the loop writes a scorecard, and is blind for as long as that is not in.
        learns_before_decision=len(own) < len(mine)
        and not any(each.kind is InterviewKind.LOOP for each in own)
        and given.application not in world.decided,
    )


def test_readable_agrees_with_the_rule_in_random_worlds(session: Session, world: World) -> None:
    base = world.requisition()
    numbers = itertools.count(1)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        flags=recruiting,
        manager=st.integers(0, PEOPLE - 1),
        recruiter=st.integers(0, PEOPLE - 1),
        members=st.sets(st.integers(0, PEOPLE - 1)),
        confidential=st.booleans(),
        opened=st.booleans(),
        own=st.sampled_from([None, None, 0, 1]),
        drawn=st.lists(assignments, min_size=1, max_size=6),
        decided=st.sets(st.integers(0, 1)),
    )
    def check(
        flags: list[str],
        manager: int,
        recruiter: int,
        members: set[int],
        confidential: bool,
        opened: bool,
        own: int | None,
        drawn: list[Given],
        decided: set[int],
    ) -> None:
        try:
            base.plan.screens_open = opened
            random = Random(session, base, numbers)
            random.people(flags, own)
            random.requisition(manager, recruiter, members, confidential=confidential)
            for each in drawn:
                random.assignment(each)
            random.decide(decided)
            for person in random.persons:
                viewer = visibility.viewer_of(session, person)
                found = set(session.scalars(select(Scorecard.id).where(scorecards.readable(viewer))))
                expected = {
                    card.id for each, _, card in random.given if card is not None and oracle(random, viewer, card, each)
                }
                assert found == expected
        finally:
            session.rollback()

    check()


def test_the_rule_holds_inside_a_statement_that_reads_interviews_itself(session: Session, world: World) -> None:
    application = world.application(stage=StageKind.LOOP)
    anna, ben = world.person("Anna"), world.person("Ben")
    first, second = world.loop(application, (anna, ben))
    world.scorecard(second)
    viewer = visibility.viewer_of(session, anna)
    joined = (
        select(Scorecard.id)
        .join(Assignment, Scorecard.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Application, Interview.application_id == Application.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(scorecards.readable(viewer))
    )
    assert session.scalars(joined.where(Scorecard.author_id == ben.id)).all() == []
    world.scorecard(first)
    assert len(session.scalars(joined).all()) == 2


def test_lines_hide_what_the_viewer_may_not_read(session: Session, world: World) -> None:
    application = world.application(stage=StageKind.LOOP)
    anna, ben = world.person("Anna"), world.person("Ben")
    world.loop(application, (anna, ben))
    loop = session.scalars(select(Assignment).order_by(Assignment.id)).all()
    world.scorecard(loop[1], recommendation=Recommendation.STRONG_HIRE)

    def lines(person: Person) -> tuple[scorecard_lines.ScorecardLine, ...]:
        return scorecard_lines.for_application(session, visibility.viewer_of(session, person), application, now=MONDAY)

    mine, theirs = lines(anna)
    assert (mine.state, mine.recommendation, mine.may_waive) == ("waiting", None, False)
    assert mine.url == f"/scorecards/{loop[0].id}"
    assert (theirs.state, theirs.recommendation, theirs.url) == ("submitted", None, None)

    waiting, submitted = lines(application.requisition.recruiter)
    assert waiting.may_waive
    assert waiting.url is None
    assert submitted.recommendation is Recommendation.STRONG_HIRE
    assert not submitted.may_waive
