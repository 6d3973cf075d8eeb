"""One run on one page, and what is done from it: notes, moves, ends, reopening, undoing."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from tracker import clock
from tracker.models.application import Application
from tracker.pipeline import candidates, moves, notes, reopening
from tracker.queries import applications, retention, visibility
from tracker.queries.applications import ApplicationPage
from tracker.queries.visibility import Right
from tracker.rules.closing import DISPOSITIONS, why_not_close, why_not_reopen
from tracker.rules.refused import Refused, Stale
from tracker.rules.stages import ApplicationState, Disposition, MoveFacts, next_stage
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import done, once, person, refused, session, viewer, wants_json
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, Form, Words, many_lines, one_line
from tracker.web.mail_text import readable_text
from tracker.web.readings import note_lines
from tracker.web.rehearsal import carry_out, is_going_back
from tracker.web.steps import button_words, is_for_another, step_url

blueprint = Blueprint("applications", __name__)


class NoteForm(Form):
    """A note, in Markdown."""

    text = TextAreaField("Note", filters=[many_lines], validators=[Words(TEXT_LENGTH)])


class MoveForm(Form):
    """Where to."""

    stage = IntegerField("Stage", validators=[InputRequired("Choose a stage."), NumberRange(1, LARGEST_ID)])
    reason = StringField("Reason", id="move-reason", filters=[one_line], validators=[Words(LINE_LENGTH, optional=True)])


class CloseForm(Form):
    """How the application ends. ``end`` is "state:disposition"."""

    end = SelectField("How it ends", choices={})
    reason = TextAreaField(
        "Reason, for the record", id="close-reason", filters=[many_lines], validators=[Words(LINE_LENGTH)]
    )
    tell = BooleanField("Tell the candidate, courteously, by e-mail")


class ReopenForm(Form):
    """Where to begin again, and why."""

    stage = SelectField("Stage", coerce=int, choices=[])
    reason = TextAreaField("Reason, for the record", filters=[many_lines], validators=[Words(LINE_LENGTH)])


class UndoForm(Form):
    """Take the last move back."""


@blueprint.get("/applications/<id:application_id>")
def show(application_id: int) -> ResponseReturnValue:
    """The page of one application."""
    return _page(application_id)


@blueprint.post("/applications/<id:application_id>/notes")
@once
def add_note(application_id: int) -> ResponseReturnValue:
    """Add a note."""
    application = visibility.get_application(session(), viewer(), application_id, Right.READ)
    form = NoteForm()
    if form.validate_on_submit():
        try:
            notes.add(session(), application, form.text.data or "", by=person(), now=clock.now())
            return done(url_for("applications.show", application_id=application_id) + "#notes", "The note was added.")
        except Refused as error:
            refused(error, form)
    return _page(application_id, note_form=form), 422


@blueprint.post("/applications/<id:application_id>/move")
@once
def move(application_id: int) -> ResponseReturnValue:
    """Move the application to another stage of its plan."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = MoveForm()

    def act() -> str:
        moves.move(
            session(),
            application,
            form.stage.data or 0,
            by=person(),
            now=clock.now(),
            reason=form.reason.data or "",
            version=form.seen,
        )
        return f"{application.candidate.name} is in “{application.stage.name}” now."

    return _do(application, form, act, "move_form", undo=True)


@blueprint.post("/applications/<id:application_id>/close")
@once
def close(application_id: int) -> ResponseReturnValue:
    """Reject, withdraw or (with an accepted offer) hire."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = CloseForm()
    form.end.choices = _all_ends()

    def act() -> str:
        state, disposition = (form.end.data or ":").split(":")
        moves.close(
            session(),
            application,
            ApplicationState(state),
            Disposition(disposition),
            by=person(),
            now=clock.now(),
            reason=form.reason.data or "",
            version=form.seen,
        )
        if form.tell.data and application.state is ApplicationState.REJECTED:
            candidates.tell_closed(session(), application, now=clock.now())
            return f"Closed as {application.state.label.lower()}. {application.candidate.name} is told by e-mail."
        return f"Closed as {application.state.label.lower()}."

    return _do(application, form, act, "close_form", heading="Close the application")


@blueprint.post("/applications/<id:application_id>/reopen")
@once
def reopen(application_id: int) -> ResponseReturnValue:
    """Open a closed application again."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = ReopenForm()
    form.stage.choices = [(stage.id, stage.name) for stage in application.requisition.plan.stages]

    def act() -> str:
        reopening.reopen(
            session(),
            application,
            form.stage.data,
            by=person(),
            now=clock.now(),
            reason=form.reason.data or "",
            version=form.seen,
        )
        return f"The application is open again, in “{application.stage.name}”."

    return _do(application, form, act, "reopen_form")


