"""The day of a loop, changed by hand on its page: one interview shifted, or two swapped; and the way back there."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from tracker import clock
from tracker.pipeline import loop_changes
from tracker.pipeline.interviews import arrangement_of
from tracker.queries import loops, visibility
from tracker.queries.visibility import Right
from tracker.rules.interviews import BadInterviewTime
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import once, person, session, viewer
from tracker.web.forms import Form
from tracker.web.loop_views import when
from tracker.web.loops import do, managed

blueprint = Blueprint("loop_days", __name__)

FURTHEST_MINUTES = 240


class ShiftForm(Form):
    """By how many minutes an interview begins later; less than none: earlier."""

    minutes = IntegerField(
        "Minutes",
        [
            InputRequired("Say by how many minutes."),
            NumberRange(-FURTHEST_MINUTES, FURTHEST_MINUTES, f"At most {FURTHEST_MINUTES} minutes at once."),
        ],
    )


class SwapForm(Form):
    """With which interview another one changes places."""

    other = IntegerField("With", [InputRequired("Say with which one."), NumberRange(1, LARGEST_ID, "Choose another.")])


@blueprint.get("/applications/<id:application_id>/loop/send")
def to_be_sent(application_id: int) -> ResponseReturnValue:
    """Lead to the loop whoever opens the address of its e-mails once more: they are read again from there."""
    visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    return redirect(url_for("loops.show", application_id=application_id))


@blueprint.post("/applications/<id:application_id>/loop/interviews/<id:interview_id>/shift")
@once
def shift(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Let an interview begin earlier or later; everything else of it stays."""
    application, loop = managed(application_id)
    interview, form = loops.get_interview(loop, interview_id), ShiftForm()

    def act() -> str:
        present = arrangement_of(interview)
        if present.starts_at is None:
            raise BadInterviewTime(f"{interview.name} has no time yet.")
        wanted = replace(present, starts_at=present.starts_at + timedelta(minutes=form.minutes.data or 0))
        loop_changes.edit(session(), loop, interview, wanted, by=person(), now=clock.now(), version=form.seen)
        return f"{interview.name} was moved: {when(interview, application.requisition.region.zone)}."

    return do(application, form, act, heading=f"Move {interview.name}")


@blueprint.post("/applications/<id:application_id>/loop/interviews/<id:interview_id>/swap")
@once
def swap(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Let two interviews change places."""
    application, loop = managed(application_id)
    interview, form = loops.get_interview(loop, interview_id), SwapForm()

    def act() -> str:
        other = loops.get_interview(loop, form.other.data or 0)
        loop_changes.swap(session(), loop, interview, other, by=person(), now=clock.now(), version=form.seen)
        return f"{interview.name} and {other.name} changed places."

    return do(application, form, act, heading=f"Move {interview.name}")
