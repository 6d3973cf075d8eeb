"""Requisitions: opened from a plan, changed, closed and opened again; every change on the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.models.application import QualificationJudgement
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import Person
from tracker.models.region import Region
from tracker.models.requisition import Qualification, Requisition, RequisitionMember, RequisitionState
from tracker.pipeline import deadlines, trainee_seats
from tracker.pipeline.record import note_change
from tracker.pipeline.versions import expect
from tracker.rules.qualifications import QualificationKind
from tracker.rules.refused import Refused, reason_given


class CannotBeChosen(Refused):
    """A plan, region or person was chosen that cannot take this place."""


class NotInThatState(Refused):
    """Only an open requisition closes, only a closed one opens again."""


@dataclass(frozen=True)
class Details:
    """What a form says about a requisition. Text is Markdown in ``description``, plain elsewhere."""

    title: str
    team: str
    location: str
    description: str
    region_id: int
    hiring_manager_id: int
    recruiter_id: int
    openings: int = 1
    is_confidential: bool = False
    member_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Wording:
    """One qualification as a form gives it; ``qualification_id`` None is a new one."""

    kind: QualificationKind
    text: str
    qualification_id: int | None = None


def open_(
    session: Session, plan_id: int, details: Details, wordings: Sequence[Wording], *, by: Person | None, now: datetime
) -> Requisition:
    """Open a requisition from a plan.

    Raises CannotBeChosen where the plan is retired or has no stages, or a person is not active in the needed role.
    """
    plan = session.get(InterviewPlan, plan_id)
    if plan is None or not plan.is_active or not plan.stages:
        raise CannotBeChosen("This interview plan cannot be used. Choose another one.", field="plan_id")
    _check(session, details, None)
    requisition = Requisition(plan_id=plan.id, opened_at=now)
    _assign(requisition, details)
    session.add(requisition)
    session.flush()
    _set_members(session, requisition, details.member_ids)
    _set_qualifications(session, requisition, wordings)
    session.flush()
    text = f"Opened from the plan “{plan.name}”."
    note_change(session, "requisitions.open", text, by=by, now=now, requisition=requisition)
    return requisition


def edit(
    session: Session,
    requisition: Requisition,
    details: Details,
    wordings: Sequence[Wording],
    *,
    by: Person,
    now: datetime,
    version: int | None,
) -> None:
    """Change a requisition. Open deadlines follow a new recruiter or hiring manager.

    Of a confidential one nobody outside its hiring team learns any more: they leave their seats to come, and are told.

    Raises Stale where the form is older than the row, CannotBeChosen as ``open_`` does.
    """
    expect(requisition, version)
    _check(session, details, requisition)
    owners = (requisition.recruiter_id, requisition.hiring_manager_id)
    changes = _changes(session, requisition, details)
    _assign(requisition, details)
    changes += _set_members(session, requisition, details.member_ids)
    changes += _set_qualifications(session, requisition, wordings)
    if changes:
        # Rows beside the requisition changed too: whoever holds an older form must hear of it.
        flag_modified(requisition, "title")
    session.flush()
    session.refresh(requisition)
    if owners != (requisition.recruiter_id, requisition.hiring_manager_id):
        deadlines.reassign(session, requisition, now=now)
    if changes:
        if requisition.is_confidential:
            gone = trainee_seats.leave_confidential(session, requisition, by=by, now=now)
            changes += [f"No longer learning in its interviews: {', '.join(gone)}."] if gone else []
        note_change(session, "requisitions.edit", " ".join(changes), by=by, now=now, requisition=requisition)


def close(
    session: Session, requisition: Requisition, *, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Take no more applications. Those that are active go on. Raises Stale, ReasonMissing or NotInThatState."""
    expect(requisition, version)
    if requisition.state is not RequisitionState.OPEN:
        raise NotInThatState("This requisition is closed already.")
    reason = reason_given(reason, "Please say why it is closed.")
    requisition.state = RequisitionState.CLOSED
    requisition.closed_at = now
    requisition.close_reason = reason
    session.flush()
    note_change(session, "requisitions.close", f"Closed: {reason}", by=by, now=now, requisition=requisition)


