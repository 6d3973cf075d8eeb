"""The blind rule lifted: for admins, in the settings."""

import re

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Regexp

from tracker import clock
from tracker.pipeline import blind_overrides as verbs
from tracker.queries import blind_overrides as queries
from tracker.rules.refused import Refused
from tracker.web.admins import demand_admin
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import done, once, person, refused, session
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, Form, Words, many_lines, one_line

blueprint = Blueprint("blind_overrides", __name__)
blueprint.before_request(demand_admin)
# What a person types: the number alone, or the address of any page of the application.
NUMBER = re.compile(r"(?:.*/applications/)?([0-9]{1,10})(?:[/?#].*)?")


class LiftForm(Form):
    """For whom, where and why."""

    application = StringField(
        "Application",
        [
            Words(LINE_LENGTH),
            Regexp(NUMBER.pattern + "$", message="Give its number, or the address of its page."),
        ],
        filters=[one_line],
    )
    person_id = SelectField("Person", coerce=int, validators=[NumberRange(1, message="Choose somebody.")])
    reason = TextAreaField("Why", [Words(TEXT_LENGTH)], filters=[many_lines])


@blueprint.get("/settings/blind-rule")
def index() -> ResponseReturnValue:
    """For whom the rule was lifted, and the form to lift it."""
    return _page(_form())


@blueprint.post("/settings/blind-rule")
@once
def lift() -> ResponseReturnValue:
    """Lift it."""
    form = _form()
    whose = queries.person_of(session(), form.person_id.data) if form.validate() else None
    if whose is not None:
        try:
            number = NUMBER.fullmatch(form.application.data or "")
            application_id = min(int(number[1]), LARGEST_ID) if number else 0
            verbs.lift(session(), application_id, whose, reason=form.reason.data or "", by=person(), now=clock.now())
            said = f"{whose.name} may now read what the others found there. The hiring manager sees it."
            return done(url_for(".index"), said)
        except Refused as error:
            refused(error, form)
    return _page(form), 422


def _form() -> LiftForm:
    form = LiftForm()
    others = [(each.id, each.name) for each in queries.people(session()) if each.id != person().id]
    form.person_id.choices = [(0, "Choose somebody"), *others]
    return form


def _page(form: LiftForm) -> str:
    return render_template("blind_overrides/index.html", form=form, overrides=queries.latest(session()))
