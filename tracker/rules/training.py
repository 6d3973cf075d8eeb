"""The way to become an interviewer: shadow so often, reverse-shadow so often (as the plan says), then be signed off.

How far somebody has come is worked out from the interviews that he or she sat in, never counted anywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.rules.coverage import Seat
from tracker.rules.interviewers import PersonFacts, cap_words, clash
from tracker.rules.permissions import Viewer
from tracker.rules.words import Labelled, listed
from tracker.rules.zones import local_date

# What a plan may ask for at most: seats of one part of the path, and people in training in one loop.
MOST_SEATS, MOST_TRAINEES = 10, 2


class TrainingRole(Labelled):
    """What somebody in training does in an interview. Neither writes a scorecard; the lead's is the one that counts."""

    SHADOW = "shadow"
    REVERSE_SHADOW = "reverse_shadow"


def task_words(part: TrainingRole, lead: str) -> str:
    """Return what somebody in training does beside an interviewer, said to him or her."""
    if part is TrainingRole.SHADOW:
        return f"You shadow {lead}: you listen and take notes of your own. {lead} asks, and writes the scorecard."
    return f"You ask the questions, and {lead} watches. {lead} still writes the scorecard that counts."


def beside_words(part: TrainingRole, trainee: str) -> str:
    """Return the same, said to the interviewer beside whom somebody learns."""
    if part is TrainingRole.SHADOW:
        return f"{trainee} shadows you: he or she listens to learn. You hold the interview as always."
    return f"You are reverse-shadowed by {trainee}, who asks while you watch. You alone write the scorecard."


def short_words(part: TrainingRole, other: str, *, is_lead: bool = False) -> str:
    """Return the same in a few words, for lists: "you shadow Ina", or to the lead "Nora shadows you".

    ``other`` is empty where nobody leads the interview now.
    """
    if is_lead:
        return f"{other} shadows you" if part is TrainingRole.SHADOW else f"{other} asks, you watch"
    if part is TrainingRole.SHADOW:
        return f"you shadow {other}".strip()
    return f"you ask, {other} watches" if other else "you are shadowed"


def company(leads: Sequence[str], trainees: Sequence[str]) -> str:
    """Return who will be in an interview, for the candidate: "Ina, and Nora, who is in training"."""
    names = ", ".join(leads)
    return ", and ".join(filter(None, [names, *(f"{each}, who is in training" for each in trainees)]))


@dataclass(frozen=True)
class Path:
    """How often one shadows and reverse-shadows before one is signed off."""

    shadows: int = 2
    reverse_shadows: int = 2


@dataclass(frozen=True)
class Sat:
    """A seat in an interview that was not called off, neither declined nor taken back; moments are UTC."""

    part: TrainingRole
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Progress:
    """How far somebody has come on the path; ``coming`` are the seats to come, the next one first."""

    path: Path
    shadowed: int
    reverse_shadowed: int
    coming: tuple[Sat, ...]

    @property
    def is_ready(self) -> bool:
        """Whether all interviews of the path were held, and only the sign-off is missing."""
        return self.shadowed >= self.path.shadows and self.reverse_shadowed >= self.path.reverse_shadows

    @property
    def words(self) -> str:
        """Where on the path: "shadowed 1 of 2, reverse-shadowed 0 of 2"; a part that is not asked for is left out."""
        parts = [
            f"{verb} {done} of {asked}"
            for verb, done, asked in (
                ("shadowed", self.shadowed, self.path.shadows),
                ("reverse-shadowed", self.reverse_shadowed, self.path.reverse_shadows),
            )
            if asked or done
        ]
        return ", ".join(parts) or "no interviews asked for"


def progress(path: Path, sat: Sequence[Sat], now: datetime) -> Progress:
    """Return how far somebody has come with these seats: what counts is an interview that is over."""
    held = [each.part for each in sat if each.ends_at <= now]
    coming = sorted((each for each in sat if each.ends_at > now), key=lambda each: each.starts_at)
    return Progress(path, held.count(TrainingRole.SHADOW), held.count(TrainingRole.REVERSE_SHADOW), tuple(coming))


def part_at(path: Path, sat: Sequence[Sat], starts_at: datetime) -> TrainingRole:
    """Return what somebody does in an interview that begins then: first all the shadowing, then the rest."""
    before = sum(each.part is TrainingRole.SHADOW and each.ends_at <= starts_at for each in sat)
    return TrainingRole.SHADOW if before < path.shadows else TrainingRole.REVERSE_SHADOW


def is_wanted(path: Path, sat: Sequence[Sat], starts_at: datetime) -> bool:
    """Whether the path asks for one more seat then, beside those held and to come.

    Who has enough shadowing to come, but some of it only later than that, waits for it.
    """
    parts = [each.part for each in sat]
    part = part_at(path, sat, starts_at)
    asked = path.shadows if part is TrainingRole.SHADOW else path.reverse_shadows
    return parts.count(part) < asked


