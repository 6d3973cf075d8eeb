"""What ``tracker plan`` answers: its three exits, and points that add up by a reckoning of their own."""

import json

import pytest

from tests.planner.oracle import Oracle
from tests.planner.tiny import tiny_case
from tracker.planner.answering import reply_to
from tracker.planner.fields import BadCase
from tracker.planner.knobs import Knob

SEEDS = range(12)


def test_a_plan_or_an_explanation():
    codes = set()
    for seed in SEEDS:
        case = tiny_case(seed)
        reply, oracle = reply_to(json.dumps(case)), Oracle(case)
        codes.add(reply.code)
        if reply.code == 0:
            (loop,) = reply.document["loops"]
            assert reply.document["objective"] == oracle.cost_of(loop) == sum(reply.document["parts"].values()), seed
            assert reply.document["proven"]
        else:
            assert reply.document["status"] == "infeasible"
            names = {name for each in reply.document["relaxations"] for name in each["relax"].split("+")}
            assert names <= set(Knob)
            assert oracle.cheapest() is None
    assert codes == {0, 3}


def repaired(case):
    plan = reply_to(json.dumps(case)).document
    seats = [seat for session in plan["loops"][0]["sessions"] for seat in session["seats"] if seat["interviewer"]]
    declined = [{"loop": "loop", "interviewer": seats[0]["interviewer"]}]
    return case | {"repair": {"previous": plan, "declined": declined}}


def test_the_points_of_a_repair_add_up():
    changed = set()
    for seed in SEEDS:
        case = tiny_case(seed)
        if reply_to(json.dumps(case)).code == 0:
            repair = repaired(case)
            reply = reply_to(json.dumps(repair))
            if reply.code == 0:
                assert reply.document["objective"] == Oracle(repair).cost_of(reply.document["loops"][0]), seed
                changed |= {"time_changed", "person_changed"} & set(reply.document["parts"])
    assert changed


def test_many_loops_share_the_people():
    first, second = tiny_case(3), tiny_case(3)
    second["loops"][0]["id"] = "second"
    document = reply_to(json.dumps(first | {"loops": first["loops"] + second["loops"]})).document
    planned = [loop for loop in document["loops"] if loop["status"] == "planned"]
    assert planned
    held = [
        (seat["interviewer"], session["start"])
        for loop in planned
        for session in loop["sessions"]
        for seat in session["seats"]
        if seat["interviewer"]
    ]
    assert len(held) == len(set(held))
    assert document["parts"].get("unplanned", 0) == 100_000 * (2 - len(planned))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The case is not JSON"),
        (b"\xff\xfe\xff", "The case is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "The case is not an object."),
        ("{}", "format is missing."),
    ],
    ids=["empty", "no text", "deep", "list", "nothing"],
)
def test_what_is_no_case(text, sentence):
    with pytest.raises(BadCase, match=sentence):
        reply_to(text)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda case: case["loops"][0]["candidate"].update(timezone="Mars/Olympus"), "loops[0].candidate.timezone"),
        (lambda case: case["interviewers"][1].update(max_per_day=-1), "interviewers[1].max_per_day"),
        (lambda case: case["loops"][0]["sessions"][0].update(minutes="60"), "loops[0].sessions[0].minutes"),
        (lambda case: case["horizon"].update(start="tomorrow"), "horizon.start"),
        (lambda case: case["interviewers"][0].update(busy=[["2026-03-30T09:00:00Z"]]), "interviewers[0].busy[0]"),
        (lambda case: case.update(grid_minutes=7), "grid_minutes"),
    ],
    ids=["zone", "cap", "minutes", "instant", "pair", "grid"],
)
def test_a_bad_case_names_its_field(change, place):
    case = tiny_case(3)
    change(case)
    with pytest.raises(BadCase) as refused:
        reply_to(json.dumps(case))
    assert str(refused.value).startswith(place)
