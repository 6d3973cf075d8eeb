"""A journey: people at their browsers, a worker that ticks when something is due, and a mail server that takes it all.

Everything happens through pages and ticks. The rows are read to find numbers and moments, never written.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from typing import Any

from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.conftest import Client, TestClock, browser_of
from tests.factories import World
from tests.mail.server import Post
from tracker.models.application import Application
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.interview import Assignment, Interview, InterviewState, Loop
from tracker.models.outbox import Reminder
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.requisition import Requisition
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.zones import local
from tracker.worker import tasks

CANDIDATE = "cleo@candidates.example"
RESUME = b"%PDF-1.7 ten years of security engineering"
LOOPERS = ("Anna", "Bram", "Chen", "Dana", "Emil")
ZONES = {"Chen": "Europe/London", "Dana": "America/Los_Angeles"}
HIRE, NO_HIRE = "hire", "no_hire"


def utc(text: str) -> datetime:
    """Return a moment such as "2027-05-14 08:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Letter:
    """One e-mail as the server took it, and the moment at which it did."""

    at: datetime
    receiver: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject as mail programs show it: where its line was folded, white space is one space."""
        return " ".join(str(self.message["Subject"]).split())

    @property
    def line(self) -> str:
        """Moment (UTC), receiver and subject, as the golden list has them."""
        return f"{self.at:%a %d %b %H:%M}  {self.receiver:<24}  {self.subject}"

    @property
    def text(self) -> str:
        body = self.message.get_body(preferencelist=("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def events(self) -> list[tuple[str, str, int]]:
        """(method, status, sequence) of each event in the letter's calendar."""
        found = []
        for part in self.message.walk():
            if part.get_content_type() == "text/calendar":
                calendar = Calendar.from_ical(part.get_payload(decode=True))
                method = str(calendar["METHOD"])
                found += [(method, str(e["STATUS"]), int(e["SEQUENCE"])) for e in calendar.walk("VEVENT")]
        return found


