"""Everything about one run on one page, as far as the viewer may see it, in a fixed number of statements.

Each statement is built once; a page of many small lists spends more on building than on asking.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application, Note
from tracker.models.candidate import Document
from tracker.models.debrief import Debrief, Decision
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, Loop, LoopState
from tracker.models.outbox import MailFate, OutboxMail, fate
from tracker.models.outcome import Outcome
from tracker.models.person import InterviewKind, Person
from tracker.queries import documents, moves, scorecard_lines, visibility
from tracker.queries.deadline_lines import DeadlineLine, deadlines_of
from tracker.queries.history import Entry, entries_of
from tracker.queries.in_order import AS_HELD
from tracker.queries.loop_choices import is_waited_for
from tracker.queries.other_applications import OtherLine, others_of
from tracker.queries.outcomes import OUTCOME, may_know_decision
from tracker.queries.scorecard_lines import ScorecardLine
from tracker.queries.scorecards import unblind
from tracker.queries.visibility import NotFound, Right
from tracker.rules.answers import Answer
from tracker.rules.closing import UNDO_WINDOW
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.next_steps import Step, StepFacts, Waited, next_step
from tracker.rules.permissions import Viewer
from tracker.rules.stages import MoveFacts, StageKind, StageView, allowed_targets, next_stage
from tracker.statements import rows

# What a page shows of lists that grow.
MOST_MAILS = 50


@dataclass(frozen=True)
class InterviewLine:
    """An interview with the names of its interviewers, and what its lead and the candidate answered."""

    id: int
    kind: InterviewKind
    name: str
    state: InterviewState
    starts_at: datetime | None
    ends_at: datetime | None
    people: tuple[str, ...]
    answer: Answer | None
    candidate_answer: Answer | None


@dataclass(frozen=True)
class MailLine:
    """An e-mail about the application, and no text of it."""

    id: int
    subject: str
    receiver: str
    fate: MailFate
    created_at: datetime
    ended_at: datetime | None

    @property
    def needs_a_person(self) -> bool:
        """Whether it is stuck."""
        return self.fate in (MailFate.DEAD, MailFate.IN_DOUBT)


@dataclass(frozen=True)
class ApplicationPage:
    """What the page of one application shows.

    ``notes`` have text, at, author; ``mails`` are the newest first; ``entries`` are of the record.
    """

    now: datetime
    application: Application
    facts: MoveFacts
    targets: tuple[tuple[StageView, str | None], ...]
    step: Step
    promise: DeadlineLine | None
    deadlines: tuple[DeadlineLine, ...]
    interviews: Sequence[InterviewLine]
    cards: tuple[ScorecardLine, ...]
    notes: Sequence[Any]
    documents: Sequence[Document]
    mails: Sequence[MailLine]
    entries: Sequence[Entry]
    has_more_entries: bool
    others: tuple[OtherLine, ...]
    has_loop: bool
    has_debrief: bool
    may_manage: bool
    may_decide: bool

    @property
    def cards_by_interview(self) -> dict[int, ScorecardLine]:
        """The line of each interview's scorecard."""
        return {card.interview_id: card for card in self.cards}

    def can_undo(self, person_id: int) -> bool:
        """Whether the last thing that happened is a move of this person, a moment ago (the verb looks closer)."""
        last = self.entries[0] if self.entries else None
        if last is None or last.verb != "application.move" or last.by_id != person_id:
            return False
        return bool(self.now - last.at <= UNDO_WINDOW)


def page(
    session: Session, viewer: Viewer, application_id: int, *, now: datetime, whole_history: bool = False
) -> ApplicationPage:
    """Return the page of one application for the recruiting side. Raises NotFound to everybody else."""
    application = visibility.get_application(session, viewer, application_id, Right.READ)
    rights = visibility.rights(session, viewer, application_id)
    facts = moves.facts(session, application, now)
    interviews = interviews_of(session, application)
    lines = deadlines_of(session, application, now)
    due = {line.subject: line.standing for line in reversed(lines) if line.kind is DeadlineKind.SCORECARD}
    cards = scorecard_lines.for_application(session, viewer, application, now=now, rights=rights, due=due)
    asked = {"application": application_id}
    progress = rows(session, _progress(viewer), asked).one()
    steps = _step_facts(application, facts, interviews, cards, progress)
    may_read, is_told = progress.may_read, facts.outcome_delivered
    return ApplicationPage(
        now=now,
        application=application,
        facts=facts,
        targets=allowed_targets(facts),
        step=next_step(steps, now),
        promise=next((line for line in lines if line.kind is DeadlineKind.PROMISE), None),
        deadlines=tuple(line for line in lines if line.standing.state not in _ENDED),
        interviews=interviews,
        cards=cards,
        notes=rows(session, _NOTES, asked).all(),
        documents=documents.of_application(session, application),
        mails=_mails(session, asked, with_outcome=may_read or is_told),
        entries=entries_of(session, application, is_bound=not may_read, whole=whole_history),
        has_more_entries=not whole_history,
        others=others_of(session, viewer, application),
        has_loop=steps.loop_sent is not None,
        has_debrief=steps.debrief_open,
        may_manage=Right.MANAGE in rights,
        may_decide=Right.DECIDE in rights,
    )


def interviews_of(session: Session, application: Application) -> Sequence[InterviewLine]:
    """Return all interviews of an application, cancelled ones too, with their people: phone screens, then loops,
    each by time."""
    found: dict[int, InterviewLine] = {}
    for number, kind, name, state, starts_at, ends_at, of_candidate, role, answer, person in rows(
        session, _INTERVIEWS, {"application": application.id}
    ):
        before = found.get(number)
        people = (*before.people, person) if before else (person,) if person else ()
        theirs = answer if role is AssignmentRole.LEAD else before.answer if before else None
        found[number] = InterviewLine(number, kind, name, state, starts_at, ends_at, people, theirs, of_candidate)
    return tuple(found.values())


