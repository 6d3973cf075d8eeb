"""The form of somebody's working hours: two times for each day of the week, blank where he or she does not work."""

from datetime import time
from typing import Any

from wtforms.validators import Optional

from tracker.models.person import Person
from tracker.rules.working_hours import Hours, checked_hours, clock_words, hours_of
from tracker.rules.zones import LONG_WEEKDAYS
from tracker.web.forms import Form
from tracker.web.when import PlainTimeField

WEEK = range(7)


class HoursForm(Form):
    """A pair of fields for each day, from_0 and until_0 for Monday (see below)."""

    @property
    def pairs(self) -> list[tuple[str, Any, Any]]:
        """Return (day, from, until) for the page."""
        return [(LONG_WEEKDAYS[n], self[f"from_{n}"], self[f"until_{n}"]) for n in WEEK]

    @property
    def hours(self) -> Hours:
        """Return what was typed. Raises BadHours."""
        return checked_hours({n: (self[f"from_{n}"].data, self[f"until_{n}"].data) for n in WEEK})


for _n, _day in enumerate(LONG_WEEKDAYS):
    setattr(HoursForm, f"from_{_n}", PlainTimeField(f"{_day} from", [Optional()]))
    setattr(HoursForm, f"until_{_n}", PlainTimeField(f"{_day} until", [Optional()]))


def hours_facts(whose: Person, form: HoursForm | None) -> dict[str, Any]:
    """Return what a page shows of somebody's hours; ``form`` is one that came back with errors."""
    kept = hours_of(whose.hours)
    if form is None:
        form = HoursForm(formdata=None, obj=whose)
        for weekday, both in kept.items():
            for name, minute in zip(("from", "until"), both, strict=True):
                form[f"{name}_{weekday}"].data = time.fromisoformat(clock_words(minute))
    return {"hours_form": form, "has_own_hours": bool(kept)}
