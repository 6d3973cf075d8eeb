"""Settings are for admins alone: to everybody else they do not exist."""

from flask_login import current_user

from tracker.queries.visibility import NotFound
from tracker.rules.permissions import may_set_up
from tracker.web.doing import viewer


def demand_admin() -> None:
    """Run before every view of a settings blueprint. Raises NotFound for all but admins."""
    # Strangers were sent to the sign-in before.
    if not current_user.is_authenticated or not may_set_up(viewer()):
        raise NotFound("settings are for admins")