def reopen(
    session: Session, requisition: Requisition, *, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Take applications again. Raises Stale, ReasonMissing or NotInThatState."""
    expect(requisition, version)
    if requisition.state is not RequisitionState.CLOSED:
        raise NotInThatState("This requisition is open already.")
    reason = reason_given(reason, "Please say why it is opened again.")
    requisition.state = RequisitionState.OPEN
    requisition.closed_at = None
    requisition.close_reason = None
    session.flush()
    note_change(session, "requisitions.reopen", f"Opened again: {reason}", by=by, now=now, requisition=requisition)


def _check(session: Session, details: Details, requisition: Requisition | None) -> None:
    """Refuse people and regions that cannot take their place; whoever has it already may keep it."""
    region = session.get(Region, details.region_id)
    if region is None or not (region.is_active or (requisition and requisition.region_id == region.id)):
        raise CannotBeChosen("Choose a region that is in use.", field="region_id")
    if not (requisition and requisition.recruiter_id == details.recruiter_id):
        recruiter = session.get(Person, details.recruiter_id)
        if recruiter is None or not recruiter.is_active or not (recruiter.is_recruiter or recruiter.is_recruiting_lead):
            raise CannotBeChosen("Choose a recruiter who is active.", field="recruiter_id")
    if not (requisition and requisition.hiring_manager_id == details.hiring_manager_id):
        manager = session.get(Person, details.hiring_manager_id)
        if manager is None or not manager.is_active:
            raise CannotBeChosen("Choose a hiring manager who is active.", field="hiring_manager_id")


_FIELDS = {
    "title": "title",
    "team": "team",
    "location": "location",
    "openings": "openings",
}
_PLACES = {"recruiter_id": "Recruiter", "hiring_manager_id": "Hiring manager"}


def _assign(requisition: Requisition, details: Details) -> None:
    requisition.title = details.title
    requisition.team = details.team
    requisition.location = details.location
    requisition.description = details.description
    requisition.region_id = details.region_id
    requisition.hiring_manager_id = details.hiring_manager_id
    requisition.recruiter_id = details.recruiter_id
    requisition.openings = details.openings
    requisition.is_confidential = details.is_confidential


def _changes(session: Session, requisition: Requisition, details: Details) -> list[str]:
    """Return a sentence for each thing that the details would change."""
    said = []
    for name, word in _FIELDS.items():
        old, new = getattr(requisition, name), getattr(details, name)
        if old != new:
            said.append(f"The {word} was changed from “{old}” to “{new}”.")
    for name, word in _PLACES.items():
        old, new = getattr(requisition, name), getattr(details, name)
        if old != new:
            said.append(f"{word}: {_name(session, new)} instead of {_name(session, old)}.")
    if requisition.description != details.description:
        said.append("The description was changed.")
    if requisition.region_id != details.region_id:
        said.append("The region was changed; deadlines that are open keep their due moments.")
    if requisition.is_confidential != details.is_confidential:
        said.append("Made confidential." if details.is_confidential else "No longer confidential.")
    return said


def _name(session: Session, person_id: int) -> str:
    person = session.get(Person, person_id)
    return person.name if person else "nobody"


def _set_members(session: Session, requisition: Requisition, wanted: frozenset[int]) -> list[str]:
    known = set(session.scalars(select(Person.id).where(Person.id.in_(wanted)))) if wanted else set()
    present = {member.person_id: member for member in requisition.members}
    for person_id in present.keys() - known:
        requisition.members.remove(present[person_id])
    for person_id in sorted(known - present.keys()):
        requisition.members.append(RequisitionMember(person_id=person_id))
    added = [_name(session, person_id) for person_id in sorted(known - present.keys())]
    gone = [_name(session, person_id) for person_id in sorted(present.keys() - known)]
    said = [f"On the hiring team: {', '.join(added)}."] if added else []
    return said + ([f"No longer on the hiring team: {', '.join(gone)}."] if gone else [])


def _set_qualifications(session: Session, requisition: Requisition, wordings: Sequence[Wording]) -> list[str]:
    """Bring the qualifications in line with the form: what was judged is retired and stays, what was not is changed."""
    present = {row.id: row for row in requisition.qualifications if row.is_active}
    judged = _judged(session, set(present))
    said: list[str] = []
    kept: set[int] = set()
    for wording in wordings:
        row = present.get(wording.qualification_id or 0)
        if row is not None and row.id not in kept and _may_become(row, wording, was_judged=row.id in judged):
            kept.add(row.id)
            said += [f"Qualification changed to “{wording.text}”."] if row.text != wording.text else []
            row.text = wording.text
        else:
            _add_qualification(requisition, wording)
            said.append(f"Qualification added ({wording.kind.value}): “{wording.text}”.")
    for row in (row for row in present.values() if row.id not in kept):
        said.append(f"Qualification taken away ({row.kind.value}): “{row.text}”.")
        _take_away(requisition, row, was_judged=row.id in judged)
    return said


def _may_become(row: Qualification, wording: Wording, *, was_judged: bool) -> bool:
    """Whether the row can bear the form's words: words that somebody judged by are never changed."""
    return row.kind is wording.kind and (row.text == wording.text or not was_judged)


def _add_qualification(requisition: Requisition, wording: Wording) -> None:
    # Retired ones keep their places, so that the order of the form is the order of the page for ever.
    last = max((row.position for row in requisition.qualifications if row.kind is wording.kind), default=0)
    requisition.qualifications.append(Qualification(kind=wording.kind, position=last + 1, text=wording.text))


def _take_away(requisition: Requisition, row: Qualification, *, was_judged: bool) -> None:
    if was_judged:
        row.is_active = False
    else:
        requisition.qualifications.remove(row)


def _judged(session: Session, qualification_ids: set[int]) -> set[int]:
    if not qualification_ids:
        return set()
    found = select(QualificationJudgement.qualification_id).where(
        QualificationJudgement.qualification_id.in_(qualification_ids)
    )
    return set(session.scalars(found.distinct()))
