"""What strangers see: the openings, one opening, and the form by which one applies."""

from datetime import datetime, timedelta

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import EmailField, SelectField, StringField, TelField, TextAreaField

from tracker import clock
from tracker.models.application import Application
from tracker.models.candidate import LinkPurpose
from tracker.pipeline import candidate_links, intake
from tracker.pipeline import self_identification as identifying
from tracker.pipeline.documents import Upload
from tracker.queries import candidate_page, self_identification
from tracker.queries import careers as queries
from tracker.queries.candidate_page import Found
from tracker.queries.careers import Opening
from tracker.queries.visibility import NotFound
from tracker.rules.progress import business_days, process_steps
from tracker.rules.refused import Refused
from tracker.rules.self_identification import LEAST
from tracker.web import markdown, uploads
from tracker.web.doing import done, once, public, refused, session
from tracker.web.forms import NAME_LENGTH, EmailAddress, Form, Words, ZoneName, lower, many_lines, one_line
from tracker.web.self_identification_forms import AnswersForm, answers_form
from tracker.web.throttle import Throttle
from tracker.web.zones import choices_with, zone_choices

blueprint = Blueprint("careers", __name__)
blueprint.register_error_handler(RequestEntityTooLarge, uploads.too_large_page)

# RFC 5321, section 4.5.3.1: no longer path can be sent to.
EMAIL_LENGTH = 254
PHONE_LENGTH = 40
MESSAGE_LENGTH = 5_000
APPLICATIONS_AN_HOUR = 30
# What the browser of somebody who applied just now bears: a token, and until when it may answer.
ASKED = "self_identification"


def init(app: Flask) -> None:
    """Give templates Markdown, and this application its own brake."""
    app.jinja_env.filters["markdown"] = markdown.render
    app.extensions["tracker_applications"] = Throttle(APPLICATIONS_AN_HOUR, timedelta(hours=1))


class ApplyForm(Form):
    """What a candidate gives."""

    name = StringField("Your name", filters=[one_line], validators=[Words(NAME_LENGTH)])
    email = EmailField("E-mail", filters=[lower], validators=[Words(EMAIL_LENGTH), EmailAddress()])
    phone = TelField("Phone", filters=[one_line], validators=[Words(PHONE_LENGTH, optional=True)])
    zone = SelectField("Your time zone", validate_choice=False, validators=[ZoneName()])
    resume = FileField("Resume", validators=[FileRequired("Resume: please choose a file.")])
    message = TextAreaField(
        "Anything you want to add", filters=[many_lines], validators=[Words(MESSAGE_LENGTH, optional=True)]
    )
    # Nobody sees this field; programs that fill in everything do.
    website = StringField("Leave this empty")

    def offer_zones(self) -> None:
        """Offer all zones, the chosen one among them."""
        self.zone.choices = choices_with(*filter(None, [self.zone.data]))


@blueprint.get("/careers")
@public
def index() -> ResponseReturnValue:
    """All openings."""
    return render_template(
        "careers/index.html", teams=queries.teams(session()), careers_text=queries.careers_text(session())
    )


@blueprint.get("/careers/<id:requisition_id>")
@public
def show(requisition_id: int) -> ResponseReturnValue:
    """One opening; a closed one says that it is closed."""
    opening = queries.opening(session(), requisition_id)
    if not opening.is_open:
        return _closed(opening)
    days = candidate_page.promise_days(session(), opening.requisition, now=clock.now())
    return render_template("careers/show.html", opening=opening, steps=_steps(opening, days), days=business_days(days))


@blueprint.get("/careers/<id:requisition_id>/apply")
@public
def apply(requisition_id: int) -> ResponseReturnValue:
    """The form."""
    opening = queries.opening(session(), requisition_id)
    if not opening.is_open:
        return _closed(opening)
    form = ApplyForm(zone=_likely_zone(opening))
    return _apply_page(opening, form), 200


