"""The outcome and the offer: written, previewed and sent, or told in a call; then what the candidate answers."""

from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from tracker import clock
from tracker.mail import words_outcomes
from tracker.mail.messages import Address, Mail
from tracker.models.application import Application
from tracker.pipeline import offer
from tracker.pipeline import outcome as verbs
from tracker.queries import outcomes as queries
from tracker.queries import visibility
from tracker.queries.calendars import calendar_of
from tracker.queries.outcomes import Delivery, OutcomeStanding
from tracker.queries.visibility import Right
from tracker.rules.deadlines import Standing, standing
from tracker.rules.local_times import typed_moment
from tracker.rules.refused import Refused
from tracker.rules.zones import local
from tracker.web.context import organisation_name
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import TEXT_LENGTH, Form, Words, many_lines
from tracker.web.when import PlainDateField, PlainTimeField

blueprint = Blueprint("outcomes", __name__)

REASON_LENGTH = 2_000


class LetterForm(Form):
    """What the candidate shall read."""

    text = TextAreaField("E-mail to the candidate", filters=[many_lines], validators=[Words(TEXT_LENGTH)])


class CallForm(Form):
    """That the candidate was told in a call."""

    held_on = PlainDateField("Day of the call", validators=[InputRequired("Choose the day of the call.")])
    held_time = PlainTimeField("Time", validators=[InputRequired("When did you speak?")])
    note = TextAreaField("What was said", filters=[many_lines], validators=[Words(TEXT_LENGTH)])


class DeclineForm(Form):
    """Why the candidate declined."""

    reason = TextAreaField("Reason", filters=[many_lines], validators=[Words(REASON_LENGTH, optional=True)])


@blueprint.get("/applications/<id:application_id>/outcome")
def show(application_id: int) -> ResponseReturnValue:
    """Where the outcome stands; the letter to write, while it is to be written."""
    application = _application(application_id, Right.READ)
    form = LetterForm()
    found = queries.standing(session(), application.id)
    if found.decision is not None and found.delivery is not Delivery.DELIVERED:
        form.text.data = found.outcome.text if found.outcome else _default_text(application, found)
    return _page(application, letter=form)


@blueprint.post("/applications/<id:application_id>/outcome")
@once
def release(application_id: int) -> ResponseReturnValue:
    """Show what will be mailed to whom; once confirmed, send it."""
    application = _application(application_id, Right.MANAGE)
    form = LetterForm()
    if not form.validate():
        return _page(application, letter=form), 422
    if "change" in request.form:
        return _page(application, letter=form)
    if "confirmed" not in request.form:
        return _page(application, letter=form, preview=_letter(application, form.text.data or ""))
    try:
        verbs.release(session(), application, form.text.data or "", by=person(), now=clock.now())
        return done(url_for(".show", application_id=application_id), "The e-mail is on its way.")
    except Refused as error:
        refused(error, form)
        return _page(_application(application_id, Right.MANAGE), letter=form), 422


@blueprint.post("/applications/<id:application_id>/outcome/call")
@once
def record_call(application_id: int) -> ResponseReturnValue:
    """Record that the candidate was told in a call."""
    application = _application(application_id, Right.MANAGE)
    form = CallForm()
    if form.validate():
        try:
            verbs.record_call(
                session(), application, form.note.data or "", held_at=_held_at(form), by=person(), now=clock.now()
            )
            return done(url_for(".show", application_id=application_id), "Recorded: the candidate knows.")
        except Refused as error:
            refused(error, form)
    return _page(_application(application_id, Right.MANAGE), call=form), 422


@blueprint.post("/applications/<id:application_id>/offer/accepted")
@once
def accept(application_id: int) -> ResponseReturnValue:
    """The candidate accepted the offer."""
    application = _application(application_id, Right.MANAGE)
    form = Form()
    form.validate()
    offer.accept(session(), application, by=person(), now=clock.now(), version=form.version.data)
    return done(url_for("applications.show", application_id=application_id), "Hired.")


@blueprint.post("/applications/<id:application_id>/offer/declined")
@once
def decline(application_id: int) -> ResponseReturnValue:
    """The candidate declined the offer."""
    application = _application(application_id, Right.MANAGE)
    form = DeclineForm()
    if not form.validate():
        return _page(application, declining=form), 422
    reason, version = form.reason.data or "", form.version.data
    offer.decline(session(), application, reason=reason, by=person(), now=clock.now(), version=version)
    return done(url_for("applications.show", application_id=application_id), "Withdrawn: the offer was declined.")


def _application(application_id: int, right: Right) -> Application:
    return visibility.get_application(session(), viewer(), application_id, right)


def _held_at(form: CallForm) -> datetime:
    """Return the moment of the call, typed in the person's own zone. Raises SkippedTime, RepeatedTime."""
    if form.held_on.data is None or form.held_time.data is None:
        raise verbs.BadCallTime("Say when the call was.", field="held_on")
    try:
        return typed_moment(form.held_on.data, form.held_time.data, person().zone)
    except Refused as error:
        raise verbs.BadCallTime(error.message, field="held_time") from error


def _letter(application: Application, text: str) -> Mail:
    return words_outcomes.outcome(
        receiver=Address(application.candidate.name, application.candidate.email),
        organisation=organisation_name(),
        requisition=application.requisition.title,
        words=text,
    )


def _default_text(application: Application, found: OutcomeStanding) -> str:
    assert found.decision is not None  # noqa: S101 - asked for only once there is one
    template = f"outcomes/{found.decision.kind.value}.txt"
    recruiter = application.requisition.recruiter
    return render_template(template, application=application, recruiter=recruiter).strip()


def _promise(application: Application, found: OutcomeStanding) -> Standing | None:
    row = found.promise
    if row is None:
        return None
    calendar = calendar_of(session(), application.requisition.region)
    return standing(row.state, row.due_at, clock.now(), calendar, row.closed_at, kept=row.days_kept)


def _page(
    application: Application,
    *,
    letter: LetterForm | None = None,
    call: CallForm | None = None,
    declining: DeclineForm | None = None,
    preview: Mail | None = None,
) -> str:
    found = queries.standing(session(), application.id)
    if call is None:
        here = local(clock.now(), person().zone)
        call = CallForm(formdata=None, held_on=here.date(), held_time=here.time().replace(second=0, microsecond=0))
    if letter is None:
        text = _default_text(application, found) if found.decision is not None else ""
        letter = LetterForm(formdata=None, text=text)
    if declining is None:
        declining = DeclineForm(formdata=None, version=application.version)
    return render_template(
        "outcomes/show.html",
        application=application,
        standing=found,
        promise=_promise(application, found),
        letter=letter,
        call=call,
        declining=declining,
        preview=preview,
        may_manage=visibility.may(session(), viewer(), application.id, Right.MANAGE),
    )
