"""The form of time away, and what the pages that hold it show beside it."""

from datetime import date
from typing import Any, cast

from wtforms.validators import InputRequired

from tracker import clock
from tracker.models.person import Person
from tracker.queries import leaves as queries
from tracker.rules.zones import local_date
from tracker.web.doing import session
from tracker.web.forms import Form
from tracker.web.when import PlainDateField


class LeaveForm(Form):
    """From when until when somebody is away."""

    first_on = PlainDateField("First day away", validators=[InputRequired("Choose the first day.")])
    last_on = PlainDateField("Last day away", validators=[InputRequired("Choose the last day.")])

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day of a form that was found right."""
        return cast(date, self.first_on.data), cast(date, self.last_on.data)


def leave_facts(whose: Person, form: LeaveForm | None) -> dict[str, Any]:
    """Return what a page shows of somebody's time away; ``form`` is one that came back with errors."""
    today = local_date(clock.now(), whose.zone)
    form = form or LeaveForm(formdata=None)
    return {"leaves": queries.coming(session(), whose.id, today), "leave_form": form, "today": today}
