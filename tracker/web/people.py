"""People: the list, a new one, and one with roles and qualifications."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange

from tracker import clock
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import people as verbs
from tracker.pipeline.people import PersonFacts
from tracker.pipeline.staffing import ROLES
from tracker.queries import people as queries
from tracker.rules.refused import Refused
from tracker.rules.words import counted, listed
from tracker.web.addresses import row_number
from tracker.web.admins import demand_admin
from tracker.web.auth import password_path
from tracker.web.doing import done, once, person, refused, session
from tracker.web.fields import BoxesField
from tracker.web.forms import LINE_LENGTH, EmailAddress, Form, Words, ZoneName, lower, one_line
from tracker.web.leave_forms import LeaveForm, leave_facts
from tracker.web.own_region import OwnRegionForm
from tracker.web.rehearsal import again, carry_out, is_going_back
from tracker.web.zones import choices_with, zone_choices

blueprint = Blueprint("people", __name__)
blueprint.before_request(demand_admin)

MOST_A_DAY, MOST_A_WEEK = 20, 100
ROLE_WORDS = {
    "admin": "Admin: sets the tracker up",
    "recruiter": "Recruiter: runs requisitions",
    "recruiting_lead": "Recruiting lead: answers for all recruiters' deadlines",
    "senior_leader": "Senior leader: may hold phone screens",
    "bar_raiser": "Bar raiser: from outside of the hiring team, in every loop",
}
KINDS = (InterviewKind.PHONE_SCREEN, InterviewKind.LOOP)


def _cap(label: str, most: int, default: int) -> IntegerField:
    said = f"{label}: please give a number from 0 to {most}."
    return IntegerField(label, [InputRequired(said), NumberRange(0, most, said)], default=default)


class PersonForm(OwnRegionForm):
    """Who a person is, and what he or she may do."""

    name = StringField("Name", [Words(LINE_LENGTH)], filters=[one_line])
    email = StringField("E-mail", [EmailAddress()], filters=[lower])
    zone = SelectField("Time zone", [ZoneName()], choices=zone_choices, validate_choice=False)
    team = StringField("Team", [Words(LINE_LENGTH, optional=True)], filters=[one_line])
    roles = BoxesField("Roles", choices=ROLE_WORDS)
    daily_cap = _cap("Interviews a day, at most", MOST_A_DAY, 2)
    weekly_cap = _cap("Interviews a week, at most", MOST_A_WEEK, 5)


class EditForm(PersonForm):
    """The same of somebody who is here already."""

    is_active = BooleanField("Active: can sign in and be chosen")


class QualificationsForm(Form):
    """What somebody is qualified for: boxes named "competency:kind"."""

    qualified = BoxesField("Qualified for", validate_choice=False)


@blueprint.get("/settings/people")
def index() -> ResponseReturnValue:
    """List everybody."""
    return render_template("people/index.html", people=queries.listed(session()), roles=_role_names)


@blueprint.get("/settings/people/new")
def new() -> ResponseReturnValue:
    """The form of a new person."""
    return _new_page(PersonForm(zone=person().zone))


@blueprint.post("/settings/people/new")
@once
def create() -> ResponseReturnValue:
    """Add a person, and mail him or her the way in."""
    form = PersonForm()
    rows: list[Person] = []

    def act() -> str:
        now = clock.now()
        added = verbs.add(session(), _facts(form, is_active=True), by=person(), now=now)
        verbs.send_link(session(), added, password_path(added), by=person(), now=now)
        rows.append(added)
        return f"{added.name} was added. A link to set a password is on its way to {added.email}."

    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, lambda: url_for("people.show", person_id=rows[0].id), "Add a person")
        except Refused as error:
            refused(error, form)
    return _new_page(form), again()


@blueprint.get("/settings/people/<id:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """Show one person."""
    return show_page(person_id)


@blueprint.post("/settings/people/<id:person_id>")
@once
def edit(person_id: int) -> ResponseReturnValue:
    """Change a person."""
    row = queries.get(session(), person_id)
    form = EditForm(holder=row)
    if form.validate_on_submit():
        try:
            facts = _facts(form, is_active=form.is_active.data)
            verbs.edit(session(), row, facts, by=person(), now=clock.now(), version=form.seen)
            return _saved(row)
        except Refused as error:
            refused(error, form)
    return show_page(person_id, form=form), 422


@blueprint.post("/settings/people/<id:person_id>/qualifications")
@once
def qualify(person_id: int) -> ResponseReturnValue:
    """Set what a person is qualified for."""
    row = queries.get(session(), person_id)
    form = QualificationsForm(prefix="qualifications")
    if form.validate_on_submit():
        try:
            wanted = _wanted(form)
            verbs.set_qualifications(session(), row, wanted, by=person(), now=clock.now(), version=form.seen)
            return done(url_for("people.show", person_id=person_id), "The qualifications are saved.")
        except Refused as error:
            refused(error, form)
    return show_page(person_id, qualifications=form), 422


@blueprint.post("/settings/people/<id:person_id>/link")
@once
def send_link(person_id: int) -> ResponseReturnValue:
    """Mail the link to set a password again."""
    row = queries.get(session(), person_id)

    def act() -> str:
        verbs.send_link(session(), row, password_path(row), by=person(), now=clock.now())
        return f"A link to set a password is on its way to {row.email}."

    if is_going_back():
        return show_page(person_id)
    return carry_out(act, url_for("people.show", person_id=person_id), "Send the password link")


def _saved(row: Person) -> ResponseReturnValue:
    url = url_for("people.show", person_id=row.id)
    if row.id == person().id:
        if not row.is_admin or not row.is_active:
            # Whoever gave the right to these pages away does not see them any more.
            url = url_for("today.show")
        login_user(row)
    duties = queries.duties(session(), row.id, clock.now())
    left = [(duties.requisitions, "open requisition"), (duties.interviews, "coming interview")]
    said = listed([counted(count, what) for count, what in left if count])
    if row.is_active or not said:
        return done(url, "Saved.")
    return done(url, f"{row.name} is deactivated, and still has {said}: hand them to somebody else.", "warn")


def _facts(form: PersonForm, *, is_active: bool) -> PersonFacts:
    return PersonFacts(
        name=form.name.data or "",
        email=form.email.data or "",
        zone=form.zone.data or "",
        team=form.team.data or "",
        roles=frozenset(form.roles.data or ()),
        daily_cap=form.daily_cap.data or 0,
        weekly_cap=form.weekly_cap.data or 0,
        is_active=is_active,
        region_id=form.own_region_id,
    )


def _wanted(form: QualificationsForm) -> set[tuple[int, InterviewKind]]:
    found = set()
    for box in form.qualified.data or ():
        number, _, kind = box.partition(":")
        competency_id = row_number(number)
        if competency_id is not None and kind in set(InterviewKind):
            found.add((competency_id, InterviewKind(kind)))
    return found


def _role_names(row: Person) -> str:
    return listed([role.replace("_", " ") for role in ROLES if getattr(row, f"is_{role}")]).capitalize()


def _new_page(form: PersonForm) -> str:
    form.zone.choices = choices_with(form.zone.data or "")
    return render_template("people/new.html", form=form)


def show_page(
    person_id: int,
    form: EditForm | None = None,
    qualifications: QualificationsForm | None = None,
    leave_form: LeaveForm | None = None,
) -> str:
    """Show one person; each form is one that came back with errors."""
    row = queries.get(session(), person_id)
    roles = [role for role in ROLES if getattr(row, f"is_{role}")]
    form = form or EditForm(formdata=None, obj=row, roles=roles, holder=row)
    form.zone.choices = choices_with(form.zone.data or "", row.zone)
    held = [f"{each.competency_id}:{each.kind.value}" for each in row.interviewer_qualifications]
    qualifications = qualifications or QualificationsForm(
        formdata=None, prefix="qualifications", version=row.version, qualified=held
    )
    return render_template(
        "people/show.html",
        row=row,
        form=form,
        qualifications=qualifications,
        ticked=set(qualifications.qualified.data or ()),
        competencies=queries.competencies(session()),
        kinds=KINDS,
        **leave_facts(row, leave_form),
    )