@blueprint.post("/careers/<id:requisition_id>/apply")
@public
@once
def submit(requisition_id: int) -> ResponseReturnValue:
    """Take in an application."""
    opening = queries.opening(session(), requisition_id)
    if not opening.is_open:
        return _closed(opening)
    form = ApplyForm()
    if not form.validate_on_submit():
        return _apply_page(opening, form), 422
    if form.website.data:
        return done(url_for("careers.thanks"))
    now = clock.now()
    if not _brake().allows(request.remote_addr or "", now):
        form.form_errors.append("Many applications came from your network just now. Please try again in an hour.")
        return _apply_page(opening, form), 429
    try:
        # The write lock is given back while the file is written.
        session().rollback()
        resume = uploads.keep(form.resume.data)
        application = _take_in(opening, form, resume, now=now)
        _let_identify(application, now=now)
        return done(url_for("careers.thanks"))
    except Refused as error:
        refused(error, form)
    return _apply_page(queries.opening(session(), requisition_id), form), 422


@blueprint.get("/careers/thanks")
@public
def thanks() -> ResponseReturnValue:
    """What happens now: the same answer whether the application is new or was here already."""
    return _thanks_page()


@blueprint.post("/careers/thanks")
@public
def identify() -> ResponseReturnValue:
    """Keep what was chosen on the thank-you page; the answer is the same where the application was here already."""
    asked = self_identification.asked(session())
    form = answers_form(asked)
    token = _token_to_answer()
    if token is None:
        flash("This page waited too long. Your own page asks the same: we sent you its link.", "info")
        return redirect(url_for("careers.thanks"), code=303)
    if not form.validate_on_submit():
        return _thanks_page(form), 422
    try:
        application = _application_of(token)
        if application is not None:
            identifying.answer(session(), application, form.given(asked))
        session().commit()
    except Refused as error:
        refused(error, form)
        return _thanks_page(form), 422
    del cookie[ASKED]
    flash("Thank you. Your own page shows what is kept; there you can change it or take it back.", "good")
    return redirect(url_for("careers.thanks"), code=303)


def _let_identify(application: Application | None, *, now: datetime) -> None:
    """Give this browser an hour to answer on the thank-you page, if anything is asked."""
    if self_identification.is_any_asked(session()):
        token = identifying.link(session(), application, now=now)
        cookie[ASKED] = token, (now + identifying.LINK_KEPT).isoformat()


def _token_to_answer() -> str | None:
    """Return the token of an application that this browser sent within the hour."""
    token, until = cookie.get(ASKED) or ("", "")
    return token if until and clock.now() < datetime.fromisoformat(until) else None


def _application_of(token: str) -> Application | None:
    try:
        digest, purpose = candidate_links.digest(token), LinkPurpose.SELF_IDENTIFICATION
        found, application = candidate_page.by_link(session(), digest, now=clock.now(), purpose=purpose)
    except NotFound:
        return None
    return application if found is Found.GOOD else None


def _thanks_page(form: AnswersForm | None = None) -> str:
    """Nothing that was chosen is shown: this may be somebody else's computer."""
    if form is None and _token_to_answer() is not None:
        asked = self_identification.asked(session())
        form = answers_form(asked, formdata=None) if asked else None
    return render_template("careers/thanks.html", form=form, least=LEAST)


def _take_in(opening: Opening, form: ApplyForm, resume: Upload | None, *, now: datetime) -> Application | None:
    return intake.apply(
        session(),
        opening.requisition,
        name=form.name.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
        zone=form.zone.data,
        resume=resume,
        message=form.message.data or "",
        now=now,
    )


def _apply_page(opening: Opening, form: ApplyForm) -> str:
    form.offer_zones()
    return render_template(
        "careers/apply.html",
        opening=opening,
        form=form,
        most_bytes=uploads.most(),
        file_lost=bool(form.errors and form.resume.data and form.resume.data.filename),
    )


def _closed(opening: Opening) -> ResponseReturnValue:
    return render_template("careers/closed.html", opening=opening), 410


def _brake() -> Throttle:
    brake: Throttle = current_app.extensions["tracker_applications"]
    return brake


def _likely_zone(opening: Opening) -> str:
    zone = opening.requisition.region.zone
    return zone if zone in dict(zone_choices()) else "UTC"


def _steps(opening: Opening, days: int) -> list[tuple[str, str]]:
    """The plan's process as a candidate meets it."""
    plan = opening.plan
    return process_steps(
        [stage.kind for stage in plan.stages],
        plan.screens_mode,
        plan.screen_minutes,
        [interview.minutes for interview in plan.interviews],
        days,
    )
