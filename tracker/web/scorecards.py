"""Scorecards: the form that saves itself, handing in, amending, reading and waiving."""

from flask import Blueprint, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from tracker import clock
from tracker.models.competency import Competency
from tracker.models.interview import Assignment
from tracker.models.person import InterviewKind
from tracker.models.scorecard import Scorecard
from tracker.pipeline import scorecards
from tracker.pipeline.scorecard_contents import as_data
from tracker.queries import debriefs, kit_questions
from tracker.queries import scorecards as queries
from tracker.queries.visibility import NotFound
from tracker.rules.documents import BadFile
from tracker.rules.refused import ReasonMissing, Refused, Stale
from tracker.rules.scorecards import RATINGS, IncompleteScorecard
from tracker.web import scorecard_files, scorecard_form, scorecard_typing, uploads
from tracker.web import scorecard_pages as pages
from tracker.web.doing import (
    done,
    goes_on,
    once,
    person,
    refused,
    searches,
    send_on,
    session,
    viewer,
    wants_json,
    writes,
)
from tracker.web.scorecard_form import ScorecardForm

BOTH_KEPT = "Another device wrote too. Both texts are kept: please look them over."

blueprint = Blueprint("scorecards", __name__)
blueprint.register_error_handler(RequestEntityTooLarge, uploads.too_large_page)


@blueprint.get("/scorecards/<id:assignment_id>")
@writes
def show(assignment_id: int) -> ResponseReturnValue:
    """The form to its interviewer until it is submitted; afterwards the scorecard, to those who may read it."""
    try:
        assignment = queries.own_assignment(session(), viewer(), assignment_id)
    except NotFound:
        return pages.read(queries.read(session(), viewer(), assignment_id))
    card = queries.own_scorecard(session(), viewer(), assignment_id)
    reason = scorecards.why_not_writable(assignment, card)
    if reason is None:
        if card is None:
            card = _made(assignment)
        questions = kit_questions.held(session(), assignment.id)
        return pages.form_page(assignment, card, scorecard_form.make(_competencies(assignment), card, questions))
    if card is None:
        return render_template("scorecards/closed.html", assignment=assignment, card=None, reason=reason)
    return pages.read(card) if card.submitted_at else pages.closed(assignment, card, reason)


@blueprint.post("/scorecards/<id:assignment_id>/draft")
def draft(assignment_id: int) -> ResponseReturnValue:
    """Keep what is typed: called by the page's script as one types, and by the button.

    Not once for each form: every saving is meant to have its effect. What two windows or devices typed is merged.
    """
    if wants_json() and not goes_on():
        return scorecard_typing.keep_sent(assignment_id) or _keep_form(assignment_id)
    assignment, form = _typed(assignment_id)
    if not form.validate():
        return _not_saved(assignment, form)
    try:
        scorecard_files.take(assignment, form)
        is_merged = scorecard_typing.store_form(assignment, form)
    except Stale as error:
        return _conflict(assignment, form, error)
    except BadFile as error:
        return _refused(assignment_id, form, error)
    except scorecards.NotWritable as error:
        return _too_late(assignment_id, form, error)
    url = url_for(".show", assignment_id=assignment_id)
    if is_merged:
        return done(url, f"Draft saved. {BOTH_KEPT}", "warn")
    return done(url, "Draft saved. Nobody but you can see it.")


def _keep_form(assignment_id: int) -> ResponseReturnValue:
    """Say what is in the way of what the script sent; keep it where nothing is."""
    assignment, form = _typed(assignment_id)
    if not form.validate():
        return _not_saved(assignment, form)
    scorecards.writable(session(), assignment, person())
    # The row is there by now.
    answer = scorecard_typing.keep(assignment_id, form.typed())
    if answer is None:
        raise Stale()
    return answer


@blueprint.post("/scorecards/<id:assignment_id>/check")
@searches
def check(assignment_id: int) -> ResponseReturnValue:
    """Tell the page's script, which asks whether to submit only then, that nothing is in the way; keep nothing."""
    assignment, form = _typed(assignment_id)
    if not form.validate():
        return _not_saved(assignment, form)
    reason = scorecards.why_not_writable(assignment, queries.own_scorecard(session(), viewer(), assignment_id))
    if reason is not None:
        raise scorecards.NotWritable(reason)
    scorecards.check(assignment, form.content(), now=clock.now())
    return jsonify(ok=True)


@blueprint.post("/scorecards/<id:assignment_id>")
@once
def submit(assignment_id: int) -> ResponseReturnValue:
    """Hand the scorecard in. Where another device wrote too, both texts are kept and shown: none is sent unread."""
    assignment, form = _typed(assignment_id)
    if not form.validate():
        return _not_saved(assignment, form)
    seen = form.seen
    try:
        scorecard_files.take(assignment, form)
        if _is_behind(assignment_id, form) and scorecard_typing.store_form(assignment, form):
            session().commit()
            return send_on(url_for(".show", assignment_id=assignment_id), f"Not submitted yet. {BOTH_KEPT}", "warn")
        scorecards.submit(session(), assignment, form.content(), by=person(), now=clock.now(), version=form.seen)
        said = "Scorecard submitted. From now on it changes only by an amendment."
        if _is_late(assignment):
            said += " It came in after the debrief was held: readers see that it is late."
        if all(each.is_unanswered for each in form.content().evidence):
            said += " It has no evidence, so whoever decides has only your ratings: amend it while you remember."
        return done(url_for(".show", assignment_id=assignment_id), said)
    except Stale as error:
        return _conflict(assignment, form, error)
    except IncompleteScorecard as error:
        return _incomplete(assignment_id, form, error)
    except (scorecards.TooEarly, BadFile) as error:
        # What was kept on the way is undone: a version that was never written would be another device's next one.
        form.renew_version(seen)
        return _refused(assignment_id, form, error)
    except scorecards.NotWritable as error:
        return _too_late(assignment_id, form, error)


