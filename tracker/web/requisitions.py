"""Requisitions: the list, one of them, its form, closing and reopening."""

from collections.abc import Callable, Iterable

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, NumberRange

from tracker import clock
from tracker.models.requisition import Qualification, Requisition, RequisitionState
from tracker.pipeline import requisitions as verbs
from tracker.pipeline.requisitions import Details, Wording
from tracker.queries import kept, promises, trainees, visibility
from tracker.queries import requisitions as queries
from tracker.queries.visibility import NotFound, Right
from tracker.rules.kept import USUAL_DAYS, usual_period
from tracker.rules.permissions import may_open_requisition, may_see_community
from tracker.rules.qualifications import QualificationKind
from tracker.rules.refused import Refused
from tracker.rules.zones import local_date
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.fields import BoxesField
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, Form, Words, many_lines, one_line
from tracker.web.rehearsal import again, carry_out, is_going_back

blueprint = Blueprint("requisitions", __name__)

QUALIFICATION_LENGTH = 500
MOST_OPENINGS = 999
MOST_ROWS = 100


class QualificationRow(PlainForm):
    """One qualification; a blank row is ignored."""

    qualification_id = HiddenField()
    text = StringField("Qualification", filters=[one_line], validators=[Words(QUALIFICATION_LENGTH, optional=True)])


class RequisitionForm(Form):
    """Everything about a requisition; the plan is chosen once."""

    plan_id = SelectField("Interview plan", coerce=int, validate_choice=False)
    title = StringField("Title", filters=[one_line], validators=[Words(LINE_LENGTH)])
    team = StringField("Team", filters=[one_line], validators=[Words(LINE_LENGTH)])
    location = StringField("Location", filters=[one_line], validators=[Words(LINE_LENGTH, optional=True)])
    description = TextAreaField("Description", filters=[many_lines], validators=[Words(TEXT_LENGTH, optional=True)])
    region_id = SelectField("Region", coerce=int, validate_choice=False)
    recruiter_id = SelectField("Recruiter", coerce=int, validate_choice=False)
    hiring_manager_id = SelectField("Hiring manager", coerce=int, validate_choice=False)
    member_ids = BoxesField("Hiring team", coerce=int, validate_choice=False)
    openings = IntegerField(
        "Openings",
        default=1,
        validators=[
            InputRequired("Openings: please give a number."),
            NumberRange(1, MOST_OPENINGS, f"Openings: please give a number from 1 to {MOST_OPENINGS}."),
        ],
    )
    is_confidential = BooleanField("Confidential: only the people named here know of it, and the careers page does not")
    basic = FieldList(FormField(QualificationRow), max_entries=MOST_ROWS)
    preferred = FieldList(FormField(QualificationRow), max_entries=MOST_ROWS)


class ReasonForm(Form):
    """Why a requisition is closed, or opened again."""

    reason = TextAreaField("Reason", filters=[many_lines], validators=[Words(LINE_LENGTH)])


@blueprint.get("/requisitions")
def index() -> ResponseReturnValue:
    """The list: open or closed, all or mine."""
    state = RequisitionState.CLOSED if request.args.get("state") == "closed" else RequisitionState.OPEN
    mine = request.args.get("mine") == "1"
    number = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    page = queries.listed(session(), viewer(), state, mine=mine, number=number)
    return render_template(
        "requisitions/index.html",
        page=page,
        promises=promises.of_requisitions(session(), viewer(), [row.id for row in page.rows], clock.now()),
        state=state.value,
        mine=mine,
        may_open=may_open_requisition(viewer()),
        may_see_community=may_see_community(viewer()),
    )


@blueprint.get("/requisitions/new")
def new() -> ResponseReturnValue:
    """The form of a new requisition."""
    _demand_recruiter()
    form = RequisitionForm(recruiter_id=person().id)
    return _form_page(form)


@blueprint.post("/requisitions/new")
@once
def create() -> ResponseReturnValue:
    """Open a requisition."""
    _demand_recruiter()
    form = RequisitionForm()
    if form.validate_on_submit():
        try:
            requisition = verbs.open_(
                session(), _id(form.plan_id.data), _details(form), _wordings(form), by=person(), now=clock.now()
            )
            return done(url_for("requisitions.show", requisition_id=requisition.id), f"{requisition.title} is open.")
        except Refused as error:
            refused(error, form)
    return _form_page(form), 422


@blueprint.get("/requisitions/<id:requisition_id>")
def show(requisition_id: int) -> ResponseReturnValue:
    """One requisition: its people, its qualifications, its plan, its history."""
    return _show_page(requisition_id, ReasonForm())


@blueprint.get("/requisitions/<id:requisition_id>/edit")
def edit(requisition_id: int) -> ResponseReturnValue:
    """The form of a requisition."""
    requisition = visibility.get_requisition(session(), viewer(), requisition_id, Right.MANAGE)
    form = RequisitionForm(
        obj=requisition,
        member_ids=[member.id for member in queries.members(session(), requisition)],
        basic=_rows(queries.qualifications(session(), requisition, QualificationKind.BASIC)),
        preferred=_rows(queries.qualifications(session(), requisition, QualificationKind.PREFERRED)),
    )
    return _form_page(form, requisition)


