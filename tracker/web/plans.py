"""Interview plans: the list, a new one, and one whose parts are saved one by one."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.competency import Competency
from tracker.models.interview_plan import InterviewPlan
from tracker.pipeline import plan_limits
from tracker.pipeline import plans as verbs
from tracker.pipeline.plan_stages import save_stages
from tracker.queries import people
from tracker.queries import settings as queries
from tracker.queries.running_deadlines import limits_of_kind
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.limits import Timeline, span_words, timeline
from tracker.rules.refused import Refused
from tracker.rules.zones import day_words, local_date
from tracker.web.admins import demand_admin
from tracker.web.doing import done, once, person, refused, session
from tracker.web.forms import Form
from tracker.web.plan_forms import (
    LIMIT_WORDS,
    MOST_ROWS,
    BasicsForm,
    CompetenciesForm,
    InterviewsForm,
    LimitForm,
    NewPlanForm,
    StagesForm,
    TrainingForm,
    add_blank_rows,
    forms_of,
)

blueprint = Blueprint("plans", __name__)
blueprint.before_request(demand_admin)


@blueprint.get("/settings/plans")
def index() -> ResponseReturnValue:
    """List the plans."""
    return render_template("plans/index.html", plans=queries.plans(session()))


@blueprint.get("/settings/plans/new")
def new() -> ResponseReturnValue:
    """The form of a new plan."""
    return render_template("plans/new.html", form=NewPlanForm())


@blueprint.post("/settings/plans/new")
@once
def create() -> ResponseReturnValue:
    """Add a plan with the usual stages."""
    form = NewPlanForm()
    if form.validate_on_submit():
        try:
            said = (form.name.data or "", form.description.data or "")
            plan = verbs.add(session(), *said, by=person(), now=clock.now())
            return done(url_for("plans.show", plan_id=plan.id), f"{plan.name} was added with the usual stages.")
        except Refused as error:
            refused(error, form)
    return render_template("plans/new.html", form=form), 422


@blueprint.get("/settings/plans/<id:plan_id>")
def show(plan_id: int) -> ResponseReturnValue:
    """Show one plan, each part a form of its own."""
    return _page(plan_id)


@blueprint.post("/settings/plans/<id:plan_id>/duplicate")
@once
def duplicate(plan_id: int) -> ResponseReturnValue:
    """Make a copy."""
    plan, form = queries.plan(session(), plan_id), NewPlanForm(prefix="copy")
    if form.validate_on_submit():
        try:
            copy = verbs.duplicate(session(), plan, form.name.data or "", by=person(), now=clock.now())
            return done(url_for("plans.show", plan_id=copy.id), f"This is the copy: {copy.name}.")
        except Refused as error:
            refused(error, form)
    return _page(plan_id, duplicate=form), 422


@blueprint.post("/settings/plans/<id:plan_id>/basics")
@once
def basics(plan_id: int) -> ResponseReturnValue:
    """Save what is said of the plan as a whole."""
    form = BasicsForm(prefix="basics")
    return _save(plan_id, "basics", form, verbs.save_basics, form.basics)


@blueprint.post("/settings/plans/<id:plan_id>/stages")
@once
def stages(plan_id: int) -> ResponseReturnValue:
    """Save the stages."""
    form = StagesForm(prefix="plan")
    return _save(plan_id, "stages", form, save_stages, form.wanted)


@blueprint.post("/settings/plans/<id:plan_id>/interviews")
@once
def interviews(plan_id: int) -> ResponseReturnValue:
    """Save the interviews of the loop."""
    form = InterviewsForm(prefix="loop")
    return _save(plan_id, "interviews", form, verbs.save_interviews, form.wanted)


@blueprint.post("/settings/plans/<id:plan_id>/competencies")
@once
def competencies(plan_id: int) -> ResponseReturnValue:
    """Save what the loop and the phone screens evaluate."""
    form = CompetenciesForm(prefix="cover")
    return _save(plan_id, "competencies", form, verbs.save_competencies, form.wanted)


@blueprint.post("/settings/plans/<id:plan_id>/training")
@once
def training(plan_id: int) -> ResponseReturnValue:
    """Save how one becomes an interviewer."""
    form = TrainingForm(prefix="training")
    return _save(plan_id, "training", form, verbs.save_training, form.wanted)


@blueprint.post("/settings/plans/<id:plan_id>/limits")
@once
def limits(plan_id: int) -> ResponseReturnValue:
    """Let a kind of deadline have another number of business days, from a day on."""
    plan, form = queries.plan(session(), plan_id), LimitForm(prefix="limit")
    if form.validate_on_submit() and form.on.data:
        said = (DeadlineKind(form.kind.data), form.business_days.data or 0, form.on.data)
        try:
            plan_limits.change(session(), plan, *said, by=person(), now=clock.now(), version=form.seen)
            return done(_part(plan_id, "limits"), f"It holds from {day_words(form.on.data)} on.")
        except Refused as error:
            refused(error, form)
    return _page(plan_id, limits=form), 422


@blueprint.post("/settings/plans/<id:plan_id>/limits/<id:limit_id>/take-back")
@once
def take_back_limit(plan_id: int, limit_id: int) -> ResponseReturnValue:
    """Take back a change of a limit that has not begun to hold."""
    plan, version = queries.plan(session(), plan_id), Form().seen
    plan_limits.take_back(session(), plan, limit_id, by=person(), now=clock.now(), version=version)
    return done(_part(plan_id, "limits"), "Taken back: what holds before it holds on.")


def _save(
    plan_id: int, part: str, form: Form, verb: Callable[..., None], wanted: Callable[[], Any]
) -> ResponseReturnValue:
    plan = queries.plan(session(), plan_id)
    if form.validate_on_submit():
        try:
            verb(session(), plan, wanted(), by=person(), now=clock.now(), version=form.seen)
            return done(_part(plan_id, part), "Saved.")
        except Refused as error:
            refused(error, form)
    return _page(plan_id, **{part: form}), 422


def _part(plan_id: int, part: str) -> str:
    return url_for("plans.show", plan_id=plan_id) + f"#{part}"


def _page(plan_id: int, **sent: Form) -> str:
    """Show the plan; ``sent`` holds the form that came back with errors, as it was typed."""
    plan = queries.plan(session(), plan_id)
    offered = _offered(plan)
    forms = forms_of(plan, offered) | sent
    add_blank_rows(forms)
    return render_template(
        "plans/show.html",
        plan=plan,
        forms=forms,
        names={str(each.id): each for each in offered},
        problems=verbs.problems(plan),
        ladders=queries.ladders(plan),
        kind_words=LIMIT_WORDS,
        limits=_limits(plan),
        span_words=span_words,
        limit_ids={(row.kind, row.valid_from): row.id for row in plan.limits},
        most_rows=MOST_ROWS,
        sent=next(iter(sent), None),
    )


def _limits(plan: InterviewPlan) -> dict[DeadlineKind, Timeline]:
    """Return what each kind of deadline had, has and will have; today is that of whoever looks."""
    today = local_date(clock.now(), person().zone)
    return {kind: timeline(limits_of_kind(plan, kind), kind, today) for kind in DeadlineKind}


def _offered(plan: InterviewPlan) -> list[Competency]:
    """Return the competencies in use, and retired ones that the plan asks for still."""
    active = list(people.competencies(session()))
    return active + [row.competency for row in plan.competencies if not row.competency.is_active]
