"""The interviewer community as its keepers see it: who may evaluate what, who does how much, who declines."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.models.competency import Competency
from tracker.models.interview import Assignment, AssignmentCompetency, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.queries import training
from tracker.queries.loop_cases import RECENT
from tracker.queries.trainees import learners
from tracker.queries.training import TrainingLine
from tracker.rules.answers import Answer
from tracker.rules.community import THIN, Pool, bottlenecks
from tracker.rules.permissions import Viewer
from tracker.rules.words import sort_name

# How far back it is asked who was asked, who declined, and who carries what.
LOOK_BACK = timedelta(weeks=13)


@dataclass(frozen=True)
class Member:
    """One interviewer: interviews of the last four weeks and to come, and how often he or she was asked,
    accepted and declined.

    ``qualified`` counts competencies; asked, accepted and declined are of thirteen weeks and to come.
    """

    person_id: int
    name: str
    team: str
    is_bar_raiser: bool
    qualified: int
    weekly_cap: int
    recent: int = 0
    coming: int = 0
    asked: int = 0
    accepted: int = 0
    declined: int = 0

    @property
    def load(self) -> int:
        """What the planner counts as load."""
        return self.recent + self.coming


@dataclass(frozen=True)
class Team:
    """The members of one team together."""

    name: str
    people: int
    load: int
    asked: int
    accepted: int
    declined: int


@dataclass(frozen=True)
class CommunityPage:
    """All of it; pools of each kind of interview, and of bar raisers; trainings that go on, and lately signed off."""

    loop_pools: Sequence[Pool]
    screen_pools: Sequence[Pool]
    members: Sequence[Member]
    teams: Sequence[Team]
    trainings: Sequence[TrainingLine]
    signed_off: Sequence[TrainingLine]

    @property
    def bottlenecks(self) -> list[str]:
        """What hangs on one or two people, in sentences."""
        screens = [replace(pool, name=f"{pool.name} in phone screens") for pool in self.screen_pools]
        return bottlenecks([*self.loop_pools, *screens])


@dataclass(frozen=True)
class _Asked:
    """Somebody was asked to hold an interview."""

    id: int
    person_id: int
    kind: InterviewKind
    starts_at: datetime
    holds: bool
    answer: Answer | None
    competency_ids: frozenset[int]


def community_page(session: Session, viewer: Viewer, *, now: datetime) -> CommunityPage:
    """Return the active people who are qualified for anything or raise the bar, in a fixed number of statements."""
    people = session.scalars(
        select(Person).where(Person.is_active).options(selectinload(Person.interviewer_qualifications))
    ).all()
    members = [each for each in people if each.interviewer_qualifications or each.is_bar_raiser]
    members.sort(key=lambda each: (sort_name(each.name), each.id))
    asked = _asked(session, now)
    listed = [_member(each, [one for one in asked if one.person_id == each.id], now) for each in members]
    competencies = session.scalars(select(Competency).where(Competency.is_active)).all()
    raisers = Pool("raising the bar", {each.id: each.name for each in members if each.is_bar_raiser}, _held(asked))
    learning = learners(session)
    loop = [_pool(each, members, asked, InterviewKind.LOOP, learning) for each in competencies]
    screen = [_pool(each, members, asked, InterviewKind.PHONE_SCREEN, learning) for each in competencies]
    return CommunityPage(
        loop_pools=_thin_first([*loop, raisers]),
        screen_pools=_thin_first(
            pool for pool in screen if pool.total or pool.learning or 0 < len(pool.members) <= THIN
        ),
        members=sorted(listed, key=lambda each: -each.load),
        teams=_teams(listed),
        trainings=training.going_on(session, viewer, now=now),
        signed_off=training.lately_signed_off(session, viewer, since=now - LOOK_BACK, now=now),
    )


def _thin_first(pools: Iterable[Pool]) -> list[Pool]:
    return sorted(
        pools, key=lambda pool: (not pool.is_thin, not pool.carriers, len(pool.members), sort_name(pool.name))
    )


def _asked(session: Session, now: datetime) -> list[_Asked]:
    rows = session.execute(
        select(Assignment, Interview.kind, Interview.starts_at)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Interview.state == InterviewState.SENT,
            Interview.starts_at > now - LOOK_BACK,
            Assignment.role == AssignmentRole.LEAD,
        )
    ).all()
    given: defaultdict[int, set[int]] = defaultdict(set)
    wanted = (
        select(AssignmentCompetency.assignment_id, AssignmentCompetency.competency_id).join(Assignment).join(Interview)
    )
    recent = (Interview.state == InterviewState.SENT, Interview.starts_at > now - LOOK_BACK)
    for assignment_id, competency_id in session.execute(wanted.where(*recent)):
        given[assignment_id].add(competency_id)
    return [
        _Asked(
            row.id,
            row.person_id,
            kind,
            starts_at,
            holds=row.ended_at is None and row.declined_at is None,
            answer=answer_of(row),
            competency_ids=frozenset(given[row.id]),
        )
        for row, kind, starts_at in rows
        if starts_at is not None
    ]


def answer_of(row: Assignment) -> Answer | None:
    """Return what somebody who was asked answered: what acceptance counts, by person and by team."""
    return Answer.DECLINED if row.declined_at is not None else row.answer


def _held(asked: Iterable[_Asked]) -> Counter[int]:
    return Counter(each.person_id for each in asked if each.holds)


def _pool(
    competency: Competency,
    members: Sequence[Person],
    asked: Sequence[_Asked],
    kind: InterviewKind,
    learning: Mapping[tuple[int, InterviewKind], int],
) -> Pool:
    def is_in(one: InterviewerQualification) -> bool:
        return one.competency_id == competency.id and one.kind is kind

    names = {each.id: each.name for each in members if any(map(is_in, each.interviewer_qualifications))}
    about = (each for each in asked if each.kind is kind and competency.id in each.competency_ids)
    return Pool(competency.name, names, _held(about), learning.get((competency.id, kind), 0))


def _member(person: Person, asked: Sequence[_Asked], now: datetime) -> Member:
    held = [each.starts_at for each in asked if each.holds]
    return Member(
        person_id=person.id,
        name=person.name,
        team=person.team,
        is_bar_raiser=person.is_bar_raiser,
        qualified=len({each.competency_id for each in person.interviewer_qualifications}),
        weekly_cap=person.weekly_cap,
        recent=sum(now - RECENT < at <= now for at in held),
        coming=sum(at > now for at in held),
        asked=len(asked),
        accepted=sum(each.answer is Answer.ACCEPTED for each in asked),
        declined=sum(each.answer is Answer.DECLINED for each in asked),
    )


def _teams(members: Sequence[Member]) -> list[Team]:
    found: defaultdict[str, list[Member]] = defaultdict(list)
    for each in members:
        found[each.team].append(each)
    return [
        Team(
            name,
            people=len(team),
            load=sum(each.load for each in team),
            asked=sum(each.asked for each in team),
            accepted=sum(each.accepted for each in team),
            declined=sum(each.declined for each in team),
        )
        for name, team in sorted(found.items(), key=lambda item: (not item[0], sort_name(item[0])))
    ]
