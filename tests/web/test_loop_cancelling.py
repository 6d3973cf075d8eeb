"""Cancelling one interview of a loop that went out: offered where the rest covers the plan, else said why not."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.web.test_loops import interviews, ready, sent, url
from tracker.models.application import Application
from tracker.models.interview_plan import PlanInterview
from tracker.models.person import Person

pytestmark = pytest.mark.usefixtures("monday")

WHY = "It cannot be cancelled alone. Without it: The loop has 4 interviews; the plan asks for 5."


def test_where_the_plan_wants_as_many_it_is_said_instead_of_asked_for(
    recruiter: Client, session: Session, application: Application
) -> None:
    ready(recruiter, application)
    edit = url(application, f"/interviews/{interviews(session)[0].id}")
    assert "Cancel this interview" in recruiter.get(edit).text, "a draft is changed freely"
    assert recruiter.post(url(application, "/send")).status_code == 303
    page = recruiter.get(url(application)).text
    assert page.count(WHY) == 5
    assert "Cancel this interview" not in page
    page = recruiter.get(edit).text
    assert WHY in page
    assert f'href="{edit}/replace"' in page
    assert "Cancel this interview" not in page
    refused = recruiter.post(f"{edit}/cancel", data={"reason": "Ill"})
    assert refused.status_code == 422
    assert "the plan asks for 5" in refused.text
    assert "Ill" in refused.text, "what was typed is kept"


def test_where_the_rest_covers_the_plan_it_is_offered_and_done(
    recruiter: Client, session: Session, application: Application, people: list[Person]
) -> None:
    sent(recruiter, application)
    spare = next(each for each in interviews(session) if each.assignments[0].person_id != people[0].id)
    dropped = {each.competency_id for each in spare.assignments[0].competencies}
    for each in application.requisition.plan.competencies:
        each.loop_times = 0 if each.competency_id in dropped else each.loop_times
    session.delete(session.scalars(select(PlanInterview)).all()[-1])
    edit = url(application, f"/interviews/{spare.id}")
    assert f'href="{edit}#cancel"' in recruiter.get(url(application)).text
    page = recruiter.get(edit).text
    assert "Cancel this interview" in page
    assert "cannot be cancelled alone" not in page
    assert recruiter.post(f"{edit}/cancel", data={"reason": "One less"}).status_code == 303
    assert len([each for each in interviews(session) if each.state == "cancelled"]) == 1
