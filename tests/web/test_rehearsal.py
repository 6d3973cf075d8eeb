"""Before e-mails go out: who gets what is shown, a candidate's words can be edited, facts cannot."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, step_of
from tests.factories import MONDAY, World
from tests.pipeline import mails
from tests.pipeline.mails import events_of, of_kind
from tracker.mail import outbox
from tracker.mail.messages import Address, Mail
from tracker.models.application import Application
from tracker.models.candidate import Document
from tracker.models.interview import Interview
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind, Person
from tracker.models.record import OnceKey, RecordEntry
from tracker.rules.stages import ApplicationState, StageKind

pytestmark = pytest.mark.usefixtures("monday")

SUBJECT, TEXT = "mail-1-screen_invitation-subject", "mail-1-screen_invitation-text"


@pytest.fixture
def application(world: World) -> Application:
    candidate = world.candidate("Cleo {{ when }} <b>", zone="America/New_York")
    return world.application(stage=StageKind.PHONE_SCREEN, candidate=candidate)


@pytest.fixture
def ana(world: World, application: Application) -> Person:
    ana = world.person("Ana Leader", is_senior_leader=True)
    return world.qualify(ana, application.requisition.plan, InterviewKind.PHONE_SCREEN)


@pytest.fixture
def reader(client: Client, application: Application) -> Client:
    """The recruiter's browser, which stops where e-mails are to be read."""
    client.sign_in(application.requisition.recruiter)
    client.reads_mails = True
    return client


def arrange(reader: Client, application: Application, ana: Person, **changes: Any) -> Any:
    typed = {"date": "2026-11-04", "time": "15:00", "zone": "Europe/Berlin", "minutes": 60, "place": "Room 7"}
    return reader.post(
        f"/applications/{application.id}/screens/new", data=typed | {"person_id": ana.id, "once": "k"} | changes
    )


def text_of(mail: OutboxMail) -> str:
    return mails.text_of(mail).replace("\r\n", "\n")


def send(reader: Client, step: Any, **typed: str) -> Any:
    return reader.post(step.request.path, data=step_of(step, **typed))


def nothing_happened(session: Session) -> bool:
    rows = (Interview, OutboxMail, RecordEntry, OnceKey)
    return not any(session.scalars(select(row)).first() for row in rows)


def test_who_gets_what_is_shown_and_nothing_is_done(
    reader: Client, session: Session, application: Application, ana: Person
) -> None:
    step = arrange(reader, application, ana)
    assert step.status_code == 200
    assert "these 2 e-mails go out" in step.text
    for shown in (ana.email, application.candidate.email, "With a calendar file"):
        assert shown in step.text
    assert "Your phone screen with Example Works, Wed 4 Nov 2026, 09:00–10:00 (America/New_York)" in step.text
    assert "Phone screen with Cleo" in step.text, "the interviewer's own subject"
    assert step.text.count("<textarea") == 1, "the candidate's words alone can be edited"
    assert nothing_happened(session)


def test_sent_as_they_are(reader: Client, session: Session, application: Application, ana: Person) -> None:
    step = arrange(reader, application, ana)
    for _ in range(2):
        assert send(reader, step).status_code == 303, "a second click has no second effect"
    assert len(session.scalars(select(OutboxMail)).all()) == 2
    assert "Hello Cleo {{ when }} <b>," in text_of(of_kind(session, "screen_invitation")[0])
    assert not any(entry.verb == "mails.edit" for entry in session.scalars(select(RecordEntry)))


def test_edited_words_go_out_with_the_facts_of_that_moment_and_the_record_says_so(
    reader: Client, session: Session, application: Application, ana: Person
) -> None:
    step = arrange(reader, application, ana)
    words = {SUBJECT: "Let us talk\r\nBcc: x@example.org", TEXT: "Dear Cleo,\r\n\r\nbring <tea>.\r\n" + facts(step)}
    answer = send(reader, step, **words)
    assert answer.status_code == 303
    [mail] = of_kind(session, "screen_invitation")
    assert mail.subject == "Let us talk Bcc: x@example.org"
    text = text_of(mail)
    assert text.startswith("Dear Cleo,\n\nbring <tea>.\nWed 4 Nov 2026, 09:00–10:00 (America/New_York)\n60\nAna Leader")
    assert text.rstrip().endswith("You get this e-mail because of an application at Example Works.")
    assert events_of(mail) == [("CONFIRMED", 0)]
    [entry] = session.scalars(select(RecordEntry).where(RecordEntry.verb == "mails.edit"))
    assert (entry.application_id, entry.by_id) == (application.id, application.requisition.recruiter_id)
    assert "Phone screen: invitation" in entry.text


