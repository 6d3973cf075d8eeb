"""A recruiter adds a candidate by hand."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import BooleanField, EmailField, HiddenField, SelectField, StringField, TelField, TextAreaField

from tracker import clock
from tracker.models.application import Application
from tracker.models.requisition import Requisition
from tracker.pipeline import intake
from tracker.pipeline.documents import Upload
from tracker.pipeline.intake import AlreadyApplied
from tracker.queries import visibility
from tracker.queries.visibility import NotFound, Right
from tracker.rules.refused import Refused
from tracker.web import uploads
from tracker.web.careers import EMAIL_LENGTH, PHONE_LENGTH
from tracker.web.doing import once, person, refused, session, viewer
from tracker.web.forms import (
    LINE_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    EmailAddress,
    Form,
    Words,
    ZoneName,
    lower,
    many_lines,
    one_line,
)
from tracker.web.rehearsal import again, carry_out, is_going_back
from tracker.web.zones import choices_with

blueprint = Blueprint("intake", __name__)
blueprint.register_error_handler(RequestEntityTooLarge, uploads.too_large_page)

SOURCES = ("Referral", "Sourced", "Agency", "Event", "Internal", "Other")


class CandidateForm(Form):
    """What a recruiter knows of a candidate."""

    name = StringField("Name", filters=[one_line], validators=[Words(NAME_LENGTH)])
    email = EmailField("E-mail", filters=[lower], validators=[Words(EMAIL_LENGTH), EmailAddress()])
    phone = TelField("Phone", filters=[one_line], validators=[Words(PHONE_LENGTH, optional=True)])
    zone = SelectField("Time zone", validate_choice=False, validators=[ZoneName()])
    source = StringField("Source", filters=[one_line], validators=[Words(LINE_LENGTH)])
    resume = FileField("Resume")
    # The file of an earlier sending of this form: a browser does not send it again by itself.
    kept = HiddenField()
    note = TextAreaField("Note", filters=[many_lines], validators=[Words(TEXT_LENGTH, optional=True)])
    tell = BooleanField("Tell the candidate by e-mail that the application is here", default=True)


@blueprint.get("/requisitions/<id:requisition_id>/candidates/new")
def new(requisition_id: int) -> ResponseReturnValue:
    """The form."""
    requisition = visibility.get_requisition(session(), viewer(), requisition_id, Right.MANAGE)
    return _page(requisition, CandidateForm(zone=requisition.region.zone))


@blueprint.post("/requisitions/<id:requisition_id>/candidates/new")
@once
def create(requisition_id: int) -> ResponseReturnValue:
    """Add the candidate, or show the application that is here already."""
    requisition = visibility.get_requisition(session(), viewer(), requisition_id, Right.MANAGE)
    form = CandidateForm()
    known = None
    added: list[Application] = []

    def act() -> str:
        added.append(_receive(requisition, form, resume))
        return f"{added[0].candidate.name} was added."

    def page_of_it() -> str:
        return url_for("applications.show", application_id=added[0].id)

    if form.validate_on_submit() and not is_going_back():
        try:
            resume = uploads.keep(form.resume.data) or uploads.kept(form.kept.data or "")
            form.kept.data = uploads.token(resume) if resume else ""
            return carry_out(act, page_of_it, "Add the candidate", carry={"kept": form.kept.data})
        except Refused as error:
            refused(error, form)
            known = _known(error)
    requisition = visibility.get_requisition(session(), viewer(), requisition_id, Right.MANAGE)
    return _page(requisition, form, known), again()


def _receive(requisition: Requisition, form: CandidateForm, resume: Upload | None) -> Application:
    return intake.receive(
        session(),
        requisition,
        name=form.name.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
        zone=form.zone.data,
        resume=resume,
        source=form.source.data or "",
        note=form.note.data or "",
        by=person(),
        now=clock.now(),
        tell=form.tell.data,
    )


def _known(error: Refused) -> Application | None:
    """The application that stands in the way, where the viewer may see it."""
    if not isinstance(error, AlreadyApplied):
        return None
    try:
        return visibility.get_application(session(), viewer(), error.application_id, Right.READ)
    except NotFound:
        return None


def _page(requisition: Requisition, form: CandidateForm, known: Application | None = None) -> str:
    form.zone.choices = choices_with(*filter(None, [form.zone.data]))
    chosen = bool(form.resume.data and form.resume.data.filename)
    return render_template(
        "intake/new.html",
        requisition=requisition,
        form=form,
        known=known,
        sources=SOURCES,
        most_bytes=uploads.most(),
        file_lost=bool(form.errors) and chosen and not form.kept.data,
    )
