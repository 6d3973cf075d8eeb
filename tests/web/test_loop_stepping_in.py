"""Somebody else is offered for an interview to come alone; of one that has begun the page says what to do instead."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.web.test_loops import interviews, sent, typed, url
from tracker.models.application import Application
from tracker.models.interview import Interview
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person

pytestmark = pytest.mark.usefixtures("monday")

OFFER = "Replace its interviewer"
INSTEAD = "It has begun: nobody can step in any more."


def first_of(recruiter: Client, session: Session, application: Application) -> Interview:
    sent(recruiter, application)
    return interviews(session)[0]


@pytest.mark.parametrize(
    ("minutes", "is_offered"), [(-60 * 24, True), (0, False), (30, False), (60, False), (60 * 24 * 30, False)]
)
def test_nobody_is_replaced_once_it_has_begun(
    recruiter: Client,
    session: Session,
    application: Application,
    people: list[Person],
    at: TestClock,
    minutes: int,
    is_offered: bool,
) -> None:
    interview = first_of(recruiter, session, application)
    assert interview.starts_at is not None
    lead = interview.lead
    assert lead is not None
    seated = {each.assignments[0].person_id for each in interviews(session)}
    outside = next(each for each in people if each.id not in seated)
    outside.is_bar_raiser = True
    session.commit()
    edit, replace = url(application, f"/interviews/{interview.id}"), f"/interviews/{interview.id}/replace"
    at.set(interview.starts_at + timedelta(minutes=minutes))
    assert (f'href="{edit}/replace"' in recruiter.get(url(application)).text) is is_offered
    assert (f'href="{edit}/replace"' in recruiter.get(edit).text) is is_offered
    page = recruiter.get(url(application, replace)).text
    assert (f'name="person_id" value="{outside.id}"' in page) is is_offered
    assert (INSTEAD in page) is not is_offered
    assert (f'href="/scorecards/{lead.id}/waive"' in page) is not is_offered
    answer = recruiter.post(url(application, replace), data={"person_id": outside.id})
    session.expire_all()
    assert interview.lead is not None
    if is_offered:
        assert (answer.status_code, interview.lead.person_id) == (303, outside.id)
    else:
        assert (answer.status_code, interview.lead.person_id) == (422, lead.person_id)
        assert "has begun: nobody can step in any more" in answer.text


def test_the_loop_says_what_is_under_way_and_what_to_do_about_it(
    client: Client, recruiter: Client, session: Session, application: Application, people: list[Person], at: TestClock
) -> None:
    interview = first_of(recruiter, session, application)
    assert interview.starts_at is not None
    assert interview.ends_at is not None
    page = recruiter.get(url(application)).text
    assert "nder way" not in page
    assert INSTEAD not in page
    at.set(interview.starts_at)
    page = recruiter.get(url(application)).text
    assert "1 under way" in page
    line = page.split(f'data-interview="{interview.id}"')[1].split("</tr>")[0]
    assert "Under way" in line
    assert INSTEAD in line
    assert OFFER not in line
    assert page.count(INSTEAD) == 1
    others = page.split(f'data-interview="{interview.id}"')[1].split("</tr>", 1)[1]
    assert OFFER in others, "those are still to come"
    at.set(interview.ends_at)
    page = recruiter.get(url(application)).text
    assert "nder way" not in page
    assert INSTEAD not in page


def test_the_form_of_an_interview_that_has_begun_names_nobody_else_and_keeps_what_was_typed(
    recruiter: Client, session: Session, application: Application, people: list[Person], at: TestClock
) -> None:
    interview = first_of(recruiter, session, application)
    lead, before = interview.lead, session.query(OutboxMail).count()
    assert interview.ends_at is not None
    assert lead is not None
    outside = next(
        each for each in people if each.id not in {one.lead.person_id for one in interviews(session) if one.lead}
    )
    outside.is_bar_raiser = True
    session.commit()
    edit = url(application, f"/interviews/{interview.id}")
    assert INSTEAD not in recruiter.get(edit).text
    at.set(interview.ends_at + timedelta(minutes=30))
    assert INSTEAD in recruiter.get(edit).text
    answer = recruiter.post(edit, data=typed(interview, person_id=outside.id, place="Room 7"))
    assert answer.status_code == 422
    assert "Interview 1 has begun: nobody can step in any more. Once it is over, its scorecard" in answer.text
    assert f"as {lead.person.name} dictates it" in answer.text
    assert 'value="Room 7"' in answer.text
    assert f'<option selected value="{outside.id}">' in answer.text
    session.expire_all()
    assert (interview.lead, lead.ended_at, interview.place) == (lead, None, "")
    assert session.query(OutboxMail).count() == before
    later = typed(interview, person_id=outside.id, date="2026-11-12", time="15:00")
    assert recruiter.post(edit, data=later).status_code == 303
    session.expire_all()
    assert interview.lead is not None
    assert interview.lead.person_id == outside.id
