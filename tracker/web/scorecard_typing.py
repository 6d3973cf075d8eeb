"""Keeps what the script of the scorecard's form sends as one types, without building the form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.interview import Assignment
from tracker.pipeline import scorecard_drafts as drafting
from tracker.pipeline import scorecards
from tracker.queries import scorecard_drafts as drafts
from tracker.rules.refused import Stale
from tracker.rules.scorecard_checks import check
from tracker.rules.scorecards import ScorecardContent
from tracker.rules.zones import local
from tracker.web import scorecard_typed
from tracker.web.doing import person, session, viewer
from tracker.web.forms import UNSEEN
from tracker.web.scorecard_form import ScorecardForm
from tracker.web.scorecard_typed import ForTheForm, Typed


def keep_sent(assignment_id: int) -> ResponseReturnValue | None:
    """Keep what was sent, commit, and answer the script; None, and nothing done, where something is in the way."""
    try:
        return keep(assignment_id, scorecard_typed.read(request.form))
    except ForTheForm:
        return None


def keep(assignment_id: int, typed: Typed) -> ResponseReturnValue | None:
    """As ``keep_sent``, of what was read already."""
    kept = store(assignment_id, typed)
    if kept is None:
        return None
    now = clock.now()
    saved, checks = local(now, person().zone), check(kept.content, list(kept.names), kept.names, pasted=typed.pasted)
    session().commit()
    return jsonify(ok=True, version=kept.version, saved=f"{saved:%H:%M %Z}", merged=kept.is_merged, checks=checks)


@dataclass(frozen=True)
class Kept:
    """What was typed, the draft's version by now, and whether there is more in it; the competencies' names by id."""

    content: ScorecardContent
    version: int
    is_merged: bool
    names: Mapping[int, str]


def store(assignment_id: int, typed: Typed) -> Kept | None:
    """Keep what was typed beside what another device saved; None where something is in the way. Commits nothing."""
    own = drafts.own_draft(session(), viewer(), assignment_id)
    if own is None:
        return None
    is_any_blank = any(each.is_unanswered and each.question for each in typed.content.evidence)
    held = drafts.held_texts(session(), assignment_id) if is_any_blank else frozenset[str]()
    content, seen = typed.of(own.names, held), typed.seen_of(own.names, held)
    version, is_merged = drafting.save(session(), own, content, now=clock.now(), version=typed.version, seen=seen)
    return Kept(content, version, is_merged, own.names)


def store_form(assignment: Assignment, form: ScorecardForm) -> bool:
    """Keep a form as the draft, as ``store`` does; whether there is more in it now.

    Raises NotWritable; Stale where the form does not say from which version it was made: nothing is done on a guess.
    """
    card = scorecards.writable(session(), assignment, person())
    if form.seen == UNSEEN:
        scorecards.expect(card, UNSEEN)
    session().flush()
    kept = store(assignment.id, replace(form.typed(), seen=scorecard_typed.seen_in(request.form)))
    if kept is None:
        raise Stale()
    # The rows were written past the mapper.
    session().expire_all()
    form.renew_version(kept.version)
    return kept.is_merged
