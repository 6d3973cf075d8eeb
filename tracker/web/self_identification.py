"""Self-identification for staff: what candidates are asked, and what is told of their answers. No answer is here."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.pipeline import self_identification as verbs
from tracker.queries import self_identification as queries
from tracker.queries.visibility import NotFound
from tracker.rules import self_identification as rules
from tracker.rules.permissions import may_see_self_identification, may_set_up
from tracker.rules.refused import Refused
from tracker.web.admins import demand_admin
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.self_identification_forms import QuestionForm

blueprint = Blueprint("self_identification", __name__)


@blueprint.get("/self-identification")
def show() -> ResponseReturnValue:
    """How many came how far, by what they chose, in a year."""
    if not may_see_self_identification(viewer()):
        raise NotFound("counts are for recruiting leads and admins")
    years = queries.years(session())
    asked_for = request.args.get("year", type=int)
    year = asked_for if asked_for in years else next(iter(years), None)
    return render_template(
        "self_identification/show.html",
        years=years,
        year=year,
        told=queries.told(session(), year) if year else (),
        is_asked=queries.is_any_asked(session()),
        least=rules.LEAST,
        steps=[each.label for each in rules.Reached],
        is_admin=may_set_up(viewer()),
    )


@blueprint.get("/settings/self-identification")
def index() -> ResponseReturnValue:
    """What candidates are asked."""
    demand_admin()
    found = queries.questions(session())
    return render_template(
        "self_identification/index.html", questions=found, starts=list(rules.STARTS), least=rules.LEAST
    )


@blueprint.get("/settings/self-identification/new")
def new() -> ResponseReturnValue:
    """The form of a new question; ``start`` fills it in with words to begin with."""
    demand_admin()
    text, choices = rules.STARTS.get(request.args.get("start", ""), ("", ()))
    return _page(QuestionForm(formdata=None, text=text, choices="\n".join(choices)))


@blueprint.post("/settings/self-identification/new")
@once
def create() -> ResponseReturnValue:
    """Ask something."""
    demand_admin()
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            verbs.add(session(), form.facts(), by=person(), now=clock.now())
            return done(url_for("self_identification.index"), "Candidates are asked this from now on.")
        except Refused as error:
            refused(error, form)
    return _page(form), 422


@blueprint.get("/settings/self-identification/<id:asked_id>")
def edit(asked_id: int) -> ResponseReturnValue:
    """The form of a question."""
    demand_admin()
    row = queries.question(session(), asked_id)
    rows = [{"choice_id": n.id, "text": n.text, "is_offered": n.retired_at is None} for n in row.choices]
    given = {"text": row.text, "rows": rows, "is_asked": row.retired_at is None, "version": row.version}
    return _page(QuestionForm(formdata=None, **given), asked_id)


@blueprint.post("/settings/self-identification/<id:asked_id>")
@once
def save(asked_id: int) -> ResponseReturnValue:
    """Rename, add choices, retire, ask again."""
    demand_admin()
    row = queries.question(session(), asked_id)
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            verbs.edit(session(), row, form.facts(), by=person(), now=clock.now(), version=form.seen)
            return done(url_for("self_identification.index"), "Saved.")
        except Refused as error:
            refused(error, form)
    return _page(form, asked_id), 422


def _page(form: QuestionForm, asked_id: int | None = None) -> str:
    return render_template("self_identification/form.html", form=form, asked_id=asked_id)
