"""When somebody declines or an interview has to move: the least is changed, and nobody who could step in is missed."""

from copy import deepcopy

import pytest

from tests.planner.oracle import Oracle
from tests.planner.tiny import tiny_case
from tracker.planner.desk import Desk
from tracker.planner.reading import read_case
from tracker.planner.substitutes import substitutes
from tracker.planner.terms import repair_terms
from tracker.planner.writing import plan_document


def planned(seeds):
    for seed in seeds:
        case = tiny_case(seed)
        read = read_case(case)
        found = Desk(read).plan(read.loops[0])
        if found is not None:
            yield seed, case, {"loops": [plan_document(found.plan)]}


def seats_of(document):
    return [
        (session, seat)
        for session in document["loops"][0]["sessions"]
        for seat in session["seats"]
        if seat["interviewer"]
    ]


def mended(case, previous, **repair):
    document = case | {"repair": {"previous": previous, "declined": [], **repair}}
    read = read_case(document)
    return document, Desk(read).plan(read.loops[0], repair_terms(read, "loop"))


@pytest.mark.parametrize("seeds", [range(0, 10), range(10, 20)], ids=str)
def test_who_declines_is_replaced_with_the_least_change(seeds):
    replaced = 0
    for seed, case, previous in planned(seeds):
        for _session, seat in seats_of(previous)[:2]:
            declined = [{"loop": "loop", "interviewer": seat["interviewer"]}]
            document, found = mended(case, previous, declined=declined)
            oracle = Oracle(document)
            assert (found and found.cost) == oracle.cheapest(), seed
            if found is not None:
                assert oracle.cost_of(plan_document(found.plan)) == found.cost, seed
                replaced += 1
    assert replaced


def test_nobody_declined_changes_nothing():
    for seed, case, previous in planned(range(15)):
        _document, found = mended(case, previous)
        assert plan_document(found.plan)["sessions"] == previous["loops"][0]["sessions"], seed


def test_an_interview_that_must_move_moves():
    moved = 0
    for seed, case, previous in planned(range(15)):
        session = previous["loops"][0]["sessions"][0]
        _document, found = mended(case, previous, moved=[{"loop": "loop", "session": session["session"]}])
        if found is not None:
            starts = {each["session"]: each["start"] for each in plan_document(found.plan)["sessions"]}
            assert starts[session["session"]] != session["start"], seed
            moved += 1
    assert moved


def test_substitutes_are_all_who_could_step_in():
    seen = set()
    for seed, document, previous in planned(range(20)):
        case = read_case(document)
        desk = Desk(case)
        plan = desk.plan(case.loops[0]).plan
        oracle = Oracle(document)
        for number, (_session, seat) in enumerate(seats_of(previous)):
            gone = seat["interviewer"]
            found = substitutes(desk, case.loops[0], plan, gone)
            could = {}
            for person in document["interviewers"]:
                changed = deepcopy(previous)
                seats_of(changed)[number][1].update(interviewer=person["id"])
                if person["id"] != gone:
                    could[person["id"]] = oracle.cost_of(changed["loops"][0])
            names = {each.interviewer for each in found}
            # Who could only with competencies dealt anew among all is found too.
            assert {who for who, cost in could.items() if cost is not None} <= names, seed
            assert [each.cost for each in found] == sorted(each.cost for each in found)
            seen |= names
    assert seen
