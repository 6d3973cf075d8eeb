"""Everything about one run on one page, as far as the viewer may see it, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models.application import Application, Note
from tracker.models.candidate import Document
from tracker.models.deadline import Deadline
from tracker.models.debrief import Debrief, Decision
from tracker.models.interview import Assignment, Interview, InterviewState, Loop, LoopState
from tracker.models.outbox import OutboxMail
from tracker.models.outcome import Outcome
from tracker.models.person import InterviewKind
from tracker.models.record import RecordEntry
from tracker.queries import documents, moves, scorecards, visibility
from tracker.queries.calendars import calendar_of
from tracker.queries.scorecards import ScorecardLine
from tracker.queries.visibility import NotFound, Right
from tracker.rules.closing import UNDO_WINDOW
from tracker.rules.deadlines import DeadlineKind, DeadlineState, Standing, sort_key, standing
from tracker.rules.next_steps import Step, StepFacts, Waited, next_step
from tracker.rules.permissions import Viewer
from tracker.rules.stages import MoveFacts, StageKind, StageView, allowed_targets, next_stage

# What a page shows of lists that grow; "all" shows the rest of the history.
MOST_ENTRIES = 30
MOST_MAILS = 50


@dataclass(frozen=True)
class DeadlineLine:
    """A deadline and how it stands."""

    id: int
    kind: DeadlineKind
    owner: str
    standing: Standing
    pause_reason: str
    is_paused: bool


@dataclass(frozen=True)
class MailLine:
    """An e-mail about the application: no text."""

    id: int
    subject: str
    receiver: str
    state: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ApplicationPage:
    """What the page of one application shows."""

    now: datetime
    application: Application
    facts: MoveFacts
    targets: tuple[tuple[StageView, str | None], ...]
    step: Step
    promise: DeadlineLine | None
    deadlines: tuple[DeadlineLine, ...]
    interviews: Sequence[Interview]
    cards: tuple[ScorecardLine, ...]
    notes: Sequence[Note]
    documents: Sequence[Document]
    mails: tuple[MailLine, ...]
    entries: Sequence[RecordEntry]
    has_more_entries: bool
    may_manage: bool
    may_judge: bool
    may_decide: bool

    @property
    def cards_by_interview(self) -> dict[int, ScorecardLine]:
        """The line of each interview's scorecard."""
        return {card.interview_id: card for card in self.cards}

    def can_undo(self, person_id: int) -> bool:
        """Whether the last thing that happened is a move of this person, a moment ago (the verb looks closer)."""
        last = self.entries[0] if self.entries else None
        is_own_move = last is not None and last.verb == "application.move" and last.by_id == person_id
        return is_own_move and last is not None and self.now - last.at <= UNDO_WINDOW


def page(
    session: Session, viewer: Viewer, application_id: int, *, now: datetime, whole_history: bool = False
) -> ApplicationPage:
    """Return the page of one application for the recruiting side. Raises NotFound to everybody else."""
    application = visibility.get_application(session, viewer, application_id, Right.READ)
    facts = moves.facts(session, application, now)
    interviews = interviews_of(session, application)
    cards = scorecards.for_application(session, viewer, application, now=now)
    lines = deadlines_of(session, application, now)
    entries = _entries(session, application, None if whole_history else MOST_ENTRIES + 1)
    rights = visibility.rights(session, viewer, application_id)
    return ApplicationPage(
        now=now,
        application=application,
        facts=facts,
        targets=allowed_targets(facts),
        step=next_step(_step_facts(session, application, facts, interviews, cards), now),
        promise=next((line for line in lines if line.kind is DeadlineKind.PROMISE), None),
        deadlines=tuple(line for line in lines if line.standing.state not in _ENDED),
        interviews=interviews,
        cards=cards,
        notes=notes_of(session, application),
        documents=documents.of_application(session, application),
        mails=mails_of(session, application),
        entries=entries if whole_history else entries[:MOST_ENTRIES],
        has_more_entries=not whole_history,
        may_manage=Right.MANAGE in rights,
        may_judge=Right.JUDGE in rights,
        may_decide=Right.DECIDE in rights,
    )


def interviews_of(session: Session, application: Application) -> Sequence[Interview]:
    """Return all interviews of an application, cancelled ones too, with their people: phone screens, then loops."""
    return session.scalars(
        select(Interview)
        .where(Interview.application_id == application.id)
        .order_by(Interview.kind.desc(), Interview.position, Interview.id)
        .options(selectinload(Interview.assignments).joinedload(Assignment.person))
    ).all()


