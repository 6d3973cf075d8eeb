"""Who learns to interview: put in training, seen on the way, signed off, put off, taken back, ended."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from tracker import clock
from tracker.models.person import InterviewKind
from tracker.models.training import Training
from tracker.pipeline import training as verbs
from tracker.queries import people
from tracker.queries import settings as plans
from tracker.queries import training as queries
from tracker.queries.training import TrainingLine
from tracker.queries.visibility import NotFound
from tracker.rules.permissions import may_see_community
from tracker.rules.refused import Refused, Stale
from tracker.rules.training import MOST_SEATS, may_train
from tracker.web.addresses import row_number
from tracker.web.doing import once, person, refused, session, viewer
from tracker.web.fields import BoxesField, row_or_nobody
from tracker.web.forms import LINE_LENGTH, Form, Words, many_lines
from tracker.web.rehearsal import again, carry_out, is_going_back

blueprint = Blueprint("trainings", __name__)

KINDS = {kind.value: kind.plural.capitalize() for kind in (InterviewKind.LOOP, InterviewKind.PHONE_SCREEN)}


class LearntForm(Form):
    """What somebody learns to evaluate."""

    competencies = BoxesField("Learns to evaluate", coerce=row_or_nobody, validate_choice=False)


class BeginForm(LearntForm):
    """Who learns what, on whose terms."""

    person_id = SelectField("Who", coerce=row_or_nobody, validate_choice=False)
    plan_id = SelectField("Interview plan", coerce=row_or_nobody, validate_choice=False)
    kind = RadioField("Learns to hold", choices=KINDS, default=InterviewKind.LOOP.value)


class SignOffForm(Form):
    """What whoever signs off saw."""

    note = TextAreaField("Note", filters=[many_lines], validators=[Words(LINE_LENGTH)])


class PutOffForm(Form):
    """Why not yet, and how much more."""

    reason = TextAreaField("What is missing", filters=[many_lines], validators=[Words(LINE_LENGTH)])
    more = IntegerField(
        "Reverse shadows more",
        [InputRequired("How many more? 0 is fine."), NumberRange(0, MOST_SEATS, f"0 to {MOST_SEATS} more.")],
        default=1,
    )


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField("Why", filters=[many_lines], validators=[Words(LINE_LENGTH)])


@blueprint.get("/interviewers/training/new")
def new() -> ResponseReturnValue:
    """The form by which somebody is put in training."""
    _demand_trainer()
    form = BeginForm(formdata=None)
    form.person_id.data = row_number(request.args.get("person_id", "")) or 0
    return _new_page(form)


@blueprint.post("/interviewers/training/new")
@once
def begin() -> ResponseReturnValue:
    """Put somebody in training; he or she is told."""
    _demand_trainer()
    form = BeginForm()
    rows: list[Training] = []

    def act() -> str:
        learner = people.get(session(), form.person_id.data or 0)
        plan = plans.plan(session(), form.plan_id.data or 0)
        kind = InterviewKind(form.kind.data)
        row = verbs.begin(session(), learner, plan, kind, form.competencies.data or (), by=person(), now=clock.now())
        rows[:] = [row]
        return f"{learner.name} is in training, and told so. Seats come with the next loops that are planned."

    if form.validate_on_submit() and _chosen(form) and not is_going_back():
        try:
            return carry_out(act, lambda: url_for(".show", training_id=rows[0].id), "Put in training")
        except Refused as error:
            refused(error, form)
    return _new_page(form), again()


@blueprint.get("/interviewers/training/<id:training_id>")
def show(training_id: int) -> ResponseReturnValue:
    """Where somebody is on the way."""
    return _page(training_id)


@blueprint.post("/interviewers/training/<id:training_id>/competencies")
@once
def set_competencies(training_id: int) -> ResponseReturnValue:
    """Let somebody learn other things."""
    row, form = _line(training_id).row, LearntForm(prefix="learnt")

    def act() -> str:
        wanted = form.competencies.data or ()
        verbs.set_competencies(session(), row, wanted, by=person(), now=clock.now(), version=form.seen)
        return "What is learnt is saved; what was sat in counts on."

    return _do(training_id, "learnt", form, act, "What is learnt")


@blueprint.post("/interviewers/training/<id:training_id>/sign-off")
@once
def sign_off(training_id: int) -> ResponseReturnValue:
    """Sign somebody off."""
    line, form = _line(training_id), SignOffForm(prefix="sign_off")

    def act() -> str:
        note = form.note.data or ""
        verbs.sign_off(session(), line, note=note, by=person(), now=clock.now(), version=form.seen)
        return f"{line.row.person.name} is signed off, and qualified from now on."

    return _do(training_id, "sign_off", form, act, "Sign off")


@blueprint.post("/interviewers/training/<id:training_id>/put-off")
@once
def put_off(training_id: int) -> ResponseReturnValue:
    """Ask for more before somebody is signed off."""
    line, form = _line(training_id), PutOffForm(prefix="put_off")

    def act() -> str:
        reason, more = form.reason.data or "", form.more.data or 0
        verbs.put_off(session(), line, reason=reason, more=more, by=person(), now=clock.now(), version=form.seen)
        return "It is said, and the training goes on."

    return _do(training_id, "put_off", form, act, "Not yet")


@blueprint.post("/interviewers/training/<id:training_id>/take-back")
@once
def take_back(training_id: int) -> ResponseReturnValue:
    """Take a sign-off back."""
    row, form = _line(training_id).row, ReasonForm(prefix="take_back")

    def act() -> str:
        reason = form.reason.data or ""
        verbs.take_back(session(), row, reason=reason, by=person(), now=clock.now(), version=form.seen)
        return "The sign-off is taken back, and the training goes on."

    return _do(training_id, "take_back", form, act, "Take the sign-off back")


@blueprint.post("/interviewers/training/<id:training_id>/end")
@once
def end(training_id: int) -> ResponseReturnValue:
    """End a training without a sign-off."""
    row, form = _line(training_id).row, ReasonForm(prefix="end")

    def act() -> str:
        reason = form.reason.data or ""
        verbs.end(session(), row, reason=reason, by=person(), now=clock.now(), version=form.seen)
        return "The training is ended."

    return _do(training_id, "end", form, act, "End the training")


def _demand_trainer() -> None:
    if not may_train(viewer()):
        raise NotFound("trainings are begun by admins and recruiting leads")


def _line(training_id: int) -> TrainingLine:
    return queries.get(session(), viewer(), training_id, now=clock.now())


def _chosen(form: BeginForm) -> bool:
    """Whether the form names a person and a plan that are on offer; says at the field where it does not."""
    people_ids, plan_ids = _people(), _plans()
    if form.person_id.data not in people_ids:
        form.person_id.errors = ["Choose who is to learn."]
    if form.plan_id.data not in plan_ids:
        form.plan_id.errors = ["Choose the plan by which he or she is to learn."]
    return form.person_id.data in people_ids and form.plan_id.data in plan_ids


def _do(training_id: int, name: str, form: Form, act: Callable[[], str], heading: str) -> ResponseReturnValue:
    code = again()
    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, url_for(".show", training_id=training_id), heading)
        except Refused as error:
            code = 409 if isinstance(error, Stale) else 422
            refused(error, form)
    return _page(training_id, **{name: form}), code


def _people() -> dict[int, str]:
    """Return who can be put in training: nobody decides on the own."""
    found = (each.person for each in people.listed(session()))
    return {each.id: each.name for each in found if each.is_active and each.id != viewer().person_id}


def _plans() -> dict[int, str]:
    return {each.plan.id: each.plan.name for each in plans.plans(session()) if each.plan.is_active}


def _competencies() -> list[tuple[int, str]]:
    return [(each.id, each.name) for each in people.competencies(session())]


def _new_page(form: BeginForm) -> str:
    form.person_id.choices = list(({0: "Choose…"} | _people()).items())
    form.plan_id.choices = list(_plans().items())
    form.competencies.choices = _competencies()
    return render_template("trainings/new.html", form=form)


def _page(training_id: int, **sent: Form) -> str:
    """Show a training; ``sent`` is the form that came back with errors, as it was typed."""
    line = _line(training_id)
    version = {"formdata": None, "version": line.row.version}
    learnt = LearntForm(prefix="learnt", competencies=[each.competency_id for each in line.row.competencies], **version)
    forms: dict[str, Form] = {
        "learnt": learnt,
        "sign_off": SignOffForm(prefix="sign_off", **version),
        "put_off": PutOffForm(prefix="put_off", **version),
        "take_back": ReasonForm(prefix="take_back", **version),
        "end": ReasonForm(prefix="end", **version),
    } | sent
    known = {each.competency_id for each in line.row.competencies}
    forms["learnt"]["competencies"].choices = [
        (key, name) for key, name in _competencies() if key in known or not line.has_sat
    ]
    return render_template(
        "trainings/show.html",
        line=line,
        forms=forms,
        sent=next(iter(sent), None),
        may_train=may_train(viewer()) and line.row.person_id != viewer().person_id,
        is_community=may_see_community(viewer()),
        now=clock.now(),
    )
