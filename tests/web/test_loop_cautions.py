"""What is odd about a loop that is changed by hand: said as it is saved, and beside the e-mails of one that is out."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY
from tests.web.test_loops import interviews, ready, sent, typed, url
from tracker.models.application import Application


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY)


def test_a_draft_says_what_was_changed_and_what_is_odd_about_it(
    recruiter: Client, session: Session, application: Application
) -> None:
    ready(recruiter, application)
    first = interviews(session)[0]
    name = first.assignments[0].person.name
    edit = url(application, f"/interviews/{first.id}")
    assert "Save" in recruiter.get(edit).text
    page = recruiter.post(edit, data=typed(first, time="08:00"), follow_redirects=True).text
    odd = f"Interview 1 is at 08:00–09:00 for {name} (Europe/Berlin), outside of nine to five."
    gap = "There is a gap of 135 minutes between Interview 1 and Interview 2."
    assert f"Interview 1 is changed: Tue 10 Nov 2026, 08:00–09:00. {odd} {gap}" in page
    assert "A gap of 135 minutes" in page, "in the day, too"
    assert page.count(odd) == 2, "and where all that is worth a look stands"
    usual = recruiter.post(edit, data=typed(interviews(session)[0], time="10:00"), follow_redirects=True).text
    assert "Interview 1 is changed: Tue 10 Nov 2026, 10:00–11:00." in usual
    assert "outside of nine to five" not in usual


def test_what_a_change_brings_stands_beside_its_e_mails_and_can_be_sent_anyway(
    recruiter: Client, session: Session, application: Application
) -> None:
    sent(recruiter, application)
    first = interviews(session)[0]
    edit = url(application, f"/interviews/{first.id}")
    recruiter.reads_mails = True
    step = recruiter.post(edit, data=typed(first, time="08:00")).text
    assert "Worth a look before you confirm" in step
    assert "outside of nine to five" in step
    assert "have no place" not in step, "that was known before"
    usual = recruiter.post(edit, data=typed(first, time="09:45")).text
    assert "Worth a look before" not in usual
    recruiter.reads_mails = False
    assert recruiter.post(edit, data=typed(first, time="08:00")).status_code == 303
    assert interviews(session)[0].sequence == 1


def test_all_cautions_stand_beside_the_e_mails_of_a_loop_that_goes_out(
    recruiter: Client, application: Application
) -> None:
    ready(recruiter, application)
    recruiter.reads_mails = True
    step = recruiter.post(url(application, "/send")).text
    assert "Worth a look before you confirm" in step
    assert "Nobody is told where to meet" in step