@blueprint.post("/applications/<id:application_id>/undo")
@once
def undo(application_id: int) -> ResponseReturnValue:
    """Take back one's own last move."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = UndoForm()

    def act() -> str:
        moves.undo(session(), application, by=person(), now=clock.now(), version=form.seen)
        return f"{application.candidate.name} is back in “{application.stage.name}”."

    return _do(application, form, act, "move_form")


@blueprint.get("/applications/<id:application_id>/mails/<id:mail_id>")
def mail(application_id: int, mail_id: int) -> ResponseReturnValue:
    """The text of one e-mail about the application."""
    application = visibility.get_application(session(), viewer(), application_id, Right.READ)
    row = applications.get_mail(session(), viewer(), application, mail_id)
    return render_template("applications/mail.html", application=application, mail=row, text=readable_text(row))


def _do(
    application: Application,
    form: Form,
    act: Callable[[], str],
    name: str,
    *,
    undo: bool = False,
    heading: str = "Application",
) -> ResponseReturnValue:
    """Do one verb from the page: a page (or JSON) says what came of it, or why nothing did."""
    application_id = application.id

    def more() -> dict[str, Any]:
        said = {"version": application.version, "stage": application.stage_id}
        return said | ({"undo_url": url_for("applications.undo", application_id=application_id)} if undo else {})

    if is_going_back():
        form.validate()
        return _page(application_id, **{name: form})
    if form.validate_on_submit():
        try:
            return carry_out(act, url_for("applications.show", application_id=application_id), heading, more=more)
        except Refused as error:
            if wants_json():
                raise
            refused(error, form)
            return _page(application_id, failed=form, **{name: form}), 409 if isinstance(error, Stale) else 422
    if wants_json():
        raise Refused(
            " ".join(str(each) for errors in form.errors.values() for each in errors) or "Nothing was chosen."
        )
    return _page(application_id, failed=form, **{name: form}), 422


def _page(application_id: int, *, failed: Form | None = None, **forms: Form) -> str:
    now = clock.now()
    whole = request.args.get("history") == "all"
    page = applications.page(session(), viewer(), application_id, now=now, whole_history=whole)
    if page.application.erased_at is not None:
        erasure = retention.erasure_of(session(), page.application.candidate_id)
        return render_template("applications/erased.html", page=page, application=page.application, erasure=erasure)
    given = _forms(page) | forms
    made = render_template(
        "applications/show.html",
        page=page,
        application=page.application,
        now=now,
        step_url=step_url(page),
        button=button_words(page),
        button_kind="secondary" if page.step.waits or is_for_another(page) else "primary",
        following=_following(page),
        can_undo=page.can_undo(viewer().person_id),
        failed=failed,
        whole_history=whole,
        **given,
    )
    note_lines(page.cards)
    return made


def _following(page: ApplicationPage) -> int | None:
    stage = next_stage(page.facts.stages, page.facts.current)
    return stage.id if stage else None


def _forms(page: ApplicationPage) -> dict[str, Form]:
    """Fresh forms of what the person may do now, each with the version that he or she sees."""
    found: dict[str, Form] = {"note_form": NoteForm(formdata=None)}
    if page.may_manage and page.application.state is ApplicationState.ACTIVE:
        found["move_form"] = MoveForm(formdata=None)
        found["close_form"] = close_form = CloseForm(formdata=None)
        close_form.end.choices = _ends(page.facts)
        close_form.tell.data = True
    elif page.may_manage:
        found["reopen_form"] = reopen_form = ReopenForm(formdata=None)
        possible = [stage for stage in page.facts.stages if why_not_reopen(page.facts, stage) is None]
        reopen_form.stage.choices = [(stage.id, stage.name) for stage in possible]
        reopen_form.stage.data = page.application.stage_id
    for form in found.values():
        form.version.data = page.application.version
    return found


def _ends(facts: MoveFacts) -> dict[str, dict[str, str]]:
    """Return the ends that the process allows now, grouped by state."""
    return {label: ends for label, ends in _all_ends().items() if why_not_close(facts, _state_of(ends)) is None}


def _all_ends() -> dict[str, dict[str, str]]:
    closed = [state for state in ApplicationState if DISPOSITIONS[state]]
    return {
        state.label: {f"{state.value}:{each.value}": each.label for each in DISPOSITIONS[state]} for state in closed
    }


def _state_of(ends: dict[str, str]) -> ApplicationState:
    return ApplicationState(next(iter(ends)).split(":")[0])
