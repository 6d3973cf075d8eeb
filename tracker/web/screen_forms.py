"""The forms of phone screens."""

from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from tracker.pipeline.interviews import Arrangement
from tracker.rules.stages import Disposition
from tracker.web.converters import LARGEST_ID
from tracker.web.fields import row_or_nobody
from tracker.web.forms import LINE_LENGTH, Form, Words, many_lines, one_line
from tracker.web.when import WhenForm

PLACE_LENGTH = 500
ENDS = (
    Disposition.STOPPED_AFTER_SCREEN,
    Disposition.POSITION_FILLED,
    Disposition.NO_RESPONSE,
    Disposition.OTHER,
)


class ScreenForm(WhenForm):
    """When, where, and with whom."""

    minutes = IntegerField("Minutes", validators=[NumberRange(5, 480, "A phone screen lasts 5 to 480 minutes.")])
    place = StringField("Where", filters=[one_line], validators=[Words(PLACE_LENGTH, optional=True)])
    person_id = RadioField("Who holds it", coerce=row_or_nobody, validate_choice=False)


class CancelForm(Form):
    """Why."""

    reason = TextAreaField("Reason, for the record", filters=[many_lines], validators=[Words(LINE_LENGTH)])


class OutcomeForm(Form):
    """What follows from the phone screen."""

    choice = RadioField("Decision", choices=[], validators=[InputRequired("Choose one.")])
    reason = TextAreaField(
        "Reason, for the record", filters=[many_lines], validators=[Words(LINE_LENGTH, optional=True)]
    )
    disposition = RadioField("How it is recorded", choices=[])


def arrangement_in(form: ScreenForm) -> Arrangement:
    """Return what the form asks for. Raises UnknownZone, SkippedTime, RepeatedTime."""
    chosen = form.person_id.data
    return Arrangement(
        person_id=chosen if chosen and 0 < chosen <= LARGEST_ID else None,
        starts_at=form.moment(),
        minutes=form.minutes.data or 0,
        place=form.place.data or "",
    )
