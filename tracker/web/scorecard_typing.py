"""Keeps what the script of the scorecard's form sends as one types, without building the form."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.pipeline import scorecard_drafts as drafting
from tracker.queries import scorecard_drafts as drafts
from tracker.rules.scorecard_checks import check
from tracker.rules.zones import local
from tracker.web import scorecard_typed
from tracker.web.doing import person, session, viewer
from tracker.web.scorecard_typed import ForTheForm, Typed


def keep_sent(assignment_id: int) -> ResponseReturnValue | None:
    """Keep what was sent, commit, and answer the script; None, and nothing done, where something is in the way."""
    try:
        return keep(assignment_id, scorecard_typed.read(request.form))
    except ForTheForm:
        return None


def keep(assignment_id: int, typed: Typed) -> ResponseReturnValue | None:
    """As ``keep_sent``, of what was read already."""
    own, now = drafts.own_draft(session(), viewer(), assignment_id), clock.now()
    if own is None:
        return None
    is_any_blank = any(each.is_unanswered and each.question for each in typed.content.evidence)
    held = drafts.held_texts(session(), assignment_id) if is_any_blank else frozenset[str]()
    content = typed.of(own.names, held)
    version, is_merged = drafting.save(session(), own, content, now=now, version=typed.version)
    saved, checks = local(now, person().zone), check(content, list(own.names), own.names, pasted=typed.pasted)
    session().commit()
    return jsonify(ok=True, version=version, saved=f"{saved:%H:%M %Z}", merged=is_merged, checks=checks)
