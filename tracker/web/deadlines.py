"""The deadlines that run, and pausing one of them."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from tracker import clock
from tracker.models.deadline import Deadline
from tracker.pipeline import deadlines as verbs
from tracker.pipeline.deadline_changes import accept as accept_verb
from tracker.queries import candidates, deadline_changes, deadlines, visibility
from tracker.queries.deadlines import Filters, Line, Whose
from tracker.queries.visibility import Right
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.refused import Refused
from tracker.web.addresses import deadline_url, row_number
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import LINE_LENGTH, Form, Words, many_lines

blueprint = Blueprint("deadlines", __name__)


class PauseForm(Form):
    """Why a clock stops."""

    reason = TextAreaField("Why does the clock stop?", [Words(LINE_LENGTH)], filters=[many_lines])


@blueprint.get("/deadlines")
def index() -> ResponseReturnValue:
    """Show a page of running deadlines, the soonest due first."""
    filters = _filters()
    page = deadlines.page(session(), viewer(), filters, clock.now())
    return render_template(
        "deadlines/index.html",
        filters=filters,
        page=page,
        whose=[(each, _url(whose=each.value, after="")) for each in Whose],
        kinds=list(DeadlineKind),
        requisitions=candidates.requisition_choices(session(), viewer()),
        regions=deadlines.region_choices(session()),
        action_url=deadline_url,
        next_url=_url(after=page.after) if page.after else None,
        first_url=_url(after="") if filters.after else None,
    )


@blueprint.get("/deadlines/changes")
def changes() -> ResponseReturnValue:
    """List the open deadlines that would move since a calendar or a limit changed."""
    return render_template("deadlines/changes.html", changes=deadline_changes.pending(session(), viewer()))


@blueprint.post("/deadlines/changes")
@once
def accept_changes() -> ResponseReturnValue:
    """Move those that were shown and ticked; one that changed meanwhile is said to be stale."""
    seen = {row_number(key): row_number(value) for key, value in request.form.items(multi=True) if key.isdecimal()}
    chosen = [
        replace(c, version=seen[c.id] or 0) for c in deadline_changes.pending(session(), viewer()) if c.id in seen
    ]
    _demand_manager(chosen)
    accept_verb(session(), chosen, by=person(), now=clock.now())
    moved = f"{len(chosen)} deadline{'s were' if len(chosen) != 1 else ' was'} moved."
    return done(url_for("deadlines.changes"), moved if chosen else "Nothing was ticked.")


def _demand_manager(chosen: list[deadline_changes.Change]) -> None:
    for application_id in {change.application_id for change in chosen}:
        if not visibility.may(session(), viewer(), application_id, Right.MANAGE):
            raise visibility.NotFound(f"application {application_id}")


@blueprint.get("/deadlines/<id:deadline_id>")
def show(deadline_id: int) -> ResponseReturnValue:
    """Show one deadline: how it stands, and the way to pause it or let it run again."""
    return _page(deadlines.one(session(), viewer(), deadline_id, clock.now()), PauseForm())


@blueprint.post("/deadlines/<id:deadline_id>/pause")
@once
def pause(deadline_id: int) -> ResponseReturnValue:
    """Stop the clock, with a reason."""
    line = deadlines.one(session(), viewer(), deadline_id, clock.now())
    application = visibility.get_application(session(), viewer(), line.application_id, Right.MANAGE)
    form = PauseForm()
    if form.validate_on_submit():
        try:
            deadline = session().get_one(Deadline, deadline_id)
            verbs.pause(
                session(),
                application,
                deadline,
                reason=form.reason.data or "",
                by=person(),
                now=clock.now(),
                version=form.version.data,
            )
            return done(url_for("deadlines.show", deadline_id=deadline_id), "The clock stands.")
        except Refused as error:
            refused(error, form)
    return _page(line, form), 422


@blueprint.post("/deadlines/<id:deadline_id>/resume")
@once
def resume(deadline_id: int) -> ResponseReturnValue:
    """Let the clock run again."""
    line = deadlines.one(session(), viewer(), deadline_id, clock.now())
    application = visibility.get_application(session(), viewer(), line.application_id, Right.MANAGE)
    deadline = session().get_one(Deadline, deadline_id)
    verbs.resume(
        session(), application, deadline, by=person(), now=clock.now(), version=row_number(request.form.get("version"))
    )
    return done(url_for("deadlines.show", deadline_id=deadline_id), "The clock runs again.")


def _page(line: Line, form: PauseForm) -> str:
    form.version.data = line.version
    return render_template(
        "deadlines/show.html",
        line=line,
        form=form,
        action_url=deadline_url(line),
        may_pause=visibility.may(session(), viewer(), line.application_id, Right.MANAGE),
        may_open=visibility.may(session(), viewer(), line.application_id, Right.READ),
    )


def _filters() -> Filters:
    said = request.args
    whose, state, kind = said.get("whose", ""), said.get("state", ""), said.get("kind", "")
    return Filters(
        whose=Whose(whose) if whose in set(Whose) else Whose.MINE,
        state=DeadlineState.PAUSED if state == DeadlineState.PAUSED.value else DeadlineState.OPEN,
        kind=DeadlineKind(kind) if kind in set(DeadlineKind) else None,
        requisition_id=row_number(said.get("requisition")),
        region_id=row_number(said.get("region")),
        after=row_number(said.get("after")),
    )


def _url(**changes: object) -> str:
    said = {name: value for name, value in (request.args | changes).items() if value}
    return url_for("deadlines.index") + (f"?{urlencode(said)}" if said else "")
