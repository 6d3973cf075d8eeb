"""A candidate books a loop among those that can be formed, and moves it: by the verbs by which a recruiter does it.

The loop is formed anew in the moment of the choice, for the times chosen, and held against the rules while its people
and the candidate are held too: of two candidates who choose the same hour of the same people one gets it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_candidates
from tracker.mail.links import url
from tracker.mail.messages import Address
from tracker.models.application import Application
from tracker.models.interview import Loop
from tracker.models.loop_choice import LoopChoice
from tracker.pipeline import loop as loop_verbs
from tracker.pipeline import loop_changes, loop_offers, loop_plans
from tracker.pipeline.interviews import Arrangement
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.pipeline.loop_plans import PlanDoesNotFit
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries import loop_choices, loops
from tracker.queries.loop_choices import ChoiceStanding
from tracker.queries.organisation import organisation_name
from tracker.rules.interviews import BadInterviewTime
from tracker.rules.loop_choices import Choosing, times_words, why_not
from tracker.rules.refused import Refused

# Somebody else may take a person between our planning and our holding of him or her: then others are looked for.
ATTEMPTS = 4


class NotToChoose(Refused):
    """No times can be chosen now."""


class NotAmongThem(Refused):
    """What was chosen is none of the times that can be chosen now: never was, or is over or too near by now."""


class TakenJustNow(Refused):
    """No loop can be formed at the times chosen any more, although it is one of the times that can be chosen."""


NOT_AMONG_THEM = "This is not, or no longer, one of the times that can be chosen. Choose among these."


def book(session: Session, application: Application, key: str, *, now: datetime) -> None:
    """Send a loop at the times that an offer's ``key`` names: it is planned for these, then sent as a recruiter does.

    The recruiter gets an e-mail. Once it is booked at these times, the same once more changes nothing.
    Raises NotToChoose, NotAmongThem, TakenJustNow; then nothing of it was done.
    """
    standing = _turn(session, application, now)
    if standing.is_booked and standing.loop is not None and loop_offers.key_of(standing.loop) == key:
        return
    if standing.is_booked:
        raise NotToChoose(_booked_words(standing, application))
    loop, choice = _chosen(standing, Choosing.OFFERED)

    def act(wanted: Mapping[int, Arrangement]) -> None:
        loop_plans.fill(session, loop, wanted, now=now)
        loop_verbs.send(session, loop, by=None, now=now)

    _form(session, loop, key, now, act)
    choice.booked_at = now
    session.flush()
    _tell(session, application, loop, choice, "The candidate booked the loop", "", now)


def move(session: Session, application: Application, key: str, *, moves: int, now: datetime) -> None:
    """Move a booked loop, as a whole, to the times that an offer's ``key`` names; everybody is told of the change.

    ``moves`` is how often it had been moved when the times were shown. The recruiter gets an e-mail. At these times
    already, nothing changes. Raises NotToChoose, NotAmongThem, TakenJustNow; then nothing of it was done.
    """
    standing = _turn(session, application, now)
    if standing.is_booked and standing.loop is not None and loop_offers.key_of(standing.loop) == key:
        return
    loop, choice = _chosen(standing, Choosing.MOVABLE)
    if choice.moves != moves:
        raise NotToChoose("Your interviews were moved meanwhile: look at the times as they are now.")
    zone = application.requisition.recruiter.zone
    before = times_words(loop_offers.spans_of(loop), zone)

    def act(wanted: Mapping[int, Arrangement]) -> None:
        loop_changes.rearrange(session, loop, _in_place(loop, wanted), by=None, now=now)

    _form(session, loop, key, now, act)
    choice.moves += 1
    session.flush()
    _tell(session, application, loop, choice, "The candidate moved the loop", before, now)


def _turn(session: Session, application: Application, now: datetime) -> ChoiceStanding:
    take_turn(session, application)
    return loop_choices.standing(session, application, now)


def _booked_words(standing: ChoiceStanding, application: Application) -> str:
    """Return what is booked, for a candidate who books once more on a page that is out of date."""
    spans = loop_offers.spans_of(standing.loop) if standing.loop is not None else ()
    said = f"Your interviews are booked for {times_words(spans, application.candidate.zone)}."
    return f"{said} Below you could move them." if standing.choosing is Choosing.MOVABLE else said


def _chosen(standing: ChoiceStanding, wanted: Choosing) -> tuple[Loop, LoopChoice]:
    if standing.choosing is not wanted or standing.loop is None or standing.choice is None:
        said = why_not(standing.choosing) or "This has changed meanwhile: look at your page as it is now."
        raise NotToChoose(said)
    return standing.loop, standing.choice


def _form(
    session: Session, loop: Loop, key: str, now: datetime, act: Callable[[Mapping[int, Arrangement]], None]
) -> None:
    """Plan the loop at these times and do ``act`` with it; all of that is taken back where the rules say no."""
    for _ in range(ATTEMPTS):
        question = loop_offers.question_of(session, loop, now=now)
        if not loop_offers.is_among(question, key):
            raise NotAmongThem(NOT_AMONG_THEM, "times")
        wanted = loop_offers.planned(question, key)
        if wanted is None:
            break
        try:
            # What it held of people is let go again as it is taken back: nobody waits for each other in a circle.
            with session.begin_nested():
                act(wanted)
            return
        except (LoopNotReady, PlanDoesNotFit, BadInterviewTime):
            session.expire_all()
    raise TakenJustNow("These times were taken just now. Nothing was booked: choose among those that are left.")


def _in_place(loop: Loop, wanted: Mapping[int, Arrangement]) -> dict[int, Arrangement]:
    """Return the plan with the length and place that each interview has."""
    return {
        each.id: replace(wanted[each.id], minutes=each.minutes, place=each.place)
        for each in loops.interviews_of(loop)
        if each.id in wanted
    }


def _tell(
    session: Session, application: Application, loop: Loop, choice: LoopChoice, what: str, before: str, now: datetime
) -> None:
    """Put it on the record, with the times by the candidate's clocks, and write to the recruiter, by his or her own."""
    spans, recruiter = loop_offers.spans_of(loop), application.requisition.recruiter
    text = f"{what}: {times_words(spans, application.candidate.zone)}"
    verb = "loop_bookings.move" if before else "loop_bookings.book"
    note_change(session, verb, text, by=None, now=now, application=application)
    mail = words_candidates.loop_booked(
        receiver=Address.of(recruiter),
        organisation=organisation_name(session),
        candidate=application.candidate.name,
        title=application.requisition.title,
        when=times_words(spans, recruiter.zone),
        when_before=before,
        link=url(f"/applications/{application.id}/loop"),
    )
    sequences = {str(each.id): each.sequence for each in loops.interviews_of(loop)}
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"loop-booked:{choice.id}:{choice.moves}:{choice.booked_at}",
        fact={"interviews": sequences},
        person=recruiter,
        application=application,
    )
