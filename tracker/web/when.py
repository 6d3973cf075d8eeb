"""A date, a time and a zone in a form, and the moment that they mean."""

from datetime import datetime

from wtforms import DateField, Field, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired

from tracker.rules.local_times import FIRST, SECOND, RepeatedTime, typed_moment
from tracker.rules.refused import Refused
from tracker.rules.zones import local
from tracker.web.forms import Form, ZoneName
from tracker.web.zones import choices_with


class PlainDateField(DateField):
    """A date that says in words when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a date such as 2026-11-27."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("This is not a date. Choose one such as 2026-11-27.") from error


class PlainTimeField(TimeField):
    """A time of day that says in words when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a time such as 14:30."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("This is not a time. Choose one such as 14:30.") from error


class WhenForm(Form):
    """A form with a local date and time. ``which`` is asked for only where clocks show the time twice."""

    date = PlainDateField("Date", validators=[InputRequired("Choose a date.")])
    time = PlainTimeField("Start", validators=[InputRequired("Choose a time.")])
    zone = SelectField("Time zone", validate_choice=False, validators=[ZoneName()])
    which = RadioField(
        "This time comes twice",
        choices={FIRST: "The first, before clocks go back", SECOND: "The second, after"},
        validate_choice=False,
    )

    def offer_zones(self, *first: str) -> None:
        """Offer all zones, those named before the others; the first of them is chosen at first."""
        names = list(dict.fromkeys(first))
        usual = {name: name.replace("_", " ") for name in names}
        self.zone.choices = {"Usual here": usual, "All": dict(choices_with(*first))}
        if not self.zone.data:
            self.zone.data = names[0]

    def show(self, starts_at: datetime | None, zone: str) -> None:
        """Fill in a moment as the clocks of a zone show it."""
        self.zone.data = zone
        if starts_at is not None:
            here = local(starts_at, zone)
            self.date.data, self.time.data = here.date(), here.time()
            self.which.data = SECOND if here.fold else FIRST

    def moment(self) -> datetime | None:
        """Return the moment (UTC) that was typed, None while date or time are open.

        Raises UnknownZone, SkippedTime, RepeatedTime.
        """
        if self.date.data is None or self.time.data is None:
            return None
        return typed_moment(self.date.data, self.time.data, self.zone.data or "", which=self.which.data or "")

    @property
    def is_repeated(self) -> bool:
        """Whether clocks show the typed time twice, so that ``which`` has to be asked."""
        if self.date.data is None or self.time.data is None:
            return False
        try:
            typed_moment(self.date.data, self.time.data, self.zone.data or "")
        except RepeatedTime:
            return True
        except Refused:
            return False
        return False

    @property
    def starts_at(self) -> Field:
        """The field beside which a refused start is explained."""
        return self.date