def _is_behind(assignment_id: int, form: ScorecardForm) -> bool:
    card = queries.own_scorecard(session(), viewer(), assignment_id)
    return card is not None and card.version != form.seen and card.submitted_at is None


def _refused(assignment_id: int, form: ScorecardForm, error: Refused) -> ResponseReturnValue:
    refused(error, form)
    return _not_saved(queries.own_assignment(session(), viewer(), assignment_id), form)


def _too_late(assignment_id: int, form: ScorecardForm, error: Refused) -> ResponseReturnValue:
    """Say that it is not asked for any more, and show what was typed, which would be lost with the page."""
    session().rollback()
    assignment = queries.own_assignment(session(), viewer(), assignment_id)
    typed = as_data(form.content(), {each.id: each.name for each in _competencies(assignment)})
    page = render_template(
        "scorecards/closed.html", assignment=assignment, card=None, reason=error.message, typed=typed, words=RATINGS
    )
    return page, 422


def _is_late(assignment: Assignment) -> bool:
    interview = assignment.interview
    return interview.kind is InterviewKind.LOOP and debriefs.was_held(session(), interview.application_id)


@blueprint.get("/scorecards/<id:assignment_id>/amend")
def amend(assignment_id: int) -> ResponseReturnValue:
    """The form by which its interviewer changes a submitted scorecard."""
    assignment = queries.own_assignment(session(), viewer(), assignment_id)
    card = _submitted(assignment)
    return pages.form_page(assignment, card, scorecard_form.make(_competencies(assignment), card))


@blueprint.post("/scorecards/<id:assignment_id>/amend")
@once
def save_amendment(assignment_id: int) -> ResponseReturnValue:
    """Keep a new version beside the ones before it."""
    assignment, form = _typed(assignment_id)
    if not form.validate():
        return _not_saved(assignment, form)
    try:
        reason = form.reason.data or ""
        scorecard_files.take(assignment, form)
        scorecards.amend(
            session(),
            assignment,
            form.content(),
            reason=reason,
            by=person(),
            now=clock.now(),
            version=form.seen,
            without=scorecard_files.dropped(),
        )
        return done(url_for(".show", assignment_id=assignment_id), "Amended. The versions before it are kept.")
    except Stale as error:
        return _conflict(assignment, form, error)
    except IncompleteScorecard as error:
        session().rollback()
        form.show_missing(error)
    except (ReasonMissing, BadFile) as error:
        refused(error, form)
    return _not_saved(queries.own_assignment(session(), viewer(), assignment_id), form)


def _made(assignment: Assignment) -> Scorecard:
    """Make the row that was not made when the interview went out, and read anew what a commit lets go of."""
    card = scorecards.ensure(session(), assignment)
    session().commit()
    queries.own_assignment(session(), viewer(), assignment.id)
    return queries.own_scorecard(session(), viewer(), assignment.id) or card


def _typed(assignment_id: int) -> tuple[Assignment, ScorecardForm]:
    assignment = queries.own_assignment(session(), viewer(), assignment_id)
    questions = kit_questions.held(session(), assignment.id)
    return assignment, scorecard_form.make(_competencies(assignment), questions=questions)


def _competencies(assignment: Assignment) -> list[Competency]:
    return [each.competency for each in assignment.competencies]


def _submitted(assignment: Assignment) -> Scorecard:
    card = queries.own_scorecard(session(), viewer(), assignment.id)
    if card is None or card.submitted_at is None:
        raise scorecards.NotSubmitted("Only a submitted scorecard is amended; this one can simply be written.")
    return card


def _incomplete(assignment_id: int, form: ScorecardForm, error: IncompleteScorecard) -> ResponseReturnValue:
    """Name what is missing beside the fields, and keep what is there as the draft."""
    session().rollback()
    assignment = queries.own_assignment(session(), viewer(), assignment_id)
    scorecard_files.take(assignment, form)
    card = scorecards.save_draft(session(), assignment, form.content(), by=person(), now=clock.now())
    form.renew_version(card.version)
    session().commit()
    form.show_missing(error)
    return _not_saved(queries.own_assignment(session(), viewer(), assignment_id), form)


def _not_saved(assignment: Assignment, form: ScorecardForm) -> ResponseReturnValue:
    if wants_json():
        return jsonify(ok=False, message=" ".join(text for _, text in scorecard_form.messages(form))), 422
    card = queries.own_scorecard(session(), viewer(), assignment.id)
    return pages.form_page(assignment, card, form), 422


def _conflict(assignment: Assignment, form: ScorecardForm, error: Stale) -> ResponseReturnValue:
    """Overwrite nothing; show what was typed, so that the next sending is a choice and not an accident."""
    refused(error, form)
    assignment = queries.own_assignment(session(), viewer(), assignment.id)
    card = queries.own_scorecard(session(), viewer(), assignment.id)
    if card is not None:
        form.renew_version(card.version)
    # One thing, and what to do about it.
    form.form_errors[-1] += " What you typed is below. Compare in a new tab; saving from here replaces what is there."
    return pages.form_page(assignment, card, form), 409
