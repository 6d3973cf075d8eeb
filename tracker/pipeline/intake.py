"""Applications come in: by the careers page or by a recruiter's hand."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_candidates
from tracker.mail.addresses import canonical
from tracker.mail.links import url
from tracker.mail.messages import Address
from tracker.models.application import Application, Note, StageChange
from tracker.models.candidate import Candidate, CandidateWord
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.models.requisition import Requisition, RequisitionState
from tracker.pipeline import candidate_links, deadlines, documents, retention
from tracker.pipeline.record import note_change
from tracker.queries.organisation import organisation_name
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.refused import Refused, Stale
from tracker.rules.stages import ApplicationState
from tracker.rules.words import candidate_words, holds_address, sort_name

CAREERS = "careers page"


class RequisitionClosed(Refused):
    """A closed requisition takes no applications."""


class NoName(Refused):
    """Something else was typed in place of a name."""


class AlreadyApplied(Refused):
    """This candidate has an application at this requisition; ``application_id`` says which."""

    def __init__(self, application_id: int) -> None:
        super().__init__("There is an application with this e-mail address already.", field="email")
        self.application_id = application_id


def receive(
    session: Session,
    requisition: Requisition,
    *,
    name: str,
    email: str,
    phone: str = "",
    zone: str,
    resume: documents.Upload | None,
    source: str,
    message: str = "",
    by: Person | None,
    now: datetime,
    tell: bool = True,
    note: str = "",
) -> Application:
    """Take in one application, in the plan's first stage, with its review deadline; tell the candidate by e-mail.

    ``email`` is one valid address, ``zone`` a known zone's name, ``resume`` a file kept by ``documents.keep``; ``by``
    None is the candidate. Whoever is known by the address keeps the name and numbers that are stored: an anonymous
    form must not change them; but a confidential requisition knows its candidates by what was given to it alone.
    ``note`` is the recruiter's.

    Raises RequisitionClosed, NoName, BadAddress, AlreadyApplied, Stale.
    """
    if requisition.state is not RequisitionState.OPEN:
        raise RequisitionClosed("This position is closed and takes no more applications.")
    if holds_address(name):
        # Our e-mail greets by this name at an address that nobody confirmed: it must not carry a stranger's link there.
        raise NoName("A name holds no web or e-mail address. Please put a space after a full stop.", "name")
    email = canonical(email)
    _check_new(session, requisition, email)
    known_to = requisition.id if requisition.is_confidential else None
    candidate = _candidate(session, known_to, name=name, email=email, phone=phone, zone=zone, now=now)
    application = _application(session, requisition, candidate, source=source, message=message, now=now)
    _write_history(session, application, by=by, now=now)
    if not retention.count(session, candidate.id):
        raise Stale("Something else was done with this address at this very moment. Please send it once more.")
    note_change(session, "intake.receive", _told(candidate, name, source, by), by=by, now=now, application=application)
    if resume is not None:
        documents.add(session, application, resume, is_resume=True, by=by, now=now)
    if note and by is not None:
        session.add(Note(application_id=application.id, text=note, at=now, by_id=by.id))
    owner = requisition.recruiter
    deadlines.open_(session, application, DeadlineKind.APPLICATION_REVIEW, day0_at=now, owner=owner, now=now)
    if tell:
        _tell_received(session, application, now=now)
    session.flush()
    return application


def apply(
    session: Session,
    requisition: Requisition,
    *,
    name: str,
    email: str,
    phone: str,
    zone: str,
    resume: documents.Upload | None,
    message: str,
    now: datetime,
) -> Application | None:
    """Take in an application from the careers page. Who applied already is told so by e-mail, and by it alone:

    the page's answer is the same, so that nobody can ask it who has applied; then None is returned, which it must not
    show. Raises RequisitionClosed.
    """
    try:
        return receive(
            session,
            requisition,
            name=name,
            email=email,
            phone=phone,
            zone=zone,
            resume=resume,
            source=CAREERS,
            message=message,
            by=None,
            now=now,
        )
    except AlreadyApplied as known:
        _tell_known(session, known.application_id, now=now)
        return None


def _check_new(session: Session, requisition: Requisition, email: str) -> None:
    """Raise AlreadyApplied where somebody with this address has an application here, in whichever row he or she is."""
    same = select(Application.id).join(Candidate, Application.candidate_id == Candidate.id)
    known = session.scalar(same.where(Candidate.email == email, Application.requisition_id == requisition.id))
    if known is not None:
        raise AlreadyApplied(known)


def _candidate(
    session: Session, known_to: int | None, *, name: str, email: str, phone: str, zone: str, now: datetime
) -> Candidate:
    """Return the candidate with this address, made where there is none; ``known_to`` is a confidential requisition."""
    by_email = select(Candidate).where(
        Candidate.email == email,
        Candidate.requisition_id.is_(None) if known_to is None else Candidate.requisition_id == known_to,
    )
    found = session.scalar(by_email)
    if found is not None:
        return found
    candidate = Candidate(email=email, requisition_id=known_to, name=name, phone=phone, zone=zone, created_at=now)
    try:
        with session.begin_nested():
            session.add(candidate)
            session.flush()
            words = candidate_words(name, email)
            session.add_all(CandidateWord(word=word, candidate_id=candidate.id) for word in sorted(words))
    except IntegrityError:
        # Somebody sent the same address in this very moment; the unique address decides who made the row.
        return session.scalars(by_email).one()
    return candidate


def _application(
    session: Session, requisition: Requisition, candidate: Candidate, *, source: str, message: str, now: datetime
) -> Application:
    """Return the new application; raise AlreadyApplied where the candidate got one here in this very moment."""
    earlier = select(Application.id).where(
        Application.candidate_id == candidate.id, Application.requisition_id == requisition.id
    )
    first = requisition.plan.stages[0]
    application = Application(
        candidate=candidate,
        requisition=requisition,
        stage=first,
        stage_kind=first.kind,
        state=ApplicationState.ACTIVE,
        sort_name=sort_name(candidate.name),
        source=source,
        message=message,
        applied_at=now,
        entered_stage_at=now,
    )
    try:
        with session.begin_nested():
            session.add(application)
    except IntegrityError:
        raise AlreadyApplied(session.scalars(earlier).one()) from None
    return application


def _write_history(session: Session, application: Application, *, by: Person | None, now: datetime) -> None:
    session.add(
        StageChange(
            application_id=application.id,
            from_stage_id=None,
            to_stage_id=application.stage_id,
            from_state=None,
            to_state=ApplicationState.ACTIVE,
            at=now,
            by_id=by.id if by else None,
        )
    )


def _told(candidate: Candidate, name: str, source: str, by: Person | None) -> str:
    text = f"Applied by the {CAREERS}" if by is None else f"Added by hand; source: {source}"
    return text if candidate.name == name else f"{text}, under the name “{name}”"


def _tell_received(session: Session, application: Application, *, now: datetime) -> None:
    mail = words_candidates.application_received(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        team=application.requisition.team,
        status_url=url(candidate_links.status_link(session, application, now=now)),
    )
    outbox.post(session, mail, now=now, dedupe_key=f"application-received:{application.id}", application=application)


def _tell_known(session: Session, application_id: int, *, now: datetime) -> None:
    """Say that the application is here already; once a day, however often the form is sent."""
    application = session.get_one(Application, application_id)
    key = f"application-known:{application.id}:{now:%Y-%m-%d}"
    if session.scalar(select(exists().where(OutboxMail.dedupe_key == key))):
        return
    text = "The candidate applied again by the careers page: nothing was changed, an e-mail says so"
    note_change(session, "intake.apply", text, by=None, now=now, application=application)
    mail = words_candidates.application_known(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        status_url=url(candidate_links.status_link(session, application, now=now)),
    )
    outbox.post(session, mail, now=now, dedupe_key=key, application=application)
