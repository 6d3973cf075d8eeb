"""Changes of a loop: of a draft as one likes, of one that went out under the rules that let it go."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.interview import CapOverride, Interview, Loop, LoopState
from tracker.models.person import Person
from tracker.pipeline import deadlines, interview_mails, interviews, loop_seats, trainee_seats
from tracker.pipeline.changed_words import what_changed
from tracker.pipeline.interviews import AlreadyEvaluated, Arrangement
from tracker.pipeline.loop_checks import LoopNotReady, check_draft, locked_standing, settle
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries import loops
from tracker.rules.coverage import Seat
from tracker.rules.interviews import BadInterviewTime
from tracker.rules.loop_planning import broken_by, day_times, fill_seats, swapped
from tracker.rules.refused import Refused, reason_given
from tracker.rules.stages import StageKind


class NothingToOverride(Refused):
    """Only a cap that stands in the way can be overridden, and only with a reason."""


class SamePlace(Refused):
    """There is nothing to tell anybody."""


class NothingToCome(Refused):
    """All interviews have begun, or were held."""


def edit(
    session: Session,
    loop: Loop,
    interview: Interview,
    wanted: Arrangement,
    *,
    by: Person | None,
    now: datetime,
    version: int | None = None,
) -> None:
    """Set one interview of a loop: kept as it is in a draft; held against the rules and mailed once it went out.

    ``by`` None is the tracker itself.
    Raises Stale, WrongStage, BadInterviewTime, AlreadyEvaluated, TooLateToStepIn, LoopNotReady.
    """
    take_turn(session, loop.application)
    expect(interview, version)
    if loop.state is LoopState.DRAFT:
        interviews.check_stage(loop.application, StageKind.LOOP)
        if loops.is_held(interview):
            raise AlreadyEvaluated(f"{interview.name} was held: it stays as it is. If it was not, cancel it.")
        interviews.arrange(session, interview, wanted, now=now)
        interviews.touch(loop)
        session.flush()
        return
    _change(session, loop, {interview.id: wanted}, by=by, now=now)


def set_times(
    session: Session,
    loop: Loop,
    starts_at: datetime,
    break_minutes: int,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Let the interviews to come follow each other from ``starts_at`` (UTC); what went out is moved, and mailed.

    Raises Stale, WrongStage, NothingToCome, BadInterviewTime, BadBreak, AlreadyEvaluated, LoopNotReady.
    """
    take_turn(session, loop.application)
    expect(loop, version)
    interviews.check_stage(loop.application, StageKind.LOOP)
    chosen = loops.to_come(loop, now)
    if not chosen:
        raise NothingToCome("All interviews have begun: they stay. Each can be changed by itself.")
    times = day_times(starts_at, [each.minutes for each in chosen], break_minutes)
    wanted = {
        each.id: replace(interviews.arrangement_of(each), starts_at=start)
        for each, (start, _end) in zip(chosen, times, strict=True)
    }
    _arrange(session, loop, wanted, by=by, now=now)


