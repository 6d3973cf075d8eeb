"""Tells one candidate's way through the verbs, at moments of the past and the near future."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.demo import lines
from tracker.models.application import Application
from tracker.models.competency import Competency
from tracker.models.debrief import Debrief, Decision
from tracker.models.interview import Assignment, Interview, Loop
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import InterviewKind, Person
from tracker.models.region import ClosedDay, Region
from tracker.models.requisition import Requisition
from tracker.pipeline import (
    debrief,
    decision,
    documents,
    intake,
    interviews,
    loop,
    loop_changes,
    loop_choices,
    moves,
    notes,
    offer,
    outcome,
    qualifications,
    scorecards,
    screens,
    trainee_seats,
    training,
)
from tracker.pipeline.qualifications import Judgement
from tracker.rules.business_days import add_business_days, subtract_business_days
from tracker.rules.decisions import Grounds
from tracker.rules.odd_hours import is_odd
from tracker.rules.qualifications import QualificationKind, Verdict
from tracker.rules.scorecards import EvidenceContent, Recommendation, ScorecardContent
from tracker.rules.stages import ApplicationState, DecisionKind, Disposition, ScreenChoice
from tracker.rules.words import fold_words
from tracker.rules.zones import local_date, moment_of

ZONE = "Europe/Berlin"
HALF_AN_HOUR = 30
MOST_BYTES = 1_000_000
NOBODY: Mapping[int, str] = MappingProxyType({})


class Teller:
    """Knows the people and what day it is. Days are business days from today; hours are those of Berlin."""

    def __init__(self, session: Session, people: dict[str, Person], now: datetime, documents: Path) -> None:
        self.session, self.people, self.now, self.documents = session, people, now, documents
        days = select(ClosedDay.on).join(ClosedDay.region).where(Region.zone == ZONE)
        self.closed = frozenset(session.scalars(days))
        self.screeners = [people[name] for name in ("Omar", "Hannah", "Marcus")]
        self.count = 0

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Return the moment; one that would lie ahead on a day that should be past is now."""
        today = local_date(self.now, ZONE)
        step = add_business_days if day >= 0 else subtract_business_days
        moment = moment_of(step(today, abs(day), self.closed), time(hour, minute), ZONE)
        return min(moment, self.now) if day <= 0 else moment

    def learns(self, name: str, plan: InterviewPlan, day: int) -> None:
        """Somebody is put in training for loop interviews, in all that the plan evaluates there."""
        ids = [each.competency_id for each in plan.competencies if each.loop_times]
        learner, by = self.people[name], self.people["Leila"]
        training.begin(self.session, learner, plan, InterviewKind.LOOP, ids, by=by, now=self.at(day, 9))

    def applies(self, requisition: Requisition, name: str, day: int) -> Application:
        """Somebody applies on the careers page, with a resume."""
        self.count += 1
        now = self.at(day, 8 + self.count % 10, self.count * 7 % 60)
        resume = documents.keep(self.documents, "resume.txt", lines.resume(name).encode(), most=MOST_BYTES)
        email = ".".join(fold_words(name)) + "@candidates.example"
        application = intake.receive(
            self.session,
            requisition,
            name=name,
            email=email,
            phone=f"+49 30 555 01{self.count:02}",
            zone=lines.ZONES[self.count % len(lines.ZONES)],
            resume=resume,
            source="careers",
            by=None,
            now=now,
        )
        return application

    def _judged(self, application: Application, day: int, verdict: Verdict) -> None:
        asked = [q for q in application.requisition.qualifications if q.kind is QualificationKind.BASIC]
        found = [
            Judgement(q.id, verdict if n == 0 else Verdict.MET, lines.JUDGED[verdict]) for n, q in enumerate(asked)
        ]
        qualifications.judge(self.session, application, found, by=self.people["Rosa"], now=self.at(day, 10))

    def rejected_early(self, application: Application, day: int) -> None:
        """A basic qualification is not met."""
        self._judged(application, day, Verdict.NOT_MET)
        qualifications.reject(
            self.session, application, reason=lines.NOT_QUALIFIED, by=self.people["Rosa"], now=self.at(day, 11)
        )

    def to_phone_screen(self, application: Application, day: int) -> None:
        """All basic qualifications are met."""
        self._judged(application, day, Verdict.MET)
        moves.advance(self.session, application, by=self.people["Rosa"], now=self.at(day, 10, 5))

    def screen_arranged(self, application: Application, day: int, held: int, hour: int) -> Interview:
        """A phone screen is arranged on ``day`` for the day ``held``."""
        self.to_phone_screen(application, day)
        starts_at = self._ahead(held, hour)
        wanted = interviews.Arrangement(
            person_id=self._free_screener(starts_at).id,
            starts_at=starts_at,
            minutes=60,
            place="https://meet.northwind.example/screen",
        )
        return screens.arrange(self.session, application, wanted, by=self.people["Rosa"], now=self.at(day, 11))

    def _free_screener(self, starts_at: datetime) -> Person:
        """Return the senior leader who is awake, has the least to do, and nothing else around that hour."""
        rows = self.session.execute(
            select(Assignment.person_id, Interview.starts_at).join(Interview, Assignment.interview_id == Interview.id)
        ).all()
        busy = {person_id for person_id, at in rows if at and abs(at - starts_at) < timedelta(hours=1)}
        load = Counter(person_id for person_id, _ in rows)
        ends_at = starts_at + timedelta(hours=1)
        free = (each for each in self.screeners if each.id not in busy)
        return min(free, key=lambda p: (is_odd(starts_at, ends_at, p.zone), load[p.id], p.id))

    def _ahead(self, day: int, hour: int) -> datetime:
        """The whole hour of an interview: never cut off at now, as other moments of the past are."""
        today = local_date(self.now, ZONE)
        step = add_business_days if day >= 0 else subtract_business_days
        return moment_of(step(today, abs(day), self.closed), time(hour), ZONE)

    def screen_held(self, application: Application, day: int, held: int, hour: int) -> None:
        """The phone screen was held and its scorecard is in."""
        screen = self.screen_arranged(application, day, held, hour)
        assignment = screen.assignments[0]
        self._writes(assignment, (screen.ends_at or self.now) + timedelta(hours=1), Recommendation.HIRE)

    def to_loop(self, application: Application, day: int, held: int, hour: int) -> None:
        """The phone screen was good: a loop is to be arranged."""
        self.screen_held(application, day, held, hour)
        now = self._ahead(held, hour) + timedelta(hours=3)
        manager = application.requisition.hiring_manager
        screens.decide(self.session, application, ScreenChoice.GO_ON, reason=lines.GO_ON, by=manager, now=now)
        notes.add(self.session, application, lines.NOTE, by=self.people["Rosa"], now=now + timedelta(minutes=10))

    def loop_draft(self, application: Application, day: int, held: int, hour: int) -> Loop:
        """A loop was begun: interviews without times and people."""
        self.to_loop(application, day, held, hour)
        return loop.plan(
            self.session, application, by=self.people["Rosa"], now=self._ahead(held, hour) + timedelta(hours=4)
        )

    def choosing(self, application: Application, day: int, held: int, hour: int) -> None:
        """The candidate was asked to choose when the loop is held, and has not yet."""
        draft = self.loop_draft(application, day, held, hour)
        now = self._ahead(held, hour) + timedelta(hours=5)
        loop_choices.offer(self.session, draft, by=self.people["Rosa"], now=now)

    def loop_sent(
        self, application: Application, day: int, screened: int, held: int, asked: Mapping[int, str] = NOBODY
    ) -> Loop:
        """The loop went out the day after the phone screen, for the day ``held``.

        ``asked`` names, by the position of the interview from 1, who leads it in any case.
        """
        planned = self.loop_draft(application, day, screened, 9 + self.count % 3)
        rosa, now = self.people["Rosa"], self.at(screened + 1, 9)
        loop_changes.set_times(self.session, planned, self._ahead(held, 9), HALF_AN_HOUR, by=rosa, now=now)
        for interview in planned.interviews:
            if interview.position in asked:
                person = self.people[asked[interview.position]]
                wanted = replace(interviews.arrangement_of(interview), person_id=person.id)
                interviews.arrange(self.session, interview, wanted, now=now)
        loop_changes.suggest_people(self.session, planned, now=now)
        trainee_seats.seat_all(self.session, planned, now=now)
        for interview in planned.interviews:
            interview.place = f"https://meet.northwind.example/{interview.position}"
        loop.send(self.session, planned, by=rosa, now=now)
        return planned

    def loop_written(
        self,
        application: Application,
        day: int,
        screened: int,
        held: int,
        *,
        scorecards: int,
        ends: DecisionKind = DecisionKind.HIRE,
        asked: Mapping[int, str] = NOBODY,
    ) -> Loop:
        """The loop was held and so many of its interviewers have written, as fits the decision that it ends in."""
        sent = self.loop_sent(application, day, screened, held, asked)
        evening = self._ahead(held, 17)
        self.session.flush()
        loop.done(self.session, application, by=self.people["Rosa"], now=evening)
        for number, interview in enumerate(sent.interviews[:scorecards]):
            likes = Recommendation.NO_HIRE if number in lines.DOUBTERS[ends] else Recommendation.HIRE
            self._writes(interview.assignments[0], evening + timedelta(minutes=20 * number), likes)
        return sent

    def _writes(self, assignment: Assignment, now: datetime, recommendation: Recommendation) -> None:
        names = {
            c.competency_id: self.session.get_one(Competency, c.competency_id).name for c in assignment.competencies
        }
        rating = 3 if recommendation is Recommendation.HIRE else 2
        content = ScorecardContent(
            recommendation=recommendation,
            summary=lines.SUMMARIES[recommendation],
            ratings=dict.fromkeys(names, rating),
            evidence=tuple(
                EvidenceContent(competency_id=number, question=lines.QUESTION.format(name.lower()), **lines.STAR)
                for number, name in names.items()
            ),
        )
        scorecards.submit(self.session, assignment, content, by=assignment.person, now=min(now, self.now))

    def debrief_held(
        self, application: Application, day: int, screened: int, held: int, ends: DecisionKind = DecisionKind.HIRE
    ) -> Debrief:
        """All is in and the debrief was held the day after the loop."""
        self.loop_written(application, day, screened, held, scorecards=5, ends=ends)
        now, manager = self.at(held + 1, 14), application.requisition.hiring_manager
        row = self.session.scalars(select(Debrief).where(Debrief.application_id == application.id)).one()
        for each in row.votes:
            agrees = (each.recommendation is Recommendation.HIRE) == (ends is DecisionKind.HIRE)
            reason, word = (lines.SECOND, lines.WORDS) if agrees else (lines.SECOND_DOUBT, lines.WORDS_OF_DOUBT)
            said = {"reason": reason, "word": word[ends]}
            debrief.vote(self.session, application, row, each.recommendation, **said, by=each.person, now=now)
        debrief.hold(self.session, application, row, by=manager, now=now)
        return row

    def decided(self, application: Application, day: int, screened: int, held: int, *, hire: bool) -> Decision:
        """The hiring manager decided two days after the loop."""
        kind = DecisionKind.HIRE if hire else DecisionKind.NO_HIRE
        row = self.debrief_held(application, day, screened, held, kind)
        held_by = [each.assignments[0] for each in self.session.get_one(Loop, row.loop_id).interviews]
        names = [each.competency.name for assignment in held_by for each in assignment.competencies]
        grounds = dict(zip(names, lines.GROUNDS[kind], strict=False))
        return decision.decide(
            self.session,
            application,
            kind,
            Grounds(lines.RATIONALES[kind], lines.DISSENTS[kind], lines.LEVELS[kind], grounds),
            by=application.requisition.hiring_manager,
            now=self.at(held + 2, 11),
        )

    def told(self, application: Application, day: int, screened: int, held: int, *, hire: bool) -> None:
        """The candidate was told in a call, four days after the loop."""
        told = self.decided(application, day, screened, held, hire=hire)
        rosa, now = self.people["Rosa"], self.at(held + 4, 15)
        outcome.record_call(self.session, application, lines.CALL, held_at=now, by=rosa, now=now, decision_id=told.id)

    def hired(self, application: Application, day: int, screened: int, held: int) -> None:
        """The offer was accepted."""
        self.told(application, day, screened, held, hire=True)
        offer.accept(self.session, application, by=self.people["Rosa"], now=self.at(held + 7, 12))

    def withdrew(self, application: Application, day: int) -> None:
        """The candidate took the application back."""
        moves.close(
            self.session,
            application,
            ApplicationState.WITHDRAWN,
            Disposition.CANDIDATE_WITHDREW,
            by=None,
            now=self.at(day, 16),
            reason="accepted another offer",
        )
