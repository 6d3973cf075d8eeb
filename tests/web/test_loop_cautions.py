"""What is odd about a loop that is changed by hand: said as it is saved, and beside the e-mails of one that is out."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.web.test_loops import interviews, ready, sent, typed, url
from tracker.models.application import Application
from tracker.models.person import Person

pytestmark = pytest.mark.usefixtures("monday")


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


def test_who_was_chosen_by_hand_gets_a_share_and_who_evaluates_nothing_is_named(
    recruiter: Client, session: Session, application: Application, people: list[Person]
) -> None:
    recruiter.post(url(application, "/plan"))
    first = interviews(session)[0]
    by_hand = {"person_id": people[2].id, "minutes": 60, "zone": "Europe/Berlin", "version": first.version}
    assert recruiter.post(url(application, f"/interviews/{first.id}"), data=by_hand).status_code == 303
    recruiter.post(url(application, "/people"))
    [chosen, *others] = [each.lead for each in interviews(session)]
    assert chosen is not None
    assert chosen.person == people[2]
    shares = [len(each.competencies) for each in (chosen, *others) if each is not None]
    assert min(shares) > 0
    assert max(shares) - min(shares) <= 1
    idle = f"{people[2].name} evaluates nothing in Interview 1"
    assert idle not in recruiter.get(url(application)).text
    empty, second = interviews(session)[:2]
    both = typed(empty)["competencies"] + typed(second)["competencies"]
    for each, evaluated in ((empty, []), (second, both)):
        edit = url(application, f"/interviews/{each.id}")
        assert recruiter.post(edit, data=typed(each, competencies=evaluated)).status_code == 303
    assert idle in recruiter.get(url(application)).text