def set_place(
    session: Session, loop: Loop, place: str, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Let all interviews that are still to come be at one place or video link.

    Of a loop that went out each person concerned gets one e-mail, the candidate one schedule.
    Raises Stale, WrongStage, SamePlace, LoopNotReady.
    """
    take_turn(session, loop.application)
    expect(loop, version)
    interviews.check_stage(loop.application, StageKind.LOOP)
    sent = loop.state is LoopState.SENT
    chosen = [each for each in loops.to_come(loop, now) if not sent or each.place != place]
    if sent and not chosen:
        raise SamePlace("All interviews still to come have that place already.", "place")
    wanted = {each.id: replace(interviews.arrangement_of(each), place=place) for each in chosen}
    _arrange(session, loop, wanted, by=by, now=now)


def swap(
    session: Session,
    loop: Loop,
    interview: Interview,
    other: Interview,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Let two interviews change places; whoever was told of them already is told anew.

    Raises Stale, WrongStage, BadInterviewTime, AlreadyEvaluated, LoopNotReady.
    """
    take_turn(session, loop.application)
    expect(loop, version)
    interviews.check_stage(loop.application, StageKind.LOOP)
    held = next((each for each in (interview, other) if loops.is_held(each)), None)
    if held is not None:
        raise AlreadyEvaluated(f"{held.name} was held: it stays where it is.")
    one, two = interviews.arrangement_of(interview), interviews.arrangement_of(other)
    if one.starts_at is None or two.starts_at is None:
        raise BadInterviewTime("Both interviews need a time before they can change places.")
    first, second = swapped(one.starts_at, one.minutes, two.starts_at, two.minutes)
    wanted = {interview.id: replace(one, starts_at=first), other.id: replace(two, starts_at=second)}
    _arrange(session, loop, wanted, by=by, now=now)


def _arrange(session: Session, loop: Loop, wanted: dict[int, Arrangement], *, by: Person, now: datetime) -> None:
    if loop.state is LoopState.SENT:
        _change(session, loop, wanted, by=by, now=now)
        return
    for interview_id, arrangement in wanted.items():
        interviews.arrange(session, loops.get_interview(loop, interview_id), arrangement, now=now)
    interviews.touch(loop)
    session.flush()


def rearrange(
    session: Session, loop: Loop, wanted: Mapping[int, Arrangement], *, by: Person | None, now: datetime
) -> None:
    """Hold a loop that went out at other times, by whomever then; everybody concerned is told.

    It has to keep all the rules that a loop keeps which goes out now, whatever stood against it before. ``by`` None:
    its candidate moved it. Raises WrongStage, BadInterviewTime, AlreadyEvaluated, LoopNotReady.
    """
    take_turn(session, loop.application)
    after = [_wished(session, seat, wanted.get(seat.interview_id)) for seat in loops.seats_of(loop)]
    coverage = locked_standing(session, loop, after, now).coverage
    if not coverage.ready:
        raise LoopNotReady(list(coverage.problems))
    _change(session, loop, dict(wanted), by=by, now=now)


def suggest_people(session: Session, loop: Loop, *, now: datetime, version: int | None = None) -> int:
    """Seat the best suggestion in every empty interview of a draft; return how many were found.

    Who holds one already and evaluates nothing in it gets a share. Raises Stale, WrongStage, NotADraft.
    """
    take_turn(session, loop.application)
    expect(loop, version)
    check_draft(loop)
    standing = loops.standing(session, loop, now=now)
    before = loops.seats_of(loop)
    after = fill_seats(standing.needs, before, standing.people.planned)
    for seat in (new for old, new in zip(before, after, strict=True) if new != old):
        interview = loops.get_interview(loop, seat.interview_id)
        wanted = replace(
            interviews.arrangement_of(interview), person_id=seat.person_id, competency_ids=seat.competency_ids
        )
        interviews.arrange(session, interview, wanted, now=now)
    interviews.touch(loop)
    session.flush()
    return sum(seat.person_id is None for seat in before) - sum(seat.person_id is None for seat in after)


def override_cap(
    session: Session,
    loop: Loop,
    person_id: int,
    *,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Let a person interview beyond the cap in this loop, on the record. Raises Stale, NothingToOverride."""
    take_turn(session, loop.application)
    expect(loop, version)
    if not reason.strip():
        raise NothingToOverride("Say why this cap may be exceeded: it stays on the record.", "reason")
    problems = [each for each in loops.standing(session, loop, now=now).coverage.problems if each.overridable]
    words = [each.text for each in problems if each.person_id == person_id]
    if not words:
        raise NothingToOverride("No cap of this person stands in the way any more.")
    loop.overrides.append(CapOverride(person_id=person_id, reason=reason.strip(), at=now, by_id=by.id))
    interviews.touch(loop)
    text = f"Cap overridden: {' '.join(words)} Reason: {reason.strip()}"
    note_change(session, "loop.override_cap", text, by=by, now=now, application=loop.application)
    session.flush()


def cancel_interview(
    session: Session,
    loop: Loop,
    interview: Interview,
    *,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Take one interview out of the loop; refused where the rest would not cover the plan.

    One that a draft took for held, but that was not, has an empty one in its place.

    Raises Stale, WrongStage, ReasonMissing, AlreadyEvaluated, LoopNotReady.
    """
    take_turn(session, loop.application)
    expect(interview, version)
    interviews.check_stage(loop.application, StageKind.LOOP, StageKind.OUTCOME)
    reason = reason_given(reason, "Say why the interview is cancelled: it stays on the record.")
    seats, was_held = loops.seats_of(loop), loops.is_held(interview)
    _check_change(session, loop, [seat for seat in seats if seat.interview_id != interview.id], now)
    interviews.call_off(session, interview, now=now)
    if was_held:
        loop_seats.fill(session, loop)
        deadlines.rework(session, loop.application, now=now)
    interviews.touch(loop)
    if loop.state is LoopState.SENT:
        settle(session, loop, now)
        interview_mails.tell_loop(session, loop, now=now)
    text = f"{interview.name} was cancelled: {reason}"
    note_change(session, "loop.cancel_interview", text, by=by, now=now, application=loop.application)
    session.flush()


def _change(session: Session, loop: Loop, wanted: dict[int, Arrangement], *, by: Person | None, now: datetime) -> None:
    """Change interviews of a loop that went out, held against the rules as a whole; everybody concerned is told."""
    interviews.check_stage(loop.application, StageKind.LOOP, StageKind.OUTCOME)
    for interview_id, arrangement in wanted.items():
        interviews.check_may_change(session, loops.get_interview(loop, interview_id), arrangement, now)
    after = [_wished(session, seat, wanted.get(seat.interview_id)) for seat in loops.seats_of(loop)]
    _check_change(session, loop, after, now)
    gone = trainee_seats.let_go(session, loops.interviews_of(loop), after, now=now)
    zone = loop.application.requisition.region.zone
    for interview in loops.interviews_of(loop):
        if interview.id in wanted:
            before = interviews.arrangement_of(interview)
            interviews.change(session, interview, wanted[interview.id], now=now)
            changed = what_changed(session, before, interviews.arrangement_of(interview), zone)
            text = f"{interview.name} was changed: {changed}"
            note_change(session, "loop.change", text, by=by, now=now, application=loop.application)
    trainee_seats.tell_gone(session, gone, list(wanted), now=now)
    interviews.touch(loop)
    settle(session, loop, now)
    interview_mails.tell_loop(session, loop, now=now)
    session.flush()


def _check_change(session: Session, loop: Loop, after: list[Seat], now: datetime) -> None:
    if loop.state is LoopState.DRAFT:
        return
    wished = locked_standing(session, loop, after, now).coverage
    broken = broken_by(loops.standing(session, loop, now=now).coverage, wished)
    if broken:
        raise LoopNotReady(broken)


def _wished(session: Session, seat: Seat, wanted: Arrangement | None) -> Seat:
    if wanted is None:
        return seat
    person = session.get(Person, wanted.person_id) if wanted.person_id else None
    is_same = (wanted.person_id, wanted.starts_at) == (seat.person_id, seat.starts_at)
    return replace(
        seat,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        person_id=wanted.person_id,
        person_name=person.name if person else "",
        competency_ids=wanted.competency_ids,
        has_declined=seat.has_declined and is_same,
    )