def deadlines_of(session: Session, application: Application, now: datetime) -> list[DeadlineLine]:
    """Return the deadlines of an application but those that were cancelled, the most urgent first."""
    rows = session.scalars(
        select(Deadline)
        .where(Deadline.application_id == application.id, Deadline.state != DeadlineState.CANCELLED)
        .order_by(Deadline.id.desc())
        .options(joinedload(Deadline.owner))
    )
    calendar = calendar_of(session, application.requisition.region)
    lines = [
        DeadlineLine(
            id=row.id,
            kind=row.kind,
            owner=row.owner.name,
            standing=standing(row.state, row.due_at, now, calendar, row.closed_at, kept=row.days_kept),
            pause_reason=row.pause_reason,
            is_paused=row.state is DeadlineState.PAUSED,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: sort_key(line.standing))


def notes_of(session: Session, application: Application) -> Sequence[Note]:
    """Return the notes of an application, the latest first, each with its author."""
    return session.scalars(
        select(Note).where(Note.application_id == application.id).order_by(Note.id.desc()).options(joinedload(Note.by))
    ).all()


def mails_of(session: Session, application: Application) -> tuple[MailLine, ...]:
    """Return the latest e-mails about an application, the latest first, without their texts."""
    rows = session.execute(
        select(
            OutboxMail.id,
            OutboxMail.subject,
            OutboxMail.receiver,
            OutboxMail.state,
            OutboxMail.created_at,
            OutboxMail.ended_at,
        )
        .where(OutboxMail.application_id == application.id)
        .order_by(OutboxMail.id.desc())
        .limit(MOST_MAILS)
    )
    return tuple(
        MailLine(number, subject, receiver, state.value, created_at, ended_at)
        for number, subject, receiver, state, created_at, ended_at in rows
    )


def get_mail(session: Session, application: Application, mail_id: int) -> OutboxMail:
    """Return one e-mail about an application that the viewer was let in to. Raises NotFound."""
    mail = session.get(OutboxMail, mail_id)
    if mail is None or mail.application_id != application.id:
        raise NotFound(f"mail {mail_id}")
    return mail


def _entries(session: Session, application: Application, most: int | None) -> Sequence[RecordEntry]:
    query = select(RecordEntry).where(RecordEntry.application_id == application.id)
    if most is not None:
        # Deadlines begin with what else happened, many at once: only the whole history repeats them.
        query = query.where(RecordEntry.verb != "deadline.open").limit(most)
    return session.scalars(query.order_by(RecordEntry.id.desc()).options(joinedload(RecordEntry.by))).all()


def _step_facts(
    session: Session,
    application: Application,
    facts: MoveFacts,
    interviews: Sequence[Interview],
    cards: tuple[ScorecardLine, ...],
) -> StepFacts:
    loop = session.execute(
        select(Loop.state, Debrief.opened_at, Debrief.held_at)
        .outerjoin(Debrief, Debrief.loop_id == Loop.id)
        .where(Loop.application_id == application.id, Loop.state != LoopState.CANCELLED)
    ).one_or_none()
    released = (
        select(Outcome.id)
        .join(Decision, Outcome.decision_id == Decision.id)
        .where(Outcome.application_id == application.id, Decision.superseded_at.is_(None))
    )
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
        loop_sent=None if loop is None else loop.state is LoopState.SENT,
        loop_ends_at=max((e.ends_at for e in sent if e.kind is InterviewKind.LOOP and e.ends_at), default=None),
        debrief_open=loop is not None and loop.opened_at is not None,
        debrief_held=loop is not None and loop.held_at is not None,
        decision=facts.decision,
        outcome_released=facts.decision is not None and session.scalar(released) is not None,
        outcome_delivered=facts.outcome_delivered,
    )


def _is_screen_done(facts: MoveFacts) -> bool:
    """Whether the phone screen that the stage waits for has its scorecard: only moving on is left."""
    following = next_stage(facts.stages, facts.current)
    reasons = dict(allowed_targets(facts))
    return facts.current.kind is StageKind.PHONE_SCREEN and following is not None and reasons.get(following) is None


def _waited(
    application: Application, sent: Sequence[Interview], cards: tuple[ScorecardLine, ...]
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
