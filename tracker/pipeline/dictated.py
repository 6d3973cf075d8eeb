"""Scorecards that somebody of the recruiting side enters, as their interviewer dictates them; both names stay on them.

Only its interviewer writes a scorecard (the process, section 6, rule 1): what is entered is the interviewer's evidence,
who is told at once and confirms or amends it. Until then the blind rule binds the interviewer as before.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_people
from tracker.mail.links import url_for_person
from tracker.models.interview import Assignment
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard
from tracker.pipeline import interview_mails
from tracker.pipeline.record import note_change
from tracker.pipeline.scorecard_contents import as_data, content_of
from tracker.pipeline.scorecards import NotWritable, ensure, hand_in, why_not_writable
from tracker.pipeline.turns import take_turn
from tracker.queries.dictated import may_enter
from tracker.queries.visibility import viewer_of
from tracker.rules.refused import Refused
from tracker.rules.scorecards import ScorecardContent


class NothingToConfirm(Refused):
    """Nobody else entered the scorecard, or it is confirmed."""


def enter(
    session: Session, assignment: Assignment, content: ScorecardContent, *, by: Person, now: datetime
) -> Scorecard:
    """Hand a scorecard in for its interviewer, who gets an e-mail and confirms it.

    It is in from then on, and what waited for it goes on. Who types sees nothing of the interviewer's draft, which is
    set aside for its author. Raises NotWritable, TooEarly, IncompleteScorecard.
    """
    application = assignment.interview.application
    take_turn(session, application)
    if not may_enter(session, viewer_of(session, by), application.id):
        raise NotWritable("Only who recruits for the application, and interviews nowhere in it, enters a scorecard.")
    card = ensure(session, assignment)
    reason = why_not_writable(assignment, card)
    if reason is not None:
        raise NotWritable(f"{reason} What was dictated to you is below: let the interviewer have it.")
    drafted = as_data(content_of(card), {each.competency_id: each.competency.name for each in assignment.competencies})
    card.set_aside = drafted if any(drafted.values()) and card.saved_at else None
    card.typed_by, card.confirmed_at = by, None
    hand_in(session, card, assignment, content, by=by, now=now)
    _tell(session, card, assignment, now)
    return card


def confirm(session: Session, card: Scorecard, *, by: Person, now: datetime) -> None:
    """Say that what somebody else entered is what one dictated: from now on it counts as one's own.

    Raises NothingToConfirm.
    """
    interview = card.assignment.interview
    take_turn(session, interview.application)
    if card.author_id != by.id or card.typed_by_id is None or card.confirmed_at is not None:
        raise NothingToConfirm("There is nothing to confirm: nobody else entered this scorecard, or you did already.")
    card.confirmed_at = now
    text = f"{by.name} confirmed the scorecard of {interview.name}"
    note_change(session, "scorecard.confirm", text, by=by, now=now, application=interview.application)
    session.flush()


def _tell(session: Session, card: Scorecard, assignment: Assignment, now: datetime) -> None:
    application, author = assignment.interview.application, assignment.person
    mail = words_people.scorecard_entered(
        interview_mails.notice_of(session, assignment.interview, author),
        typist=card.typed_by.name if card.typed_by else "",
        link=url_for_person(f"/scorecards/{assignment.id}", author.id, now=now),
    )
    key = f"{mail.kind}:{card.id}:{card.submitted_at}"
    fact = {"application": application.id, "state": "active"}
    outbox.post(session, mail, now=now, dedupe_key=key, fact=fact, person=author, application=application)
