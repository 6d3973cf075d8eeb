"""The form of a calendar's address, and what the account page shows beside it."""

from typing import Any

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from tracker import clock
from tracker.models.person import Person
from tracker.queries import busy_feeds
from tracker.web.doing import session
from tracker.web.forms import Form


class BusyFeedForm(Form):
    """Where a calendar is shared. What is right about an address, ``rules/busy_times.py`` says."""

    address = StringField("Address of your calendar", [InputRequired("Paste the address of your calendar.")])
    login = StringField("User")
    app_password = PasswordField("Password")


def busy_facts(whose: Person, form: BusyFeedForm | None) -> dict[str, Any]:
    """Return what a person's own page shows of his or her calendars; ``form`` is one that came back with errors."""
    lines = busy_feeds.lines(session(), whose.id, clock.now())
    return {"busy_feeds": lines, "busy_form": form or BusyFeedForm(formdata=None)}
