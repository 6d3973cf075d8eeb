"""The way to become an interviewer: how far one is, what comes next, who may sit in, and who signs off."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.coverage import Seat
from tracker.rules.interviewers import PersonFacts
from tracker.rules.permissions import Viewer
from tracker.rules.training import (
    Path,
    Sat,
    Trainee,
    TrainingRole,
    beside_words,
    company,
    is_wanted,
    part_at,
    progress,
    task_words,
    why_not,
    why_not_sign_off,
)
from tracker.rules.zones import local_date

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NORA, INA, OTHER = 7, 1, 8


def sat(part: TrainingRole, day: int) -> Sat:
    return Sat(part, NOW + timedelta(days=day), NOW + timedelta(days=day) + HOUR)


seats = st.lists(st.builds(sat, st.sampled_from(TrainingRole), st.integers(-9, 9).filter(bool)), max_size=9)
paths = st.builds(Path, st.integers(0, 4), st.integers(0, 4))


@given(path=paths, taken=seats)
def test_what_was_held_counts_and_nothing_else(path: Path, taken: list[Sat]) -> None:
    found = progress(path, taken, NOW)
    over = [each for each in taken if each.starts_at < NOW]
    assert found.shadowed == len([each for each in over if each.part is TrainingRole.SHADOW])
    assert found.shadowed + found.reverse_shadowed + len(found.coming) == len(taken)
    assert list(found.coming) == sorted(found.coming, key=lambda each: each.starts_at)
    missing = max(0, path.shadows - found.shadowed) + max(0, path.reverse_shadows - found.reverse_shadowed)
    assert found.is_ready == (missing == 0)


@given(path=paths, days=st.lists(st.integers(1, 60), min_size=12, max_size=12, unique=True))
def test_who_takes_every_seat_that_is_wanted_goes_the_way_and_no_further(path: Path, days: list[int]) -> None:
    taken: list[Sat] = []
    for day in sorted(days):
        at = NOW + timedelta(days=day)
        if is_wanted(path, taken, at):
            taken.append(Sat(part_at(path, taken, at), at, at + HOUR))
    parts = [each.part for each in taken]
    assert parts == [TrainingRole.SHADOW] * path.shadows + [TrainingRole.REVERSE_SHADOW] * path.reverse_shadows
    assert progress(path, taken, NOW + timedelta(days=99)).is_ready


def test_who_shadows_later_waits_for_it() -> None:
    both = [sat(TrainingRole.SHADOW, -1), sat(TrainingRole.SHADOW, 5)]
    assert not is_wanted(Path(), both, NOW + timedelta(days=3))
    assert is_wanted(Path(), both, NOW + timedelta(days=6))
    assert part_at(Path(), both, NOW + timedelta(days=6)) is TrainingRole.REVERSE_SHADOW


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (Path(2, 2), "shadowed 1 of 2, reverse-shadowed 0 of 2"),
        (Path(0, 3), "shadowed 1 of 0, reverse-shadowed 0 of 3"),
        (Path(1, 0), "shadowed 1 of 1"),
    ],
)
def test_where_somebody_is_in_words(path: Path, words: str) -> None:
    assert progress(path, [sat(TrainingRole.SHADOW, -1), sat(TrainingRole.SHADOW, 1)], NOW).words == words
    assert progress(Path(0, 0), [], NOW).words == "no interviews asked for"


SEAT = Seat(3, "Interview 3", NOW + HOUR, NOW + 2 * HOUR, INA, "Ina", (11, 12))
NEXT = Seat(4, "Interview 4", NOW + 2 * HOUR, NOW + 3 * HOUR, 2, "Ben", (13,))
TODAY = local_date(NOW, "UTC")


def trainee(**facts: object) -> Trainee:
    given = {"person_id": NORA, "name": "Nora", "zone": "UTC"}
    return Trainee(1, PersonFacts(**(given | facts)), frozenset({12}), Path(), ())


def reasons(who: Trainee, seat: Seat = SEAT, sitting: dict[int, int] | None = None, most: int = 1) -> list[str]:
    return list(why_not(who, seat, [seat, NEXT], sitting or {}, most, NOW))


def test_who_is_free_and_learns_what_is_evaluated_there_may_sit_in() -> None:
    assert reasons(trainee()) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"is_candidate": True}, "Nora is the candidate."),
        ({"reads_others": True}, "Nora may have read already what others wrote."),
        ({"person_id": 2}, "Nora leads Interview 4: nobody is twice in a loop."),
        (
            {"busy": ((NOW, NOW + 90 * timedelta(minutes=1), "another interview"),)},
            "Nora is busy during Interview 3: another interview.",
        ),
        (
            {"day_load": {TODAY: 2}, "daily_cap": 2},
            "Nora would have 3 interviews on Mon 2 Nov 2026; the cap is 2.",
        ),
    ],
)
def test_what_keeps_a_person_out(facts: dict[str, object], said: str) -> None:
    assert reasons(trainee(**facts)) == [said]


def test_what_keeps_everybody_out() -> None:
    nora = trainee()
    assert reasons(nora, Seat(3, "Interview 3")) == [
        "Interview 3 has no time yet.",
        "Interview 3 has no interviewer yet, beside whom somebody could learn.",
    ]
    past = Seat(3, "Interview 3", NOW - HOUR, NOW, INA, "Ina", (12,))
    assert reasons(nora, past) == ["Interview 3 has begun already."]
    elsewhere = Seat(3, "Interview 3", NOW + HOUR, NOW + 2 * HOUR, INA, "Ina", (99,))
    assert reasons(nora, elsewhere) == ["Nora is in training for nothing that is evaluated in Interview 3."]
    assert reasons(nora, sitting={3: OTHER}) == ["Somebody sits in Interview 3 already: one newcomer at a time."]
    assert "at most one person in training" in reasons(nora, sitting={4: OTHER})[0]
    assert reasons(nora, sitting={4: OTHER}, most=2) == []
    assert reasons(nora, sitting={4: NORA}, most=2) == ["Nora sits in another interview of this loop."]
    assert reasons(nora, most=0) == ["The plan lets nobody in training sit in."]


def test_who_answers_for_the_requisition_or_screened_stays_out() -> None:
    nora = Trainee(1, trainee().person, frozenset({12}), Path(), (), has_screened=True, answers_for_it=True)
    assert [text.split(" ", 1)[1] for text in reasons(nora)] == [
        "answers for this requisition: who sits in reads no scorecard until it is decided.",
        "held a phone screen of this application.",
    ]
    assert not nora.may_join
    assert trainee().may_join


ADMIN, LEAD, PLAIN = Viewer(5, is_admin=True), Viewer(5, is_recruiting_lead=True), Viewer(5, is_recruiter=True)


@pytest.mark.parametrize(
    ("viewer", "has_watched", "is_ready", "may"),
    [
        (ADMIN, False, False, True),
        (LEAD, False, False, True),
        (PLAIN, False, True, False),
        (PLAIN, True, False, False),
        (PLAIN, True, True, True),
    ],
)
def test_who_signs_off(viewer: Viewer, has_watched: bool, is_ready: bool, may: bool) -> None:
    assert (why_not_sign_off(viewer, NORA, has_watched, is_ready) is None) == may
    assert why_not_sign_off(viewer, viewer.person_id, has_watched, is_ready) == "Nobody signs off the own training."


def test_what_people_are_told_of_it() -> None:
    assert task_words(TrainingRole.SHADOW, "Ina").startswith("You shadow Ina")
    assert "Ina still writes the scorecard that counts" in task_words(TrainingRole.REVERSE_SHADOW, "Ina")
    assert beside_words(TrainingRole.SHADOW, "Nora").startswith("Nora shadows you")
    assert "reverse-shadowed by Nora" in beside_words(TrainingRole.REVERSE_SHADOW, "Nora")
    assert company(["Ina"], []) == "Ina"
    assert company(["Ina"], ["Nora"]) == "Ina, and Nora, who is in training"
