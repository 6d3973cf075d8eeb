"""The choice of a person's own region, on the account page and on the page of a person."""

from typing import Any

from wtforms import SelectField

from tracker.models.person import Person
from tracker.queries import settings
from tracker.web.doing import session
from tracker.web.fields import row_or_nobody
from tracker.web.forms import Form

NONE_OF_OWN = "Those of each requisition"


class OwnRegionForm(Form):
    """Whose public holidays a person has; ``holder`` is the person whose region is offered even if out of use."""

    region_id = SelectField("Public holidays", coerce=row_or_nobody, default=0)

    def __init__(self, *args: Any, holder: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = settings.regions_to_choose(session(), holder.region_id if holder else None)
        self.region_id.choices = [(0, NONE_OF_OWN), *regions]

    @property
    def own_region_id(self) -> int | None:
        """Return the chosen region, None for none of one's own."""
        return self.region_id.data or None
