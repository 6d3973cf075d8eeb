"""The candidate says when he or she can come; the whole set is replaced each time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.candidate_window import CandidateWindow
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries.candidate_windows import are_asked, windows_of
from tracker.rules.busy_times import Span
from tracker.rules.candidate_windows import BadWindow, Typed, checked_windows, lines_of
from tracker.rules.refused import Refused
from tracker.rules.zones import day_words


class NotAsked(Refused):
    """Nothing is to be arranged for this application."""


def say(session: Session, application: Application, lines: Sequence[Typed], *, zone: str, now: datetime) -> None:
    """Keep the times that the candidate typed, by the clocks of ``zone``, in place of all given before.

    ``zone`` is the one that his or her page showed. The same times once more change nothing. Raises NotAsked,
    BadWindow.
    """
    take_turn(session, application)
    if not are_asked(session, application):
        raise NotAsked("Nothing is to be arranged for this application at the moment.")
    if zone != application.candidate.zone:
        raise BadWindow("The time zone of this page was changed meanwhile. Look at the times, and save once more.")
    before, windows = windows_of(session, application.id, now=now), list(checked_windows(lines, zone, now))
    if not windows and not before:
        raise BadWindow("Tick the days on which you can.")
    if windows == before:
        return
    session.execute(delete(CandidateWindow).where(CandidateWindow.application_id == application.id))
    session.add_all(
        CandidateWindow(application_id=application.id, starts_at=each.starts_at, ends_at=each.ends_at)
        for each in windows
    )
    session.flush()
    note_change(session, "candidate_windows.say", _words(windows, zone), by=None, now=now, application=application)


def _words(windows: Sequence[Span], zone: str) -> str:
    if not windows:
        return "The candidate took back the times in which he or she can come"
    said = "; ".join(f"{day_words(on)}, {begins:%H:%M} to {ends:%H:%M}" for on, begins, ends in lines_of(windows, zone))
    return f"The candidate can come: {said} ({zone})"
