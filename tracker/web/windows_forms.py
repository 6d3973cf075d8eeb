"""The form in which a candidate says when he or she can come: a day in each line, ticked or not, with two times."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Optional

from tracker.rules.busy_times import Span
from tracker.rules.candidate_windows import MOST_WINDOWS, BadWindow, Typed, lines_of
from tracker.rules.zones import day_words
from tracker.web.forms import Words, many_lines
from tracker.web.when import PlainTimeField

LINES = range(MOST_WINDOWS)
NOTE_LENGTH = 1_000
# What an unticked line holds at first.
NINE, FIVE = time(9), time(17)


class WindowsForm(FlaskForm):  # type: ignore[misc]
    """Four fields for each line: on_0, can_0, from_0 and until_0 (see below). ``zone_shown`` is the page's."""

    zone_shown = HiddenField()
    note = TextAreaField("Anything we should know?", [Words(NOTE_LENGTH, optional=True)], filters=[many_lines])

    @property
    def lines(self) -> list[tuple[str, Any, Any, Any, Any]]:
        """Return (day, on, can, from, until) for the page; lines that nobody filled are left out."""
        return [(_day(self[f"on_{n}"].data), *self._fields_of(n)) for n in LINES if self[f"on_{n}"].data]

    @property
    def typed(self) -> list[Typed]:
        """Return the ticked lines. Raises BadWindow where a day is none, which the page never sends."""
        fields = ((n, *self._fields_of(n)) for n in LINES)
        return [Typed(n, _date(on.data), begins.data, ends.data) for n, on, can, begins, ends in fields if can.data]

    def show(self, windows: Iterable[Span], days: Sequence[date], zone: str) -> None:
        """Fill in what was given, ticked, and the other days that are offered, in their order."""
        given = [(on, True, begins, ends) for on, begins, ends in lines_of(windows, zone)]
        known = {on for on, *_ in given}
        lines = sorted([*given, *((on, False, NINE, FIVE) for on in days if on not in known)])
        for n, values in zip(LINES, lines, strict=False):
            on, *others = self._fields_of(n)
            on.data = values[0].isoformat()
            for field, value in zip(others, values[1:], strict=True):
                field.data = value
        self.zone_shown.data = zone

    def _fields_of(self, n: int) -> tuple[Any, Any, Any, Any]:
        return self[f"on_{n}"], self[f"can_{n}"], self[f"from_{n}"], self[f"until_{n}"]


for _n in LINES:
    # Rendered hidden in its line: the form's own hidden fields would be all fifty.
    setattr(WindowsForm, f"on_{_n}", StringField())
    setattr(WindowsForm, f"can_{_n}", BooleanField("I can"))
    setattr(WindowsForm, f"from_{_n}", PlainTimeField("From", [Optional()]))
    setattr(WindowsForm, f"until_{_n}", PlainTimeField("Until", [Optional()]))


def _date(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError as error:
        raise BadWindow("One of the days is no date. Open your page anew.") from error


def _day(text: str) -> str:
    try:
        return day_words(date.fromisoformat(text))
    except ValueError:
        return text[:20]
