"""What a loop without a plan lacks on its own: a seat that nobody can take at any time that the candidate has."""

from collections.abc import Callable, Iterator

import numpy as np

from tracker.planner.case import Loop, Role
from tracker.planner.desk import Desk
from tracker.planner.problem import FORBIDDEN, NOBODY, InterviewOptions, Options, Problem
from tracker.planner.setting_up import set_up
from tracker.planner.terms import PLAIN, Terms
from tracker.rules.words import listed


def what_lacks(desk: Desk, loop: Loop, name_of: Callable[[str], str] = str, terms: Terms = PLAIN) -> list[str]:
    """Return a sentence for each seat, competency or bar raiser that cannot be had; none where all could be, alone."""
    problem = set_up(desk.case, loop, desk.calendars, desk.rooms, terms)
    if any(not len(each.starts) for each in problem.interviews):
        longest = max(each.interview.minutes for each in problem.interviews if not len(each.starts))
        return [f"The candidate has no {longest} minutes in a row."]
    return list(dict.fromkeys(_sentences(problem, name_of)))


def _sentences(problem: Problem, name_of: Callable[[str], str]) -> Iterator[str]:
    for interview in problem.interviews:
        for options in interview.options:
            if not _free(interview, options).any():
                yield _nobody(options, [name_of(each) for each in sorted(options.assignment.competencies)])
    for number, competency in enumerate(problem.floating):
        if not any((_free(each, options) & options.brings[:, number]).any() for each, options in _leads(problem)):
            yield f"Nobody who is qualified for {name_of(competency)} is free while the candidate is."
    if problem.loop.bar_raiser.is_required and not any(
        (_free(each, options) & options.raises).any() for each, options in _leads(problem)
    ):
        where = " from outside the hiring team" if problem.loop.bar_raiser.from_outside else ""
        yield f"No bar raiser{where} is free while the candidate is."


def _leads(problem: Problem) -> Iterator[tuple[InterviewOptions, Options]]:
    for interview in problem.interviews:
        for options in interview.options:
            if options.assignment.role is Role.LEAD:
                yield interview, options


def _free(interview: InterviewOptions, options: Options) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which options can take the seat at some start."""
    costs = options.costs.astype(np.int64) + interview.start_costs
    return np.asarray((costs < FORBIDDEN).any(axis=1))


def _nobody(options: Options, competencies: list[str]) -> str:
    what = "qualified" if options.assignment.role is Role.LEAD else "in training"
    if not competencies:
        return "Nobody is free while the candidate is."
    if not (options.rows != NOBODY).any():
        return f"Nobody is {what} for {listed(competencies)}."
    return f"Nobody who is {what} for {listed(competencies)} is free while the candidate is."
