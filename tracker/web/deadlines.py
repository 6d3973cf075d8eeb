"""The deadlines that run; and one of them, with what people do to its clock."""

from collections.abc import Collection
from datetime import date
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired

from tracker import clock
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.pipeline import deadline_clock as clock_verbs
from tracker.pipeline import nudges_by_hand
from tracker.pipeline.deadline_changes import accept as accept_verb
from tracker.queries import candidates, deadline_changes, deadline_page, deadlines, nudges, visibility
from tracker.queries.deadlines import Filters, Line, When, Whose
from tracker.queries.visibility import Right
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.nudges_by_hand import NotToBeReminded
from tracker.rules.refused import Refused, Stale
from tracker.rules.words import counted
from tracker.web.addresses import deadline_url, row_number
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, UNSEEN, Form, Words, many_lines
from tracker.web.rehearsal import again, carry_out, is_going_back

blueprint = Blueprint("deadlines", __name__)


class PauseForm(Form):
    """Why a clock stops."""

    reason = TextAreaField("Why does the clock stop?", [Words(LINE_LENGTH)], filters=[many_lines])


class ExtendForm(Form):
    """Until when, and why: for the staff, and in words for the candidate."""

    until = DateField("New date", [InputRequired("Choose the new date.")])
    reason = TextAreaField("Why does it take longer?", [Words(LINE_LENGTH)], filters=[many_lines])
    told = TextAreaField("What the candidate reads about it", [Words(TEXT_LENGTH, optional=True)], filters=[many_lines])


@blueprint.get("/deadlines")
def index() -> ResponseReturnValue:
    """Show a page of running deadlines, the soonest due first."""
    filters = _filters()
    page = deadlines.page(session(), viewer(), filters, clock.now(), person().zone)
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
    return _changes_page()


def _changes_page(ticked: Collection[int] | None = None) -> str:
    """Show the list as it is now, with those ticked that were, at first all."""
    found = deadline_changes.worked_out(session(), viewer(), clock.now())
    return render_template("deadlines/changes.html", changes=found, ticked=ticked)


@blueprint.post("/deadlines/changes")
@once
def accept_changes() -> ResponseReturnValue:
    """Move those that were shown and ticked. Where one of them would not move, or not to the moment that was shown, or
    not any more, none is moved, and the list is shown anew."""
    seen = {row_number(key) or 0: value for key, value in request.form.items(multi=True) if key.isdecimal()}
    if is_going_back():
        return _changes_page(seen)
    now = clock.now()
    chosen = [each for each in deadline_changes.worked_out(session(), viewer(), now) if each.id in seen]
    _demand_manager(chosen)
    if seen != {each.id: each.shown for each in chosen if not each.is_over}:
        refused(Stale("What would move has changed since this list was shown. Look again: nothing was moved."))
        return _changes_page(seen), 409

    def act() -> str:
        accept_verb(session(), chosen, by=person(), now=now)
        return f"{counted(len(chosen), 'deadline was', 'deadlines were')} moved." if chosen else "Nothing was ticked."

    return carry_out(act, url_for("deadlines.changes"), "Move deadlines")


def _demand_manager(chosen: list[deadline_changes.Change]) -> None:
    for application_id in {change.application_id for change in chosen}:
        if not visibility.may(session(), viewer(), application_id, Right.MANAGE):
            raise visibility.NotFound(f"application {application_id}")


@blueprint.get("/deadlines/<id:deadline_id>")
def show(deadline_id: int) -> ResponseReturnValue:
    """Show one deadline: how it stands and is counted, and the ways to pause it, let it run again or extend it."""
    return _page(deadline_id)


@blueprint.post("/deadlines/<id:deadline_id>/pause")
@once
def pause(deadline_id: int) -> ResponseReturnValue:
    """Stop the clock, with a reason."""
    application, deadline = _managed(deadline_id)
    form = PauseForm()
    if form.validate_on_submit():
        reason, version = form.reason.data or "", form.seen
        try:
            clock_verbs.pause(
                session(), application, deadline, reason=reason, by=person(), now=clock.now(), version=version
            )
            return done(url_for("deadlines.show", deadline_id=deadline_id), "The clock stands.")
        except Refused as error:
            refused(error, form)
    return _page(deadline_id, pause_form=form), 422


@blueprint.post("/deadlines/<id:deadline_id>/resume")
@once
def resume(deadline_id: int) -> ResponseReturnValue:
    """Let the clock run again; of a promise the candidate is told the new date."""
    if is_going_back():
        return _page(deadline_id)
    application, deadline = _managed(deadline_id)
    version = row_number(request.form.get("version")) or UNSEEN

    def act() -> str:
        clock_verbs.resume(session(), application, deadline, by=person(), now=clock.now(), version=version)
        return "The clock runs again."

    return carry_out(act, url_for("deadlines.show", deadline_id=deadline_id), "Let the clock run")