@dataclass(frozen=True)
class Trainee:
    """Somebody in training: for which competencies, how far, and what counts about him or her.

    ``sat`` are the seats held and to come, without those of the loop that is looked at. ``has_screened``: he or she
    held a phone screen of this application. ``answers_for_it``: he or she is its recruiter or hiring manager, who could
    not do that while blind. ``is_outside``: the requisition is confidential, and he or she is not on it.
    """

    training_id: int
    person: PersonFacts
    competency_ids: frozenset[int]
    path: Path
    sat: tuple[Sat, ...]
    has_screened: bool = False
    answers_for_it: bool = False
    is_outside: bool = False

    @property
    def may_join(self) -> bool:
        """Whether nothing about this application keeps him or her out of all of its interviews."""
        person = self.person
        is_theirs = person.is_candidate or person.reads_others
        return not (is_theirs or self.has_screened or self.answers_for_it or self.is_outside)


def why_not(
    trainee: Trainee, seat: Seat, seats: Sequence[Seat], sitting: Mapping[int, int], most: int, now: datetime
) -> Iterator[str]:
    """Yield all that keeps somebody in training from sitting in an interview, in sentences.

    ``seats`` are the loop's interviews with their leads, or the one phone screen; ``sitting`` says who else in training
    sits in which interview (ids); ``most`` is how many may in a loop.
    """
    person, name = trainee.person, trainee.person.name
    yield from _of_interview(seat, sitting, most, now)
    yield from _of_application(trainee)
    led = [each.label for each in seats if each.person_id == person.person_id]
    if led:
        yield f"{name} leads {listed(led)}: nobody is twice in a loop."
    elif any(who == person.person_id for number, who in sitting.items() if number != seat.interview_id):
        yield f"{name} sits in another interview of this loop."
    if seat.competency_ids and not trainee.competency_ids & set(seat.competency_ids):
        yield f"{name} is in training for nothing that is evaluated in {seat.label}."
    what = clash(person, seat.starts_at, seat.ends_at)
    if what is not None:
        yield f"{name} is busy during {seat.label}: {what}."
    if seat.starts_at is not None:
        yield from cap_words(person, [local_date(seat.starts_at, person.zone)])


def _of_application(trainee: Trainee) -> Iterator[str]:
    person, name = trainee.person, trainee.person.name
    if person.is_candidate:
        yield f"{name} is the candidate."
    if trainee.answers_for_it:
        yield f"{name} answers for this requisition: who sits in reads no scorecard until it is decided."
    if trainee.is_outside:
        yield f"The requisition is confidential, and {name} is not on its hiring team."
    if trainee.has_screened:
        yield f"{name} held a phone screen of this application."
    if person.reads_others:
        yield f"{name} may have read already what others wrote."


def _of_interview(seat: Seat, sitting: Mapping[int, int], most: int, now: datetime) -> Iterator[str]:
    if seat.starts_at is None:
        yield f"{seat.label} has no time yet."
    elif seat.starts_at <= now or seat.is_held:
        yield f"{seat.label} has begun already."
    if seat.person_id is None or seat.has_declined:
        yield f"{seat.label} has no interviewer yet, beside whom somebody could learn."
    if seat.interview_id in sitting:
        yield f"Somebody sits in {seat.label} already: one newcomer at a time."
    elif len(sitting) >= most:
        yield _no_more(most)


def _no_more(most: int) -> str:
    if not most:
        return "The plan lets nobody in training sit in."
    who = "one person" if most == 1 else f"{most} people"
    return f"The plan lets at most {who} in training sit in one loop, so that the candidate does not face a crowd."


def may_train(viewer: Viewer) -> bool:
    """Whether the viewer begins, changes and ends trainings, and signs off whenever it is right: who qualifies people
    (admins), and recruiting leads."""
    return viewer.is_admin or viewer.is_recruiting_lead


def why_not_sign_off(viewer: Viewer, trained_id: int, has_watched: bool, is_ready: bool) -> str | None:
    """Return why the viewer may not sign somebody off; None where he or she may.

    Who may train may at any time. A lead who watched him or her reverse-shadow (``has_watched``: he or she led such an
    interview, it was held, and he or she is qualified for what is learnt) may once the path is gone. Nobody signs
    himself or herself off.
    """
    if viewer.person_id == trained_id:
        return "Nobody signs off the own training."
    if may_train(viewer):
        return None
    if not has_watched:
        return "Only an admin, a recruiting lead, or who led an interview that was reverse-shadowed signs off."
    if not is_ready:
        return "Interviews of the path are missing still: until then an admin or a recruiting lead signs off."
    return None
