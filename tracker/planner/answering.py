"""A question in the exchange format into its answer: what ``python3 -m tracker plan`` reads and writes."""

import json
from dataclasses import dataclass
from typing import Any

from tracker.planner.batch import plan_all
from tracker.planner.case import Case, LoopPlan
from tracker.planner.costs import cost_parts
from tracker.planner.desk import Desk
from tracker.planner.explained import said
from tracker.planner.explaining import explain
from tracker.planner.fields import BadCase
from tracker.planner.lacking import what_lacks
from tracker.planner.reading import read_case
from tracker.planner.terms import repair_terms
from tracker.planner.writing import plan_document

PLANNED, NO_PLAN = 0, 3


@dataclass(frozen=True, slots=True)
class Reply:
    """The exit code, and JSON's own types to be written."""

    code: int
    document: dict[str, Any]


def reply_to(text: str | bytes) -> Reply:
    """Return the answer to a case. Raises BadCase, whose sentence names the field."""
    try:
        document = json.loads(text)
    except RecursionError:
        raise BadCase("The case is nested too deeply.") from None
    except ValueError as error:
        raise BadCase(f"The case is not JSON: {error}.") from None
    case = read_case(document)
    return _one(case) if len(case.loops) == 1 else _many(case)


def _one(case: Case) -> Reply:
    desk, loop = Desk(case), case.loops[0]
    terms = repair_terms(case, loop.id)
    found = desk.plan(loop, terms)
    if found is not None:
        return Reply(PLANNED, _document(case, [found.plan], is_proven=found.is_proven))
    ways = [
        {
            "relax": "+".join(way.knobs),
            "say": said(way, loop),
            "plan": plan_document(way.planned.plan),
        }
        for way in explain(desk, loop, terms)
    ]
    because = what_lacks(desk, loop, terms=terms)
    return Reply(NO_PLAN, {"instance": case.name, "status": "infeasible", "because": because, "relaxations": ways})


def _many(case: Case) -> Reply:
    return Reply(PLANNED, _document(case, list(plan_all(Desk(case)).values()), is_proven=False))


def _document(case: Case, plans: list[LoopPlan], *, is_proven: bool) -> dict[str, Any]:
    planned = {plan.loop: plan for plan in plans}
    parts = cost_parts(case, plans)
    loops = [
        plan_document(planned[loop.id]) if loop.id in planned else {"loop": loop.id, "status": "unplanned"}
        for loop in case.loops
    ]
    return {
        "instance": case.name,
        "loops": loops,
        "objective": sum(parts.values()),
        "parts": parts,
        "proven": is_proven,
    }
