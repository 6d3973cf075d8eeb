"""The forms of the loop's page."""

from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from tracker.web.fields import row_or_nobody
from tracker.web.forms import LINE_LENGTH, Form, Words, many_lines, one_line
from tracker.web.when import WhenForm


class TimesForm(WhenForm):
    """The whole day in one step."""

    break_minutes = IntegerField(
        "Break between interviews",
        validators=[
            InputRequired("How many minutes? 0 is fine."),
            NumberRange(0, 240, "A break lasts 0 to 240 minutes."),
        ],
    )


class PlaceForm(Form):
    """One place for all interviews."""

    place = StringField("Place or video link", [Words(LINE_LENGTH)], filters=[one_line])


class OverrideForm(Form):
    """Why a cap may be exceeded."""

    person_id = RadioField(
        "Whose cap", coerce=row_or_nobody, validate_choice=False, validators=[InputRequired("Whose cap?")]
    )
    reason = StringField("Reason", id="override-reason", filters=[one_line], validators=[Words(LINE_LENGTH)])


class LoopForm(Form):
    """A button."""


class CancelForm(Form):
    """Why."""

    reason = TextAreaField("Reason, for the record", filters=[many_lines], validators=[Words(LINE_LENGTH)])


class ChoiceForm(Form):
    """Where the loop is held whose times the candidate chooses; asked for where an interview has no place yet."""

    place = StringField(
        "Place or video link", id="choice-place", filters=[one_line], validators=[Words(LINE_LENGTH, optional=True)]
    )
