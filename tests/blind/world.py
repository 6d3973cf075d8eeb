"""Two applications in which people wrote and voted, everybody who might look, and a mark in all that was written.

What is written bears ``quokka-N-`` with the number of its author, in every text that hangs on a scorecard, a debrief or
a decision: the tables are the schema's own, and one that is new here fails until it is said whose its rows are.
"""

import re
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.learners import in_training
from tracker.db import Base
from tracker.models.application import Application, ScreenOutcome
from tracker.models.busy_feed import BusyFeed
from tracker.models.candidate import Document
from tracker.models.debrief import Debrief, Decision, Vote
from tracker.models.erasure import Hold
from tracker.models.interview import Assignment, AssignmentRole
from tracker.models.interview_plan import PlanLimit
from tracker.models.leave import Leave
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind, Person
from tracker.models.question import Question
from tracker.models.region import ClosedDay, ClosedDaySource
from tracker.models.reply import Reply
from tracker.models.scorecard import Evidence, Rating, Scorecard, ScorecardFile, ScorecardVersion
from tracker.models.self_identification import SelfIdentificationQuestion
from tracker.pipeline import (
    blind_overrides,
    calendar_feeds,
    deadlines,
    debrief,
    decision,
    declining,
    documents,
    record,
    scorecard_files,
    scorecards,
)
from tracker.pipeline import dictated as dictating
from tracker.queries.debriefs import debrief_of, loop_of
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.decisions import Grounds
from tracker.rules.evidence_files import EVIDENCE
from tracker.rules.questions import QuestionKind
from tracker.rules.replies import Verdict
from tracker.rules.scorecards import EvidenceContent, Recommendation, ScorecardContent
from tracker.rules.stages import DecisionKind, ScreenChoice, StageKind

# A Monday, 10:00 in the zone of all: nudges wait for working days.
NOW = MONDAY + timedelta(days=7)
MARK = "quokka"
MARKED = re.compile(MARK + r"-(\d+)-")
# Why somebody's scorecard was waived: in that row, but the recruiter's to know.
WHY_WAIVED = re.compile(MARK + r"-\d+-scorecard\.waived_reason")


def mark(author: Person | int, where: str = "said") -> str:
    """Return what an author writes: it is found by MARKED, and says where it was written."""
    return f"{MARK}-{author if isinstance(author, int) else author.id}-{where}"


# Whose words the rows of each table are: a statement that gives the number of the author by that of the row.
_card = select(Scorecard.author_id)
PROTECTED: dict[Any, Any] = {
    Scorecard: _card.where(Scorecard.id == sa.bindparam("row")),
    Evidence: _card.join(Evidence).where(Evidence.id == sa.bindparam("row")),
    Rating: _card.join(Rating).where(Rating.id == sa.bindparam("row")),
    ScorecardFile: _card.join(ScorecardFile).where(ScorecardFile.id == sa.bindparam("row")),
    ScorecardVersion: _card.join(ScorecardVersion).where(ScorecardVersion.id == sa.bindparam("row")),
    Debrief: select(sa.func.min(Person.id)).where(Person.name == "Mona Manager"),
    Vote: select(Vote.person_id).where(Vote.id == sa.bindparam("row")),
    Decision: select(Decision.owner_id).where(Decision.id == sa.bindparam("row")),
    Reply: select(Reply.person_id).where(Reply.id == sa.bindparam("row")),
}
# What hangs on those and is no secret, and why.
OPEN = {
    "presence": "who has the page open, and nothing of what is on it",
    "scorecard_read": "who read, and nothing of what was read",
    "outcome": "written to the candidate, who is told before anybody blind reads it; there is none in this world",
}


