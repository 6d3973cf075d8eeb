"""A loop planned from what the database knows: everything that keeps people away counts, and the draft could go out."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.busy_feed import BusySpan
from tracker.models.candidate_window import CandidateWindow
from tracker.models.interview import Loop
from tracker.models.leave import Leave
from tracker.models.person import Person
from tracker.pipeline import busy_feeds, loop_cases, loop_plans
from tracker.pipeline import loop as verbs
from tracker.pipeline.interviews import Arrangement
from tracker.pipeline.loop_plans import PlanDoesNotFit, Proposals
from tracker.planner.instants import EPOCH
from tracker.queries import loops
from tracker.queries.loop_cases import facts_of
from tracker.rules.busy_times import Span, stale_words
from tracker.rules.refused import Stale
from tracker.rules.stages import StageKind
from tracker.rules.zones import local

# The first day after the notice.
THURSDAY = date(2026, 11, 5)


@pytest.fixture
def application(world: World) -> Application:
    return world.application(stage=StageKind.LOOP)


@pytest.fixture
def people(world: World, application: Application) -> list[Person]:
    plan = application.requisition.plan
    return [world.qualify(world.person(f"Ina{n}", is_bar_raiser=n < 2), plan) for n in range(7)]


@pytest.fixture
def loop(session: Session, application: Application, people: list[Person]) -> Loop:
    return verbs.plan(session, application, by=application.requisition.recruiter, now=MONDAY)


def proposed(session: Session, loop: Loop) -> Proposals:
    return loop_plans.propose(loop_plans.question_of(session, loop, now=MONDAY))


def filled(session: Session, loop: Loop) -> bool:
    wanted = loop_plans.best(loop_plans.question_of(session, loop, now=MONDAY))
    if wanted is not None:
        loop_plans.fill(session, loop, wanted, now=MONDAY)
    return wanted is not None


def held(loop: Loop) -> list[tuple[str, date]]:
    seats = loops.seats_of(loop)
    return [(seat.person_name, local(seat.starts_at, "Europe/Berlin").date()) for seat in seats if seat.starts_at]


def test_the_draft_is_filled_and_could_go_out(session: Session, loop: Loop) -> None:
    assert filled(session, loop)
    assert loops.standing(session, loop, now=MONDAY).coverage.ready
    assert {on for _, on in held(loop)} == {THURSDAY}
    best, *others = proposed(session, loop).plans
    assert best.is_in_draft
    assert best.is_proven
    assert [each.cost for each in others] == sorted(each.cost for each in others)
    assert len({pick.starts_at.date() for each in (best, *others) for pick in each.picks}) == 3
    assert best.cost == sum(best.parts.values()) < others[0].cost


def test_leave_holidays_interviews_and_screens_keep_people_away(
    session: Session, world: World, loop: Loop, application: Application, people: list[Person]
) -> None:
    away, abroad, booked, screener, *_ = people
    world.keep(Leave(person_id=away.id, first_on=THURSDAY, last_on=THURSDAY))
    abroad.region_id = world.region("Lyon", closed=(THURSDAY,), country="FR", subdivision=None).id
    world.keep(abroad)
    world.interview(application, screener)
    other = world.application(application.requisition, stage=StageKind.LOOP)
    world.loop(other, (booked,))
    proposals = proposed(session, loop)
    for plan in proposals.plans:
        named = {(pick.person, local(pick.starts_at, "Europe/Berlin").date()) for pick in plan.picks}
        assert not named & {(away.name, THURSDAY), (abroad.name, THURSDAY)}
        assert screener.name not in {name for name, _ in named}
    assert filled(session, loop)
    assert loops.standing(session, loop, now=MONDAY).coverage.ready


def test_the_company_s_own_closed_days_are_no_days_for_a_loop(session: Session, world: World, loop: Loop) -> None:
    region = loop.application.requisition.region
    region.closed_days = world.region("Elsewhere", closed=(THURSDAY,)).closed_days
    region.calendar_changed()
    world.keep(region)
    filled(session, loop)
    assert {on for _, on in held(loop)} == {THURSDAY + timedelta(days=1)}


def test_without_a_bar_raiser_the_page_says_so(
    session: Session, world: World, loop: Loop, people: list[Person]
) -> None:
    for person in people[:2]:
        person.is_bar_raiser = False
    world.keep(*people)
    assert not filled(session, loop)
    assert held(loop) == []
    proposals = proposed(session, loop)
    assert (proposals.plans, proposals.ways) == ([], [])
    assert proposals.because == ["No bar raiser is free while the candidate is."]


def test_far_zones_leave_no_day_but_two(session: Session, world: World, loop: Loop) -> None:
    loop.application.candidate.zone = "America/New_York"
    world.keep(loop.application.candidate)
    ways = proposed(session, loop).ways
    assert ways
    assert all(way.say for way in ways)
    for way in ways:
        if way.can_be_taken:
            wanted = {
                pick.interview_id: Arrangement(pick.person_id, pick.starts_at, competency_ids=pick.competency_ids)
                for pick in way.picks
            }
            loop_plans.fill(session, loop, wanted, now=MONDAY)
            problems = {problem.code for problem in loops.standing(session, loop, now=MONDAY).coverage.problems}
            assert problems <= {"over_cap"}, way.say


def test_only_plans_of_this_loop_are_taken(session: Session, loop: Loop, people: list[Person]) -> None:
    ids = [seat.interview_id for seat in loops.seats_of(loop)]
    good = {each: Arrangement(people[0].id, MONDAY + timedelta(days=1)) for each in ids}
    for wrong in (
        {},
        good | {999_999: good[ids[0]]},
        good | {ids[0]: Arrangement(999_999, MONDAY + timedelta(days=1))},
        good | {ids[0]: Arrangement(people[0].id, MONDAY + timedelta(days=1), competency_ids=(999_999,))},
    ):
        with pytest.raises(PlanDoesNotFit):
            loop_plans.fill(session, loop, wrong, now=MONDAY)
    with pytest.raises(Stale):
        loop_plans.fill(session, loop, good, now=MONDAY, version=loop.version + 1)
    with pytest.raises(Stale):
        loop_plans.question_of(session, loop, now=MONDAY, version=loop.version + 1)


def calendar(session: Session, person: Person, *spans: Span, read_at: datetime | None = MONDAY) -> None:
    """A calendar of the person's own on another server, as it was last read."""
    feed = busy_feeds.add(session, person, "https://calendar.example/a.ics", now=MONDAY)
    feed.read_at = read_at
    session.flush()
    for span in spans:
        taken = {"starts_at": span.starts_at, "ends_at": span.ends_at, "is_tentative": span.is_tentative}
        session.add(BusySpan(feed_id=feed.id, person_id=person.id, **taken))
    session.commit()