@blueprint.post("/requisitions/<id:requisition_id>/edit")
@once
def save(requisition_id: int) -> ResponseReturnValue:
    """Change a requisition."""
    requisition = visibility.get_requisition(session(), viewer(), requisition_id, Right.MANAGE)
    form = RequisitionForm()
    # The plan is not changed afterwards, and the page does not ask for it.
    form.plan_id.data = requisition.plan_id

    def act() -> str:
        details, wordings = _details(form), _wordings(form)
        verbs.edit(session(), requisition, details, wordings, by=person(), now=clock.now(), version=form.seen)
        return "The requisition was saved."

    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, lambda: _way_on(requisition), "Save the requisition")
        except Refused as error:
            refused(error, form)
    return _form_page(form, visibility.get_requisition(session(), viewer(), requisition_id, Right.MANAGE)), again()


@blueprint.post("/requisitions/<id:requisition_id>/close")
@once
def close(requisition_id: int) -> ResponseReturnValue:
    """Take no more applications."""
    return _with_reason(requisition_id, verbs.close, "The requisition is closed.")


@blueprint.post("/requisitions/<id:requisition_id>/reopen")
@once
def reopen(requisition_id: int) -> ResponseReturnValue:
    """Take applications again."""
    return _with_reason(requisition_id, verbs.reopen, "The requisition is open again.")


def _with_reason(requisition_id: int, verb: Callable[..., None], said: str) -> ResponseReturnValue:
    requisition = visibility.get_requisition(session(), viewer(), requisition_id, Right.MANAGE)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            reason = form.reason.data or ""
            verb(session(), requisition, reason=reason, by=person(), now=clock.now(), version=form.seen)
            return done(url_for("requisitions.show", requisition_id=requisition.id), said)
        except Refused as error:
            refused(error, form)
    return _show_page(requisition_id, form), 422


def _demand_recruiter() -> None:
    if not may_open_requisition(viewer()):
        raise NotFound("requisitions.new")


def _way_on(requisition: Requisition) -> str:
    """Whoever made it confidential without being on it does not see it any more."""
    session().flush()
    try:
        visibility.get_requisition(session(), viewer(), requisition.id)
    except NotFound:
        return url_for("requisitions.index")
    return url_for("requisitions.show", requisition_id=requisition.id)


def _show_page(requisition_id: int, form: ReasonForm) -> str:
    overview = queries.overview(session(), viewer(), requisition_id)
    if not form.is_submitted():
        form.version.data = overview.requisition.version
    link = current_app.config["TRACKER"].base_url + url_for("careers.show", requisition_id=requisition_id)
    now, zone = clock.now(), person().zone
    period = usual_period(local_date(now, zone))
    return render_template(
        "requisitions/show.html",
        overview=overview,
        form=form,
        careers_link=link,
        kept=kept.of_requisition(session(), viewer(), requisition_id, period, zone, now),
        days=USUAL_DAYS,
        promises=promises.of_requisitions(session(), viewer(), [requisition_id], now).get(requisition_id),
    )


def _form_page(form: RequisitionForm, requisition: Requisition | None = None) -> str:
    choices = queries.choices(session(), requisition)
    form.plan_id.choices = choices.plans
    form.region_id.choices = choices.regions
    form.recruiter_id.choices = choices.recruiters
    # Nobody is chosen by not looking.
    form.hiring_manager_id.choices = choices.people if requisition else [(0, "Choose…"), *choices.people]
    form.member_ids.choices = choices.people
    for rows in (form.basic, form.preferred):
        if len(rows.entries) < MOST_ROWS and (not rows.entries or rows.entries[-1].form.text.data):
            # One blank row more than is filled, so that one can be added without the script.
            rows.append_entry()
    outside = trainees.names_outside(session(), viewer(), requisition, now=clock.now()) if requisition else []
    return render_template(
        "requisitions/form.html", form=form, requisition=requisition, choices=choices, outside=outside
    )


def _rows(qualifications: Iterable[Qualification]) -> list[dict[str, object]]:
    return [{"qualification_id": str(row.id), "text": row.text} for row in qualifications]


def _details(form: RequisitionForm) -> Details:
    return Details(
        title=form.title.data or "",
        team=form.team.data or "",
        location=form.location.data or "",
        description=form.description.data or "",
        region_id=_id(form.region_id.data),
        hiring_manager_id=_id(form.hiring_manager_id.data),
        recruiter_id=_id(form.recruiter_id.data),
        openings=form.openings.data or 1,
        is_confidential=form.is_confidential.data,
        member_ids=frozenset(_id(member_id) for member_id in form.member_ids.data or ()),
    )


def _id(value: int | None) -> int:
    """An id that a database can hold; 0, which is nobody's, for anything else."""
    return value if value is not None and 0 < value <= LARGEST_ID else 0


def _wordings(form: RequisitionForm) -> list[Wording]:
    found = []
    for kind, rows in ((QualificationKind.BASIC, form.basic), (QualificationKind.PREFERRED, form.preferred)):
        for entry in rows.entries:
            key, text = entry.form.qualification_id.data or "", entry.form.text.data or ""
            if text:
                found.append(Wording(kind, text, _id(int(key)) if key.isdecimal() and len(key) < 11 else None))
    return found