class Stage:
    """The applications, and the people: those who wrote, and those who must find nothing."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world = session, world
        self.mona = world.person("Mona Manager")
        self.recruiter = world.recruiter("Rita Recruiter")
        self.requisition = world.requisition(hiring_manager=self.mona, recruiter=self.recruiter)
        self.screener, self.late_screener = world.person("Sina S"), world.person("Lars L")
        self.anna, self.carla = world.person("Anna A"), world.person("Carla C")
        self.dictating = world.person("Petra P")
        self.waiting, self.replaced, self.shadow = (world.person(name) for name in ("Wim W", "Nele N", "Sven S"))
        self.manager, self.interviewing_recruiter = world.person("Hana Manager"), world.recruiter("Ines Recruiter")
        # For him an admin lifted the rule in the loop that goes on.
        self.lifted = world.person("Lif T")
        # A recruiter who learns to interview, in the loop that goes on.
        self.learning = world.recruiter("Lena Learner")
        self.decided = self.application("Dora Decided", StageKind.OUTCOME)
        # Sent back after the loop had begun: so that the pages of phone screens and those of the loop have all to show.
        self.going_on = self.application("Leo Loop", StageKind.PHONE_SCREEN_OUTCOME)
        self.applications = (self.decided, self.going_on)
        self.screens(self.going_on)
        self.loop_that_was_decided()
        self.loop_that_goes_on()
        self.requisition.hiring_manager = self.manager
        self.furniture()
        self.plant()

    def application(self, name: str, stage: StageKind) -> Application:
        email = f"{name.split()[0].lower()}@candidates.example"
        candidate = self.world.candidate(name, email=email)
        return self.world.application(self.requisition, candidate=candidate, stage=stage)

    def screens(self, application: Application) -> None:
        """Sina has handed hers in; Lars has a draft. Why the recruiter wanted a second one is on the record."""
        self.submit(self.world.interview(application, self.screener), Recommendation.STRONG_NO_HIRE)
        self.draft(self.world.interview(application, self.late_screener, position=2))

        by, text = self.recruiter, mark(self.recruiter)
        choice = {"choice": ScreenChoice.SECOND_SCREEN, "reason": text, "at": MONDAY, "by_id": by.id}
        self.world.keep(ScreenOutcome(application_id=application.id, screen=1, **choice))
        for verb, said in (("screens.decide", "After phone screen 1: second"), ("application.move", "Moved")):
            record.note_change(self.session, verb, f"{said}: {text}", by=by, now=NOW, application=application)

    def content(self, assignment: Assignment, recommendation: Recommendation) -> ScorecardContent:
        text = mark(assignment.person_id)
        ids = [each.competency_id for each in assignment.competencies]
        evidence = tuple(EvidenceContent(each, text, text, text, text, text) for each in ids)
        return ScorecardContent(recommendation, text, dict.fromkeys(ids, 1), evidence)

    def add_file(self, assignment: Assignment) -> None:
        """A file whose name and content bear the mark: handed in with what comes next."""
        text, root = mark(assignment.person_id), current_app.config["TRACKER"].documents
        upload = documents.keep(root, f"{text}.txt", text.encode(), most=1000, kinds=EVIDENCE)
        scorecard_files.add(self.session, assignment, upload, by=assignment.person, now=NOW)

    def submit(self, assignment: Assignment, recommendation: Recommendation) -> None:
        self.add_file(assignment)
        content = self.content(assignment, recommendation)
        scorecards.submit(self.session, assignment, content, by=assignment.person, now=NOW)
        self.session.commit()

    def draft(self, assignment: Assignment) -> None:
        self.add_file(assignment)
        content = self.content(assignment, Recommendation.STRONG_NO_HIRE)
        scorecards.save_draft(self.session, assignment, content, by=assignment.person, now=NOW)
        self.session.commit()

    def loop_that_was_decided(self) -> None:
        """Anna (who amended hers) and Carla handed in and voted; the others were waived, and have not read a word."""
        application, session = self.decided, self.session
        spared = (self.waiting, self.manager, self.interviewing_recruiter)
        anna, carla, *rest = self.world.loop(application, (self.anna, self.carla, *spared))
        self.world.keep(Assignment(interview=anna.interview, person=self.shadow, role=AssignmentRole.SHADOW))
        self.submit(anna, Recommendation.STRONG_NO_HIRE)
        content = self.content(anna, Recommendation.STRONG_NO_HIRE)
        scorecards.amend(session, anna, content, reason=mark(self.anna), by=self.anna, now=NOW)
        self.submit(carla, Recommendation.STRONG_NO_HIRE)
        for each in rest:
            self.draft(each)
            scorecards.waive(session, each, reason=mark(self.recruiter), by=self.recruiter, now=NOW)
        self.debrief(application)
        self.deadline(application, DeadlineKind.PROMISE, self.recruiter)

    def deadline(self, application: Application, kind: DeadlineKind, owner: Person, subject: int = 0) -> None:
        """One that was due this week, so that the ticks write of it."""
        facts = {"day0_at": MONDAY - timedelta(days=7), "now": MONDAY}
        deadlines.open_(self.session, application, kind, owner=owner, subject=subject, **facts)

    def debrief(self, application: Application) -> None:
        session, loop = self.session, loop_of(self.session, application.id)
        row = debrief_of(session, loop) if loop else None
        assert row is not None
        for person in (self.anna, self.carla):
            vote, reason = Recommendation.STRONG_NO_HIRE, mark(person)
            debrief.vote(session, application, row, vote, reason=reason, by=person, now=NOW)
        debrief.write_notes(session, application, row, mark(self.mona), by=self.mona, now=NOW)
        debrief.hold(session, application, row, by=self.mona, now=NOW)
        said = mark(self.mona)
        grounds = Grounds(said, said, said, {"Competency A": said})
        decision.decide(session, application, DecisionKind.NO_HIRE, grounds, by=self.mona, now=NOW)
        changed = {"reason": said, "standing_id": 1}
        decision.change(session, application, DecisionKind.NO_HIRE, grounds, **changed, by=self.mona, now=NOW)
        session.commit()

    def loop_that_goes_on(self) -> None:
        """Anna has handed in, the others have drafts; Nele wrote one too, and was replaced. Petra has not
        confirmed what the recruiter entered for her."""
        people = (self.anna, self.waiting, self.manager, self.interviewing_recruiter, self.lifted)
        anna, *others = self.world.loop(self.going_on, people)
        self.submit(anna, Recommendation.STRONG_NO_HIRE)
        replaced = self.added(anna, self.replaced, 5)
        dictated = self.added(anna, self.dictating, 6)
        self.draft(dictated)
        content = self.content(dictated, Recommendation.HIRE)
        dictating.enter(self.session, dictated, content, by=self.recruiter, now=NOW)
        for each in others:
            self.deadline(self.going_on, DeadlineKind.SCORECARD, each.person, subject=each.id)
        for each in (*others, replaced):
            self.draft(each)
        replaced.ended_at = NOW
        noted = {"verdict": Verdict.NOTED, "text": "x", "interview_id": anna.interview_id, "person_id": anna.person_id}
        self.world.keep(Reply(key="1", received_at=NOW, **noted))
        self.world.keep(Assignment(interview=anna.interview, person=self.learning, role=AssignmentRole.REVERSE_SHADOW))
        # Why he cannot write it those may read who are not bound; of what he wrote nobody reads a word.
        refusal = {"reason": mark(self.manager), "by": self.manager, "now": NOW}
        declining.decline_scorecard(self.session, others[1], **refusal)
        self.session.commit()
        said = {"reason": "The debrief cannot wait", "by": self.world.admin("Abe Admin"), "now": NOW}
        blind_overrides.lift(self.session, self.going_on.id, self.lifted, **said)
        self.session.commit()

    def added(self, beside: Assignment, person: Person, position: int) -> Assignment:
        loop = beside.interview.loop
        application, kind = beside.interview.application, InterviewKind.LOOP
        return self.world.interview(application, person, kind=kind, position=position, loop=loop)

    def furniture(self) -> None:
        """A row of each table that an address may name, and the mails that verbs and links cause."""
        region_id = self.requisition.region_id
        in_training(self.world, self.shadow, self.requisition.plan, by=self.recruiter)
        for each in (self.waiting, self.manager, self.interviewing_recruiter):
            # Asked for before: else it is the crawl itself that changes what the account page says of the last visit.
            calendar_feeds.note_visit(calendar_feeds.make(self.session, each, now=NOW), "", now=NOW)
        self.world.keep(
            BusyFeed(person_id=self.anna.id, address="https://calendar.example/a.ics", added_at=NOW, next_at=NOW),
            Hold(candidate_id=self.decided.candidate_id, reason="A court asks", at=NOW, by_id=self.recruiter.id),
            Leave(person_id=self.anna.id, first_on=date(2027, 1, 4), last_on=date(2027, 1, 5)),
            ClosedDay(region_id=region_id, on=date(2027, 5, 3), name="x", source=ClosedDaySource.COMPANY),
            PlanLimit(plan_id=self.requisition.plan_id, kind=DeadlineKind.SCORECARD, business_days=2),
            Question(competency_id=1, kind=QuestionKind.BEHAVIOURAL, text="What did you measure?", created_at=NOW),
            SelfIdentificationQuestion(text="Your age?", created_at=NOW, stands_since=NOW),
            Document(
                application_id=self.decided.id, name="cv.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
                is_resume=True, added_at=NOW,
            ),
        )  # fmt: skip

    def plant(self) -> None:
        """Put a mark into every text of every protected row, whatever the verbs wrote there."""
        session = self.session
        session.flush()
        for table, author in PROTECTED.items():
            columns = [each for each in table.__table__.columns if is_text(each)]
            for row in list(session.scalars(select(table.id))):
                number = session.scalar(author, {"row": row})
                assert number is not None
                marks = {each.key: mark(number, str(each)) for each in columns}
                if marks:
                    session.execute(sa.update(table.__table__).where(table.__table__.c.id == row).values(marks))
        session.commit()


def is_text(column: Any) -> bool:
    """Whether a column holds words of somebody's own: not what a file is found and handed out by."""
    return isinstance(column.type, sa.Text) and column.key not in ("sha256", "media_type")