def test_what_their_own_calendars_say_keeps_people_away(session: Session, loop: Loop, people: list[Person]) -> None:
    """Seven could do it and five are needed: whose day is taken, and whose may be, are left in peace."""
    taken, perhaps, *_ = people[2:]
    day = Span(MONDAY + timedelta(hours=60), MONDAY + timedelta(hours=84))
    calendar(session, taken, day)
    calendar(session, perhaps, replace(day, is_tentative=True))
    best, *others = proposed(session, loop).plans
    assert {pick.person for pick in best.picks}.isdisjoint({taken.name, perhaps.name})
    on_tuesday = {
        pick.person
        for plan in others
        for pick in plan.picks
        if pick.starts_at < day.ends_at and pick.starts_at + timedelta(minutes=60) > day.starts_at
    }
    assert taken.name not in on_tuesday


def test_an_old_reading_is_told_to_who_looks_at_the_loop(session: Session, loop: Loop, people: list[Person]) -> None:
    assert filled(session, loop)
    names = [name for name, _ in held(loop)]
    fresh, stale, never = (next(each for each in people if each.name == name) for name in names[:3])
    calendar(session, fresh)
    calendar(session, stale, read_at=MONDAY - timedelta(hours=7))
    calendar(session, never, read_at=None)
    assert {text for text in loops.worth_a_look(session, loop, MONDAY) if "calendar" in text} == {
        stale_words(stale.name, "Mon 2 Nov 2026, 03:00 (Europe/Berlin)"),
        stale_words(never.name, None),
    }


def test_nobody_is_asked_outside_of_the_own_hours(session: Session, loop: Loop, people: list[Person]) -> None:
    """Two work in the evening alone, the rest as is usual: five of seven are needed."""
    late, later, *_ = people[2:]
    for person in (late, later):
        person.hours = {str(weekday): [18 * 60, 22 * 60] for weekday in range(5)}
    session.commit()
    best, *_ = proposed(session, loop).plans
    assert {pick.person for pick in best.picks}.isdisjoint({late.name, later.name})
    assert filled(session, loop)
    assert not [text for text in loops.worth_a_look(session, loop, MONDAY) if "hours" in text]
    # Who changes the hours afterwards is not moved: who looks at the loop is told.
    held_by = next(each for each in people if each.name == held(loop)[0][0])
    held_by.hours = {"6": [600, 660]}
    session.commit()
    [told] = [text for text in loops.worth_a_look(session, loop, MONDAY) if "hours" in text]
    assert told.endswith(f"for {held_by.name} (Europe/Berlin), outside of the own working hours.")


def test_the_times_that_the_candidate_gave_take_the_place_of_nine_to_five(
    session: Session, world: World, loop: Loop, application: Application
) -> None:
    # A Saturday, where nobody would look, and one that is over.
    saturday = datetime(2026, 11, 7, 8, tzinfo=MONDAY.tzinfo)
    for day in (saturday - timedelta(days=7), saturday):
        world.keep(CandidateWindow(application_id=application.id, starts_at=day, ends_at=day + timedelta(hours=9)))
    case = loop_cases.case_of(facts_of(session, loop, now=MONDAY), MONDAY)
    [(starts, ends)] = case.loops[0].windows.tolist()
    assert (EPOCH + timedelta(minutes=starts), EPOCH + timedelta(minutes=ends)) == (
        saturday,
        saturday + timedelta(hours=9),
    )
    # No notice is needed: the candidate has arranged it.
    tuesday = datetime(2026, 11, 3, 8, tzinfo=MONDAY.tzinfo)
    end = tuesday + timedelta(hours=9)
    world.keep(CandidateWindow(application_id=application.id, starts_at=tuesday, ends_at=end))
    assert filled(session, loop)
    assert {on for _, on in held(loop)} == {tuesday.date()}
    # What is over by now counts no more: nine to five again.
    later = saturday + timedelta(days=2)
    assert len(loop_cases.case_of(facts_of(session, loop, now=later), later).loops[0].windows) == 10
