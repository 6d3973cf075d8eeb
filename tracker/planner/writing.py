"""Answers of the planner in the exchange format."""

from typing import Any

from tracker.planner.case import Assigned, Held, LoopPlan
from tracker.planner.instants import instant


def plan_document(plan: LoopPlan) -> dict[str, Any]:
    """Return a planned loop as JSON's own types."""
    return {"loop": plan.loop, "status": "planned", "sessions": [_session(held) for held in plan.interviews]}


def _session(held: Held) -> dict[str, Any]:
    room = {} if held.room is None else {"room": held.room}
    seats = [_seat(assigned) for assigned in held.assigned]
    return {"session": held.interview, "start": instant(held.starts_at), **room, "seats": seats}


def _seat(assigned: Assigned) -> dict[str, Any]:
    return {
        "seat": assigned.assignment,
        "interviewer": assigned.interviewer,
        "competencies": list(assigned.competencies),
    }
