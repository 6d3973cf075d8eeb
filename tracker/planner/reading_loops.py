"""The loops of an exchanged case, and plans that were made before, into the planner's own types."""

from collections.abc import Callable

from tracker.planner.case import (
    Assigned,
    Assignment,
    BarRaiser,
    Breaks,
    Days,
    Held,
    Interview,
    Loop,
    LoopPlan,
    Lunch,
    Role,
    Spans,
)
from tracker.planner.fields import Field

MOST_INTERVIEWS, LONGEST_INTERVIEW = 10, 240
A_DAY = 24 * 60


def read_loop(loop: Field, windows: Spans, zone_of: Callable[[Field], str]) -> Loop:
    """Return a loop; its windows were read before. Raises BadCase."""
    most = loop["max_competencies_per_seat"].whole(0, 100)
    sessions = list(loop["sessions"].items())
    if not 1 <= len(sessions) <= MOST_INTERVIEWS:
        raise loop["sessions"].bad(f"holds {len(sessions)}, and a loop has from 1 to {MOST_INTERVIEWS}")
    interviews = tuple(_interview(session, most) for session in sessions)
    _refuse_repeated(sessions)
    return Loop(
        id=loop["id"].text(),
        zone=zone_of(loop["candidate"]["timezone"]),
        windows=windows,
        hiring_team=loop["hiring_team"].text(),
        interviews=interviews,
        rubric={each["competency"].text(): each["coverage"].whole(0, 100) for each in loop["rubric"].items()},
        most_competencies=most,
        in_order=loop.get("order", "any").one_of("any", "fixed") == "fixed",
        days=_days(loop["days"]),
        breaks=_breaks(loop["breaks"]),
        lunch=_lunch(loop.get("lunch")),
        bar_raiser=BarRaiser(
            loop["bar_raiser"].get("required", True).flag(), loop["bar_raiser"].get("outside_team", True).flag()
        ),
        phone_screened_by=loop.get("phone_screened_by", []).texts(),
        excludes_phone_screeners=loop.get("exclude_phone_screeners", True).flag(),
        conflicts=loop.get("conflicts", []).texts(),
        site=loop["site"].text() if loop.get("site").value is not None else None,
    )


def _refuse_repeated(sessions: list[Field]) -> None:
    for session in sessions:
        ids = [seat["id"].text() for seat in session["seats"].items()]
        if len(ids) != len(set(ids)):
            raise session["seats"].bad("holds one id twice")
    names = [session["id"].text() for session in sessions]
    for number, session in enumerate(sessions):
        if names[number] in names[:number]:
            raise session["id"].bad("is there twice")


def _interview(session: Field, most_competencies: int) -> Interview:
    assignments = tuple(_assignment(seat, most_competencies) for seat in session["seats"].items())
    return Interview(session["id"].text(), session["minutes"].whole(5, LONGEST_INTERVIEW), assignments)


def _assignment(seat: Field, most_competencies: int) -> Assignment:
    if seat["role"].one_of("interviewer", "shadow") == "shadow":
        competencies = frozenset((seat["competency"].text(),))
        return Assignment(seat["id"].text(), Role.SHADOW, competencies, seat.get("required", False).flag())
    competencies = seat["competencies"].texts()
    if len(competencies) > most_competencies:
        raise seat["competencies"].bad(f"holds {len(competencies)}, and a seat has at most {most_competencies}")
    return Assignment(seat["id"].text(), Role.LEAD, competencies)


def _days(days: Field) -> Days:
    return Days(
        days["max"].whole(1, 2),
        days.get("max_apart", Days.most_apart).whole(1, 100),
        days.get("min_sessions", Days.fewest_interviews).whole(1, 100),
    )


def _breaks(breaks: Field) -> Breaks:
    return Breaks(
        breaks["max_consecutive"].whole(1, 100),
        breaks["break_minutes"].whole(0, A_DAY),
        breaks["max_gap_minutes"].whole(0, A_DAY),
    )


def _lunch(lunch: Field) -> Lunch | None:
    if lunch.value is None:
        return None
    return Lunch(lunch["from"].clock(), lunch["to"].clock(), lunch["minutes"].whole(0, A_DAY))


def read_plan(plan: Field) -> LoopPlan | None:
    """Return the plan of one loop; None where it stayed unplanned. Raises BadCase."""
    if plan.get("status", "planned").one_of("planned", "unplanned") == "unplanned":
        return None
    return LoopPlan(plan["loop"].text(), tuple(_held(session) for session in plan["sessions"].items()))


def _held(session: Field) -> Held:
    return Held(
        session["session"].text(),
        session["start"].minute(),
        tuple(_assigned(seat) for seat in session["seats"].items()),
        session["room"].text() if session.get("room").value is not None else None,
    )


def _assigned(seat: Field) -> Assigned:
    person = seat.get("interviewer")
    return Assigned(
        seat["seat"].text(),
        person.text() if person.value is not None else None,
        tuple(sorted(seat.get("competencies", []).texts())),
    )
