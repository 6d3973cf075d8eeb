"""The bench's judge of plans finds what is wrong with one, and what people do by habit keeps the rules too."""

import copy

import pytest

from bench.planner.bound import lower_bound
from bench.planner.cases import draw_case
from bench.planner.habits import Habit, Order
from bench.planner.judge import Judge
from tracker.planner.batch import plan_all
from tracker.planner.desk import Desk
from tracker.planner.reading import read_case
from tracker.planner.writing import plan_document


@pytest.fixture(scope="module")
def document():
    return draw_case(seed=3, people=60, days=5, busy=0.5)


@pytest.fixture(scope="module")
def planned(document):
    case = read_case(document)
    return Desk(case).plan(case.loops[0])


def test_a_plan_costs_what_the_planner_says_and_habits_cost_more(document, planned):
    assert Judge(document).cost([plan_document(planned.plan)]) == planned.cost
    for order in Order:
        habit = Habit(document, order).plan_all()
        assert [each["status"] for each in habit] == ["planned"]
        assert Judge(document).cost(habit) > planned.cost


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (lambda document, plan: plan["sessions"][0].update(start="2026-03-02T09:00:00Z"), "H2"),
        (lambda document, plan: plan["sessions"][0].update(start=plan["sessions"][1]["start"]), "H3"),
        (lambda document, plan: seat(plan, 0).update(interviewer=seat(plan, 1)["interviewer"]), "H"),
        (lambda document, plan: seat(plan, 0).update(competencies=[]), "H10"),
        (lambda document, plan: person(document, plan).update(qualified=[]), "H9"),
        (lambda document, plan: person(document, plan).update(max_per_week=0), "H13, H15"),
        (lambda document, plan: person(document, plan).update(working_hours={}), "H13, H15"),
        (lambda document, plan: [each.update(bar_raiser=False) for each in document["interviewers"]], "H11"),
        (lambda document, plan: document["loops"][0].update(conflicts=[seat(plan, 0)["interviewer"]]), "H12"),
    ],
)
def test_what_breaks_a_rule_is_found(document, planned, changes, rule):
    changed, plan = copy.deepcopy(document), plan_document(planned.plan)
    changes(changed, plan)
    with pytest.raises(AssertionError, match=rule):
        Judge(changed).cost([plan])


def test_the_bound_of_a_loop_alone_is_what_it_costs(document, planned):
    assert lower_bound(read_case(document), planned.cost, rounds=1) == planned.cost


@pytest.mark.parametrize("seed", [1, 2])
def test_no_batch_costs_less_than_its_bound(seed):
    document = draw_case(seed, people=60, days=5, loops=4, busy=0.5)
    case = read_case(document)
    cost = Judge(document).cost([plan_document(plan) for plan in plan_all(Desk(case)).values()])
    alone = sum(Desk(case).plan(loop).cost for loop in case.loops)
    # Loops that take from one another cost more together than alone, and the bound knows it.
    assert alone < lower_bound(case, cost, rounds=20) <= cost


def seat(plan, number):
    return plan["sessions"][number]["seats"][0]


def person(document, plan):
    return next(each for each in document["interviewers"] if each["id"] == seat(plan, 0)["interviewer"])
