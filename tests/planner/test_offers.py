"""Times to choose from: each a plan of its own day, formed again for the same times, and bounded in what they cost."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product
from unittest.mock import Mock

import numpy as np

from tests.planner.oracle import Oracle
from tests.planner.tiny import MONDAY, span, tiny_case
from tracker.planner import offers as module
from tracker.planner.case import Days
from tracker.planner.desk import Desk
from tracker.planner.explaining import explain
from tracker.planner.grid import local_day
from tracker.planner.lacking import what_lacks
from tracker.planner.offers import offers, times_of, within
from tracker.planner.reading import read_case
from tracker.planner.writing import plan_document


def cases(count=16):
    for seed in range(count):
        document = tiny_case(seed)
        loop = document["loops"][0]
        loop["candidate"]["windows"] += [span(MONDAY + timedelta(days=day, hours=9), 480) for day in (1, 2, 3, 4)]
        case = read_case(document)
        yield seed, document, case, Desk(case)


def test_each_is_a_plan_within_one_day_and_all_are_at_other_times():
    numbers = set()
    for seed, document, case, desk in cases():
        loop, oracle = case.loops[0], Oracle(document)
        found = offers(desk, loop, most=6)
        numbers.add(len(found))
        times = [times_of(loop, each) for each in found]
        assert times == sorted(set(times)), seed
        for each in found:
            assert oracle.cost_of(plan_document(each)) is not None, seed
            days = [local_day(held.starts_at, loop.zone) for held in each.interviews]
            assert len(set(days)) == 1, seed
        # A second time of a day is offered only where every day that has one has its first.
        by_day = [local_day(each[0][0], loop.zone) for each in times]
        if len(set(by_day)) < len(by_day) or len(found) < 6:
            for day in module.dates_of(loop):
                assert (day in by_day) == desk.can_plan(module._on(loop, day)), seed
    assert 0 in numbers
    assert max(numbers) > 3


def test_not_all_begin_at_the_same_hour_where_another_can_be():
    varied = 0
    for seed, _document, case, desk in cases():
        loop = case.loops[0]
        times = [times_of(loop, each) for each in offers(desk, loop, most=8)]
        apart = {abs(a[0][0] - b[0][0]) % (24 * 60) for a, b in pairwise(times)}
        if len(times) > 2 and not any(module.CLEARLY <= each <= 24 * 60 - module.CLEARLY for each in apart):
            # Then no day has a plan at clearly other hours.
            on = {local_day(each[0][0], loop.zone): each for each in times}
            others = [other for day, each in on.items() for other in module._others(module._on(loop, day), each)]
            assert not any(other.windows.size and desk.can_plan(other) for other in others), seed
        varied += len(times) > 2
    assert varied


def test_what_is_offered_can_be_formed_again_at_these_very_times():
    formed = 0
    for seed, _document, case, desk in cases():
        loop = case.loops[0]
        for each in offers(desk, loop, most=4):
            times = times_of(loop, each)
            again = desk.plan(within(loop, times))
            assert again is not None, seed
            assert times_of(loop, again.plan) == times, seed
            formed += 1
    assert formed > 10


def test_times_that_no_plan_could_have_are_no_times_of_the_loop():
    _, _, case, _ = next(cases(1))
    total, interview = 120, replace(case.loops[0].interviews[0], minutes=60)
    windows = np.array([[6000, 6000 + total], [9000, 9000 + total]])
    loop = replace(case.loops[0], interviews=(interview, interview), windows=windows)
    good = ((6000, 6000 + total - 60), (9000, 9060))
    assert within(loop, good).windows.tolist() == [list(each) for each in good]
    outside = ((5990, 5990 + total),), ((6010, 6010 + total),), ((6000, 6000 + total - 60), (8990, 9050))
    senseless = ((6000, 6000),), ((6000 + total, 6000),), good[::-1], (good[0], good[0]), ()
    other_length = (good[0],), ((6000, 6000 + total), (9000, 9060))
    for times in outside + senseless + other_length:
        assert within(loop, times) is None, times


def test_no_more_is_searched_than_a_page_can_wait_for(monkeypatch):
    for _, _, case, desk in cases(4):
        counted = Mock(wraps=desk.any_plan)
        monkeypatch.setattr(desk, "any_plan", counted)
        offers(desk, case.loops[0], most=99)
        assert counted.call_count <= module.MOST_SEARCHES
        assert {each.args[2] for each in counted.call_args_list} <= {module.MOST_PARTS}


def test_without_a_window_within_the_horizon_there_is_no_plan():
    """A candidate may say that he or she can come in seven weeks alone."""
    _, _, case, desk = next(cases(1))
    late = np.array([[case.ends_at + 60, case.ends_at + 900]])
    for windows, days in product((late, late[:0]), (1, 2)):
        loop = replace(case.loops[0], windows=windows, days=Days(most=days))
        assert desk.plan(loop) is None
        assert offers(desk, loop, most=8) == []
        assert isinstance(what_lacks(desk, loop), list)
        assert isinstance(explain(desk, loop), list)
