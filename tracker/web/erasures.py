"""Erasing a candidate's data: what goes and what stays is said before, and the name is typed to confirm."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired

from tracker import clock
from tracker.models.application import Application
from tracker.pipeline import erasure as verbs
from tracker.queries import retention as queries
from tracker.queries import visibility
from tracker.queries.other_applications import others_of
from tracker.queries.visibility import Right
from tracker.rules.refused import Refused
from tracker.rules.retention import BY_HAND, ErasureKind
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import NAME_LENGTH, Form, Words, one_line

blueprint = Blueprint("erasures", __name__)


class ErasureForm(Form):
    """Why, and the name to confirm it. No words of one's own: they could name the person again."""

    kind = RadioField(
        "Why", choices={each.value: each.label for each in BY_HAND}, validators=[InputRequired("Choose why.")]
    )
    name = StringField("The candidate’s name, to confirm", filters=[one_line], validators=[Words(NAME_LENGTH)])
    tell = BooleanField("Tell the candidate by a last e-mail that it was done")


@blueprint.get("/applications/<id:application_id>/erasure")
def ask(application_id: int) -> ResponseReturnValue:
    """Say what goes and what stays, and ask for the name."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    return _page(application, ErasureForm(tell=True))


@blueprint.post("/applications/<id:application_id>/erasure")
@once
def erase(application_id: int) -> ResponseReturnValue:
    """Erase it."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    page = url_for("applications.show", application_id=application_id)
    if application.erased_at is not None:
        return done(page, "This candidate’s data was erased already.")
    form = ErasureForm()
    if form.validate_on_submit():
        try:
            verbs.confirm(application.candidate, form.name.data or "")
            kind, tell_from = ErasureKind(form.kind.data), application if form.tell.data else None
            verbs.erase(session(), application.candidate, kind, by=person(), now=clock.now(), tell_from=tell_from)
            return done(page, "The candidate’s data was erased. Files go within minutes.")
        except Refused as error:
            refused(error, form)
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    return _page(application, form), 422


def _page(application: Application, form: ErasureForm) -> str:
    return render_template(
        "erasures/ask.html",
        application=application,
        form=form,
        others=others_of(session(), viewer(), application),
        is_held=queries.is_held(session(), application.candidate),
        erasure=queries.erasure_of(session(), application.candidate_id),
    )
