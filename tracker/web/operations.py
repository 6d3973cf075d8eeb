"""Operations, for admins: whether the worker, the e-mails and the disk are well, the last errors, and versions."""

import platform
import shutil
from datetime import timedelta
from importlib.metadata import version as version_of

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from tracker import clock, schema
from tracker.queries import heartbeats, operations, outbox, replies
from tracker.version import version
from tracker.web.admins import demand_admin
from tracker.web.doing import person, session, viewer

blueprint = Blueprint("operations", __name__)
blueprint.before_request(demand_admin)

FAULTS_SHOWN, REPLIES_SHOWN = 20, 20
LITTLE_SPACE = 500_000_000
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICKS = {heartbeats.FACTS: "Nudges, reminders, loops that are over", heartbeats.MAIL: "E-mails"}


@blueprint.get("/settings/operations")
def index() -> ResponseReturnValue:
    """Show how the tracker itself does."""
    now = clock.now()
    figures = operations.figures(session(), now)
    ticks = [(TICKS[name], beat, heartbeats.is_fresh(beat, now)) for name, beat in figures.beats.items()]
    settings = current_app.config["TRACKER"]
    folder = settings.data_dir
    return render_template(
        "operations/index.html",
        figures=figures,
        ticks=ticks,
        is_alive=all(is_fresh for _, _, is_fresh in ticks),
        sent=outbox.sent_since(session(), now - HOUR),
        faults=operations.faults(session(), FAULTS_SHOWN),
        reply_address=settings.reply_address,
        reply_box=replies.box(session()) if settings.replies else None,
        replies_taken=replies.taken_since(session(), now - DAY),
        replies_untaken=replies.untaken(session(), viewer(), REPLIES_SHOWN),
        folder=folder,
        disk=shutil.disk_usage(folder),
        little_space=LITTLE_SPACE,
        database=operations.database(session()),
        versions={
            "Program": version(),
            "Schema": schema.standing(session().connection()),
            "Python": platform.python_version(),
            "Holidays package": version_of("holidays"),
        },
        zone=person().zone,
    )
