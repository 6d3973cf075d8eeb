"""Settings: the organisation itself, and the way to all that is set up."""

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from tracker import clock
from tracker.pipeline import organisation as verbs
from tracker.queries import settings as queries
from tracker.rules.refused import Refused
from tracker.web.admins import demand_admin
from tracker.web.doing import done, once, person, refused, session
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, Form, Words, many_lines, one_line

blueprint = Blueprint("settings", __name__)
blueprint.before_request(demand_admin)


class OrganisationForm(Form):
    """What the organisation is called, and what its careers page says."""

    name = StringField("Name", [Words(LINE_LENGTH)], filters=[one_line])
    careers_text = TextAreaField("Careers text", [Words(TEXT_LENGTH, optional=True)], filters=[many_lines])


@blueprint.get("/settings")
def index() -> ResponseReturnValue:
    """Show what can be set up."""
    row = queries.organisation(session())
    return _page(OrganisationForm(obj=row, version=verbs.version_of(row)))


@blueprint.post("/settings/organisation")
@once
def organisation() -> ResponseReturnValue:
    """Change the organisation's name and careers text."""
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            said = {"name": form.name.data or "", "careers_text": form.careers_text.data or ""}
            verbs.save(session(), **said, by=person(), now=clock.now(), version=form.seen)
            return done(url_for("settings.index"), "Saved.")
        except Refused as error:
            refused(error, form)
    return _page(form), 422


def _page(form: OrganisationForm) -> str:
    has_outbox = "outbox.index" in current_app.view_functions
    counts = queries.counts(session())
    return render_template("settings/index.html", form=form, counts=counts, has_outbox=has_outbox)
