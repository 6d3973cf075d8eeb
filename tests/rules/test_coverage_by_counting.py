"""The coverage of loops in which everything may be wrong, against counting minutes and interviews one by one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.coverage import CellState, PlanNeed, ProblemCode, RowState, Seat, check_loop
from tracker.rules.interviewers import PersonFacts

C = ProblemCode
NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@st.composite
def loops(draw):
    """Small loops in which everything may be wrong."""
    times = st.sampled_from([None, DAY, DAY + HOUR / 2, DAY + HOUR, DAY + 2 * HOUR, DAY - 30 * 24 * HOUR])
    seats = []
    for number in range(draw(st.integers(0, 4))):
        start = draw(times)
        held_by = draw(st.sampled_from([None, 1, 2, 3, 9]))
        asked = tuple(sorted(draw(st.sets(st.integers(1, 3)))))
        end = start and start + HOUR
        seats.append(Seat(number, f"Interview {number}", start, end, held_by, f"Person {held_by}", asked))
    people = {
        number: PersonFacts(
            number,
            f"Person {number}",
            qualified=draw(st.frozensets(st.integers(1, 3))),
            is_bar_raiser=draw(st.booleans()),
            on_hiring_team=draw(st.booleans()),
            is_candidate=draw(st.booleans()),
            busy=tuple((start, start + HOUR, "busy") for start in draw(st.lists(times, max_size=2)) if start),
            day_load={DAY.date(): draw(st.integers(0, 3))},
        )
        for number in (1, 2, 3)
    }
    needs = tuple(PlanNeed(each, f"Competency {each}", draw(st.integers(0, 3))) for each in (1, 2, 3))
    return needs, tuple(seats), people, draw(st.frozensets(st.sampled_from([1, 2, 3]))), draw(st.integers(0, 5))


def minutes(start, end):
    return {start + timedelta(minutes=offset) for offset in range(int((end - start) / timedelta(minutes=1)))}


def brute_force(needs, seats, people, overrides, size):
    """The codes of all problems, by counting minutes and interviews one by one."""
    found = set()
    held = [each for each in seats if each.person_id in people]
    for need in needs:
        covering = [
            each
            for each in held
            if need.competency_id in each.competency_ids and need.competency_id in people[each.person_id].qualified
        ]
        if len(covering) < need.times:
            found.add(C.GAP)
    for each in seats:
        found |= {C.NO_TIME} if each.starts_at is None else set()
        found |= {C.IN_THE_PAST} if each.starts_at and each.starts_at <= NOW else set()
        found |= {C.NO_INTERVIEWER} if each.person_id not in people else set()
    for each in held:
        who = people[each.person_id]
        found |= {C.CONFLICT} if who.is_candidate else set()
        found |= {C.UNQUALIFIED} if set(each.competency_ids) - who.qualified else set()
        if each.starts_at and any(minutes(*busy[:2]) & minutes(each.starts_at, each.ends_at) for busy in who.busy):
            found.add(C.DOUBLE_BOOKED)
    timed = [each for each in seats if each.starts_at]
    spent = [minute for each in timed for minute in minutes(each.starts_at, each.ends_at)]
    found |= {C.DOUBLE_BOOKED} if len(spent) != len(set(spent)) else set()
    names = [each.person_id for each in seats if each.person_id is not None]
    found |= {C.REPEATED_INTERVIEWER} if len(names) != len(set(names)) else set()
    found |= {C.TOO_FEW_INTERVIEWS} if len(seats) < size else set()
    raisers = {number for number, who in people.items() if who.is_bar_raiser and not who.on_hiring_team}
    found |= {C.NO_BAR_RAISER} if not raisers & set(names) else set()
    for number in set(people) - overrides:
        days = [each.starts_at.date() for each in timed if each.person_id == number]
        loads = [days.count(on) + people[number].day_load.get(on, 0) for on in days]
        found |= {C.OVER_CAP} if any(load > 2 for load in loads) else set()
    return found


@given(loops())
def test_the_problems_agree_with_brute_force(given_loop):
    needs, seats, people, overrides, size = given_loop
    coverage = check_loop(needs, seats, people, overrides, size, NOW)
    assert {problem.code for problem in coverage.problems} == brute_force(needs, seats, people, overrides, size)
    assert coverage.ready == (not coverage.problems)
    assert {warning.code for warning in coverage.warnings} <= {C.DOUBLE, C.OVER_CAP}
    assert all(problem.overridable == (problem.code is C.OVER_CAP) for problem in coverage.problems)


@given(loops())
def test_the_matrix_agrees_with_the_seats(given_loop):
    needs, seats, people, overrides, size = given_loop
    coverage = check_loop(needs, seats, people, overrides, size, NOW)
    for need, row in zip(needs, coverage.rows, strict=True):
        for each, cell in zip(seats, row.cells, strict=True):
            asked = need.competency_id in each.competency_ids
            qualified = each.person_id in people and need.competency_id in people[each.person_id].qualified
            assert (cell is CellState.EMPTY) == (not asked)
            assert (cell is CellState.OPEN) == (asked and each.person_id is None)
            assert (cell is CellState.COVERED) == (asked and qualified)
        assert row.covered == row.cells.count(CellState.COVERED)
        assert (row.state is RowState.GAP) == (row.covered < need.times)
        assert (row.state is RowState.DOUBLE) == (row.covered > need.times)
