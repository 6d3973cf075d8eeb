"""Competencies: the list, and one with the anchors of its ratings."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, StringField, TextAreaField

from tracker import clock
from tracker.models.competency import Competency, CompetencyKind
from tracker.pipeline import competencies as verbs
from tracker.pipeline.competencies import CompetencyFacts
from tracker.queries import settings as queries
from tracker.rules.refused import Refused
from tracker.web.admins import demand_admin
from tracker.web.doing import done, once, person, refused, session
from tracker.web.forms import LINE_LENGTH, Form, Words, many_lines, one_line

blueprint = Blueprint("competencies", __name__)
blueprint.before_request(demand_admin)

ANCHOR_LENGTH = 2_000
KINDS = {kind.value: kind.value.replace("_", " ").capitalize() for kind in CompetencyKind}


def _anchor(rating: int, words: str) -> TextAreaField:
    return TextAreaField(f"Rating {rating}: {words}", [Words(ANCHOR_LENGTH)], filters=[many_lines])


class CompetencyForm(Form):
    """A competency and its four anchors."""

    name = StringField("Name", [Words(LINE_LENGTH)], filters=[one_line])
    kind = RadioField("Kind", choices=KINDS, default=CompetencyKind.TECHNICAL.value)
    description = TextAreaField("Description", [Words(ANCHOR_LENGTH, optional=True)], filters=[many_lines])
    anchor_1 = _anchor(1, "far below what the role needs")
    anchor_2 = _anchor(2, "below what the role needs")
    anchor_3 = _anchor(3, "what the role needs")
    anchor_4 = _anchor(4, "beyond what the role needs")
    is_active = BooleanField("In use: interview plans can ask for it", default=True)


@blueprint.get("/settings/competencies")
def index() -> ResponseReturnValue:
    """List the competencies."""
    return render_template("competencies/index.html", competencies=queries.competencies(session()))


@blueprint.get("/settings/competencies/new")
def new() -> ResponseReturnValue:
    """The form of a new competency."""
    return _page(CompetencyForm())


@blueprint.post("/settings/competencies/new")
@once
def create() -> ResponseReturnValue:
    """Add a competency."""
    form = CompetencyForm()
    if form.validate_on_submit():
        try:
            row = verbs.add(session(), _facts(form), by=person(), now=clock.now())
            return done(url_for("competencies.index"), f"{row.name} was added.")
        except Refused as error:
            refused(error, form)
    return _page(form), 422


@blueprint.get("/settings/competencies/<id:competency_id>")
def edit(competency_id: int) -> ResponseReturnValue:
    """The form of a competency."""
    row = queries.competency(session(), competency_id)
    anchors = {f"anchor_{anchor.rating}": anchor.text for anchor in row.anchors}
    form = CompetencyForm(obj=row, **anchors)
    form.kind.data = row.kind.value
    return _page(form, row)


@blueprint.post("/settings/competencies/<id:competency_id>")
@once
def save(competency_id: int) -> ResponseReturnValue:
    """Change a competency."""
    row = queries.competency(session(), competency_id)
    form = CompetencyForm()
    if form.validate_on_submit():
        try:
            verbs.edit(session(), row, _facts(form), by=person(), now=clock.now(), version=form.seen)
            return done(url_for("competencies.index"), f"{row.name} was saved.")
        except Refused as error:
            refused(error, form)
    return _page(form, queries.competency(session(), competency_id)), 422


def _facts(form: CompetencyForm) -> CompetencyFacts:
    anchors = (form.anchor_1, form.anchor_2, form.anchor_3, form.anchor_4)
    first, second, third, fourth = (anchor.data or "" for anchor in anchors)
    return CompetencyFacts(
        name=form.name.data or "",
        kind=CompetencyKind(form.kind.data),
        description=form.description.data or "",
        anchors=(first, second, third, fourth),
        is_active=form.is_active.data,
    )


def _page(form: CompetencyForm, row: Competency | None = None) -> str:
    return render_template("competencies/form.html", form=form, competency=row)
