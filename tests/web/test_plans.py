"""Pages of interview plans: every part is a form of its own."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.interview_plan import InterviewPlan, PlanLimit
from tracker.models.record import RecordEntry
from tracker.rules.deadlines import END_OF_DAY
from tracker.rules.stages import ScreensMode, StageKind


@pytest.fixture(autouse=True)
def admin(client: Client, world: World, at: TestClock) -> None:
    at.set(MONDAY)
    client.sign_in(world.admin())


@pytest.fixture
def plan(world: World) -> InterviewPlan:
    return world.plan()


def stages_of(plan: InterviewPlan, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"plan-version": plan.version}
    for n, row in enumerate(plan.stages):
        facts = {"stage_id": row.id, "place": row.position, "name": row.name, "kind": row.kind.value}
        data |= {f"plan-stages-{n}-{key}": value for key, value in facts.items()}
    return data | {f"plan-stages-{key}": value for key, value in changes.items()}


def basics_of(plan: InterviewPlan, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "name": plan.name,
        "preparation": "Read **this**",
        "screens_mode": "one",
        "screen_minutes": "45",
        "choice_moves": "1",
        "choice_notice_days": "2",
        "due_time": "18:00",
        "is_active": "y",
        "version": plan.version,
    }
    return {f"basics-{key}": value for key, value in (given | changes).items()}


def test_a_plan_is_added_and_copied(client: Client, session: Session) -> None:
    answer = client.post("/settings/plans/new", data={"name": "🦊 محلل", "description": "For analysts"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for words in ("🦊 محلل", "Technical phone screen", "Interview 5", "the promise"):
        assert words in page
    assert "cannot be used as it stands" not in page
    copied = client.post(f"{answer.location}/duplicate", data={"copy-name": "The copy"})
    assert copied.status_code == 303
    assert "The copy" in client.get("/settings/plans").text


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "please fill this in"), ("x" * 301, "300 is the most"), ("SECURITY engineer", "choose another name")],
)
def test_names_that_cannot_be_are_refused(
    client: Client, session: Session, plan: InterviewPlan, name: str, said: str
) -> None:
    for path, data in (("new", {"name": name}), (f"{plan.id}/duplicate", {"copy-name": name})):
        answer = client.post(f"/settings/plans/{path}", data=data)
        assert answer.status_code == 422
        assert said in answer.text
    assert session.scalar(select(func.count(InterviewPlan.id))) == 1


def test_the_basics_are_saved(client: Client, session: Session, plan: InterviewPlan) -> None:
    path = f"/settings/plans/{plan.id}/basics"
    older = basics_of(plan, name="Older")
    assert client.post(path, data=basics_of(plan, due_time="23:59")).status_code == 303
    session.expire_all()
    assert (plan.screens_mode, plan.screen_minutes, plan.due_time) == (ScreensMode.ONE, 45, END_OF_DAY)
    assert not plan.screens_open
    answer = client.post(path, data=older)
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text
    assert "Older" in answer.text


def test_a_plan_may_leave_substitutes_to_the_recruiter_and_its_copy_too(
    client: Client, session: Session, plan: InterviewPlan
) -> None:
    path = f"/settings/plans/{plan.id}"
    assert plan.substitutes_sought
    assert client.post(f"{path}/basics", data=basics_of(plan)).status_code == 303
    assert client.post(f"{path}/duplicate", data={"copy-name": "The copy"}).status_code == 303
    session.expire_all()
    assert [each.substitutes_sought for each in session.scalars(select(InterviewPlan))] == [False, False]
    assert client.post(f"{path}/basics", data=basics_of(plan, substitutes_sought="y")).status_code == 303
    session.expire_all()
    assert plan.substitutes_sought


def test_a_plan_opens_the_phone_screens_to_the_loop_and_its_copy_too(
    client: Client, session: Session, plan: InterviewPlan
) -> None:
    path = f"/settings/plans/{plan.id}"
    assert client.post(f"{path}/basics", data=basics_of(plan, screens_open="y")).status_code == 303
    assert client.post(f"{path}/duplicate", data={"copy-name": "The copy"}).status_code == 303
    session.expire_all()
    assert [each.screens_open for each in session.scalars(select(InterviewPlan))] == [True, True]
    said = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "plans.edit")).all()
    assert any("open to the loop's interviewers" in text for text in said)


def test_a_plan_says_whether_and_how_candidates_choose_and_its_copy_too(
    client: Client, session: Session, plan: InterviewPlan
) -> None:
    path = f"/settings/plans/{plan.id}"
    chosen = {"candidates_choose": "y", "choice_moves": "3", "choice_notice_days": "0"}
    assert client.post(f"{path}/basics", data=basics_of(plan, **chosen)).status_code == 303
    assert client.post(f"{path}/duplicate", data={"copy-name": "The copy"}).status_code == 303
    session.expire_all()
    for each in session.scalars(select(InterviewPlan)):
        assert (each.candidates_choose, each.choice_moves, each.choice_notice_days) == (True, 3, 0)
    assert client.post(f"{path}/basics", data=basics_of(plan, choice_moves="0")).status_code == 303
    session.expire_all()
    assert (plan.candidates_choose, plan.choice_moves) == (False, 0)
    said = [text for text in session.scalars(select(RecordEntry.text)) if "choose" in text]
    name = f"The interview plan {plan.name} was changed: candidates"
    assert said == [
        f"{name} may choose when the loop is held. Once booked, it can be moved 3 times, until it begins.",
        f"{name} are not let choose when the loop is held",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "please fill this in"),
        ({"screens_mode": "many"}, "Not a valid choice"),
        ({"screen_minutes": "4"}, "lasts 5 to 480 minutes"),
        ({"screen_minutes": "x"}, "Not a valid integer"),
        ({"due_time": "25:00"}, "Not a valid time"),
        ({"choice_moves": "6"}, "0 to 5 times"),
        ({"choice_moves": ""}, "0 to 5 times"),
        ({"choice_notice_days": "-1"}, "business days from 0 to 10"),
        ({"choice_notice_days": ""}, "business days from 0 to 10"),
        ({"preparation": "x" * 20_001}, "20,000 is the most"),
    ],
)
def test_basics_that_cannot_be_are_refused(
    client: Client, plan: InterviewPlan, changes: dict[str, str], said: str
) -> None:
    answer = client.post(f"/settings/plans/{plan.id}/basics", data=basics_of(plan, **changes))
    assert answer.status_code == 422
    assert said in answer.text


def test_a_stage_is_put_between_two(client: Client, session: Session, plan: InterviewPlan) -> None:
    new = {"6-stage_id": "", "6-place": "2", "6-name": "Reference check", "6-kind": "custom", "7-name": ""}
    data = stages_of(plan, **new) | {"once": "k", "plan-stages-7-kind": "custom"}
    for _ in range(2):
        answer = client.post(f"/settings/plans/{plan.id}/stages", data=data)
        assert (answer.status_code, answer.location) == (303, f"/settings/plans/{plan.id}#stages")
    session.expire_all()
    assert [row.name for row in plan.stages][:3] == ["Application review", "Reference check", "Technical phone screen"]
    assert len(plan.stages) == 7


def test_a_stage_in_which_somebody_stands_is_not_removed(
    client: Client, session: Session, world: World, plan: InterviewPlan
) -> None:
    world.application(world.requisition(plan=plan), stage=StageKind.OFFER)
    answer = client.post(f"/settings/plans/{plan.id}/stages", data=stages_of(plan, **{"5-name": ""}))
    assert answer.status_code == 422
    assert "1 application stands there" in answer.text
    session.expire_all()
    assert len(plan.stages) == 6


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"0-name": ""}, "first stage has to be"),
        ({"3-place": "6"}, "comes before"),
        ({"5-kind": "loop"}, "one stage of the kind “Loop” only"),
        ({"1-name": "", "2-name": ""}, "asks for phone screens"),
        ({"1-name": "x" * 301}, "300 is the most"),
        ({"1-place": "100"}, "a number from 1 to 99"),
        ({"1-kind": "nonsense"}, "Not a valid choice"),
        ({"1-stage_id": "77777"}, "Somebody was faster"),
    ],
)
def test_stages_that_cannot_be_are_refused_and_kept_as_typed(
    client: Client, session: Session, plan: InterviewPlan, changes: dict[str, str], said: str
) -> None:
    answer = client.post(
        f"/settings/plans/{plan.id}/stages", data=stages_of(plan, **changes, **{"4-name": "Typed words"})
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert "Typed words" in answer.text
    session.expire_all()
    assert plan.stages[4].name == "Outcome"


def test_the_interviews_are_saved(client: Client, session: Session, plan: InterviewPlan) -> None:
    path = f"/settings/plans/{plan.id}/interviews"
    data = {"loop-interviews-0-name": "Coding", "loop-interviews-0-minutes": "90", "loop-interviews-1-name": "Design"}
    assert client.post(path, data=data | {"loop-version": plan.version}).status_code == 303
    session.expire_all()
    assert [(row.name, row.minutes) for row in plan.interviews] == [("Coding", 90), ("Design", 60)]
    answer = client.post(path, data={"loop-interviews-0-name": ""})
    assert "a loop without interviews" in answer.text
    answer = client.post(path, data=data | {"loop-interviews-0-minutes": "500"})
    assert "lasts 5 to 480 minutes" in answer.text


def test_the_competencies_are_saved(client: Client, session: Session, plan: InterviewPlan) -> None:
    path = f"/settings/plans/{plan.id}/competencies"
    first = plan.competencies[0].competency_id
    data = {"cover-competencies-0-competency_id": first, "cover-competencies-0-loop_times": "2"}
    assert client.post(path, data=data).status_code == 303
    session.expire_all()
    assert [(row.competency_id, row.loop_times) for row in plan.competencies] == [(first, 2)]
    for times, said in (("6", "6 times, once in an interview"), ("11", "0 to 10 times"), ("x", "Not a valid integer")):
        answer = client.post(path, data=data | {"cover-competencies-0-loop_times": times})
        assert answer.status_code == 422
        assert said in answer.text
    answer = client.post(path, data=data | {"cover-competencies-0-competency_id": "77777"})
    assert "not in use was chosen" in answer.text


def test_a_change_of_a_limit_is_entered_shown_and_taken_back(
    client: Client, session: Session, plan: InterviewPlan
) -> None:
    path = f"/settings/plans/{plan.id}/limits"
    data = {"limit-kind": "promise", "limit-business_days": "4", "limit-on": "2026-11-09"}
    assert client.post(path, data=data | {"limit-version": plan.version}).status_code == 303
    page = client.get(f"/settings/plans/{plan.id}").text
    for words in ("until Sun 8 Nov 2026", "from Mon 9 Nov 2026 on", "Take back"):
        assert words in page
    coming = session.scalars(select(PlanLimit.id).where(PlanLimit.business_days == 4)).one()
    session.refresh(plan)
    answer = client.post(f"{path}/{coming}/take-back", data={"version": plan.version})
    assert answer.status_code == 303
    assert "from Mon 9 Nov 2026 on" not in client.get(f"/settings/plans/{plan.id}").text
    assert client.post(f"{path}/{coming}/take-back", data={}).status_code == 422


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"limit-business_days": "61"}, "from 0 to 60"),
        ({"limit-business_days": "-1"}, "from 0 to 60"),
        ({"limit-business_days": ""}, "Give a number"),
        ({"limit-on": ""}, "Choose the day"),
        ({"limit-on": "2026-11-01"}, "the past stays"),
        ({"limit-on": "9999-11-01"}, "within ten years"),
        ({"limit-kind": "lunch"}, "Not a valid choice"),
        ({"limit-version": "99"}, "Somebody was faster"),
    ],
)
def test_a_limit_that_cannot_be_is_told(
    client: Client, session: Session, plan: InterviewPlan, changes: dict[str, str], said: str
) -> None:
    data = {"limit-kind": "promise", "limit-business_days": "4", "limit-on": "2026-11-09"} | changes
    answer = client.post(f"/settings/plans/{plan.id}/limits", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(PlanLimit)).all() == []