def _mails(session: Session, asked: dict[str, int], *, with_outcome: bool) -> list[MailLine]:
    return [
        MailLine(row.id, row.subject, row.receiver, fate(row.state, row.last_error), row.created_at, row.ended_at)
        for row in rows(session, _MAILS, asked)
        if with_outcome or row.kind != OUTCOME
    ]


def get_mail(session: Session, viewer: Viewer, application: Application, mail_id: int) -> OutboxMail:
    """Return one e-mail about an application that the viewer was let in to. Raises NotFound."""
    mail = session.get(OutboxMail, mail_id)
    if mail is None or mail.application_id != application.id:
        raise NotFound(f"mail {mail_id}")
    if mail.kind == OUTCOME and not may_know_decision(session, viewer, application.id):
        raise NotFound(f"mail {mail_id}")
    return mail


def _step_facts(
    application: Application,
    facts: MoveFacts,
    interviews: Sequence[InterviewLine],
    cards: tuple[ScorecardLine, ...],
    progress: Any,
) -> StepFacts:
    sent = [each for each in interviews if each.state is InterviewState.SENT]
    following = next_stage(facts.stages, facts.current)
    return StepFacts(
        state=application.state,
        stage_kind=application.stage_kind,
        recruiter=application.requisition.recruiter.name,
        hiring_manager=application.requisition.hiring_manager.name,
        next_stage=following.name if following else None,
        basic_judged=facts.basic_judged,
        screen_arranged=_is_screen_done(facts),
        waited=_waited(application, sent, cards),
        loop_sent=None if progress.loop_state is None else progress.loop_state is LoopState.SENT,
        is_choosing=bool(progress.is_choosing),
        loop_ends_at=max((e.ends_at for e in sent if e.kind is InterviewKind.LOOP and e.ends_at), default=None),
        debrief_open=progress.opened_at is not None,
        debrief_held=progress.held_at is not None,
        decision=facts.decision,
        outcome_released=progress.released,
        outcome_delivered=facts.outcome_delivered,
    )


def _is_screen_done(facts: MoveFacts) -> bool:
    """Whether the phone screen that the stage waits for has its scorecard: only moving on is left."""
    following = next_stage(facts.stages, facts.current)
    reasons = dict(allowed_targets(facts))
    return facts.current.kind is StageKind.PHONE_SCREEN and following is not None and reasons.get(following) is None


def _waited(
    application: Application, sent: Sequence[InterviewLine], cards: tuple[ScorecardLine, ...]
) -> tuple[Waited, ...]:
    """The scorecards that the stage waits for, in the order in which their interviews end."""
    kind = InterviewKind.PHONE_SCREEN if application.stage_kind is StageKind.PHONE_SCREEN else InterviewKind.LOOP
    ends = {each.id: each.ends_at for each in sent if each.ends_at is not None}
    waited = [
        Waited(card.interviewer, ends[card.interview_id], card.due.words if card.due else "")
        for card in cards
        if card.kind is kind and card.state == "waiting" and card.interview_id in ends
    ]
    return tuple(sorted(waited, key=lambda each: each.ends_at))


_ENDED = {DeadlineState.MET.value, DeadlineState.MET_LATE.value, DeadlineState.CANCELLED.value}
_application = bindparam("application", type_=Application.id.type)
_INTERVIEWS: AnySelect = (
    select(
        Interview.id,
        Interview.kind,
        Interview.name,
        Interview.state,
        Interview.starts_at,
        Interview.ends_at,
        Interview.answer,
        Assignment.role,
        Assignment.answer,
        Person.name,
    )
    .outerjoin(Assignment, and_(Assignment.interview_id == Interview.id, Assignment.ended_at.is_(None)))
    .outerjoin(Person, Assignment.person_id == Person.id)
    .where(Interview.application_id == _application)
    .order_by(*AS_HELD, Interview.id, Assignment.id)
)
_NOTES: AnySelect = (
    select(Note.text, Note.at, Person.name.label("author"))
    .join(Person, Note.by_id == Person.id)
    .where(Note.application_id == _application)
    .order_by(Note.id.desc())
)
_MAILS: AnySelect = (
    select(
        OutboxMail.id,
        OutboxMail.kind,
        OutboxMail.subject,
        OutboxMail.receiver,
        OutboxMail.state,
        OutboxMail.created_at,
        OutboxMail.ended_at,
        OutboxMail.last_error,
    )
    .where(OutboxMail.application_id == _application)
    .order_by(OutboxMail.id.desc())
    .limit(MOST_MAILS)
)


@lru_cache(maxsize=1024)
def _progress(viewer: Viewer) -> AnySelect:
    """How far debrief and outcome have come, and whether the viewer may read what was written; built once for one."""
    stands = (Outcome.decision_id == Decision.id, Decision.superseded_at.is_(None))
    released = exists().where(Outcome.application_id == Application.id, *stands)
    return (
        select(
            Loop.state.label("loop_state"),
            Debrief.opened_at,
            Debrief.held_at,
            released.correlate(Application).label("released"),
            unblind(viewer).label("may_read"),
            is_waited_for().label("is_choosing"),
        )
        .select_from(Application)
        .outerjoin(Loop, and_(Loop.application_id == Application.id, Loop.state != LoopState.CANCELLED))
        .outerjoin(Debrief, Debrief.loop_id == Loop.id)
        .where(Application.id == _application)
    )
