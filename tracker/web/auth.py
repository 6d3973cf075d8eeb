"""Signing in and out, one's own account, and setting a password by a mailed link."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, g, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from tracker import clock
from tracker.db import db
from tracker.mail.addresses import comparable
from tracker.models.person import Person
from tracker.pipeline import people, staffing, welcome
from tracker.pipeline import sign_in as attempts
from tracker.queries import visibility
from tracker.queries.visibility import NotFound
from tracker.rules.refused import Refused
from tracker.web.busy_feed_forms import BusyFeedForm, busy_facts
from tracker.web.calendar_feeds import calendar_facts
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import done, once, person, public, refused, session
from tracker.web.forms import NAME_LENGTH, EmailAddress, Form, Words, ZoneName, lower, one_line
from tracker.web.hours_forms import HoursForm, hours_facts
from tracker.web.leave_forms import LeaveForm, leave_facts
from tracker.web.own_region import OwnRegionForm
from tracker.web.throttle import Throttle
from tracker.web.zones import choices_with, zone_choices

blueprint = Blueprint("auth", __name__)

LINK_SECONDS = 3 * 24 * 3600
# So that nobody can fill a person's mailbox by asking for links.
LINKS_AN_HOUR, LINKS_OF_A_MACHINE = 3, 20
SALT = "set-password"


class SignInForm(Form):
    """Address and password."""

    email = StringField("E-mail", [InputRequired("Type your e-mail address.")], filters=[lower])
    password = PasswordField("Password", [InputRequired("Type your password."), Length(max=500)])


class ForgottenForm(Form):
    """Whose password is forgotten."""

    email = StringField("E-mail", [EmailAddress()], filters=[lower])


class PasswordForm(Form):
    """A new password."""

    password = PasswordField("New password", [InputRequired("Type a new password.")])


class OwnPasswordForm(PasswordForm):
    """A new password, by somebody who knows the present one: a window left open is not enough."""

    present = PasswordField("Present password", [InputRequired("Type your present password.")])


class AccountForm(OwnRegionForm):
    """One's own name, zone and holidays."""

    name = StringField("Name", [Words(NAME_LENGTH)], filters=[one_line])
    zone = SelectField("Time zone", [ZoneName()], choices=zone_choices, validate_choice=False)


def init(app: Flask) -> None:
    """Set up who is signed in: the cookie names a person and the epoch of his or her sessions."""
    manager = LoginManager(app)
    manager.session_protection = None
    hour = timedelta(hours=1)
    app.extensions["tracker_links"] = (Throttle(LINKS_AN_HOUR, hour), Throttle(LINKS_OF_A_MACHINE, hour))

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(identity: str) -> Person | None:
        number, _, epoch = identity.partition(":")
        if not (number.isdecimal() and epoch.isdecimal()):
            return None
        found = visibility.signed_in(db.session(), min(int(number[:10]), LARGEST_ID))
        if found is None or str(found[0].session_epoch) != epoch:
            return None
        g.viewer = found[1]
        return found[0]


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in, and go on to where one wanted to."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("auth/sign_in.html", form=form), 422 if form.errors else 200
    email, now = comparable(form.email.data or ""), clock.now()
    subjects = attempts.subjects(email, request.remote_addr or "")
    noted = attempts.note(session(), subjects, now=now)
    session().commit()
    wait = attempts.wait_minutes(session(), subjects, now=now)
    if wait:
        attempts.take_back(session(), noted)
        session().commit()
        form.form_errors.append(f"That was wrong too often. Try again in {wait} minutes, or set a new password.")
        return render_template("auth/sign_in.html", form=form), 429
    found = _active(email)
    if not staffing.matches(found, form.password.data or ""):
        form.form_errors.append("E-mail address and password do not fit together.")
        return render_template("auth/sign_in.html", form=form), 422
    attempts.take_back(session(), noted)
    cookie.clear()
    login_user(found)
    return done(_safe_next(request.args.get("next")))


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign out everywhere: the cookie holds the sign-in itself, and whoever copied it would stay in."""
    staffing.end_sessions(session(), person())
    logout_user()
    cookie.clear()
    return done(url_for("auth.sign_in"), "You are signed out, on all your devices.")


@blueprint.route("/account", methods=["GET", "POST"])
@once
def account() -> ResponseReturnValue:
    """Change one's own name, zone and holidays."""
    form = AccountForm(obj=person(), holder=person())
    if form.validate_on_submit():
        try:
            people.edit_own(
                session(),
                person(),
                name=form.name.data or "",
                zone=form.zone.data or "",
                region_id=form.own_region_id,
                now=clock.now(),
                version=form.seen,
            )
            return done(url_for("auth.account"), "Saved.")
        except Refused as error:
            refused(error, form)
    return account_page(form), 422 if form.errors else 200


