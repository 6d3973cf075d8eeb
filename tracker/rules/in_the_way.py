"""What stands in the way of a loop, each thing once: as people read and count it."""

from tracker.rules.coverage import CellState, Coverage, Problem, ProblemCode


def in_the_way(coverage: Coverage) -> list[Problem]:
    """Return the problems of a loop without the gaps that only follow from others of them.

    Where an interview that asks for a competency has nobody, or somebody who declined or is not qualified, that is
    said already; once it is mended nobody is missing for the competency.
    """
    enough = {
        row.competency_id
        for row in coverage.rows
        if sum(cell is not CellState.EMPTY for cell in row.cells) >= row.times
    }
    return [
        problem
        for problem in coverage.problems
        if problem.code is not ProblemCode.GAP or problem.competency_id not in enough
    ]