class Journey:
    """Knows the cast, moves the clock, and keeps what arrived."""

    def __init__(self, app: Flask, session: Session, world: World, at: TestClock, post: Post) -> None:
        self.app, self.session, self.world, self.clock, self.post = app, session, world, at, post
        app.config["TRACKER"] = replace(app.config["TRACKER"], mail=post.settings)
        self.moment: datetime | None = None
        self.letters: list[Letter] = []
        self.browsers: dict[str, Client] = {}
        self.people: dict[str, Person] = {}
        self.application_id = 0
        self.requisition_id = 0

    # --- Who is there.

    def hire(self, *, closed: tuple[Any, ...] = ()) -> Requisition:
        """Bring the cast: each of the five is qualified for one competency, so that the seats find their people."""
        world = self.world
        plan = world.plan()
        for name, flags in (
            ("Rita", {"is_recruiter": True}),
            ("Lena", {"is_recruiter": True, "is_recruiting_lead": True, "zone": "Europe/London"}),
            ("Hana", {}),
            ("Ines", {"is_senior_leader": True}),
            *((name, {"is_bar_raiser": name == "Chen"}) for name in LOOPERS),
        ):
            zone = str(flags.pop("zone", ZONES.get(name, "Europe/Berlin")))
            email = f"{name.lower()}@tracker.example"
            self.people[name] = world.person(name, email=email, zone=zone, **flags)
        world.qualify(self.people["Ines"], plan, InterviewKind.PHONE_SCREEN)
        for name, part in zip(LOOPERS, sorted(plan.competencies, key=lambda each: each.id), strict=True):
            self.qualify(name, part.competency_id)
        requisition = world.requisition(
            recruiter=self.people["Rita"], hiring_manager=self.people["Hana"], region=world.region(closed=closed)
        )
        self.requisition_id = requisition.id
        return requisition

    def qualify(self, name: str, competency_id: int) -> None:
        person_id = self.people[name].id
        self.world.keep(
            InterviewerQualification(person_id=person_id, competency_id=competency_id, kind=InterviewKind.LOOP)
        )

    # --- Time and mail.

    def now(self, text: str) -> datetime:
        """Go on to a moment (UTC); first and on the way the worker ticks whenever something is due."""
        moment = utc(text)
        if self.moment is not None:
            self._tick(self.moment)
        while (due := self._next_due()) is not None and due < moment:
            self._tick(due)
        self._tick(moment)
        return moment

    def work(self) -> None:
        """Let the worker tick at this very moment: what was just done is mailed."""
        self._tick(self.clock_shows())

    def clock_shows(self) -> datetime:
        assert self.moment is not None
        return self.moment

    def _tick(self, moment: datetime) -> None:
        self.moment = self.clock.set(moment)
        self.session.commit()
        if tasks.run_once(self.app):
            # The second tick finds nothing left: a worker that runs twice says nothing twice.
            assert tasks.run_once(self.app) == 0
        for taken in self.post.taken[len(self.letters) :]:
            [receiver] = taken.receivers
            self.letters.append(Letter(moment, receiver, taken.message))

    def _next_due(self) -> datetime | None:
        found = (
            self.session.scalar(select(func.min(Nudge.at)).where(Nudge.state == NudgeState.WAITING)),
            self.session.scalar(select(func.min(Reminder.at)).where(Reminder.done_at.is_(None))),
            self.session.scalar(select(func.min(Loop.awaited_at))),
        )
        self.session.commit()
        return min((each for each in found if each is not None), default=None)

    def since(self, number: int) -> list[tuple[str, str]]:
        """Return (receiver's first name, subject) of the letters after the first ``number``, in order."""
        return [(each.receiver.split("@")[0], each.subject) for each in self.letters[number:]]

    def to(self, receiver: str) -> list[Letter]:
        """Return all letters to somebody, by the first name."""
        return [each for each in self.letters if each.receiver.split("@")[0] == receiver]

    # --- What people do.

    def browser(self, name: str) -> Client:
        if name not in self.browsers:
            self.browsers[name] = browser_of(self.app, self.session)
            if name in self.people:
                self.browsers[name].sign_in(self.people[name])
        return self.browsers[name]

    def does(self, name: str, path: str, *, code: int = 303, **typed: Any) -> TestResponse:
        """Somebody sends a form of the application; ``path`` follows the application's address."""
        return self.sends(name, f"/applications/{self.application_id}/{path}", code=code, **typed)

    def sends(self, name: str, url: str, *, code: int = 303, **typed: Any) -> TestResponse:
        answer = self.browser(name).post(url, data=typed)
        assert answer.status_code == code, re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))
        return answer

    def reads(self, name: str, path: str) -> str:
        """Somebody opens a page of the application."""
        answer = self.browser(name).get(f"/applications/{self.application_id}/{path}".rstrip("/"))
        assert answer.status_code == 200, path
        return answer.text

    def decision_id(self) -> int:
        """The version of the decision that the page of the outcome shows."""
        shown = re.search(r'name="version"[^>]*value="(\d+)"', self.reads("Rita", "outcome"))
        assert shown is not None
        return int(shown[1])

    def applies(self, **changes: Any) -> TestResponse:
        """Cleo applies on the careers page; the new application is the journey's from now on."""
        given = {"name": "Cleo Candidate", "email": CANDIDATE, "zone": "America/New_York", "message": "Hello"}
        given |= {"resume": FileStorage(BytesIO(RESUME), "cleo.pdf")} | changes
        boundary, body = encode_multipart(given)
        kind = f"multipart/form-data; boundary={boundary}"
        answer = self.browser("stranger").post(f"/careers/{self.requisition_id}/apply", data=body, content_type=kind)
        self.application_id = self.session.scalars(select(func.max(Application.id))).one()
        self.session.commit()
        return answer

    def judges_basics(self, *, go_on: bool = True) -> None:
        """Rita finds all basic qualifications met, and goes on."""
        page = self.reads("Rita", "qualifications")
        typed = dict(re.findall(r'name="(seen-[0-9]+)" value="([^"]*)"', page))
        for each in self.row().requisition.qualifications:
            typed |= {f"verdict-{each.id}": "met", f"evidence-{each.id}": "ten years, says it"}
        self.does("Rita", "qualifications", **typed)
        if go_on:
            self.does("Rita", "qualifications/go-on")

    def arranges_screen(self, date: str, time: str) -> Interview:
        typed = {"date": date, "time": time, "zone": "Europe/Berlin", "minutes": 60, "place": "https://meet.example/1"}
        self.does("Rita", "screens/new", person_id=self.people["Ines"].id, **typed)
        return self.interviews(InterviewKind.PHONE_SCREEN)[-1]

    def reaches_loop(self) -> None:
        """From the application on Monday, 26 April 2027, to the stage of the loop on Friday, 10:00 in Berlin."""
        self.now("2027-04-26 08:00")
        self.applies()
        self.judges_basics()
        self.arranges_screen("2027-04-29", "14:00")
        self.now("2027-04-29 13:10")
        self.writes("Ines")
        self.now("2027-04-30 08:00")
        self.does("Hana", "screens/outcome", choice="go_on", reason="Calm and exact")
        self.work()

    def changes(self, number: int, *, code: int = 303, **changes: Any) -> TestResponse:
        """Rita changes an interview of the loop; what is not named stays as it is."""
        interview = self.interviews()[number - 1]
        [lead] = [each for each in interview.assignments if each.ended_at is None]
        assert interview.starts_at is not None
        here = local(interview.starts_at, "Europe/Berlin")
        typed = {
            "date": f"{here:%Y-%m-%d}",
            "time": f"{here:%H:%M}",
            "zone": "Europe/Berlin",
            "minutes": interview.minutes,
            "place": interview.place,
            "person_id": lead.person_id,
            "competencies": [each.competency_id for each in lead.competencies],
            "version": interview.version,
        }
        return self.does("Rita", f"loop/interviews/{interview.id}", code=code, **(typed | changes))

    def own_page(self) -> str:
        """Return the path of the candidate's own page, as the first e-mail names it."""
        found = re.search(r"http://tracker\.example(/my/\S+)", self.to("cleo")[0].text)
        assert found is not None
        return found[1]

    def sends_loop(self, date: str, time: str = "10:00", pause: int = 15) -> None:
        """Rita plans the loop, sets its times, takes the suggested people and lets it go out."""
        self.does("Rita", "loop/plan")
        self.does("Rita", "loop/times", date=date, time=time, zone="Europe/Berlin", break_minutes=pause)
        self.does("Rita", "loop/people")
        self.does("Rita", "loop/send")

    def writes(self, name: str, recommendation: str = HIRE) -> None:
        """Somebody hands in the scorecard of the interview that he or she holds."""
        assignment = self.assignment(name)
        typed = {"recommendation": recommendation, "summary": f"Seen by {name}."}
        for each in assignment.competencies:
            number = each.competency_id
            typed |= {
                f"rating_{number}": "3",
                f"evidence_{number}-0-question": "Tell me of a hard incident.",
                f"evidence_{number}-0-situation": "An outage at night",
                f"evidence_{number}-0-task": "Find the cause",
                f"evidence_{number}-0-action": "Bisected the releases",
                f"evidence_{number}-0-result": "Down from 4 h to 20 min",
            }
        self.sends(name, f"/scorecards/{assignment.id}", **typed)

    def decides(self, kind: str) -> None:
        """Hana decides, and says it again where she is asked."""
        typed = {"kind": kind, "rationale": "The evidence is plain.", "dissent": "Some saw it otherwise."}
        self.does("Hana", "decision", code=200, **typed)
        self.does("Hana", "decision", confirmed="yes", **typed)

    # --- How things stand.

    def row(self) -> Application:
        self.session.expire_all()
        return self.session.get_one(Application, self.application_id)

    def stands(self) -> tuple[str, str]:
        """Return the application's stage kind and state."""
        row = self.row()
        found = row.stage_kind.value, row.state.value
        self.session.commit()
        return found

    def interviews(self, kind: InterviewKind = InterviewKind.LOOP) -> list[Interview]:
        self.session.expire_all()
        rows = select(Interview).where(
            Interview.application_id == self.application_id,
            Interview.kind == kind,
            Interview.state != InterviewState.CANCELLED,
        )
        return list(self.session.scalars(rows.order_by(Interview.position)))

    def assignment(self, name: str) -> Assignment:
        """Return the standing assignment of somebody, the latest interview's where there are several."""
        held = (
            select(Assignment)
            .join(Interview)
            .where(
                Interview.application_id == self.application_id,
                Assignment.person_id == self.people[name].id,
                Assignment.ended_at.is_(None),
            )
        )
        return self.session.scalars(held.order_by(Assignment.id.desc())).first() or self.fail(name)

    def fail(self, name: str) -> Any:
        raise AssertionError(f"{name} holds no interview")

    def deadlines(self, kind: DeadlineKind) -> list[tuple[DeadlineState, str]]:
        """Return (state, due moment in UTC) of the application's deadlines of a kind, the first opened first."""
        rows = select(Deadline.state, Deadline.due_at).where(
            Deadline.application_id == self.application_id, Deadline.kind == kind
        )
        found = [(state, f"{due:%Y-%m-%d %H:%M:%S}") for state, due in self.session.execute(rows.order_by(Deadline.id))]
        self.session.commit()
        return found
