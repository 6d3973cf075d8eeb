"""What the pages of scorecards show: the form, what was handed in, and what cannot be written any more."""

from flask import render_template, url_for

from tracker import clock
from tracker.models.interview import Assignment
from tracker.models.scorecard import Scorecard
from tracker.pipeline import scorecards
from tracker.queries import promises, readings, visibility
from tracker.queries import scorecards as queries
from tracker.queries.scorecard_files import files as shown_files
from tracker.queries.visibility import Right
from tracker.rules.evidence_files import EVIDENCE
from tracker.rules.scorecards import RATINGS
from tracker.web import scorecard_form, uploads
from tracker.web.doing import person, session, viewer
from tracker.web.scorecard_form import ScorecardForm


def form_page(assignment: Assignment, card: Scorecard | None, form: ScorecardForm) -> str:
    interview = assignment.interview
    is_amendment = card is not None and card.submitted_at is not None
    return render_template(
        "scorecards/form.html",
        assignment=assignment,
        promise=promises.running(session(), interview.application_id, clock.now()),
        card=card,
        form=form,
        messages=scorecard_form.messages(form),
        words=RATINGS,
        is_amendment=is_amendment,
        files=shown_files(session(), viewer(), card) if card else (),
        most_bytes=uploads.most(),
        file_kinds=EVIDENCE.accept,
        has_begun=interview.starts_at is not None and interview.starts_at <= clock.now(),
        checks=form.checks() if card is not None and card.saved_at else [],
    )


def closed(assignment: Assignment, card: Scorecard, reason: str) -> str:
    return render_template("scorecards/closed.html", assignment=assignment, card=card, reason=reason)


def read(card: Scorecard) -> str:
    scorecards.note_reading(session(), [card], by=person(), now=clock.now())
    page = render_template(
        "scorecards/read.html",
        card=card,
        promise=promises.running(session(), card.application_id, clock.now()),
        words=RATINGS,
        versions=queries.versions(session(), viewer(), card),
        files=shown_files(session(), viewer(), card),
        readers=readings.readers(session(), viewer(), card),
        is_own=card.author_id == viewer().person_id,
        is_to_confirm=card.typed_by_id is not None and card.confirmed_at is None,
        back_url=_back_url(card),
    )
    session().commit()
    return page


def _back_url(card: Scorecard) -> str:
    """Return the page that a reader came from, or may at least open."""
    if visibility.may(session(), viewer(), card.application_id, Right.READ):
        return url_for("applications.show", application_id=card.application_id)
    if card.author_id == viewer().person_id:
        return url_for("interviews.show", assignment_id=card.assignment_id)
    return url_for("debriefs.show", application_id=card.application_id)
