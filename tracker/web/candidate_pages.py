"""The candidate's own page, let in by a link alone; nothing of it may be kept by caches or found by search engines.

Its forms bear no idempotency key: the key is stored with the address, and this address is a secret of which only a
digest may be stored. Each of its verbs does nothing the second time.
"""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField

from tracker import clock
from tracker.models.application import Application
from tracker.pipeline import candidate_links, candidate_windows, candidates
from tracker.pipeline import self_identification as identifying
from tracker.queries import candidate_page, self_identification
from tracker.queries.candidate_page import Found
from tracker.rules.candidate_windows import repeated_times
from tracker.rules.refused import Refused
from tracker.rules.self_identification import LEAST
from tracker.web.doing import public, refused, session
from tracker.web.forms import LINE_LENGTH, Words, ZoneName, many_lines
from tracker.web.self_identification_forms import AnswersForm, answers_form
from tracker.web.windows_forms import WindowsForm
from tracker.web.zones import choices_with

blueprint = Blueprint("candidate_pages", __name__)

SIGN_OUT = "You are signed in as staff, and staff see no answers. Sign out here to answer as a candidate."


class ZoneForm(FlaskForm):  # type: ignore[misc]
    """In which zone the page shows its times."""

    zone = SelectField("Show times in", validate_choice=False, validators=[ZoneName()])


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """A reason is welcome and not asked for."""

    reason = TextAreaField(
        "Would you tell us why?", filters=[many_lines], validators=[Words(LINE_LENGTH, optional=True)]
    )


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """The address opens the page: it must not travel in a referrer, rest in a cache or be indexed."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/my/<token>")
@public
def status(token: str) -> ResponseReturnValue:
    """Where the application stands."""
    found, application = _by(token)
    if found is Found.EXPIRED:
        return render_template("candidate_pages/expired.html", token=token, days=candidate_links.LINK_DAYS), 410
    return _status_page(token, application)


@blueprint.post("/my/<token>/zone")
@public
def zone(token: str) -> ResponseReturnValue:
    """Show times in another zone."""
    application = _good(token)
    form = ZoneForm()
    if not form.validate_on_submit():
        return _status_page(token, application, form=form), 422
    candidates.set_zone(session(), application, form.zone.data, now=clock.now())
    to = "candidate_choices.show" if request.args.get("to") == "loop" else "candidate_pages.status"
    return _done(token, "Times are shown in your zone now.", to=to)


@blueprint.post("/my/<token>/times")
@public
def times(token: str) -> ResponseReturnValue:
    """Say when one can come, in place of what was said before."""
    application = _good(token)
    form = WindowsForm()
    if form.validate_on_submit():
        try:
            zone, typed = form.zone_shown.data or "", form.typed
            note = form.note.data or ""
            candidate_windows.say(session(), application, typed, zone=zone, now=clock.now(), note=note)
            for words in repeated_times(typed, application.candidate.zone):
                flash(words, "info")
            return _done(token, "Thank you. We look for a time among these.")
        except candidate_windows.NotAsked as error:
            session().rollback()
            return _done(token, error.message, "info")
        except Refused as error:
            refused(error, form)
    return _status_page(token, _good(token), windows_form=form), 422


@blueprint.post("/my/<token>/self-identification")
@public
def identify(token: str) -> ResponseReturnValue:
    """Keep what the candidate chose, in place of what he or she chose before."""
    application = _good(token)
    if current_user.is_authenticated:
        return _done(token, SIGN_OUT, "info")
    asked = self_identification.asked(session(), application.id)
    form = answers_form(asked)
    if form.validate_on_submit():
        given = form.given(asked)
        try:
            identifying.answer(session(), application, given)
            return _done(token, "Thank you. Your answer is kept." if given else "You chose nothing. That is fine.")
        except Refused as error:
            refused(error, form)
    return _status_page(token, _good(token), answers=form), 422


@blueprint.post("/my/<token>/self-identification/take-back")
@public
def take_back(token: str) -> ResponseReturnValue:
    """Forget what the candidate chose."""
    application = _good(token)
    if current_user.is_authenticated:
        return _done(token, SIGN_OUT, "info")
    identifying.take_back(session(), application)
    return _done(token, "Your answer is taken back: nothing of it is kept.")


@blueprint.get("/my/<token>/withdraw")
@public
def withdraw(token: str) -> ResponseReturnValue:
    """Ask once more, and say what will happen."""
    return _withdraw_page(token, _good(token), WithdrawForm())


@blueprint.post("/my/<token>/withdraw")
@public
def confirm_withdrawal(token: str) -> ResponseReturnValue:
    """Close the application as its candidate asks."""
    application = _good(token)
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _withdraw_page(token, application, form), 422
    try:
        candidates.withdraw(session(), application, reason=form.reason.data or "", now=clock.now())
    except candidates.NotActive as error:
        # A second click: the page says what is so.
        session().rollback()
        return _done(token, error.message, "info")
    return _done(token, "Your application is withdrawn.")


@blueprint.post("/my/<token>/renew")
@public
def renew(token: str) -> ResponseReturnValue:
    """Send a new link to the address that the application was made with, whoever holds the old one."""
    found, application = _by(token)
    if found is Found.EXPIRED:
        candidates.renew(session(), application, now=clock.now())
        session().commit()
    return render_template("candidate_pages/renewed.html")


def _by(token: str) -> tuple[Found, Application]:
    return candidate_page.by_link(session(), candidate_links.digest(token), now=clock.now())


def _good(token: str) -> Application:
    found, application = _by(token)
    if found is Found.EXPIRED:
        raise LinkExpired("This link has expired. Open it to get a new one.")
    return application


class LinkExpired(Refused):
    """The link was good once."""


def _done(token: str, message: str, tone: str = "good", *, to: str = "candidate_pages.status") -> ResponseReturnValue:
    session().commit()
    flash(message, tone)
    return redirect(url_for(to, token=token), code=303)


def _status_page(
    token: str,
    application: Application,
    *,
    form: ZoneForm | None = None,
    windows_form: WindowsForm | None = None,
    answers: AnswersForm | None = None,
) -> str:
    page, zone = candidate_page.page(session(), application, now=clock.now()), application.candidate.zone
    if form is None:
        form = ZoneForm(formdata=None, zone=zone)
    form.zone.choices = choices_with(zone)
    if windows_form is None and page.asked:
        windows_form = WindowsForm(formdata=None)
        windows_form.show(page.asked.given, page.asked.days, zone)
        windows_form.note.data = application.candidate_note
    # Staff see no answer, nor whether there is one: not even where somebody passed the link on.
    asked = () if current_user.is_authenticated else self_identification.asked(session(), application.id)
    if answers is None and asked:
        answers = answers_form(asked, formdata=None)
    return render_template(
        "candidate_pages/status.html",
        token=token,
        page=page,
        form=form,
        windows_form=windows_form,
        answers=answers,
        is_answered=any(each.chosen for each in asked),
        least=LEAST,
    )


def _withdraw_page(token: str, application: Application, form: WithdrawForm) -> str:
    page = candidate_page.page(session(), application, now=clock.now())
    return render_template("candidate_pages/withdraw.html", token=token, page=page, form=form)
