"""Two candidates with a row of everything that a candidate can have, and a mark of each in every word of it."""

import json
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories import World
from tracker.db import Base
from tracker.models import personal
from tracker.models.application import Application, Note, ScreenOutcome
from tracker.models.blind_override import BlindOverride
from tracker.models.candidate import CandidateLink, Document, LinkPurpose
from tracker.models.candidate_window import CandidateWindow
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.debrief import Debrief, Decision, Vote, VotePhase
from tracker.models.erasure import Hold
from tracker.models.interview import CapOverride
from tracker.models.outbox import MailAbout, MailState, OutboxMail
from tracker.models.outcome import Outcome, OutcomeChannel
from tracker.models.person import Person
from tracker.models.record import OnceKey, RecordEntry
from tracker.models.reply import Reply
from tracker.models.scorecard import ScorecardFile
from tracker.models.self_identification import SelfIdentificationAnswer, SelfIdentificationQuestion
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.ladders import Role
from tracker.rules.replies import Verdict
from tracker.rules.scorecards import Recommendation
from tracker.rules.stages import DecisionKind, ScreenChoice, StageKind

GONE, STAYS = "quokkagone", "wombatstays"
# What a file is found and shown by is no word of anybody's.
NO_WORDS = frozenset({"document.sha256", "document.media_type", "scorecard_file.sha256", "scorecard_file.media_type"})
DIGESTS = {GONE: "a" * 64, STAYS: "b" * 64}