def say_otherwise(session: Session) -> None:
    """Let everybody have found the opposite, in other words, and one vote less: the blind must see the same."""
    for table in PROTECTED:
        texts = {each: each + " and more of it" for each in table.__table__.columns if is_text(each)}
        if texts:
            session.execute(sa.update(table).values(texts))
    session.execute(sa.update(Scorecard).values(recommendation=Recommendation.STRONG_HIRE))
    session.execute(sa.update(Vote).values(recommendation=Recommendation.STRONG_HIRE))
    session.execute(sa.update(Rating).values(rating=4))
    session.execute(sa.update(Decision).values(kind=DecisionKind.HIRE))
    session.execute(sa.delete(Vote).where(Vote.id == select(sa.func.max(Vote.id)).scalar_subquery()))
    session.commit()


def texts_of(session: Session, *where: Any) -> list[tuple[str, str]]:
    """Return (receiver, all that is in it) of every mail, decoded."""
    return [(row.receiver, _text(row.message)) for row in session.scalars(select(OutboxMail).where(*where))]


def _text(message: bytes) -> str:
    mail = message_from_bytes(message, policy=SMTP)
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return "\n".join([str(mail["Subject"]), *(part if isinstance(part, str) else part.decode() for part in parts)])


def unsaid_tables() -> set[str]:
    """Return the tables that hang on a protected one, and of which nobody said whether they are protected."""
    protected = {table.__tablename__ for table in PROTECTED}
    found = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in protected
    }
    return found - protected - set(OPEN)
