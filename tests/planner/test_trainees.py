"""People in training beside a plan's leads: every rule holds, nobody more could sit, and no lead's plan is touched."""

from copy import deepcopy
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from tests.planner.oracle import Oracle
from tests.planner.tiny import Json, tiny_case
from tracker.planner.case import Assigned, Case, Held, LoopPlan
from tracker.planner.desk import Desk
from tracker.planner.reading import read_case
from tracker.planner.trainees import Sitting, seat_trainees
from tracker.planner.writing import plan_document


def leads_only(document: Json) -> Json:
    """The case with leads' seats alone; each has something that it evaluates, so that there is something to learn."""
    found = deepcopy(document)
    for session in found["loops"][0]["sessions"]:
        session["seats"] = [seat for seat in session["seats"] if seat["role"] == "interviewer"]
        session["seats"][0]["competencies"] = session["seats"][0]["competencies"] or ["a"]
    found["loops"][0]["max_competencies_per_seat"] = 2
    return found


def with_seats(document: Json, plan: LoopPlan, sittings: list[Sitting]) -> tuple[Json, Json]:
    """The case and the plan with a shadow's seat for each who sits in."""
    found, written = deepcopy(document), plan_document(plan)
    taken = {each.interview: each for each in sittings}
    for session, held in zip(found["loops"][0]["sessions"], written["sessions"], strict=True):
        if session["id"] in taken:
            who, what = taken[session["id"]].interviewer, taken[session["id"]].competencies[0]
            session["seats"].append({"id": "trainee", "role": "shadow", "competency": what, "required": False})
            held["seats"].append({"seat": "trainee", "interviewer": who, "competencies": []})
    return found, written


def is_kept(document: Json, plan: LoopPlan, sittings: list[Sitting]) -> bool:
    found, written = with_seats(document, plan, sittings)
    return Oracle(found).cost_of(written) is not None


def evaluated(plan: LoopPlan, interview: str) -> set[str]:
    held = next(each for each in plan.interviews if each.interview == interview)
    return {name for seat in held.assigned for name in seat.competencies}


@pytest.mark.parametrize("seeds", [range(start, start + 20) for start in range(0, 120, 20)], ids=str)
def test_every_rule_holds_and_nobody_more_could_sit(seeds: range) -> None:
    seated = 0
    for seed in seeds:
        document = leads_only(tiny_case(seed))
        case = read_case(document)
        planned = Desk(case).plan(case.loops[0])
        if planned is None:
            continue
        for most in (1, 2):
            sittings = seat_trainees(case, case.loops[0], planned.plan, most)
            seated += len(sittings)
            assert len(sittings) <= most
            assert len({each.interview for each in sittings}) == len(sittings)
            assert is_kept(document, planned.plan, sittings), seed
            for each in sittings:
                assert set(each.competencies) <= evaluated(planned.plan, each.interview)
            assert len(sittings) == most_possible(document, case, planned.plan, most), seed
    assert seated > 3


def most_possible(document: Json, case: Case, plan: LoopPlan, most: int) -> int:
    """How many could sit at best: everybody is tried everywhere."""
    single = [
        Sitting(held.interview, person.id, (name,))
        for person in case.interviewers
        for held in plan.interviews
        for name in sorted(person.training & evaluated(plan, held.interview))[:1]
    ]
    possible = [each for each in single if is_kept(document, plan, [each])]
    pairs = permutations(possible, 2)
    if most > 1 and any(is_kept(document, plan, [*pair]) for pair in pairs if pair[0].interview != pair[1].interview):
        return 2
    return int(bool(possible))


def hours(*pairs: tuple[int, int]) -> np.ndarray:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@pytest.fixture
def two() -> tuple[Case, LoopPlan]:
    """Two interviews at ten and eleven, two in training for what the first evaluates, one of them for both."""
    document = leads_only(tiny_case(1))
    everyday = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    lead = document["interviewers"][0] | {
        "busy": [], "tentative": [], "booked": [], "max_per_day": 5, "max_per_week": 9, "timezone": "UTC",
        "working_hours": everyday, "training": [], "qualified": ["a", "b"],
    }  # fmt: skip
    people = [lead | {"id": name} for name in ("lead 1", "lead 2", "early", "late")]
    people[2]["training"], people[3]["training"] = ["a", "b"], ["a"]
    document["interviewers"], document["rooms"] = people, []
    loop = document["loops"][0]
    loop |= {"conflicts": [], "phone_screened_by": [], "site": None, "rubric": []}
    seat = {"id": "lead", "role": "interviewer", "competencies": []}
    loop["sessions"] = [{"id": name, "minutes": 60, "seats": [seat | {"competencies": [name]}]} for name in ("a", "b")]
    case = read_case(document)
    start = int(case.starts_at) + 24 * 60
    start -= start % 60
    plan = LoopPlan(
        "loop",
        tuple(Held(name, start + 60 * n, (Assigned("lead", f"lead {n + 1}", (name,)),)) for n, name in enumerate("ab")),
    )
    return replace(case, interviewers=case.interviewers[2:]), plan


def seats(case: Case, plan: LoopPlan, most: int = 2) -> dict[str, str]:
    return {each.interviewer: each.interview for each in seat_trainees(case, case.loops[0], plan, most)}


def test_both_find_a_seat_although_the_first_could_take_the_only_one_of_the_second(two: tuple[Case, LoopPlan]) -> None:
    assert seats(*two) == {"early": "b", "late": "a"}


def test_who_comes_first_sits_where_one_alone_may(two: tuple[Case, LoopPlan]) -> None:
    assert seats(*two, most=1) == {"early": "a"}
    assert seats(*two, most=0) == {}


def test_tentative_events_are_avoided_and_busy_ones_bind(two: tuple[Case, LoopPlan]) -> None:
    case, plan = two
    start = plan.interviews[0].starts_at
    early, late = case.interviewers
    perhaps = replace(case, interviewers=(replace(early, tentative=hours((start + 10, start + 20))),))
    assert seats(perhaps, plan) == {"early": "b"}
    busy = replace(case, interviewers=(early, replace(late, busy=hours((start - 30, start + 1)))))
    assert seats(busy, plan) == {"early": "a"}
    full = replace(case, interviewers=(replace(early, daily_cap=0), late))
    assert seats(full, plan) == {"late": "a"}


def test_leads_and_whom_a_conflict_bars_do_not_sit_in(two: tuple[Case, LoopPlan]) -> None:
    case, plan = two
    early, late = case.interviewers
    assert seats(replace(case, interviewers=(replace(early, id="lead 2"), late)), plan) == {"late": "a"}
    barred = replace(case.loops[0], conflicts=frozenset({"early"}))
    assert {each.interviewer for each in seat_trainees(case, barred, plan, 2)} == {"late"}


def test_who_wants_no_seat_then_gets_none(two: tuple[Case, LoopPlan]) -> None:
    case, plan = two
    later = plan.interviews[1].starts_at
    found = seat_trainees(case, case.loops[0], plan, 1, lambda who, at: who == "early" and at >= later)
    assert [(each.interviewer, each.interview, each.competencies) for each in found] == [("early", "b", ("b",))]
