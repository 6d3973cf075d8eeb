"""Answers taken in: what each does on the seat, who is told, and what is refused, stale, late or a machine's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.mail.answers import calendar, ics, mail, out_of_office, plain
from tests.pipeline.mails import calendar_of, method_of, of_kind, text_of
from tracker.mail import reply_addresses
from tracker.mail.received import received
from tracker.models.interview import Assignment, Interview
from tracker.models.outbox import OutboxMail
from tracker.models.person import FormerAddress
from tracker.models.record import RecordEntry
from tracker.models.reply import Reply
from tracker.pipeline import declining, erasure, interview_mails, interviews, replies
from tracker.queries import replies as queries
from tracker.queries.truth import holds
from tracker.queries.visibility import viewer_of
from tracker.rules.answers import Answer
from tracker.rules.replies import Verdict
from tracker.rules.retention import ErasureKind
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

MINUTE = timedelta(minutes=1)


@dataclass
class Answering:
    """Somebody who answers the invitation of an interview by e-mail, a minute later each time."""

    session: Session
    interview: Interview
    assignment: Assignment | None
    now: datetime = MONDAY

    @property
    def email(self) -> str:
        return self.assignment.person.email if self.assignment else self.interview.application.candidate.email

    @property
    def address(self) -> str:
        if self.assignment is not None:
            return reply_addresses.for_interviewer(self.assignment)
        return reply_addresses.for_candidate(self.interview)

    def says(self, partstat: str = "ACCEPTED", **given: object) -> Verdict:
        self.now += MINUTE
        sender, to = str(given.pop("sender", self.email)), str(given.pop("to", self.address))
        event: dict[str, object] = {
            "uid": self.interview.uid,
            "sequence": self.interview.sequence,
            "stamp": self.now,
            "attendee": self.email,
        }
        return self.sends(mail(plain(), calendar(ics(partstat, **event | given)), sender=sender, to=to))  # type: ignore[arg-type]

    def sends(self, raw: bytes) -> Verdict:
        raw = raw.replace(b"<1@mail", f"<{self.now.timestamp()}@mail".encode())
        taken = replies.take(self.session, received(raw), now=self.now)
        self.session.commit()
        return taken.verdict


@pytest.fixture
def app_with_replies(in_app: Flask) -> Flask:
    in_app.config["TRACKER"] = replace(in_app.config["TRACKER"], reply_address="replies@tracker.example")
    return in_app


@pytest.fixture
def loop(session: Session, world: World, app_with_replies: Flask) -> list[Assignment]:
    """A loop of two, tomorrow: too soon for the tracker to look for anybody."""
    return world.loop(world.application(stage=StageKind.LOOP), (world.person("Anna A"), world.person("Ben B")))


@pytest.fixture
def anna(session: Session, loop: list[Assignment]) -> Answering:
    return Answering(session, loop[0].interview, loop[0])


@pytest.fixture
def candidate(session: Session, world: World, app_with_replies: Flask) -> Answering:
    screen = world.interview(world.application(stage=StageKind.PHONE_SCREEN), world.person("Sara Screener"))
    return Answering(session, screen.interview, None)


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)))


def entries(session: Session) -> list[str]:
    return list(session.scalars(select(RecordEntry.text).order_by(RecordEntry.id)))


def test_yes_and_perhaps_show_on_the_seat(session: Session, anna: Answering) -> None:
    assert anna.assignment is not None
    assert anna.says("TENTATIVE") is Verdict.TAKEN
    assert anna.assignment.answer is Answer.TENTATIVE
    assert anna.says() is Verdict.TAKEN
    assert (anna.assignment.answer, anna.assignment.answer_stamp) == (Answer.ACCEPTED, anna.now)
    assert (kinds(session), entries(session)) == ([], ["Anna A may hold loop 0", "Anna A accepted loop 0"])


def test_no_is_the_verb_with_all_that_follows_and_yes_takes_it_back(session: Session, anna: Answering) -> None:
    assert anna.assignment is not None
    assert anna.says("DECLINED", comment="ill, alas") is Verdict.TAKEN
    assert (anna.assignment.declined_reason, anna.assignment.answer) == ("ill, alas", Answer.DECLINED)
    assert kinds(session) == ["interview_declined"]
    assert anna.says("DECLINED") is Verdict.TAKEN, "once more says nothing new"
    assert kinds(session) == ["interview_declined"]
    assert anna.says() is Verdict.TAKEN
    assert (anna.assignment.declined_at, anna.assignment.answer) == (None, Answer.ACCEPTED)
    assert anna.says("DECLINED") is Verdict.TAKEN
    assert anna.assignment.declined_reason == "Declined by the calendar"
    assert anna.says("TENTATIVE") is Verdict.TAKEN
    assert (anna.assignment.declined_at, anna.assignment.answer) == (None, Answer.TENTATIVE)


def test_another_time_takes_nothing_and_the_recruiter_is_told(session: Session, anna: Answering) -> None:
    assert anna.assignment is not None
    starts_at = anna.interview.starts_at
    assert anna.says("TENTATIVE", method="COUNTER", start="DTSTART:20261104T150000Z", comment="later?") is Verdict.TAKEN
    assert (anna.interview.starts_at, anna.assignment.answer) == (starts_at, Answer.OTHER_TIME)
    assert anna.assignment.proposed_at == datetime(2026, 11, 4, 15, 0, tzinfo=MONDAY.tzinfo)
    [told] = of_kind(session, "time_proposed")
    assert told.person_id == anna.interview.application.requisition.recruiter_id
    assert "Wed 4 Nov 2026, 16:00 (Europe/Berlin)" in " ".join(text_of(told).split())
    assert "later?" not in text_of(told)
    assert holds(session, told.fact, now=anna.now)
    anna.says()
    assert not holds(session, told.fact, now=anna.now)


def test_a_new_time_asks_anew_and_the_old_answer_is_stale(session: Session, anna: Answering) -> None:
    assert anna.assignment is not None
    anna.says()
    wanted = interviews.arrangement_of(anna.interview)
    assert wanted.starts_at is not None
    interviews.change(session, anna.interview, replace(wanted, starts_at=wanted.starts_at + MINUTE), now=anna.now)
    assert anna.assignment.answer is None
    assert anna.says(sequence=0) is Verdict.STALE
    assert anna.assignment.answer is None
    assert anna.says() is Verdict.TAKEN


def test_an_older_answer_changes_nothing(session: Session, anna: Answering) -> None:
    assert anna.assignment is not None
    declining.decline(session, anna.assignment, reason="x", by=anna.assignment.person, now=MONDAY + 10 * MINUTE)
    assert anna.says() is Verdict.STALE, "it was said before the page was asked"
    assert anna.assignment.answer is Answer.DECLINED


def test_nobody_answers_for_another(session: Session, anna: Answering, loop: list[Assignment]) -> None:
    assert anna.assignment is not None
    ben = loop[1].person.email
    others = reply_addresses.for_interviewer(loop[1])
    local, _, host = anna.address.partition("@")
    forged: dict[str, Callable[[], Verdict]] = {
        "from another": lambda: anna.says("DECLINED", sender="eve@elsewhere.example"),
        "for another": lambda: anna.says("DECLINED", attendee=ben),
        "a token made up": lambda: anna.says("DECLINED", to=f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{host}"),
        "another's address": lambda: anna.says("DECLINED", to=others),
        "another event": lambda: anna.says("DECLINED", uid=loop[1].interview.uid),
    }
    for name, forge in forged.items():
        assert forge() is Verdict.REFUSED, name
    assert [each.answer for each in loop] == [None, None]
    assert (kinds(session), entries(session)) == ([], [])
    admin = anna.interview.application.requisition.recruiter
    lines = queries.untaken(session, viewer_of(session, admin), 20)
    assert len(lines) == len(forged)
    assert lines[-1].sender == "eve@elsewhere.example"
    assert all(line.why for line in lines)


def test_two_invitations_at_once_and_none(session: Session, anna: Answering, loop: list[Assignment]) -> None:
    both = f"{anna.address}, {reply_addresses.for_interviewer(loop[1])}"
    assert anna.says(to=both) is Verdict.UNREADABLE
    assert anna.says(to="replies@tracker.example") is Verdict.UNKNOWN
    assert anna.says(to="somebody@elsewhere.example") is Verdict.UNKNOWN
    assert anna.says(to=anna.address.upper()) is Verdict.TAKEN


def test_too_late_is_told_apart(session: Session, world: World, anna: Answering) -> None:
    assert anna.assignment is not None
    wanted = interviews.arrangement_of(anna.interview)
    given = replace(wanted, person_id=world.person("Carla C").id)
    interviews.change(session, anna.interview, given, now=MONDAY)
    assert anna.says() is Verdict.LATE
    [out] = of_kind(session, "interview_withdrawn")
    assert f"mailto:{anna.address}" == str(calendar_of(out).walk("VEVENT")[0]["ORGANIZER"])
    interviews.change(session, anna.interview, wanted, now=MONDAY)
    assert anna.says() is Verdict.TAKEN
    anna.now = MONDAY + timedelta(days=1)
    assert anna.says() is Verdict.LATE
    anna.now = MONDAY + MINUTE
    interviews.call_off(session, anna.interview, now=MONDAY)
    assert anna.says("DECLINED", stamp=MONDAY + timedelta(days=1)) is Verdict.LATE


def test_machines_are_not_heard_and_a_known_former_address_is(session: Session, anna: Answering) -> None:
    assert anna.assignment is not None
    away = out_of_office(anna.email).replace(b"replies+a1@tracker.example", anna.address.encode())
    assert anna.sends(away) is Verdict.AUTOMATIC
    session.add(FormerAddress(email="anna.old@tracker.example", person_id=anna.assignment.person_id))
    session.flush()
    assert anna.says(sender="anna.old@tracker.example", attendee="anna.old@tracker.example") is Verdict.TAKEN
    assert kinds(session) == []


def test_words_are_shown_to_the_recruiter_and_blind_people_wait(
    session: Session, anna: Answering, loop: list[Assignment]
) -> None:
    raw = mail(plain("Great candidate, quokka"), sender=anna.email, to=anna.address, subject="Re: Interview")
    assert anna.sends(raw) is Verdict.NOTED
    [told] = of_kind(session, "reply_noted")
    assert "quokka" not in told.message.decode()
    application = anna.interview.application
    [words] = queries.words_of(session, viewer_of(session, application.requisition.recruiter), application.id)
    assert (words.who, words.sender, words.text) == ("Anna A", "", "Re: Interview\n\nGreat candidate, quokka")
    [words] = queries.words_of(session, viewer_of(session, loop[1].person), application.id)
    assert words.text is None
    for n in range(replies.MOST_NOTES + 3):
        anna.now += MINUTE
        assert anna.sends(raw.replace(b"quokka", b"quokka %d" % n)) is Verdict.NOTED
    assert len(of_kind(session, "reply_noted")) == replies.MOST_NOTES
    anna.now += MINUTE
    elsewhere = mail(plain("from home"), sender="anna@home.example", to=anna.address)
    assert anna.sends(elsewhere) is Verdict.NOTED
    [words, *_] = queries.words_of(session, viewer_of(session, application.requisition.recruiter), application.id)
    assert words.sender == "anna@home.example"


def test_the_same_e_mail_is_taken_once(session: Session, anna: Answering) -> None:
    event = ics("DECLINED", uid=anna.interview.uid, attendee=anna.email, stamp=MONDAY)
    raw = mail(plain(), calendar(event), sender=anna.email, to=anna.address)
    assert [anna.sends(raw) for _ in range(3)] == [Verdict.TAKEN, Verdict.KNOWN, Verdict.KNOWN]
    assert anna.sends(raw.replace(b"Message-ID: <", b"Message-ID: <x")) is Verdict.KNOWN, "sent again, the same answer"
    assert kinds(session) == ["interview_declined"]
    assert len(session.scalars(select(Reply)).all()) == 2


def test_a_candidate_answers_too_and_nothing_is_called_off(session: Session, candidate: Answering) -> None:
    screen = candidate.interview
    assert candidate.says() is Verdict.TAKEN
    assert (screen.answer, kinds(session)) == (Answer.ACCEPTED, [])
    assert candidate.says("DECLINED", comment="another offer") is Verdict.TAKEN
    assert (screen.answer, screen.state.value) == (Answer.DECLINED, "sent")
    [told] = of_kind(session, "candidate_declined")
    recruiter = screen.application.requisition.recruiter
    assert told.person_id == recruiter.id
    assert holds(session, told.fact, now=candidate.now)
    [words] = queries.words_of(session, viewer_of(session, recruiter), screen.application_id)
    assert (words.who, words.text) == (None, "another offer")
    assert candidate.says("TENTATIVE", method="COUNTER", start="X-NONE:1") is Verdict.TAKEN
    [proposed] = of_kind(session, "time_proposed")
    assert "could not be read" in text_of(proposed)
    assert not holds(session, told.fact, now=candidate.now)
    assert candidate.says(sender=screen.application.requisition.recruiter.email) is Verdict.REFUSED


def test_every_mail_of_an_invitation_bears_one_organizer(session: Session, anna: Answering) -> None:
    assert anna.assignment is not None
    interview_mails.invite(session, anna.interview, anna.assignment, now=MONDAY)
    wanted = interviews.arrangement_of(anna.interview)
    interviews.change(session, anna.interview, replace(wanted, place="https://meet.example/other"), now=MONDAY)
    interviews.call_off(session, anna.interview, now=MONDAY)
    sent = [each for each in session.scalars(select(OutboxMail).order_by(OutboxMail.id)) if b"calendar" in each.message]
    assert [method_of(each) for each in sent] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {str(calendar_of(each).walk("VEVENT")[0]["ORGANIZER"]) for each in sent} == {f"mailto:{anna.address}"}
    assert {str(calendar_of(each).walk("VEVENT")[0]["UID"]) for each in sent} == {anna.interview.uid}


def test_where_no_address_is_set_all_is_as_it_was(session: Session, world: World, in_app: Flask) -> None:
    [mine] = world.loop(world.application(stage=StageKind.LOOP), (world.person("Anna A"),))
    interview_mails.invite(session, mine.interview, mine, now=MONDAY)
    [sent] = session.scalars(select(OutboxMail))
    assert str(calendar_of(sent).walk("VEVENT")[0]["ORGANIZER"]) == "mailto:hiring@tracker.example"
    raw = mail(plain(), calendar(ics()), to="replies+a1@tracker.example")
    assert replies.take(session, received(raw), now=MONDAY).verdict is Verdict.UNKNOWN


def test_of_an_erased_candidate_nothing_is_kept(session: Session, anna: Answering) -> None:
    application = anna.interview.application
    erased = {"by": application.requisition.recruiter, "now": MONDAY}
    erasure.erase(session, application.candidate, ErasureKind.REQUEST, **erased)
    assert anna.says() is Verdict.REFUSED
    row = session.scalars(select(Reply)).one()
    assert (row.sender, row.text, row.interview_id) == ("", "", None)
