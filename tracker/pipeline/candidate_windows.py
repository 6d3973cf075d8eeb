"""The candidate says when he or she can come; the whole set is replaced each time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_candidates
from tracker.mail.links import url
from tracker.mail.messages import Address
from tracker.models.application import Application
from tracker.models.candidate_window import CandidateWindow
from tracker.models.outbox import OutboxMail
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries.candidate_windows import are_asked, windows_of
from tracker.queries.organisation import organisation_name
from tracker.rules.busy_times import Span
from tracker.rules.candidate_windows import BadWindow, Typed, checked_windows, lines_of
from tracker.rules.refused import Refused
from tracker.rules.zones import day_words

# Whoever saves again and again writes one mail to the recruiter, not many: its link leads to what stands.
MAIL_PAUSE = timedelta(minutes=10)


class NotAsked(Refused):
    """Nothing is to be arranged for this application."""


def say(
    session: Session, application: Application, lines: Sequence[Typed], *, zone: str, now: datetime, note: str = ""
) -> None:
    """Keep the times that the candidate typed, by the clocks of ``zone``, in place of all given before, with a note.

    ``zone`` is the one that his or her page showed. The same once more changes nothing. The recruiter gets an e-mail,
    one in ten minutes at most. What the note says is not put on the record. Raises NotAsked, BadWindow.
    """
    take_turn(session, application)
    if not are_asked(session, application):
        raise NotAsked("Nothing is to be arranged for this application at the moment.")
    if zone != application.candidate.zone:
        raise BadWindow("The time zone of this page was changed meanwhile. Look at the times, and save once more.")
    before, windows = windows_of(session, application.id, now=now), list(checked_windows(lines, zone, now))
    if not windows and not before:
        raise BadWindow("Tick the days on which you can.")
    if (windows, note) == (before, application.candidate_note):
        return
    application.candidate_note = note
    session.execute(delete(CandidateWindow).where(CandidateWindow.application_id == application.id))
    session.add_all(
        CandidateWindow(application_id=application.id, starts_at=each.starts_at, ends_at=each.ends_at)
        for each in windows
    )
    session.flush()
    said = f"The candidate can come: {'; '.join(_words(windows, zone))} ({zone})"
    text = said if windows else "The candidate took back the times in which he or she can come"
    text += ". A note is with it" if note else ""
    note_change(session, "candidate_windows.say", text, by=None, now=now, application=application)
    if windows:
        _tell_recruiter(session, application, windows, now)


def _words(windows: Sequence[Span], zone: str) -> list[str]:
    return [f"{day_words(on)}, {begins:%H:%M} to {ends:%H:%M}" for on, begins, ends in lines_of(windows, zone)]


def _tell_recruiter(session: Session, application: Application, windows: Sequence[Span], now: datetime) -> None:
    recent = exists().where(
        OutboxMail.application_id == application.id,
        OutboxMail.kind == "candidate_times",
        OutboxMail.created_at > now - MAIL_PAUSE,
    )
    if session.scalar(select(recent)):
        return
    recruiter = application.requisition.recruiter
    mail = words_candidates.candidate_times(
        receiver=Address.of(recruiter),
        organisation=organisation_name(session),
        candidate=application.candidate.name,
        title=application.requisition.title,
        times=[f"{each} ({recruiter.zone})" for each in _words(windows, recruiter.zone)],
        note=application.candidate_note,
        page_url=url(f"/applications/{application.id}"),
    )
    key = f"candidate-times:{application.id}:{now.isoformat()}"
    fact = {"application": application.id, "state": application.state.value}
    outbox.post(session, mail, now=now, dedupe_key=key, fact=fact, person=recruiter, application=application)