def facts(step: Any) -> str:
    return "\n".join(re.findall(r"<dt>({{ \w+ }})</dt>", step.text))


def test_looking_shows_the_words_filled_in(
    reader: Client, session: Session, application: Application, ana: Person
) -> None:
    step = arrange(reader, application, ana)
    data = step_of(step, **{TEXT: "Until then, at {{ when }}! " + facts(step)})
    del data["send"]
    looked = reader.post(step.request.path, data=data | {"look": "1"})
    assert looked.status_code == 200
    assert "Until then, at Wed 4 Nov 2026, 09:00–10:00 (America/New_York)!" in looked.text
    assert "In your words" in looked.text
    assert nothing_happened(session)
    assert send(reader, looked).status_code == 303
    assert "Until then" in text_of(of_kind(session, "screen_invitation")[0])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({TEXT: "Come at noon."}, "{{ when }} stays in the text: please put it back."),
        ({TEXT: "{{ when }} {{ minutes }} {{ interviewer }} {{ place }} {{ promise }}"}, "no field {{ promise }}"),
        ({TEXT: "{{ when }} {{ minutes }} {{ interviewer }} {{ place }}\n{% if x %}"}, "Line 2: “{% if x %}”"),
        ({TEXT: ""}, "a subject and a text"),
        ({SUBJECT: "  "}, "a subject and a text"),
        ({SUBJECT: "{{ link }}"}, "Subject: there is no field {{ link }}"),
        ({SUBJECT: "x" * 201}, "At most 200 characters"),
    ],
)
def test_words_without_the_facts_are_refused_and_kept(
    reader: Client, session: Session, application: Application, ana: Person, typed: dict[str, str], words: str
) -> None:
    answer = send(reader, arrange(reader, application, ana), **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Nothing was sent" in answer.text
    [(name, text)] = typed.items()
    assert step_of(answer)[name] == text.strip()
    assert nothing_happened(session)


def test_what_is_not_shown_any_more_is_shown_again_before_it_goes_out(
    reader: Client, session: Session, world: World, application: Application, ana: Person
) -> None:
    step = arrange(reader, application, ana)
    answer = send(reader, step, place="Room 8")
    assert answer.status_code == 422
    assert "has changed since you read it" in answer.text
    assert "Where: Room 8" in answer.text
    assert nothing_happened(session)
    assert send(reader, answer).status_code == 303


def test_pressing_send_without_having_seen_anything_shows_it(
    reader: Client, session: Session, application: Application, ana: Person
) -> None:
    assert arrange(reader, application, ana, send="1", shown="").status_code == 422
    assert nothing_happened(session)


def test_words_wait_while_the_form_is_changed(
    reader: Client, session: Session, application: Application, ana: Person
) -> None:
    step = arrange(reader, application, ana)
    words = "Dear Cleo, bring tea.\n" + facts(step)
    form = reader.post(step.request.path, data=step_of(step, **{TEXT: words}) | {"change": "1"})
    assert form.status_code == 200
    assert 'value="2026-11-04"' in form.text
    assert "bring tea" in form.text
    step = arrange(reader, application, ana, time="16:00", **{TEXT: words})
    assert send(reader, step).status_code == 303
    text = text_of(of_kind(session, "screen_invitation")[0])
    assert text.startswith("Dear Cleo, bring tea.\nWed 4 Nov 2026, 10:00–11:00 (America/New_York)")


def test_what_others_post_in_between_is_neither_shown_nor_touched(
    reader: Client, session: Session, application: Application, ana: Person
) -> None:
    """Collected are the mails of this very transaction: another one's may have any number."""
    with reader.application.app_context(), outbox.watched(session) as posted:
        other = Mail("nudge", Address("Ada", "ada@example.org"), "Hello", "Text", "<p>Text</p>")
        row = outbox.post(session, other, now=MONDAY, dedupe_key="other")
        again = outbox.post(session, other, now=MONDAY, dedupe_key="other")
    assert [each.row for each in posted] == [row]
    assert again is row
    assert "ada@example.org" not in arrange(reader, application, ana).text


def test_the_keys_of_personal_links_are_not_shown_and_stay_in_edited_words(
    reader: Client, session: Session, application: Application
) -> None:
    url = f"/requisitions/{application.requisition_id}/candidates/new"
    typed = {"name": "Zoë", "email": "zoe@mail.example", "zone": "Asia/Tokyo", "source": "Referral", "tell": "y"}
    step = reader.post(url, data=typed | {"resume": (BytesIO(b"%PDF-1.7"), "cv.pdf")})
    assert "http://tracker.example/my/…" in step.text
    assert not re.search(r"/my/[\w-]{8}", step.text)
    words = {"mail-0-application_received-text": "Dear Zoë, see {{ link }}"}
    assert send(reader, step, **words).status_code == 303
    [mail] = of_kind(session, "application_received")
    assert re.match(r"Dear Zoë, see http://tracker.example/my/[\w-]{20,}\n", text_of(mail))
    document = session.scalars(select(Document)).one()
    assert document.name == "cv.pdf", "the file came along"


def test_a_file_that_nobody_sent_cannot_be_named(reader: Client, session: Session, application: Application) -> None:
    url = f"/requisitions/{application.requisition_id}/candidates/new"
    typed = {"name": "Zoë", "email": "zoe@mail.example", "zone": "Asia/Tokyo", "source": "Referral", "kept": "forged"}
    answer = reader.post(url, data=typed)
    assert answer.status_code == 422
    assert "please choose it again" in answer.text


def test_an_end_shows_cancellations_and_the_letter(
    reader: Client, session: Session, world: World, application: Application
) -> None:
    world.interview(application, world.person("Iris"), starts_at=MONDAY + timedelta(days=1))
    url = f"/applications/{application.id}/close"
    data = {"end": "rejected:position_filled", "reason": "Filled", "tell": "y"}
    step = reader.post(url, data=data)
    assert "these 3 e-mails go out" in step.text
    back = reader.post(url, data=step_of(step) | {"change": "1"})
    assert back.status_code == 200
    assert "data-dialog-now" in back.text
    assert "Filled" in back.text
    session.refresh(application)
    assert application.state is ApplicationState.ACTIVE
    letter = {"mail-2-closed-text": "Dear Cleo, sorry."}
    assert send(reader, step, **letter).status_code == 303
    assert text_of(of_kind(session, "closed")[0]).startswith("Dear Cleo, sorry.\n")
    assert len(session.scalars(select(OutboxMail)).all()) == 3


def test_without_e_mails_there_is_no_step(reader: Client, application: Application) -> None:
    data = {"end": "withdrawn:candidate_withdrew", "reason": "Called us"}
    assert reader.post(f"/applications/{application.id}/close", data=data).status_code == 303


def test_a_script_cannot_skip_the_step(reader: Client, session: Session, application: Application) -> None:
    data = {"end": "rejected:position_filled", "reason": "Filled", "tell": "y"}
    headers = {"Accept": "application/json"}
    answer = reader.post(f"/applications/{application.id}/close", data=data, headers=headers)
    assert (answer.status_code, answer.json["ok"]) == (422, False)
    assert "can be read first" in answer.json["message"]
    assert nothing_happened(session)


def test_what_staff_get_cannot_be_edited_by_forged_fields(
    reader: Client, session: Session, application: Application, ana: Person
) -> None:
    step = arrange(reader, application, ana)
    forged = {"mail-0-interview_invitation-text": "Pay me.", "mail-0-interview_invitation-subject": "Pay me"}
    assert send(reader, step, **forged).status_code == 303
    assert not any("Pay me" in text_of(mail) for mail in session.scalars(select(OutboxMail)))


def test_a_new_person_gets_what_was_read(reader: Client, session: Session, world: World) -> None:
    reader.sign_in(world.admin())
    facts = {"name": "Nora", "email": "nora@tracker.example", "zone": "Europe/Berlin", "daily_cap": 2, "weekly_cap": 5}
    step = reader.post("/settings/people/new", data=facts)
    assert "To Nora" in step.text
    assert "Set your password within three days" in step.text
    assert not re.search(r"/set-password/[\w-]{8}", step.text)
    answer = send(reader, step)
    assert answer.status_code == 303
    person = session.scalars(select(Person).where(Person.email == "nora@tracker.example")).one()
    assert answer.location == f"/settings/people/{person.id}"
