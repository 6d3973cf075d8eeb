"""Pages of a plan's reminders: in plain words, changed, refused, and back to the default."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import World
from tracker.models.interview_plan import InterviewPlan
from tracker.queries import settings
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import DEFAULT_LADDERS, Ladder, Role

SCORECARD = DeadlineKind.SCORECARD


@pytest.fixture
def plan(client: Client, world: World) -> InterviewPlan:
    client.sign_in(world.admin())
    return world.plan()


def path(plan: InterviewPlan, kind: str = "scorecard") -> str:
    return f"/settings/plans/{plan.id}/reminders/{kind}"


def typed(**changes: Any) -> dict[str, Any]:
    given = {
        "after": ["interviewer", "recruiter"],
        "hours_after": "2",
        "before_1": ["interviewer"],
        "before_0": ["interviewer"],
        "overdue_interviewer": "1",
        "overdue_recruiting_lead": "4",
        "last": "7",
        "gave_up_to": "recruiting_lead",
    }
    return given | changes


@pytest.mark.parametrize("kind", DeadlineKind)
def test_every_kind_has_its_page(client: Client, plan: InterviewPlan, kind: DeadlineKind) -> None:
    page = client.get(path(plan, kind.value))
    assert page.status_code == 200
    assert "This is the default." in page.text
    assert ("Hours after the interview" in page.text) == (kind is SCORECARD)


def test_the_plan_says_its_reminders_in_plain_words(client: Client, plan: InterviewPlan) -> None:
    page = client.get(f"/settings/plans/{plan.id}").text
    assert "from the 2nd also recruiter; from the 3rd also hiring manager." in page
    assert path(plan) in page


def test_a_ladder_is_saved_as_it_was_typed(client: Client, session: Session, plan: InterviewPlan) -> None:
    answer = client.post(path(plan), data=typed(version=plan.version))
    assert (answer.status_code, answer.location) == (303, f"/settings/plans/{plan.id}#reminders")
    session.expire_all()
    assert settings.ladder(plan, SCORECARD) == Ladder(
        after=frozenset({Role.INTERVIEWER, Role.RECRUITER}),
        hours_after=2,
        before={1: frozenset({Role.INTERVIEWER}), 0: frozenset({Role.INTERVIEWER})},
        overdue_from={Role.INTERVIEWER: 1, Role.RECRUITING_LEAD: 4},
        last=7,
        gave_up_to=Role.RECRUITING_LEAD,
    )
    page = client.get(path(plan)).text
    assert "After 7 overdue mornings it stops, and the recruiting lead is told." in page
    assert "Changed" in client.get(f"/settings/plans/{plan.id}").text


def test_what_the_page_shows_is_what_it_sends(client: Client, session: Session, plan: InterviewPlan) -> None:
    """Saving the form untouched changes nothing."""
    page = client.get(path(plan)).text
    assert page.count("checked") == 2
    for name, value in (
        ("overdue_interviewer", 1),
        ("overdue_recruiter", 2),
        ("overdue_hiring_manager", 3),
        ("last", 10),
    ):
        assert f'name="{name}"' in page
        assert f'value="{value}"' in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hours_after": "25"}, "a number from 1 to 24"),
        ({"overdue_interviewer": "0"}, "a number from 1 to 20"),
        ({"overdue_interviewer": "x"}, "Not a valid integer"),
        ({"before_0": ["owner"]}, "not a valid choice"),
        ({"last": "61"}, "a number from 1 to 60"),
        ({"last": "3"}, "would never be told"),
        ({"gave_up_to": ""}, "Say who is told when it stops"),
        ({"overdue_interviewer": "", "overdue_recruiting_lead": ""}, "Somebody has to hear"),
        ({"version": "77"}, "Somebody was faster"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_as_typed(
    client: Client, session: Session, plan: InterviewPlan, changes: dict[str, Any], said: str
) -> None:
    answer = client.post(path(plan), data=typed(**({"hours_after": "17"} | changes)))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="17"' in answer.text or "hours_after" in changes
    session.expire_all()
    assert plan.ladders == []


def test_back_to_the_default(client: Client, session: Session, plan: InterviewPlan) -> None:
    client.post(path(plan), data=typed())
    session.expire_all()
    answer = client.post(f"{path(plan)}/default", data={"version": plan.version - 1})
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text
    assert client.post(f"{path(plan)}/default", data={"version": plan.version}).status_code == 303
    session.expire_all()
    assert settings.ladder(plan, SCORECARD) == DEFAULT_LADDERS[SCORECARD]


def test_nobody_but_admins_and_no_other_kinds(client: Client, world: World, plan: InterviewPlan) -> None:
    for address in (path(plan, "coffee"), "/settings/plans/777/reminders/scorecard"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    client.sign_in(world.recruiter())
    for address in (path(plan), f"{path(plan)}/default"):
        assert client.post(address).status_code == 404
    assert client.get(path(plan)).status_code == 404