@blueprint.post("/deadlines/<id:deadline_id>/extend")
@once
def extend(deadline_id: int) -> ResponseReturnValue:
    """Give it until a later day, with a reason; of a promise the candidate is told the new date."""
    application, deadline = _managed(deadline_id)
    form, code = ExtendForm(prefix="extend"), again()

    def act() -> str:
        clock_verbs.extend(
            session(),
            application,
            deadline,
            form.until.data or date.min,
            reason=form.reason.data or "",
            told=form.told.data or "",
            by=person(),
            now=clock.now(),
            version=form.seen,
        )
        return "The new date is set."

    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, url_for("deadlines.show", deadline_id=deadline_id), "Extend the deadline")
        except Refused as error:
            refused(error, form)
            code = 422
    return _page(deadline_id, extend_form=form), code


@blueprint.post("/deadlines/<id:deadline_id>/remind")
@once
def remind(deadline_id: int) -> ResponseReturnValue:
    """Remind its owner now, once the e-mail was read; whoever may judge the application may."""
    now = clock.now()
    line = deadlines.one(session(), viewer(), deadline_id, now)
    application = visibility.get_application(session(), viewer(), line.application_id, Right.JUDGE)
    deadline, back = session().get_one(Deadline, deadline_id), _came_from(line)
    if is_going_back():
        return redirect(back, code=303)

    def act() -> str:
        nudges_by_hand.remind(session(), application, deadline, by=person(), now=now)
        return f"The reminder to {line.owner} is on its way."

    heading = f"Remind {line.owner} now"
    try:
        return carry_out(act, back, heading, cautions=lambda: nudges_by_hand.cautions(session(), deadline, now=now))
    except NotToBeReminded as error:
        # There is no form to say it in: it is said where the button was pressed.
        refused(error)
        return redirect(back, code=303)


def _came_from(line: Line) -> str:
    """Return the page on which the button was pressed."""
    said, query = request.form.get("back"), parse_qsl(request.form.get("query", ""))
    if said == "list":
        return url_for("deadlines.index") + (f"?{urlencode(query)}" if query else "")
    if said in ("applications.show", "loops.show"):
        return url_for(said, application_id=line.application_id)
    return url_for("deadlines.show", deadline_id=line.id)


def _managed(deadline_id: int) -> tuple[Application, Deadline]:
    """Return a running deadline whose clock the viewer may set, with its application. Raises NotFound."""
    line = deadlines.one(session(), viewer(), deadline_id, clock.now())
    application = visibility.get_application(session(), viewer(), line.application_id, Right.MANAGE)
    return application, session().get_one(Deadline, deadline_id)


def _page(deadline_id: int, *, pause_form: PauseForm | None = None, extend_form: ExtendForm | None = None) -> str:
    now = clock.now()
    line = deadlines.one(session(), viewer(), deadline_id, now)
    pause_form = pause_form or PauseForm(formdata=None)
    extend_form = extend_form or ExtendForm(formdata=None, prefix="extend")
    pause_form.version.data = extend_form.version.data = line.version
    rights = visibility.rights(session(), viewer(), line.application_id)
    return render_template(
        "deadlines/show.html",
        line=line,
        counting=deadline_page.counting(session(), deadline_id),
        reminded_at=nudges.told_last(session(), deadline_id, line.owner_id),
        break_down=deadline_page.break_down(session(), viewer(), line.application_id, now),
        pause_form=pause_form,
        extend_form=extend_form,
        action_url=deadline_url(line),
        may_set_clock=Right.MANAGE in rights,
        may_open=Right.READ in rights,
    )


def _filters() -> Filters:
    said = request.args
    whose, state, kind, due = (said.get(name, "") for name in ("whose", "state", "kind", "due"))
    return Filters(
        # Who leads recruiting runs the week from here, and owns hardly any deadline.
        whose=Whose(whose) if whose in set(Whose) else Whose.ALL if viewer().is_recruiting_lead else Whose.MINE,
        state=DeadlineState.PAUSED if state == DeadlineState.PAUSED.value else DeadlineState.OPEN,
        kind=DeadlineKind(kind) if kind in set(DeadlineKind) else None,
        requisition_id=row_number(said.get("requisition")),
        region_id=row_number(said.get("region")),
        due=When(due) if due in set(When) else When.ANY,
        after=row_number(said.get("after")),
    )


def _url(**changes: object) -> str:
    said = {name: value for name, value in (request.args | changes).items() if value}
    return url_for("deadlines.index") + (f"?{urlencode(said)}" if said else "")
