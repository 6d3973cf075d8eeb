"""The reminders of a plan: one page for each kind of deadline, with its ladder as a form and in plain words."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange

from tracker import clock
from tracker.pipeline import ladders as verbs
from tracker.queries import settings as queries
from tracker.queries.visibility import NotFound
from tracker.rules.deadlines import HANGS_ON_INTERVIEW, DeadlineKind
from tracker.rules.ladders import (
    DEFAULT_LADDERS,
    MOST_HOURS_AFTER,
    MOST_MORNINGS_BEFORE,
    MOST_OVERDUE,
    MOST_OVERDUE_FROM,
    Ladder,
    Role,
    describe,
    roles_of,
    step_words,
)
from tracker.rules.refused import Refused
from tracker.web.admins import demand_admin
from tracker.web.doing import done, once, person, refused, session
from tracker.web.fields import BoxesField
from tracker.web.forms import Form
from tracker.web.plan_forms import LIMIT_WORDS, MayBeBlank

blueprint = Blueprint("ladders", __name__)
blueprint.before_request(demand_admin)

MORNINGS = range(MOST_MORNINGS_BEFORE, -1, -1)


def _number(label: str, most: int) -> IntegerField:
    said = f"{label}: please give a number from 1 to {most}, or leave it empty."
    return IntegerField(label, [MayBeBlank(), NumberRange(1, most, said)])


class LadderForm(Form):
    """All steps of a ladder; which roles are on offer depends on the kind of deadline."""

    after = BoxesField("After the interview ends")
    hours_after = _number("Hours after the interview", MOST_HOURS_AFTER)
    at_once = BoxesField("At once when it is overdue, at whatever hour")
    last = _number("It stops after so many overdue mornings", MOST_OVERDUE)
    gave_up_to = SelectField("Who is told when it stops")

    def offer(self, kind: DeadlineKind) -> "LadderForm":
        """Offer the roles of a kind of deadline; return the form."""
        roles = [(role.value, role.label) for role in roles_of(kind)]
        for each in (self.after, self.at_once, *self.before):
            each.choices = roles
        self.gave_up_to.choices = [("", "Nobody: it does not stop"), *roles]
        return self

    @property
    def before(self) -> list[BoxesField]:
        """The fields of the mornings before it is due, the earliest first."""
        return [self[f"before_{mornings}"] for mornings in MORNINGS]

    def ladder(self, kind: DeadlineKind) -> Ladder:
        """Return what was typed."""
        told = {mornings: _roles(self[f"before_{mornings}"].data) for mornings in MORNINGS}
        firsts = {role: self[f"overdue_{role.value}"].data for role in roles_of(kind)}
        return Ladder(
            after=_roles(self.after.data) if kind in HANGS_ON_INTERVIEW else frozenset(),
            hours_after=self.hours_after.data or 1,
            before={mornings: roles for mornings, roles in told.items() if roles},
            at_once=_roles(self.at_once.data),
            overdue_from={role: first for role, first in firsts.items() if first is not None},
            last=self.last.data,
            gave_up_to=Role(self.gave_up_to.data) if self.gave_up_to.data else None,
        )


for _mornings in MORNINGS:
    setattr(LadderForm, f"before_{_mornings}", BoxesField(step_words(_mornings)))
for _role in Role:
    setattr(LadderForm, f"overdue_{_role.value}", _number(_role.label, MOST_OVERDUE_FROM))


@blueprint.get("/settings/plans/<id:plan_id>/reminders/<kind>")
def show(plan_id: int, kind: str) -> ResponseReturnValue:
    """Show the ladder of one kind of deadline."""
    return _page(plan_id, _kind(kind))


@blueprint.post("/settings/plans/<id:plan_id>/reminders/<kind>")
@once
def save(plan_id: int, kind: str) -> ResponseReturnValue:
    """Save it."""
    plan, chosen = queries.plan(session(), plan_id), _kind(kind)
    form = LadderForm().offer(chosen)
    if form.validate_on_submit():
        try:
            ladder, version = form.ladder(chosen), form.seen
            verbs.save(session(), plan, chosen, ladder, by=person(), now=clock.now(), version=version)
            return _saved(plan_id, "Saved. It counts for open deadlines too.")
        except Refused as error:
            refused(error, form)
    return _page(plan_id, chosen, form), 422


@blueprint.post("/settings/plans/<id:plan_id>/reminders/<kind>/default")
@once
def reset(plan_id: int, kind: str) -> ResponseReturnValue:
    """Go back to the default."""
    plan, chosen, form = queries.plan(session(), plan_id), _kind(kind), Form()
    if form.validate_on_submit():
        try:
            verbs.reset(session(), plan, chosen, by=person(), now=clock.now(), version=form.seen)
            return _saved(plan_id, "The default holds again, for open deadlines too.")
        except Refused as error:
            refused(error)
    return _page(plan_id, chosen), 422


def _kind(name: str) -> DeadlineKind:
    if name not in set(DeadlineKind):
        raise NotFound("kind of deadline")
    return DeadlineKind(name)


def _saved(plan_id: int, message: str) -> ResponseReturnValue:
    return done(url_for("plans.show", plan_id=plan_id, _anchor="reminders"), message)


def _page(plan_id: int, kind: DeadlineKind, form: LadderForm | None = None) -> str:
    plan = queries.plan(session(), plan_id)
    ladder = queries.ladder(plan, kind)
    form = form or LadderForm(formdata=None, version=plan.version, **_values(ladder)).offer(kind)
    return render_template(
        "ladders/show.html",
        plan=plan,
        kind=kind,
        name=LIMIT_WORDS[kind][0],
        form=form,
        has_interview=kind in HANGS_ON_INTERVIEW,
        overdue=[form[f"overdue_{role.value}"] for role in roles_of(kind)],
        said=describe(kind, ladder),
        is_default=ladder == DEFAULT_LADDERS[kind],
        most_first=MOST_OVERDUE_FROM,
        most_last=MOST_OVERDUE,
        most_hours=MOST_HOURS_AFTER,
    )


def _values(ladder: Ladder) -> dict[str, Any]:
    boxes = {f"before_{mornings}": roles for mornings, roles in ladder.before.items()}
    boxes |= {"after": ladder.after, "at_once": ladder.at_once}
    firsts = {f"overdue_{role.value}": first for role, first in ladder.overdue_from.items()}
    ends = {"last": ladder.last, "gave_up_to": ladder.gave_up_to.value if ladder.gave_up_to else ""}
    ticked = {name: [role.value for role in roles] for name, roles in boxes.items()}
    return ticked | firsts | ends | {"hours_after": ladder.hours_after}


def _roles(values: list[str] | None) -> frozenset[Role]:
    return frozenset(Role(value) for value in values or ())