class Marked:
    """``gone`` is to be erased, ``stays`` is not; ``columns`` are those in which each of them has marks."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world = session, world
        self.requisition = world.requisition(recruiter=world.recruiter(), hiring_manager=world.person("Hana Manager"))
        self.people = [world.person() for _ in range(3)]
        self.asked = SelfIdentificationQuestion(text="Asked", created_at=world.now, stands_since=world.now)
        world.keep(self.asked)
        self.gone, self.stays = self.full(GONE), self.full(STAYS)
        self.digest()
        self.columns = sorted(
            str(column)
            for name in (*personal.CANDIDATE, *personal.ROWS)
            for column in Base.metadata.tables[name].columns
            if _is_planted(column)
        )

    def full(self, mark: str) -> Application:
        """An application in its outcome: one interview held, two to come, all that is written on the way."""
        world, now, recruiter = self.world, self.world.now, self.requisition.recruiter
        candidate = world.candidate(f"{mark} Person", email=f"{mark}@mail.example")
        application = world.application(self.requisition, stage=StageKind.OUTCOME, candidate=candidate)
        world.judge(application)
        held, *_ = world.loop(application, tuple(self.people), starts_at=now + timedelta(days=2))
        coming = world.interview(
            application, world.person(), starts_at=now + timedelta(days=9), kind=held.interview.kind, position=9,
            loop=held.interview.loop,
        )  # fmt: skip
        card = world.scorecard(held, text="said")
        card.set_aside = {"summary": "said"}
        loop = held.interview.loop
        assert loop is not None
        debrief = Debrief(loop_id=loop.id, application_id=application.id, opened_at=now)
        mine: dict[str, Any] = {"application_id": application.id, "at": now, "by_id": recruiter.id}
        world.keep(
            debrief,
            Note(text="said", **mine),
            ScreenOutcome(screen=1, choice=ScreenChoice.GO_ON, reason="said", **mine),
            BlindOverride(person_id=self.people[0].id, reason="said", **mine),
            CapOverride(loop_id=loop.id, person_id=self.people[0].id, reason="said", at=now, by_id=recruiter.id),
            CandidateWindow(application_id=application.id, starts_at=now, ends_at=now + timedelta(hours=1)),
            _link(application, mark, now),
            SelfIdentificationAnswer(application_id=application.id, question_id=self.asked.id),
            _deadline(application, DeadlineKind.PROMISE, now),
            ScorecardFile(scorecard_id=card.id, name="said", media_type="text/plain", size=1, sha256=DIGESTS[mark],
                          added_at=now, since=1),
            Document(application_id=application.id, name="said", media_type="text/plain", size=1, sha256=DIGESTS[mark],
                     added_at=now),
            RecordEntry(at=now, verb="notes.add", text="said", application_id=application.id, data={"said": "said"},
                        requisition_id=self.requisition.id),
            Hold(candidate_id=candidate.id, reason="said", at=now, by_id=recruiter.id, released_at=now),
            Reply(key=mark[:3], received_at=now, verdict=Verdict.NOTED, why="said", sender="said", text="said",
                  interview_id=held.interview_id),
            Reply(key=f"{mark[:3]}2", received_at=now, verdict=Verdict.UNKNOWN, sender=candidate.email),
            OnceKey(key=f"1:/x:{mark[:3]}", location="/", message=f"{candidate.name} was added.", at=now),
            RecordEntry(at=now, verb="outbox.drop", text=f"An e-mail to {candidate.email} was given up", data={}),
        )  # fmt: skip
        self.decided(application, debrief, now)
        for number, state in enumerate(MailState):
            self.mail(application, f"{mark[:3]}:{number}", state, None)
            self.mail(application, f"{mark[:3]}:{number}:staff", state, recruiter)
        hired = world.requisition(f"Another for {mark[:3]}", recruiter=recruiter)
        hired.close_reason = f"Filled by {candidate.name}"
        assert coming.interview.loop_id == loop.id
        self.session.commit()
        return application

    def decided(self, application: Application, debrief: Debrief, now: datetime) -> None:
        recruiter = self.requisition.recruiter
        decision = Decision(
            application_id=application.id, debrief_id=debrief.id, kind=DecisionKind.NO_HIRE, owner_id=recruiter.id,
            rationale="said", level="said", by_competency={"Competency A": "said"}, dissent="said", decided_at=now,
            superseded_at=now, superseded_reason="said",
        )  # fmt: skip
        self.world.keep(
            decision,
            Vote(debrief_id=debrief.id, person_id=self.people[0].id, phase=VotePhase.SECOND, at=now,
                 recommendation=Recommendation.HIRE, reason="said", word="said"),
        )  # fmt: skip
        self.world.keep(
            Outcome(application_id=application.id, decision_id=decision.id, channel=OutcomeChannel.EMAIL, text="said",
                    released_at=now, released_by_id=recruiter.id)
        )  # fmt: skip

    def mail(self, application: Application | None, key: str, state: MailState, person: Person | None) -> OutboxMail:
        now = self.world.now
        row = OutboxMail(
            dedupe_key=key, kind="nudge" if person else "closed", receiver=f"{len(key)}@x.example", subject="said",
            message=b"said", message_id=f"<{key}>", fact={}, order_key="said", token="said", last_error="said",
            person_id=person.id if person else None, application_id=application.id if application else None,
            state=state, created_at=now, next_try_at=now,
        )  # fmt: skip
        self.world.keep(row)
        return row

    def digest(self) -> None:
        """A digest that waits, and one that was sent, which speak of both."""
        recruiter = self.requisition.recruiter
        nudges = []
        for application in (self.gone, self.stays):
            deadline = _deadline(application, DeadlineKind.DECISION, self.world.now)
            deadline.owner_id = recruiter.id
            self.world.keep(deadline)
            nudges.append(
                Nudge(deadline_id=deadline.id, revision=1, person_id=recruiter.id, role=Role.OWNER, step="T0",
                      at=self.world.now, state=NudgeState.RAISED)
            )  # fmt: skip
        self.world.keep(*nudges)
        self.nudges = nudges
        self.digests = [self.mail(None, f"digest:{state}", state, recruiter) for state in ("waiting", "sent")]
        for row in self.digests:
            row.fact = {"nudges": [each.id for each in nudges], "person": recruiter.id}
            row.state = MailState(row.dedupe_key.split(":")[1])
            both = (self.gone, self.stays)
            self.world.keep(*(MailAbout(mail_id=row.id, application_id=each.id) for each in both))

    def plant(self) -> None:
        """Put the marks everywhere."""
        for mark, application in ((STAYS, self.stays), (GONE, self.gone)):
            ids = Base.metadata.tables["candidate"].c.id == application.candidate_id
            for name in (*personal.CANDIDATE, *personal.ROWS):
                self.plant_in(Base.metadata.tables[name], mark, ids)
        # It names both, and goes with the one: a digest is no place to keep words in.
        words = f"{GONE} and others"
        self.session.execute(
            sa.update(OutboxMail).where(OutboxMail.id.in_([each.id for each in self.digests])).values(subject=words)
        )
        self.session.commit()
        self.session.expire_all()

    def plant_in(self, table: sa.Table, mark: str, ids: sa.ColumnElement[bool]) -> None:
        rows = personal.candidates_rows(table, ids)
        assert rows is not None
        columns = [each for each in table.columns if _is_planted(each)]
        keys = list(table.primary_key.columns)
        found = self.session.execute(sa.select(*keys).where(rows)).all()
        assert found, f"nobody made a row of {table.name}: make one, so that it is seen to be erased"
        for n, row in enumerate(found if columns else ()):
            here = sa.and_(*(key == value for key, value in zip(keys, row, strict=True)))
            values = {column.key: _planted(column, f"{mark} {column} {n}", mark, n) for column in columns}
            self.session.execute(sa.update(table).where(here).values(values))


def everything(session: Session) -> list[tuple[str, str]]:
    """Return all that is in the database, as (table.column, text), sorted."""
    return sorted(
        (str(column), _text(value))
        for table in Base.metadata.tables.values()
        for row in session.execute(sa.select(table))
        for column, value in zip(table.columns, row, strict=True)
    )


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else str(value)


def _is_planted(column: sa.Column[Any]) -> bool:
    theirs = column.table.name in personal.ROWS or column.key in personal.CANDIDATE.get(column.table.name, {})
    return theirs and personal.holds_words(column) and str(column) not in NO_WORDS


def _planted(column: sa.Column[Any], words: str, mark: str, n: int) -> Any:
    if str(column) in ("candidate.email", "outbox_mail.receiver"):
        return f"{mark}@mail.example"
    if str(column) == "candidate.name":
        return f"{mark} Person"
    if str(column) == "candidate.zone":
        return f"Europe/{mark}"
    if str(column) == "scorecard_version.content":
        ratings = [{"competency": "Competency A", "rating": 3}]
        evidence = [{"competency": "Competency A", "action": words, "result": ""}]
        files = [{"id": 1, "name": words}]
        return {"recommendation": "hire", "summary": words, "ratings": ratings, "evidence": evidence, "files": files}
    if isinstance(column.type, sa.JSON):
        return {"said": words}
    return words.encode() if isinstance(column.type, sa.LargeBinary) else f"{words}"


def _link(application: Application, mark: str, now: datetime) -> CandidateLink:
    return CandidateLink(
        token_digest=mark, application_id=application.id, purpose=LinkPurpose.STATUS, created_at=now,
        expires_at=now + timedelta(days=180),
    )  # fmt: skip


def _deadline(application: Application, kind: DeadlineKind, now: datetime) -> Deadline:
    return Deadline(
        application_id=application.id, requisition_id=application.requisition_id, kind=kind,
        owner_id=application.requisition.recruiter_id, day0_at=now, business_days=5, zone="Europe/Berlin",
        due_at=now + timedelta(days=7), state=DeadlineState.OPEN, opened_at=now, extension_reason="said",
        pause_reason="said",
    )  # fmt: skip
