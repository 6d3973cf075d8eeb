"""The outcome and the offer: written, previewed and sent, or told in a call; then what the candidate answers."""

from datetime import datetime

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from tracker import clock
from tracker.mail.messages import SUBJECT_LENGTH, Words
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
from tracker.rules.refused import Refused, Stale
from tracker.rules.zones import local
from tracker.web.doing import once, person, refused, session, viewer
from tracker.web.forms import TEXT_LENGTH, Form, many_lines, one_line
from tracker.web.forms import Words as Filled
from tracker.web.rehearsal import again, carry_out, is_going_back
from tracker.web.when import PlainDateField, PlainTimeField

blueprint = Blueprint("outcomes", __name__)

REASON_LENGTH = 2_000


class LetterForm(Form):
    """What the candidate shall read."""

    subject = StringField("Subject", filters=[one_line], validators=[Filled(SUBJECT_LENGTH)])
    text = TextAreaField("E-mail to the candidate", filters=[many_lines], validators=[Filled(TEXT_LENGTH)])


class CallForm(Form):
    """That the candidate was told in a call."""

    held_on = PlainDateField("Day of the call", validators=[InputRequired("Choose the day of the call.")])
    held_time = PlainTimeField("Time", validators=[InputRequired("When did you speak?")])
    note = TextAreaField("What was said", filters=[many_lines], validators=[Filled(TEXT_LENGTH)])


class DeclineForm(Form):
    """Why the candidate declined."""

    reason = TextAreaField("Reason", filters=[many_lines], validators=[Filled(REASON_LENGTH, optional=True)])


class StillBlind(Refused):
    """Who owes a scorecard does not know what was decided, and cannot tell it."""


@blueprint.get("/applications/<id:application_id>/outcome")
def show(application_id: int) -> ResponseReturnValue:
    """Where the outcome stands; the letter to write, while it is to be written."""
    return _page(_application(application_id, Right.READ))


@blueprint.post("/applications/<id:application_id>/outcome")
@once
def release(application_id: int) -> ResponseReturnValue:
    """Send what was written, once it was read as the candidate will."""
    application = _application(application_id, Right.MANAGE)
    form = LetterForm()

    def act() -> str:
        _check_knows(application_id)
        words = Words(form.subject.data or "", form.text.data or "")
        verbs.release(session(), application, words, by=person(), now=clock.now(), decision_id=form.seen)
        return "The e-mail is on its way."

    if form.validate() and not is_going_back():
        try:
            return carry_out(act, url_for(".show", application_id=application_id), "Tell the outcome")
        except Refused as error:
            _refused(error, form, application_id)
    return _page(_application(application_id, Right.MANAGE), letter=form), again()


@blueprint.post("/applications/<id:application_id>/outcome/call")
@once
def record_call(application_id: int) -> ResponseReturnValue:
    """Record that the candidate was told in a call."""
    application = _application(application_id, Right.MANAGE)
    form = CallForm()

    def act() -> str:
        _check_knows(application_id)
        note, held_at, told = form.note.data or "", _held_at(form), form.seen
        verbs.record_call(session(), application, note, held_at=held_at, by=person(), now=clock.now(), decision_id=told)
        return "Recorded: the candidate knows."

    if form.validate() and not is_going_back():
        try:
            return carry_out(act, url_for(".show", application_id=application_id), "Record the call")
        except Refused as error:
            _refused(error, form, application_id)
    return _page(_application(application_id, Right.MANAGE), call=form), again()


@blueprint.post("/applications/<id:application_id>/offer/accepted")
@once
def accept(application_id: int) -> ResponseReturnValue:
    """The candidate accepted the offer."""
    application = _application(application_id, Right.MANAGE)
    form = Form()
    form.validate()

    def act() -> str:
        offer.accept(session(), application, by=person(), now=clock.now(), version=form.seen)
        return "Hired."

    if is_going_back():
        return _page(application)
    return carry_out(act, url_for("applications.show", application_id=application_id), "Record the acceptance")


@blueprint.post("/applications/<id:application_id>/offer/declined")
@once
def decline(application_id: int) -> ResponseReturnValue:
    """The candidate declined the offer."""
    application = _application(application_id, Right.MANAGE)
    form = DeclineForm()

    def act() -> str:
        reason, version = form.reason.data or "", form.seen
        offer.decline(session(), application, reason=reason, by=person(), now=clock.now(), version=version)
        return "Withdrawn: the offer was declined."

    if not form.validate() or is_going_back():
        return _page(application, declining=form), again()
    return carry_out(act, url_for("applications.show", application_id=application_id), "Record that it was declined")


def _application(application_id: int, right: Right) -> Application:
    return visibility.get_application(session(), viewer(), application_id, right)


def _refused(error: Refused, form: LetterForm | CallForm, application_id: int) -> None:
    """Show why; what was written for an earlier decision may be sent once the page has said which one stands."""
    refused(error, form)
    decision = queries.standing(session(), application_id).decision
    if isinstance(error, Stale) and decision is not None:
        form.shows(decision.id)


def _decision_id(found: OutcomeStanding) -> int | None:
    return found.decision.id if found.decision else None


def _check_knows(application_id: int) -> None:
    if not queries.may_know_decision(session(), viewer(), application_id):
        raise StillBlind("Your own scorecard comes first: until it is in, what was decided stays closed to you.")


def _held_at(form: CallForm) -> datetime:
    """Return the moment of the call, typed in the person's own zone. Raises SkippedTime, RepeatedTime."""
    if form.held_on.data is None or form.held_time.data is None:
        raise verbs.BadCallTime("Say when the call was.", field="held_on")
    try:
        return typed_moment(form.held_on.data, form.held_time.data, person().zone)
    except Refused as error:
        raise verbs.BadCallTime(error.message, field="held_time") from error


def _letter(application: Application, found: OutcomeStanding) -> LetterForm:
    """The form with what there is to begin with: what was written before, else a draft for the decision."""
    form = LetterForm(formdata=None, version=_decision_id(found))
    if found.decision is not None and found.delivery is not Delivery.DELIVERED:
        words = verbs.draft(session(), application, found.decision.kind, promise=found.promise, now=clock.now())
        form.subject.data, form.text.data = words.subject, found.outcome.text if found.outcome else words.text
    return form


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
) -> str:
    found = queries.standing(session(), application.id)
    if call is None:
        here = local(clock.now(), person().zone)
        minute = here.time().replace(second=0, microsecond=0)
        call = CallForm(formdata=None, version=_decision_id(found), held_on=here.date(), held_time=minute)
    if declining is None:
        declining = DeclineForm(formdata=None, version=application.version)
    return render_template(
        "outcomes/show.html",
        application=application,
        standing=found,
        is_hidden=found.decision is not None and not queries.may_know_decision(session(), viewer(), application.id),
        promise=_promise(application, found),
        letter=letter or _letter(application, found),
        call=call,
        declining=declining,
        may_manage=visibility.may(session(), viewer(), application.id, Right.MANAGE),
    )