@blueprint.post("/account/password")
@once
def change_password() -> ResponseReturnValue:
    """Set a new password of one's own; every other session of this person ends."""
    form = OwnPasswordForm()
    if form.validate_on_submit():
        try:
            me = person()
            staffing.check_password(me, form.present.data or "", "present")
            staffing.set_password(session(), me, form.password.data or "", by=me, now=clock.now())
            session().flush()
            login_user(me)
            return done(url_for("auth.account"), "Your password is changed. You are signed out everywhere else.")
        except Refused as error:
            refused(error, form)
    return account_page(password_form=form), 422


@blueprint.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Mail a link for a new password; neither the answer nor how long it takes tells whether there is such a person."""
    form = ForgottenForm()
    if form.validate_on_submit():
        email, now = comparable(form.email.data or ""), clock.now()
        if _may_mail_link(email, now):
            # A row in any case: a transaction that wrote one takes longer than one that did not.
            attempts.note(session(), attempts.asked(email), now=now)
            found = _active(email)
            if found is not None:
                welcome.tell_forgotten(session(), found, password_path(found), now=now)
            else:
                welcome.tell_nobody(session(), email, _password_path(0, 0), now=now)
        return done(url_for("auth.sign_in"), "If we know this address, a link to set a new password is on its way.")
    return render_template("auth/forgotten.html", form=form), 422 if form.errors else 200


@blueprint.route("/set-password/<token>", methods=["GET", "POST"])
@public
def set_password(token: str) -> ResponseReturnValue:
    """Set a password by a mailed link, good for three days and for one use."""
    found = _by_token(token)
    if found is None:
        raise NotFound("password link")
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            staffing.set_password(session(), found, form.password.data or "", by=found, now=clock.now())
            return done(url_for("auth.sign_in"), "Your password is set. Sign in with it.")
        except Refused as error:
            refused(error, form)
    return render_template(
        "auth/set_password.html", form=form, name=found.name, token=token
    ), 422 if form.errors else 200


def account_page(
    form: AccountForm | None = None,
    password_form: OwnPasswordForm | None = None,
    leave_form: LeaveForm | None = None,
    busy_form: BusyFeedForm | None = None,
    hours_form: HoursForm | None = None,
) -> str:
    """Show one's own account; each form is one that came back with errors."""
    form = form or AccountForm(formdata=None, obj=person(), holder=person())
    form.zone.choices = choices_with(form.zone.data or "", person().zone)
    password_form = password_form or OwnPasswordForm(formdata=None)
    facts = leave_facts(person(), leave_form) | hours_facts(person(), hours_form)
    facts |= calendar_facts(person()) | busy_facts(person(), busy_form)
    return render_template("auth/account.html", form=form, password_form=password_form, **facts)


def _active(email: str) -> Person | None:
    return session().scalar(select(Person).where(Person.email == email, Person.is_active))


def _may_mail_link(email: str, now: datetime) -> bool:
    brakes: tuple[Throttle, Throttle] = current_app.extensions["tracker_links"]
    for_address, for_machine = brakes
    return for_machine.allows(request.remote_addr or "", now) and for_address.allows(email, now)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=SALT)


def password_path(whose: Person) -> str:
    """Return the path of a link by which a person sets a password; a new password makes it void."""
    return _password_path(whose.id, whose.session_epoch)


def _password_path(person_id: int, epoch: int) -> str:
    return url_for("auth.set_password", token=_serializer().dumps([person_id, epoch]))


def _by_token(token: str) -> Person | None:
    try:
        said: Any = _serializer().loads(token, max_age=LINK_SECONDS)
    except BadSignature:
        return None
    found = db.session.get(Person, said[0])
    return found if found and found.is_active and found.session_epoch == said[1] else None


def _safe_next(wanted: str | None) -> str:
    """Only a path of ours: anything else would send a person on to a stranger's page."""
    wanted = wanted or ""
    parts = urlsplit(wanted)
    is_path = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_path and not parts.scheme and not parts.netloc else url_for("today.show")
